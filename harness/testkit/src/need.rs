//! What some tests need and not every machine has: a program, or a right. Such a test is
//! called by its need (it is in a module `needs_…`, or its own name holds that) and asks for
//! it first, so that it fails where it could look at nothing. `ci/test` leaves out those
//! whose need is not met, and says so.

use camino::Utf8Path;

use crate::disturbed::Disturbance;
use crate::process::{announced, find, real_driver};
use crate::program::Program;

/// Something that a test needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// `cargo-insta`.
    CargoInsta,
    /// `cargo-nextest`.
    Nextest,
    /// `groff`.
    Groff,
    /// `shellcheck`.
    Shellcheck,
    /// `setsid`, which starts a session without a terminal.
    Setsid,
    /// `/dev/full`, on which every write fails.
    FullDevice,
    /// File permissions that hold for the program under test.
    Permissions,
    /// Mounts of one's own.
    Mounts,
    /// Programs that can be stopped at their system calls.
    Tracing,
    /// The machine that `ci/guest` makes, and what boots it.
    Guest,
    /// What connects several machines.
    Network,
    /// What reads the screen of a machine.
    Ocr,
    /// A real driver of NixOS tests.
    RealDriver,
}

impl Need {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::CargoInsta,
        Self::Nextest,
        Self::Groff,
        Self::Shellcheck,
        Self::Setsid,
        Self::FullDevice,
        Self::Permissions,
        Self::Mounts,
        Self::Tracing,
        Self::Guest,
        Self::Network,
        Self::Ocr,
        Self::RealDriver,
    ];

    /// What the names of tests that need it hold.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::CargoInsta => "needs_cargo_insta",
            Self::Nextest => "needs_nextest",
            Self::Groff => "needs_groff",
            Self::Shellcheck => "needs_shellcheck",
            Self::Setsid => "needs_setsid",
            Self::FullDevice => "needs_full_device",
            Self::Permissions => "needs_permissions",
            Self::Mounts => "needs_mounts",
            Self::Tracing => "needs_tracing",
            Self::Guest => "needs_guest",
            Self::Network => "needs_network_of_guests",
            Self::Ocr => "needs_ocr",
            Self::RealDriver => "needs_real_driver",
        }
    }

    /// Why it is not met on this machine, in one line.
    pub fn missing(self) -> Option<String> {
        match self {
            Self::CargoInsta => program("cargo-insta"),
            Self::Nextest => program("cargo-nextest"),
            Self::Groff => program("groff"),
            Self::Shellcheck => program("shellcheck"),
            Self::Setsid => program("setsid"),
            Self::FullDevice => file(Utf8Path::new("/dev/full")),
            Self::Permissions if is_root() => program("setpriv")
                .map(|reason| format!("permissions do not apply to root, and {reason}")),
            Self::Permissions => None,
            Self::Mounts => program("unshare").or_else(mounts),
            Self::Tracing => tracing(),
            Self::Guest => program("python3")
                .or_else(|| program("qemu-system-x86_64"))
                .or_else(|| file(&guest("vmlinux")))
                .or_else(|| file(&guest("initrd.cpio"))),
            Self::Network => program("vde_switch"),
            Self::Ocr => program("tesseract"),
            Self::RealDriver => match real_driver() {
                Some(path) => file(Utf8Path::new(&path)),
                None => Some("NIX_PARITY_TEST_DRIVER names no nixos-test-driver".to_owned()),
            },
        }
    }

    /// Fails the test where it is not met.
    #[track_caller]
    pub fn require(self) {
        if let Some(reason) = self.missing() {
            panic!(
                "{reason}: install it, or leave out tests called {}",
                self.mark()
            );
        }
    }

    /// Whether `ci/test` has said that what needs it is left out here.
    pub fn is_left_out(self) -> bool {
        let announced = announced();
        announced.split_whitespace().any(|mark| mark == self.mark())
    }
}

/// A part of the guest that `ci/guest` makes.
pub(crate) fn guest(part: &str) -> camino::Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/guest")
        .join(part)
}

fn program(name: &str) -> Option<String> {
    find(name).is_none().then(|| format!("{name} is not there"))
}

fn file(path: &Utf8Path) -> Option<String> {
    (!path.exists()).then(|| format!("{path} is not there"))
}

/// Whether file permissions do not hold for this user.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn mounts() -> Option<String> {
    let probe = Program::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"])
        .run();
    let reason = || format!("this user may mount nothing: {}", probe.stderr.trim());
    (probe.code() != Some(0)).then(reason)
}

fn tracing() -> Option<String> {
    Program::new("/bin/sh")
        .args(["-c", "true"])
        .run_disturbed(Disturbance::None)
        .err()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use regex::Regex;

    use super::Need;

    #[test]
    fn what_is_left_out_by_one_mark_has_no_other_need() {
        for need in Need::ALL {
            let holding = Need::ALL.map(Need::mark);
            let holding = holding.iter().filter(|mark| mark.contains(need.mark()));
            assert_eq!(holding.count(), 1, "{}", need.mark());
        }
    }

    /// All Rust sources of this workspace.
    fn sources() -> Vec<(PathBuf, String)> {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
        let mut sources = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir().unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    sources.push((path, text));
                }
            }
        }
        assert!(sources.len() > 100, "{}", sources.len());
        sources
    }

    #[test]
    fn every_need_is_in_the_name_of_a_test_or_in_a_table() {
        let sources = sources();
        for need in Need::ALL {
            let name = format!(r"(fn|mod) \w*{}\b|Lacks\(Need::{need:?}\)", need.mark());
            let name = Regex::new(&name).unwrap();
            let is_there = sources.iter().any(|(_, text)| name.is_match(text));
            assert!(is_there, "{}", need.mark());
        }
    }

    #[test]
    fn no_test_says_that_it_is_skipped_and_passes() {
        let says = Regex::new(r#"print(ln)?!\(\s*"skipped"#).unwrap();
        for (path, text) in sources() {
            assert!(
                !says.is_match(&text),
                "{}: ask for a `Need`",
                path.display()
            );
        }
    }

    #[test]
    fn a_program_that_is_nowhere_is_said_to_be_missing() {
        let reason = super::program("no-such-program").unwrap();
        assert_eq!(reason, "no-such-program is not there");
        assert_eq!(super::program("sh"), None);
    }
}
