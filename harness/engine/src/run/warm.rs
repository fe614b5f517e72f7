//! Workers that stay between the runs of one process: one that holds a host answers
//! the next question at once, where a new one would have to evaluate the host anew.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rayon::ThreadPool;

use super::all;
use super::engine::{Engine, EngineError};
use super::facts::Facts;
use crate::nix::{Flake, Worker};

/// A worker that nobody asked for this long is of no use any more.
const KEEP: Duration = Duration::from_secs(600);

/// Workers that wait, at most as many as run at once.
pub struct Warm {
    /// The kernel ends a worker with the thread that started it, so these stay too.
    pub(super) threads: ThreadPool,
    most: usize,
    asked_jobs: Option<usize>,
    flake: Flake,
    nix: Option<PathBuf>,
    /// The one that waits longest first.
    idle: Mutex<Vec<Idle>>,
}

/// A worker that waits.
pub(super) struct Idle {
    /// The host that it holds.
    pub(super) host: String,
    pub(super) worker: Worker,
    /// What it has looked at since it was started.
    pub(super) facts: Facts,
    /// How many requests it has answered.
    pub(super) asked: usize,
    pub(super) since: Instant,
}

impl Warm {
    /// For runs like those of this engine.
    pub fn new(engine: &Engine<'_>) -> Result<Self, EngineError> {
        let most = engine.jobs();
        Ok(Self {
            threads: all::threads(most)?,
            most,
            asked_jobs: engine.asked_jobs(),
            flake: engine.flake.clone(),
            nix: engine.options.nix.clone(),
            idle: Mutex::default(),
        })
    }

    /// Whether an engine evaluates the same flake in the same way.
    pub fn fits(&self, engine: &Engine<'_>) -> bool {
        self.flake == engine.flake
            && self.nix == engine.options.nix
            && self.asked_jobs == engine.asked_jobs()
    }

    /// Ends the workers that nobody has asked for long.
    pub fn expire(&self) {
        self.idle().retain(|idle| idle.since.elapsed() < KEEP);
    }

    /// The worker that holds a host.
    pub(super) fn take(&self, host: &str) -> Option<Idle> {
        let mut idle = self.idle();
        let at = idle.iter().position(|idle| idle.host == host)?;
        Some(idle.remove(at))
    }

    /// Keeps a worker, instead of the one that waits longest where there are enough.
    pub(super) fn keep(&self, worker: Idle) {
        let mut idle = self.idle();
        idle.push(worker);
        if idle.len() > self.most {
            idle.remove(0);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
