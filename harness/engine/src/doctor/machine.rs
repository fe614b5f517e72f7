//! The machine: git, the cache, memory, disk, virtualisation.

use std::io;
use std::path::Path;

use nix_parity_core::size;

use super::{Finding, State};
use crate::cache::Cache;
use crate::environment;
use crate::memory;
use crate::nix::Program;
use crate::ownership::Unwritable;
use crate::vm::{Accelerator, DEVICE, open_device};

/// Less free space than this is told: a real system's derivations and sources
/// need some hundred megabytes.
const ENOUGH: u64 = 2 << 30;

pub(super) fn examine() -> Vec<Finding> {
    let mut findings = vec![git(), cache(), kvm(), memory()];
    findings.extend(disk("store", Path::new("/nix/store")));
    findings
}

fn git() -> Finding {
    match environment::search_path()
        .into_iter()
        .map(|d| d.join("git"))
        .find(|p| p.is_file())
    {
        Some(path) if is_only_an_offer(&path) => Finding::not(
            State::Lacking,
            "git",
            format!("{} is only an offer to install git", path.display()),
            "a flake in a git repository cannot be read without it; \
             `xcode-select --install` installs Apple's",
        ),
        Some(path) => Finding::good("git", path.display().to_string()),
        None => Finding::not(
            State::Lacking,
            "git",
            "not on PATH",
            "a flake in a git repository cannot be read without it",
        ),
    }
}

/// Whether a git is the stand-in that macOS comes with. Where Apple's command line tools
/// are not installed, it prints an error and opens a dialogue that offers them.
fn is_only_an_offer(git: &Path) -> bool {
    let asks = Program::new("/usr/bin/xcode-select").arg("-p");
    cfg!(target_os = "macos") && git == Path::new("/usr/bin/git") && !succeeds(&asks)
}

fn succeeds(program: &Program) -> bool {
    program.output().is_ok_and(|output| output.status.success())
}

fn cache() -> Finding {
    let off = "every run evaluates anew, and every test of `cargo nextest` its whole host";
    match environment::cache_dir() {
        None => Finding::not(
            State::Lacking,
            "cache",
            "off: HOME is not set, or NIX_PARITY_CACHE_DIR is empty",
            off,
        ),
        Some(dir) => match Cache::open(&dir) {
            Ok(_) => match Unwritable::find(&dir) {
                None => Finding::good("cache", dir.display().to_string()),
                Some(found) => unwritable(&found),
            },
            Err(error)
                if error.kind() == io::ErrorKind::PermissionDenied
                    && let Some(found) = Unwritable::find(&dir) =>
            {
                unwritable(&found)
            }
            Err(error) => Finding::not(
                State::Lacking,
                "cache",
                format!("{}: {error}", dir.display()),
                off,
            ),
        },
    }
}

fn unwritable(found: &Unwritable) -> Finding {
    let advice = format!("no new result is kept; `{}` mends it", found.remedy());
    Finding::not(State::Lacking, "cache", found.to_string(), &advice)
}

fn kvm() -> Finding {
    let lacking = |what: String| {
        let cost =
            "evaluation does not need it; virtual machines are emulated, several times slower";
        Finding::not(State::Lacking, "kvm", what, cost)
    };
    match open_device() {
        Ok(_) if Accelerator::of_this_machine() == Accelerator::Kvm => {
            Finding::good("kvm", format!("{DEVICE} can be opened"))
        }
        Ok(_) => lacking(format!(
            "{DEVICE} can be opened, but no machine gets through its start in time"
        )),
        Err(error) => lacking(format!("{DEVICE}: {error}")),
    }
}

fn memory() -> Finding {
    match memory::available() {
        Some(free) => Finding::good(
            "memory",
            format!(
                "{} available; hosts are evaluated side by side as it allows",
                size::show(free)
            ),
        ),
        None => Finding::not(
            State::Lacking,
            "memory",
            "the system does not say how much is available",
            "as many hosts are evaluated at once as there are cores; --jobs says otherwise",
        ),
    }
}

fn disk(subject: &'static str, path: &Path) -> Option<Finding> {
    let stat = rustix::fs::statvfs(path).ok()?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    let detail = format!("{} free in {}", size::show(free), path.display());
    Some(if free >= ENOUGH {
        Finding::good(subject, detail)
    } else {
        Finding::not(
            State::Lacking,
            subject,
            detail,
            "evaluation writes derivations and sources there: nix-collect-garbage makes room",
        )
    })
}
