//! All hosts of a plan side by side.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix_parity_core::event::{Event, FORMAT};
use nix_parity_core::outcome::Summary;
use rayon::ThreadPool;
use rayon::prelude::*;

use super::engine::{Engine, EngineError};
use super::excerpts::Excerpts;
use super::host::{self, Running};
use super::joint::{self, Gathered};
use super::recall::{self, Recalled};
use super::result::millis;
use crate::plan::Plan;

impl Engine<'_> {
    /// Runs a plan. Events come in the order in which things happen, from this
    /// thread; the first is `RunStarted`, the last `RunFinished`.
    ///
    /// # Errors
    /// No usable Nix was found when one was needed, or two snapshots would be one file.
    pub fn run(
        &self,
        plan: &Plan<'_>,
        mut sink: impl FnMut(Event),
    ) -> Result<Summary, EngineError> {
        let began = Instant::now();
        self.snapshots_are_apart(plan)?;
        if let Ok(store) = self.store() {
            store.cache.prune();
        }
        sink(Event::RunStarted {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            nix: self.nix_banner(),
            profile: self.profile.clone(),
            flake: self.flake.reference.clone(),
            hosts: plan.announced(),
            groups: plan.groups(),
        });
        if let Some(message) = self.stubs().warning() {
            sink(Event::Warning { message });
        }
        if let Some(message) = self.unwritable_cache() {
            sink(Event::Warning { message });
        }
        let own;
        let pool = if let Some(warm) = self.warm {
            &warm.threads
        } else {
            own = threads(self.jobs())?;
            &own
        };
        let stop = AtomicBool::new(false);
        let gathered = Gathered::default();
        let mut excerpts = Excerpts::new(self);
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut summary = Summary {
            hosts: plan.hosts.len(),
            ..Default::default()
        };
        let outcome = std::thread::scope(|scope| {
            let (stop, gathered) = (&stop, &gathered);
            let runner = scope.spawn(move || {
                // The receiver lives for as long as this scope.
                let tell = |event| {
                    let _ = sender.send(event);
                };
                let run = Running {
                    engine: self,
                    stop,
                    tell: &tell,
                    gathered,
                };
                pool.install(|| {
                    let (known, open) = self.recall_all(plan);
                    for host in known {
                        host::finish(run, host)?;
                    }
                    // Taken one by one in this order, not in halves.
                    open.into_iter().par_bridge().try_for_each(|host| {
                        if host::stopped(self, stop) {
                            return Ok(());
                        }
                        host::finish(run, host)
                    })
                })
                .map(|()| joint::finish(run, plan))
            });
            for event in receiver {
                if let Event::TestFinished(result) = &event {
                    summary.add(&result.outcome);
                    excerpts
                        .of(result)
                        .into_iter()
                        .for_each(|e| sink(Event::Source(e)));
                }
                sink(event);
            }
            runner.join()
        });
        match outcome {
            Ok(outcome) => outcome?,
            Err(_) => {
                return Err(EngineError::Machine(
                    "a thread of the harness ended".to_owned(),
                ));
            }
        }
        if let Ok(store) = self.store() {
            for message in store.unportable() {
                sink(Event::Warning { message });
            }
        }
        summary.interrupted = self.interrupted.load(Ordering::Relaxed);
        summary.millis = millis(began.elapsed());
        sink(Event::RunFinished {
            summary: summary.clone(),
        });
        Ok(summary)
    }

    /// The hosts that need no Nix, in the order of the plan, and the others, long
    /// ones first: a run ends when its last host does.
    fn recall_all<'p, 's>(
        &self,
        plan: &'p Plan<'s>,
    ) -> (Vec<Recalled<'p, 's>>, Vec<Recalled<'p, 's>>) {
        let recalled: Vec<_> = plan
            .hosts
            .par_iter()
            .map(|p| recall::recall(self, p))
            .collect();
        let (known, mut open): (Vec<_>, Vec<_>) =
            recalled.into_iter().partition(Recalled::is_complete);
        // One that was never evaluated may be the longest.
        open.sort_by_key(|host| {
            let costs = self.costs(&host.plan.host);
            Reverse(costs.total().unwrap_or(Duration::MAX))
        });
        (known, open)
    }
}

/// Threads for this many hosts at once.
pub(super) fn threads(jobs: usize) -> Result<ThreadPool, EngineError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        // Values nest as deep as the prelude lets them.
        .stack_size(16 << 20)
        .build()
        .map_err(|e| EngineError::Machine(e.to_string()))
}
