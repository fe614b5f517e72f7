//! One test, or one host, at a time: how `cargo nextest` and `cargo test` run the
//! cases. Of many processes that want a test of a host, the first that finds no
//! answer evaluates the whole host under the lock; the others wait and read.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nix_parity_core::event::Event;
use nix_parity_core::outcome::TestResult;

use super::engine::{Engine, EngineError};
use super::host::{self, Running};
use super::joint::Gathered;
use super::recall;
use super::result::result;
use super::sources::Sources;
use super::store::Found;
use crate::plan::{HostPlan, PlannedTest};

impl Engine<'_> {
    /// Decides a test from what is in the cache, if that is enough. No Nix is started.
    pub fn recall(&self, plan: &HostPlan<'_>, test: &PlannedTest<'_>) -> Option<TestResult> {
        let Found::Trace { findings, .. } = self.store().ok()?.find(&plan.host.key()) else {
            return None;
        };
        let mut sources = Sources::new(self);
        let verdict = recall::known_verdict(plan, test, &findings, &mut sources)?;
        self.settle(&verdict).ok()?;
        Some(result(plan, test, verdict, Duration::ZERO))
    }

    /// Decides all tests of a host, and looks at it for tests of several.
    ///
    /// # Errors
    /// No usable Nix was found when one was needed.
    pub fn decide_host(
        &self,
        plan: &HostPlan<'_>,
        gathered: &Gathered,
    ) -> Result<Vec<TestResult>, EngineError> {
        let results = Mutex::new(Vec::new());
        let tell = |event| {
            if let (Event::TestFinished(result), Ok(mut results)) = (event, results.lock()) {
                results.push(result);
            }
        };
        let run = Running {
            engine: self,
            stop: &AtomicBool::new(false),
            tell: &tell,
            gathered,
        };
        host::finish(run, recall::recall(self, plan))?;
        Ok(results.into_inner().unwrap_or_default())
    }
}
