//! Whether answers can be cached with this Nix: its log must show what they depend on.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::super::{Finding, State};
use crate::nix::{Flake, Limits, LogShows, Nix, Worker};
use crate::project::escape;

const SUBJECT: &str = "cached results";

/// How long a flake without anything may take to load.
const LONGEST: Duration = Duration::from_secs(60);

/// Starts an evaluator on an empty flake, which tries its log as every one does.
pub(super) fn examine(nix: &Nix) -> Finding {
    let every = "each run evaluates each host anew; report this version of Nix";
    match shows(nix) {
        Err(error) => Finding::not(
            State::Lacking,
            SUBJECT,
            error,
            "a trial evaluation must work",
        ),
        Ok(LogShows {
            evaluated: false, ..
        }) => Finding::not(
            State::Lacking,
            SUBJECT,
            "none: Nix's log does not show which files it evaluates",
            every,
        ),
        Ok(LogShows {
            instantiated: false,
            ..
        }) => Finding::not(
            State::Lacking,
            SUBJECT,
            "none: Nix's log does not show which derivations it makes",
            every,
        ),
        Ok(LogShows { copied: false, .. }) => Finding::not(
            State::Lacking,
            SUBJECT,
            "Nix's log does not show each file that it copies",
            "a Nix file that a host may copy counts with its content: more is evaluated again",
        ),
        Ok(_) => Finding::good(SUBJECT, "Nix's log shows what they depend on"),
    }
}

fn shows(nix: &Nix) -> Result<LogShows, String> {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary directory: {e}"))?;
    let path = folder.path().canonicalize().map_err(|e| e.to_string())?;
    let flake = path.join("flake.nix");
    std::fs::write(flake, "{ outputs = _: { }; }\n").map_err(|e| e.to_string())?;
    let flake = Flake {
        reference: format!("path:{}", escape(&path.display().to_string())),
        overrides: Vec::new(),
    };
    let limits = Limits {
        interrupted: Arc::new(AtomicBool::new(false)),
        start: LONGEST,
        until: None,
        memory: None,
    };
    let worker = Worker::start(nix, &flake, limits).map_err(|e| e.to_string())?;
    Ok(worker.log_shows())
}
