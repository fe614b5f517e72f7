//! All hosts of a plan side by side.

use std::cmp::Reverse;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use nix_parity_core::event::{Event, FORMAT};
use nix_parity_core::outcome::Summary;
use rayon::prelude::*;

use super::engine::{Engine, EngineError};
use super::host;
use crate::plan::Plan;

impl Engine<'_> {
    /// Runs a plan. Events come in the order in which things happen, from this
    /// thread; the first is `RunStarted`, the last `RunFinished`.
    ///
    /// # Errors
    /// No usable Nix was found when one was needed.
    pub fn run(
        &self,
        plan: &Plan<'_>,
        mut sink: impl FnMut(Event),
    ) -> Result<Summary, EngineError> {
        let began = Instant::now();
        if let Some(store) = self.store() {
            store.cache.prune();
        }
        sink(Event::RunStarted {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            nix: self.nix_banner(),
            profile: self.profile.clone(),
            flake: self.flake.reference.clone(),
            hosts: plan.announced(),
        });
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs())
            // Values nest as deep as the prelude lets them.
            .stack_size(16 << 20)
            .build()
            .map_err(|e| EngineError::Machine(e.to_string()))?;
        let stop = AtomicBool::new(false);
        // Long hosts first: the run ends when its last host does.
        let mut order: Vec<_> = plan.hosts.iter().collect();
        order.sort_by_key(|plan| Reverse(self.cost(&plan.host)));
        let (sender, receiver) = std::sync::mpsc::channel();
        let mut summary = Summary {
            hosts: plan.hosts.len(),
            ..Default::default()
        };
        let outcome = std::thread::scope(|scope| {
            let stop = &stop;
            let runner = scope.spawn(move || {
                pool.install(|| {
                    // Taken one by one in this order, not in halves.
                    order.into_iter().par_bridge().try_for_each(|plan| {
                        if host::stopped(self, stop) {
                            return Ok(());
                        }
                        let sender = sender.clone();
                        // The receiver lives for as long as this scope.
                        let tell = move |event| {
                            let _ = sender.send(event);
                        };
                        host::run(self, plan, stop, &tell)
                    })
                })
            });
            for event in receiver {
                if let Event::TestFinished(result) = &event {
                    summary.add(&result.outcome);
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
        summary.interrupted = self.interrupted.load(Ordering::Relaxed);
        summary.millis = host::millis(began.elapsed());
        sink(Event::RunFinished {
            summary: summary.clone(),
        });
        Ok(summary)
    }
}
