//! `doctor`: what is needed on this machine, and what each lack means.

mod machine;
mod nix;
mod project;

use std::path::Path;

use crate::run::Options;

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
    let mut findings = nix::examine(options);
    findings.extend(machine::examine());
    findings.extend(project::examine(dir, options));
    findings
}
