//! What all tests of a process share. It lives as long as the process, since the
//! tests run on threads that the test runner owns.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use libtest_mimic::{Arguments, Failed};
use nix_parity_core::case::Check;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::outcome::{Outcome, TestResult};
use nix_parity_engine::plan::{HostPlan, Plan, PlannedTest, Test};
use nix_parity_engine::project::Project;
use nix_parity_engine::run::{Engine, EngineError, Gathered, Options};
use nix_parity_engine::snapshot::unreferenced;
use nix_parity_engine::{environment, interrupt};
use nix_parity_report::failure_text;

use crate::text;

/// What the tests of a process share.
pub(crate) struct Context {
    engine: Engine<'static>,
    /// All tests of the project.
    pub(crate) plan: Plan<'static>,
    /// Files that cannot be used, with what is wrong.
    pub(crate) broken: BTreeMap<String, Vec<Diagnostic>>,
    /// For each host what is evaluated when one of its tests has no answer yet,
    /// and what came of it.
    evaluations: BTreeMap<String, Evaluation>,
    /// What was seen on hosts, for tests of several.
    gathered: Gathered,
}

struct Evaluation {
    plan: HostPlan<'static>,
    results: OnceLock<Result<Vec<TestResult>, String>>,
}

impl Context {
    /// Reads the project. Nix is started only where the project file names no hosts.
    pub(crate) fn load(
        dir: &Path,
        arguments: &Arguments,
    ) -> Result<&'static Self, Vec<Diagnostic>> {
        let project: &'static Project = Box::leak(Box::new(Project::load(dir)?));
        let interrupted = interrupt::flag();
        let engine = Engine::new(project, options(), &interrupted).map_err(explain)?;
        let hosts = engine.hosts().map_err(explain)?;
        let (plan, problems) = Plan::new(&project.suites, &hosts);
        let mut broken: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
        for file in &project.broken {
            broken
                .entry(file.path.clone())
                .or_default()
                .extend(file.diagnostics.clone());
        }
        for problem in project.with_sources(problems) {
            let file = problem.location.as_ref().map_or("cases", |l| &*l.file);
            broken.entry(file.to_owned()).or_default().push(problem);
        }
        let whole_host = engine.keeps_observations() && environment::under_nextest();
        let evaluations = plan
            .hosts
            .iter()
            .map(|host| {
                let mut host = host.clone();
                let is_selected =
                    |test: &PlannedTest<'_>| is_selected(arguments, &test.id.to_string());
                // Nobody else could read what machines did: each boots its own.
                let is_kept = |test: &PlannedTest<'_>| !matches!(test.case.check, Check::Vm(_));
                host.tests
                    .retain(|test| (whole_host && is_kept(test)) || is_selected(test));
                if !whole_host {
                    host.joint.retain(is_selected);
                }
                (
                    host.label.clone(),
                    Evaluation {
                        plan: host,
                        results: OnceLock::new(),
                    },
                )
            })
            .collect();
        Ok(Box::leak(Box::new(Self {
            engine,
            plan,
            broken,
            evaluations,
            gathered: Gathered::default(),
        })))
    }

    /// Whether there are snapshots of which each has to belong to a case. Not known where
    /// a case file cannot be used, which fails by itself.
    pub(crate) fn looks_for_orphans(&self) -> bool {
        self.broken.is_empty() && self.engine.has_snapshots().unwrap_or(true)
    }

    /// Fails where a snapshot belongs to no case.
    pub(crate) fn no_orphan(&self) -> Result<(), Failed> {
        let orphans = self.engine.orphans(&self.plan);
        let orphans = orphans.map_err(|e| format!("the snapshots cannot be read: {e}"))?;
        if orphans.is_empty() {
            return Ok(());
        }
        Err(text(&unreferenced(&orphans)))
    }

    /// Decides one test.
    pub(crate) fn decide(&self, test: Test<'_, '_>) -> Result<(), Failed> {
        match test {
            Test::OnHost(plan, test) => {
                if let Some(result) = self.engine.recall(plan, test) {
                    return verdict(&result);
                }
                let results = self.evaluated(&plan.label)?;
                match results.iter().find(|r| r.id == test.id) {
                    Some(result) => verdict(result),
                    None => Err("interrupted".into()),
                }
            }
            Test::Joint(test) => {
                if let Some(result) = self.engine.recall_joint(&self.plan, test) {
                    return verdict(&result);
                }
                for host in &test.hosts {
                    self.evaluated(&host.label)?;
                }
                match self.engine.decide_joint(test, &self.gathered) {
                    Some(result) => verdict(&result),
                    None => Err("interrupted".into()),
                }
            }
        }
    }

    /// The results of a host's tests, which is evaluated where it was not yet.
    fn evaluated(&self, host: &str) -> Result<&[TestResult], Failed> {
        let evaluation = self.evaluations.get(host).ok_or("no such host")?;
        let results = evaluation.results.get_or_init(|| {
            self.engine
                .decide_host(&evaluation.plan, &self.gathered)
                .map_err(|e| e.to_string())
        });
        let results = results.as_ref().map_err(String::as_str)?;
        Ok(results)
    }
}

/// Whether the test runner's own arguments take a test.
fn is_selected(arguments: &Arguments, name: &str) -> bool {
    let matches = |wanted: &str| {
        if arguments.exact {
            name == wanted
        } else {
            name.contains(wanted)
        }
    };
    arguments.filter.as_deref().is_none_or(matches) && !arguments.skip.iter().any(|s| matches(s))
}

fn verdict(result: &TestResult) -> Result<(), Failed> {
    match result.outcome {
        Outcome::Pass | Outcome::Skip { .. } => Ok(()),
        Outcome::Fail { .. } | Outcome::Error { .. } => Err(failure_text(result).into()),
    }
}

fn explain(error: EngineError) -> Vec<Diagnostic> {
    match error {
        EngineError::Input(diagnostics) => diagnostics,
        EngineError::Flake(error) => {
            vec![Diagnostic::new("the flake could not be loaded").note(error.message)]
        }
        other => vec![Diagnostic::new(other.to_string())],
    }
}

fn options() -> Options {
    Options {
        run: environment::nextest_run(),
        ..Options::default()
    }
}

/// Decides the one test that is asked for by its exact name, if its own case file
/// and what is in the cache are enough. This is what nextest asks for once per
/// test, so nothing else is read.
pub(crate) fn recall_one(
    dir: &Path,
    arguments: &Arguments,
) -> Option<(String, Result<(), Failed>)> {
    let name = arguments
        .filter
        .as_deref()
        .filter(|_| arguments.exact && !arguments.list)?;
    let (suite, _) = name.split_once("::")?;
    let project = Project::load_one(dir, suite)?;
    let hosts = project.file.hosts.clone()?;
    let interrupted = interrupt::flag();
    let engine = Engine::new(&project, options(), &interrupted).ok()?;
    let (plan, _) = Plan::new(&project.suites, &hosts);
    let mut tests = plan.tests().into_iter();
    let result = match tests.find(|test| test.id().to_string() == name)? {
        Test::OnHost(plan, test) => engine.recall(plan, test)?,
        Test::Joint(test) => engine.recall_joint(&plan, test)?,
    };
    Some((name.to_owned(), verdict(&result)))
}
