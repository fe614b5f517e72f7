//! What there is to divide: the tests of a plan by the machine that they need.

use std::collections::BTreeMap;
use std::time::Duration;

use super::pack::Unit;
use crate::plan::{HostPlan, Plan, PlannedTest};
use crate::project::Runners;
use crate::run::{Costs, Work};

/// A kind of work on a kind of machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    pub(super) work: Work,
    /// The double of the machine.
    pub(super) system: String,
}

/// The work of one class on one host.
#[derive(Debug)]
pub(super) struct Part<'p, 's> {
    pub(super) host: &'p HostPlan<'s>,
    pub(super) tests: Vec<&'p PlannedTest<'s>>,
    pub(super) cost: Duration,
}

impl Part<'_, '_> {
    pub(super) fn unit(&self) -> Unit {
        Unit {
            cost: self.cost,
            tests: self.tests.len(),
        }
    }
}

/// All of it by class, and hosts whose work no runner is for, with their doubles: it is
/// given to the machine that evaluates, which will say what it lacks.
pub(super) type Divided<'p, 's> = (
    BTreeMap<Class, Vec<Part<'p, 's>>>,
    BTreeMap<&'p str, Option<&'p str>>,
);

pub(super) fn divide<'p, 's>(
    plan: &'p Plan<'s>,
    runners: &Runners,
    costs: impl Fn(&HostPlan<'_>) -> Costs,
) -> Divided<'p, 's> {
    let mut classes: BTreeMap<Class, Vec<Part<'p, 's>>> = BTreeMap::new();
    let mut strangers = BTreeMap::new();
    for host in &plan.hosts {
        let known = costs(host);
        for work in Work::ALL {
            let tests: Vec<_> = host
                .tests
                .iter()
                .filter(|test| Work::of(&test.case.check) == work)
                .collect();
            if tests.is_empty() {
                continue;
            }
            let system = host.host.system.as_deref();
            let runner = match work {
                Work::Evaluate => None,
                Work::Build => system.filter(|system| runners.of(system).is_some()),
                Work::Boot => system.filter(|system| runners.booting(system).is_some()),
            };
            if runner.is_none() && work != Work::Evaluate {
                strangers.insert(host.label.as_str(), system);
            }
            let class = Class {
                work,
                system: runner.unwrap_or(&runners.evaluate).to_owned(),
            };
            let cost = known
                .of(work, tests.len())
                .unwrap_or_else(|| guess(work, tests.len()));
            let part = Part { host, tests, cost };
            classes.entry(class).or_default().push(part);
        }
    }
    (classes, strangers)
}

/// What is expected where nothing is known. That it is alike for all hosts and grows with
/// the number of tests is what counts.
fn guess(work: Work, tests: usize) -> Duration {
    let tests = u32::try_from(tests).unwrap_or(u32::MAX);
    let (once, each) = match work {
        Work::Evaluate => (Duration::from_secs(10), Duration::from_millis(10)),
        Work::Build => (Duration::from_secs(10), Duration::from_secs(60)),
        Work::Boot => (Duration::from_secs(30), Duration::from_secs(120)),
    };
    once.saturating_add(each.saturating_mul(tests))
}
