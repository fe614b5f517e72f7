//! `doctor`: what is needed on this machine, and what each lack means.

use std::fs;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use crate::cache::Cache;
use crate::environment;
use crate::nix::{Nix, Program};
use crate::project::Project;
use crate::run::{Engine, EngineError, Options};

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// As it should be.
    Good,
    /// Not there; something optional does not work.
    Lacking,
    /// Not as it must be; cases cannot be run.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub subject: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub detail: String,
    /// What the lack means, and what to do.
    pub advice: Option<String>,
}

impl Finding {
    fn good(subject: &'static str, detail: impl Into<String>) -> Self {
        Self {
            subject,
            state: State::Good,
            detail: detail.into(),
            advice: None,
        }
    }

    fn not(state: State, subject: &'static str, detail: impl Into<String>, advice: &str) -> Self {
        Self {
            subject,
            state,
            detail: detail.into(),
            advice: Some(advice.to_owned()),
        }
    }
}

/// Looks at the machine, then at the project in a folder.
pub fn examine(dir: &Path, options: &Options) -> Vec<Finding> {
    let mut findings = vec![nix(options), git(), cache(), kvm()];
    findings.extend(project(dir, options));
    findings
}

fn nix(options: &Options) -> Finding {
    let nix = match Nix::find(options.nix.as_deref()) {
        Ok(nix) => nix,
        Err(error) => {
            let advice = "install Nix 2.18 or newer: https://nixos.org/download";
            return Finding::not(State::Bad, "nix", error.to_string(), advice);
        }
    };
    let answer = Program::new(&nix.program)
        .args(["--extra-experimental-features", "nix-command flakes"])
        .args(["eval", "--expr", "builtins ? getFlake"])
        .output();
    let detail = format!("{}, {}", nix.banner, nix.program.display());
    match answer {
        Ok(output) if output.status.success() && output.stdout.starts_with(b"true") => {
            Finding::good("nix", detail)
        }
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            let last = text
                .lines()
                .rfind(|l| l.contains("error"))
                .unwrap_or("no flakes");
            Finding::not(
                State::Bad,
                "nix",
                format!("{detail}: {}", last.trim()),
                "a trivial evaluation with flakes must work",
            )
        }
        Err(error) => Finding::not(
            State::Bad,
            "nix",
            format!("{detail}: {error}"),
            "it must be possible to start it",
        ),
    }
}

fn git() -> Finding {
    match environment::search_path()
        .into_iter()
        .map(|d| d.join("git"))
        .find(|p| p.is_file())
    {
        Some(path) => Finding::good("git", path.display().to_string()),
        None => Finding::not(
            State::Lacking,
            "git",
            "not on PATH",
            "a flake in a git repository cannot be read without it",
        ),
    }
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
            Ok(_) => Finding::good("cache", dir.display().to_string()),
            Err(error) => Finding::not(
                State::Lacking,
                "cache",
                format!("{}: {error}", dir.display()),
                off,
            ),
        },
    }
}

fn kvm() -> Finding {
    match fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/kvm")
    {
        Ok(_) => Finding::good("kvm", "/dev/kvm can be opened"),
        Err(error) => Finding::not(
            State::Lacking,
            "kvm",
            format!("/dev/kvm: {error}"),
            "evaluation does not need it; virtual machines are emulated, several times slower",
        ),
    }
}

fn project(dir: &Path, options: &Options) -> Vec<Finding> {
    let project = match Project::load(dir) {
        Ok(project) => project,
        Err(diagnostics) => {
            let detail = diagnostics
                .first()
                .map(|d| d.message.clone())
                .unwrap_or_default();
            return vec![Finding::not(
                State::Lacking,
                "project",
                detail,
                "start in the folder of a project, or name it with -C",
            )];
        }
    };
    let cases: usize = project.suites.iter().map(|s| s.cases.len()).sum();
    let detail = format!(
        "{}: {} suites, {cases} cases",
        project.root.display(),
        project.suites.len()
    );
    let mut findings = vec![match project.broken.first() {
        None => Finding::good("project", detail),
        Some(file) => Finding::not(
            State::Bad,
            "project",
            format!("{detail}; {} is wrong", file.path),
            "`nix-parity list` says what is wrong",
        ),
    }];
    let never = AtomicBool::new(false);
    let hosts = Engine::new(&project, options.clone(), &never).and_then(|engine| engine.hosts());
    findings.push(match hosts {
        Ok(hosts) => {
            let names: Vec<_> = hosts.iter().map(nix_parity_core::host::Host::key).collect();
            Finding::good("hosts", names.join(", "))
        }
        Err(error) => Finding::not(
            State::Bad,
            "hosts",
            describe(&error),
            "`nix-parity run` says more",
        ),
    });
    findings
}

fn describe(error: &EngineError) -> String {
    match error {
        EngineError::Input(diagnostics) => diagnostics
            .first()
            .map(|d| d.message.clone())
            .unwrap_or_default(),
        EngineError::Flake(error) => format!("the flake could not be loaded: {}", error.message),
        other => other.to_string(),
    }
}
