//! How much of a plan is decided already, and since when.

use std::time::{Duration, UNIX_EPOCH};

use super::engine::Engine;
use super::recall;
use super::recorder::RECORDED;
use super::sources::Sources;
use super::store::Found;
use crate::plan::Plan;

/// What earlier runs have found of the tests of a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How many tests it decides.
    pub tests: usize,
    /// How old the oldest of it is.
    pub age: Option<Duration>,
}

impl Engine<'_> {
    /// The evidence for a plan in the world as it is now. No Nix is started.
    pub fn evidence(&self, plan: &Plan<'_>) -> Evidence {
        let mut evidence = Evidence::default();
        let Ok(store) = self.store() else {
            return evidence;
        };
        let mut sources = Sources::new(self);
        for plan in &plan.hosts {
            let Found::Trace { findings, .. } = store.find(&plan.host.key()) else {
                continue;
            };
            let tests = plan.tests.iter();
            evidence.tests += tests
                .filter(|test| recall::known_verdict(plan, test, &findings, &mut sources).is_some())
                .count();
            let recorded = findings.notes.get(RECORDED).and_then(|at| at.parse().ok());
            let age = recorded.and_then(|at: u64| {
                let now = UNIX_EPOCH.elapsed().ok()?;
                Some(now.saturating_sub(Duration::from_secs(at)))
            });
            evidence.age = evidence.age.max(age);
        }
        let joint = plan.joint.iter();
        evidence.tests += joint
            .filter(|test| self.recall_joint(plan, test).is_some())
            .count();
        if evidence.tests == 0 {
            evidence.age = None;
        }
        evidence
    }
}
