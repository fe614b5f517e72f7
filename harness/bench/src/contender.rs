//! The ways to evaluate the same things that are measured against each other.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::process::{Done, Tools, measure, nix_eval};
use crate::statistics::Sample;
use crate::workload::{FAILING, MANY_TESTS, TESTS, Workload};

/// A way to evaluate what the suite looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contender {
    /// One `nix eval` per host, as many at once as the suite has workers.
    NixEval,
    /// `nix-parity run` without a cache.
    Run,
    /// The same with the suite of which some fail hard.
    FailingRun,
    /// `nix-parity run` with an empty cache.
    CachedRun,
    /// `cargo nextest run` with an empty cache, everything built.
    Nextest,
    /// `nix-parity run` of the suite with many cases, with an empty cache.
    Many,
    /// The same once more.
    Unchanged,
}

impl Contender {
    /// All of them; each one's place is its number, and what one needs of another
    /// comes first.
    pub(crate) const ALL: [Self; 7] = [
        Self::NixEval,
        Self::Run,
        Self::FailingRun,
        Self::CachedRun,
        Self::Nextest,
        Self::Many,
        Self::Unchanged,
    ];

    /// Runs it once, and makes sure that it did what is measured.
    pub(crate) fn run(self, tools: &Tools, workload: &Workload) -> Result<Sample, String> {
        let cache = tempfile::tempdir().map_err(|e| e.to_string())?;
        if self == Self::Many {
            empty(workload.kept.path())?;
        }
        measure(|| match self {
            Self::NixEval => nix_eval_all(workload),
            Self::Run => {
                let done = tools.run(&workload.passing, workload.jobs, None)?;
                outcomes(&done, TESTS, 0)
            }
            Self::FailingRun => {
                let done = tools.run(&workload.failing, workload.jobs, None)?;
                outcomes(&done, TESTS - FAILING, FAILING)
            }
            Self::CachedRun => {
                let done = tools.run(&workload.passing, workload.jobs, Some(cache.path()))?;
                outcomes(&done, TESTS, 0)
            }
            Self::Many => match run_many(tools, workload)? {
                0 => Err("a run with an empty cache started no Nix".to_owned()),
                _ => Ok(()),
            },
            Self::Unchanged => match run_many(tools, workload)? {
                0 => Ok(()),
                starts => Err(format!(
                    "nothing changed, and Nix was started {starts} times"
                )),
            },
            Self::Nextest => {
                let done = tools.nextest(&workload.passing, cache.path())?;
                let wanted = format!("{TESTS} tests run: {TESTS} passed");
                if done.success && done.stderr.contains(&wanted) {
                    Ok(())
                } else {
                    Err(format!("nextest did not say `{wanted}`:\n{}", done.stderr))
                }
            }
        })
    }
}

/// Runs the suite with many cases on what the last run left of it, and returns how
/// often Nix was started.
fn run_many(tools: &Tools, workload: &Workload) -> Result<usize, String> {
    let nix = &workload.counting;
    let before = nix.calls().count();
    let kept = workload.kept.path();
    let done = tools.run_with(&nix.path(), &workload.many, workload.jobs, kept)?;
    outcomes(&done, MANY_TESTS, 0)?;
    Ok(nix.calls().count() - before)
}

fn empty(folder: &Path) -> Result<(), String> {
    let emptied = std::fs::remove_dir_all(folder).and_then(|()| std::fs::create_dir(folder));
    emptied.map_err(|e| format!("cannot empty {}: {e}", folder.display()))
}

/// Evaluates the hosts one after the other in as many threads as there are jobs.
fn nix_eval_all(workload: &Workload) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workload.jobs)
            .map(|_| {
                scope.spawn(|| {
                    while let Some((attribute, function)) = workload
                        .expressions
                        .get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        nix_eval(&format!("{}#{attribute}", workload.flake), function)?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| "a thread died".to_owned())?)
    })
}

/// Whether the record of a run ends with these counts.
pub(crate) fn outcomes(done: &Done, passed: usize, not: usize) -> Result<(), String> {
    let last = done.stdout.lines().last().unwrap_or_default();
    let record: Value = serde_json::from_str(last).unwrap_or_default();
    let count = |name: &str| record["summary"][name].as_u64().unwrap_or(0);
    if count("passed") == passed as u64 && count("failed") + count("errors") == not as u64 {
        return Ok(());
    }
    Err(format!(
        "{passed} tests should pass and {not} not:\n{last}\n{}",
        done.stderr
    ))
}
