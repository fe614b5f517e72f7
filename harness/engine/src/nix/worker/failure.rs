//! Why a request has no answer.

use std::process::ExitStatus;
use std::time::Duration;

use nix_parity_core::observation::NixError;
use nix_parity_core::size;

/// Why a request was not answered. Each is about that request only; after all but
/// [`Failure::Unreadable`] and [`Failure::Silent`] the worker is gone and a new one must
/// be started.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The process could not be started.
    #[error("cannot start nix: {0}")]
    Start(String),
    /// The flake could not be loaded.
    #[error("the flake could not be loaded: {}", .0.message)]
    Flake(NixError),
    /// The process ended.
    #[error("nix ended unexpectedly: {0}")]
    Died(String),
    /// A time limit passed.
    #[error("no answer within {}, the time limit of the {of}", seconds(.limit))]
    TimedOut {
        /// The limit.
        limit: Duration,
        /// Whose limit it is.
        of: LimitOf,
    },
    /// The process held more memory than it may, and was killed.
    #[error("nix held {}, more than the {} that a worker may have", size::show(*.used), size::show(*.limit))]
    Memory {
        /// What it held, in bytes.
        used: u64,
        /// What it may hold, in bytes.
        limit: u64,
    },
    /// A build could not be tried.
    #[error("{0}")]
    Build(String),
    /// What Nix put into the store cannot be read there.
    #[error("the store cannot be read: {0}")]
    Store(String),
    /// Which files are those of the flake cannot be told.
    #[error(
        "nix's log does not show which files it evaluates, so the flake's own files are not known"
    )]
    Silent,
    /// The user interrupted the run.
    #[error("interrupted")]
    Interrupted,
    /// The answer makes no sense: a mistake of the harness.
    #[error("an unreadable answer from nix: {0}")]
    Unreadable(String),
}

/// Whose time limit passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitOf {
    /// Loading the flake.
    Start,
    /// All queries of one case.
    Case,
    /// All cases of one host.
    Host,
    /// The whole run.
    Run,
}

impl std::fmt::Display for LimitOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Start => "start",
            Self::Case => "case",
            Self::Host => "host",
            Self::Run => "run",
        })
    }
}

fn seconds(limit: &Duration) -> String {
    if limit.as_secs() >= 1 {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}

/// How a process ended, for people.
pub(super) fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(9)) => "killed (signal 9); out of memory?".to_owned(),
        (None, Some(11)) => "segmentation fault (signal 11); a native stack overflow?".to_owned(),
        (None, Some(signal)) => format!("killed by signal {signal}"),
        (None, None) => "for no known reason".to_owned(),
    }
}
