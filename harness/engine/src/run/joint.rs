//! Tests of several hosts together, and of none: judged when all that they are about
//! has been looked at.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix_parity_core::event::Event;
use nix_parity_core::id::TestId;
use nix_parity_core::outcome::TestResult;
use nix_parity_core::package_map::PackageMap;

use super::engine::Engine;
use super::host::{self, Running};
use super::recall;
use super::result::{millis, result_of};
use super::sources::Sources;
use super::store::Found;
use crate::judge::{Library, Survey, judge_joint};
use crate::plan::{JointTest, Plan};

/// What was seen on hosts, for tests of several.
#[derive(Debug, Default)]
pub struct Gathered {
    seen: Mutex<HashMap<(TestId, String), Survey>>,
}

impl Gathered {
    pub(super) fn add(&self, test: &TestId, host: &str, survey: Survey) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.insert((test.clone(), host.to_owned()), survey);
    }

    /// What was seen on each host of a test, if it was on all.
    fn of(&self, test: &JointTest<'_>) -> Option<Vec<Survey>> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let hosts = test.hosts.iter();
        hosts
            .map(|host| seen.get(&(test.id.clone(), host.label.clone())).cloned())
            .collect()
    }
}

/// What else is looked at than hosts.
struct Shelf<'a> {
    engine: &'a Engine<'a>,
    sources: Sources,
    files: OnceCell<Result<Vec<String>, String>>,
}

impl<'a> Shelf<'a> {
    fn new(engine: &'a Engine<'a>) -> Self {
        Self {
            engine,
            sources: Sources::new(engine),
            files: OnceCell::new(),
        }
    }
}

impl Library for Shelf<'_> {
    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        self.sources.source(file)
    }

    fn package_map(&self, file: &str) -> Option<&PackageMap> {
        self.engine.project.package_maps.get(file)
    }

    fn project_files(&self) -> Result<&[String], String> {
        let files = self.files.get_or_init(|| self.engine.project.files());
        files.as_deref().map_err(Clone::clone)
    }
}

/// Judges the joint tests of a plan whose hosts have all been looked at.
pub(super) fn finish(run: Running<'_>, plan: &Plan<'_>) {
    let mut shelf = Shelf::new(run.engine);
    for group in plan.groups() {
        let began = Instant::now();
        (run.tell)(Event::HostStarted {
            host: group.label.clone(),
            cached: false,
            why: None,
        });
        for test in plan.joint.iter().filter(|t| t.id.host == group.label) {
            if host::stopped(run.engine, run.stop) {
                return;
            }
            let began = Instant::now();
            let Some(surveys) = run.gathered.of(test) else {
                continue;
            };
            let result = judged(test, &surveys, &mut shelf, began.elapsed());
            (run.tell)(host::finished(run, result));
        }
        (run.tell)(Event::HostFinished {
            host: group.label,
            millis: millis(began.elapsed()),
        });
    }
}

fn judged(
    test: &JointTest<'_>,
    surveys: &[Survey],
    shelf: &mut Shelf<'_>,
    took: Duration,
) -> TestResult {
    let verdict = judge_joint(test, surveys, shelf);
    result_of(&test.id, test.case, None, verdict, took)
}

impl Engine<'_> {
    /// Decides a test of several hosts from what is in the cache, if that is enough.
    pub fn recall_joint(&self, plan: &Plan<'_>, test: &JointTest<'_>) -> Option<TestResult> {
        let mut sources = Sources::new(self);
        let surveys = test.hosts.iter().map(|one| {
            let plan = plan.hosts.iter().find(|plan| plan.label == one.label)?;
            let here = plan.joint.iter().find(|here| here.id == test.id)?;
            let Found::Trace { findings, .. } = self.store().ok()?.find(&plan.host.key()) else {
                return None;
            };
            recall::known_survey(plan, here, &findings.answers, &mut sources)
        });
        let surveys = surveys.collect::<Option<Vec<_>>>()?;
        Some(judged(
            test,
            &surveys,
            &mut Shelf::new(self),
            Duration::ZERO,
        ))
    }

    /// Decides a test of several hosts, all of which have been looked at; nothing where
    /// that was interrupted.
    pub fn decide_joint(&self, test: &JointTest<'_>, gathered: &Gathered) -> Option<TestResult> {
        if self.interrupted.load(Ordering::Relaxed) {
            return None;
        }
        let surveys = gathered.of(test)?;
        Some(judged(
            test,
            &surveys,
            &mut Shelf::new(self),
            Duration::ZERO,
        ))
    }
}
