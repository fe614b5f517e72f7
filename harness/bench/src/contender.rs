//! The ways to evaluate the same things that are measured against each other.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use crate::load::{Edited, Load, Suite};
use crate::process::{Done, Tools, cores, measure, nix_eval};
use crate::statistics::Sample;

/// A way to evaluate what a suite looks at.
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
    /// `nix-parity run`, with an empty cache, of the suite that is run again.
    Cold,
    /// The same once more.
    Unchanged,
    /// `nix-parity run` after an edit of one host's own file.
    Edited,
    /// `nix-parity run` of that host alone, without a cache.
    Alone,
}

impl Contender {
    /// All of them; each one's place is its number, and what one needs of another
    /// comes first.
    pub(crate) const ALL: [Self; 9] = [
        Self::NixEval,
        Self::Run,
        Self::FailingRun,
        Self::CachedRun,
        Self::Nextest,
        Self::Cold,
        Self::Unchanged,
        Self::Edited,
        Self::Alone,
    ];

    /// Runs it once, and makes sure that it did what is measured.
    pub(crate) fn run(self, tools: &Tools, load: &Load) -> Result<Sample, String> {
        let cache = tempfile::tempdir().map_err(|e| e.to_string())?;
        if self == Self::Cold {
            empty(load.kept.path())?;
        }
        if self == Self::Edited {
            if load
                .edited
                .cache
                .path()
                .read_dir()
                .is_ok_and(|mut d| d.next().is_none())
            {
                run_edited(tools, load)?;
            }
            load.edited.edit()?;
        }
        measure(|| match self {
            Self::NixEval => nix_eval_all(load),
            Self::Run => run(tools, &load.passing, None),
            Self::FailingRun => run(tools, &load.failing, None),
            Self::CachedRun => run(tools, &load.passing, Some(cache.path())),
            Self::Cold => match run_again(tools, load)? {
                0 => Err("a run with an empty cache started no Nix".to_owned()),
                _ => Ok(()),
            },
            Self::Unchanged => match run_again(tools, load)? {
                0 => Ok(()),
                starts => Err(format!(
                    "nothing changed, and Nix was started {starts} times"
                )),
            },
            Self::Edited => match run_edited(tools, load)?.as_slice() {
                [host] if host == load.edited.host => Ok(()),
                hosts => Err(format!("evaluated for an edit of one host: {hosts:?}")),
            },
            Self::Alone => {
                let Edited {
                    suite, host, tests, ..
                } = &load.edited;
                let done = tools.run(&suite.root, None, &["--host", host])?;
                outcomes(&done, *tests, 0)
            }
            Self::Nextest => {
                let Suite { root, tests, .. } = &load.passing;
                let done = tools.nextest(root, cache.path())?;
                // Where there are snapshots, one more looks for those of no case.
                let is_whole = |tests: usize| {
                    let wanted = format!("{tests} tests run: {tests} passed");
                    done.stderr.contains(&wanted)
                };
                if done.success && (is_whole(*tests) || is_whole(tests + 1)) {
                    Ok(())
                } else {
                    Err(format!(
                        "nextest did not pass {tests} tests:\n{}",
                        done.stderr
                    ))
                }
            }
        })
    }
}

fn run(tools: &Tools, suite: &Suite, cache: Option<&Path>) -> Result<(), String> {
    let done = tools.run(&suite.root, cache, &[])?;
    outcomes(&done, suite.tests - suite.failing, suite.failing)
}

/// Runs the suite on what its last run left, and returns how often Nix was started.
fn run_again(tools: &Tools, load: &Load) -> Result<usize, String> {
    let (nix, suite) = (&load.counting, &load.again);
    let before = nix.calls().count();
    let done = tools.run_with(&nix.path(), &suite.root, load.kept.path())?;
    outcomes(&done, suite.tests, 0)?;
    Ok(nix.calls().count() - before)
}

/// Runs the suite that is edited, and returns the hosts that were evaluated.
fn run_edited(tools: &Tools, load: &Load) -> Result<Vec<String>, String> {
    let Edited { suite, cache, .. } = &load.edited;
    let done = tools.run(&suite.root, Some(cache.path()), &[])?;
    outcomes(&done, suite.tests, 0)?;
    let events = done.stdout.lines().map(serde_json::from_str::<Value>);
    Ok(events
        .filter_map(Result::ok)
        .filter(|event| event["event"] == "host_started" && event["cached"] == false)
        .filter_map(|event| Some(event["host"].as_str()?.to_owned()))
        .collect())
}

fn empty(folder: &Path) -> Result<(), String> {
    let emptied = std::fs::remove_dir_all(folder).and_then(|()| std::fs::create_dir(folder));
    emptied.map_err(|e| format!("cannot empty {}: {e}", folder.display()))
}

/// Evaluates the hosts one after the other in as many threads as there are processors.
fn nix_eval_all(load: &Load) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores())
            .map(|_| {
                scope.spawn(|| {
                    while let Some(question) =
                        load.questions.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        nix_eval(question)?;
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
