//! One test of many processes: how `cargo nextest` runs the cases. The first
//! process that finds no answer evaluates the whole host under the lock, the
//! others wait and read.

use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nix_parity_core::event::Event;
use nix_parity_core::outcome::TestResult;

use super::engine::{Engine, EngineError};
use super::host;
use super::session::Sources;
use crate::plan::{HostPlan, PlannedTest};

impl Engine<'_> {
    /// Decides one test. `plan` holds what belongs to the same run: without an
    /// answer in the cache all tests of the host are evaluated, so that the
    /// processes that want the others find theirs.
    pub fn decide(
        &self,
        plan: &HostPlan<'_>,
        test: &PlannedTest<'_>,
    ) -> Result<TestResult, EngineError> {
        if let Some((cache, key)) = &self.cache {
            let answers = cache.read(&key.of_host(&plan.host.key()));
            let mut sources = Sources::new(self.project.flake_dir());
            if let Some(verdict) = host::known_verdict(plan, test, &answers, &mut sources) {
                return Ok(host::result(plan, test, verdict, Duration::ZERO));
            }
        }
        let results = self.decide_host(plan)?;
        results
            .into_iter()
            .find(|r| r.id == test.id)
            .ok_or_else(|| EngineError::Machine("interrupted".to_owned()))
    }

    /// Decides all tests of a host.
    pub fn decide_host(&self, plan: &HostPlan<'_>) -> Result<Vec<TestResult>, EngineError> {
        let results = Mutex::new(Vec::new());
        let never = AtomicBool::new(false);
        host::run(self, plan, &never, &|event| {
            if let (Event::TestFinished(result), Ok(mut results)) = (event, results.lock()) {
                results.push(result);
            }
        })?;
        Ok(results.into_inner().unwrap_or_default())
    }
}
