//! What a run came to, in words that all documents share.

use crate::whole::WholeRun;
use crate::words::count;

/// What of a run is not known, and why; nothing where all of it is.
pub(crate) fn open(run: &WholeRun) -> Option<String> {
    let open = run.undecided();
    let why = match &run.finished {
        Some(summary) if summary.interrupted => "the run was interrupted",
        None => "the run ended without a result",
        Some(_) if open > 0 => "the run was given up",
        Some(_) => return None,
    };
    Some(format!("{why}: {} not decided", count(open, "test")))
}

/// The answer, in a few words.
pub(crate) fn word(run: &WholeRun) -> &'static str {
    let summary = run.summary();
    match &run.finished {
        Some(summary) if summary.interrupted => "interrupted",
        _ if summary.failed > 0 => "failed",
        _ if summary.errors > 0 => "could not be decided",
        None => "ended without a result",
        _ if summary.total() == 0 => "no test was run",
        _ if summary.passed == 0 => "every test was skipped",
        _ if run.undecided() > 0 => "given up",
        Some(_) => "passed",
    }
}
