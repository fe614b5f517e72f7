//! One host of a run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix_parity_core::case::{Case, Check};
use nix_parity_core::event::Event;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::observation::Observation;
use nix_parity_core::outcome::{Outcome, TestResult};
use nix_parity_core::value::Value;

use super::cost::{Costs, Work};
use super::engine::Engine;
use super::joint::Gathered;
use super::known::Known;
use super::machines::Machines;
use super::recorder::Recorder;
use super::session::Session;
use super::sources::Sources;
use super::store::Found;
use super::vouched;
use crate::cache::{Answers, Trace};
use crate::judge::{Survey, Verdict, judge, survey};
use crate::nix::{FindError, Request, Subject};
use crate::plan::{HostPlan, PlannedTest};
use crate::project::SETTINGS_FILE;

/// What the cache knows of a host's tests.
pub(super) struct Recalled<'p, 's> {
    /// The host and its tests.
    pub(super) plan: &'p HostPlan<'s>,
    /// For each test its verdict, where no Nix is needed for it.
    verdicts: Vec<Option<Verdict>>,
    /// For each test of several hosts what is to be seen here, likewise.
    surveys: Vec<Option<Survey>>,
    /// Why the host is evaluated or not, if that was asked for.
    why: Option<String>,
    system: Option<String>,
    sources: Sources,
    took: Duration,
}

impl Recalled<'_, '_> {
    /// Whether no Nix is needed for any test.
    pub(super) fn is_complete(&self) -> bool {
        self.verdicts.iter().all(Option::is_some) && self.surveys.iter().all(Option::is_some)
    }
}

/// Decides what can be decided from the cache.
pub(super) fn recall<'p, 's>(engine: &Engine<'_>, plan: &'p HostPlan<'s>) -> Recalled<'p, 's> {
    let began = Instant::now();
    let mut sources = Sources::new(engine);
    let found = engine.store().map(|store| store.find(&plan.host.key()));
    let (trace, why) = match found {
        Ok(Found::Trace { trace, .. }) => (trace, None),
        Ok(Found::Nothing(why)) => (Trace::default(), Some(why.to_string())),
        Err(reason) => (Trace::default(), Some(reason.to_owned())),
    };
    let verdicts = decide_known(plan, &trace, &mut sources);
    let surveys = plan.joint.iter();
    let surveys: Vec<_> = surveys
        .map(|test| known_survey(plan, test, &trace.answers, &mut sources))
        .collect();
    let explanation = || {
        let open = verdicts.iter().filter(|v| v.is_none()).count()
            + surveys.iter().filter(|s| s.is_none()).count();
        why.unwrap_or_else(|| match open {
            0 => "nothing that it depends on has changed".to_owned(),
            1 => "1 test asks what was not asked before".to_owned(),
            n => format!("{n} tests ask what was not asked before"),
        })
    };
    Recalled {
        plan,
        why: engine.options.explain_cache.then(explanation),
        verdicts,
        surveys,
        system: known_system(&trace.answers),
        sources,
        took: began.elapsed(),
    }
}

/// What the hosts of a run share.
#[derive(Clone, Copy)]
pub(super) struct Running<'r> {
    pub(super) engine: &'r Engine<'r>,
    /// Set when nothing more is to be started.
    pub(super) stop: &'r AtomicBool,
    /// Told what happens.
    pub(super) tell: &'r (dyn Fn(Event) + Sync),
    /// Given what was seen for tests of several hosts.
    pub(super) gathered: &'r Gathered,
}

/// Tells what was recalled of a host, and evaluates what was not. Ends early when
/// the run is interrupted or `stop` is set.
pub(super) fn finish(run: Running<'_>, recalled: Recalled<'_, '_>) -> Result<(), FindError> {
    let Running {
        engine,
        stop: _,
        tell,
        gathered,
    } = run;
    let began = Instant::now();
    let cached = recalled.is_complete();
    let plan = recalled.plan;
    let host = plan.label.clone();
    tell(Event::HostStarted {
        host: host.clone(),
        cached,
        why: recalled.why,
    });
    if let Some(system) = recalled.system.filter(|_| cached) {
        tell(Event::HostSystem {
            host: host.clone(),
            system,
        });
    }
    let mut open = Vec::new();
    for (test, verdict) in plan.tests.iter().zip(recalled.verdicts) {
        match verdict {
            Some(verdict) => {
                settle(engine, &verdict, tell);
                let result = result(plan, test, verdict, Duration::ZERO);
                tell(finished(run, result));
            }
            None => open.push(test),
        }
    }
    let mut unseen = Vec::new();
    for (test, survey) in plan.joint.iter().zip(recalled.surveys) {
        match survey {
            Some(survey) => gathered.add(&test.id, &host, survey),
            None => unseen.push(test),
        }
    }
    if !open.is_empty() || !unseen.is_empty() {
        let mut costs = evaluate(run, plan, &open, &unseen, recalled.sources)?;
        costs.rest(began.elapsed());
        engine.record_costs(&plan.host, &costs);
    }
    let millis = millis(recalled.took + began.elapsed());
    tell(Event::HostFinished { host, millis });
    Ok(())
}

/// The host's double, where it has been asked for before.
fn known_system(answers: &Answers) -> Option<String> {
    let request = Request {
        variant: None,
        subject: Subject::System,
    };
    match answers.get(&request) {
        Some(Observation::Value(Value::String(system))) => Some(system.clone()),
        _ => None,
    }
}

/// The verdicts that need no Nix.
fn decide_known(plan: &HostPlan<'_>, trace: &Trace, sources: &mut Sources) -> Vec<Option<Verdict>> {
    plan.tests
        .iter()
        .map(|test| known_verdict(plan, test, trace, sources))
        .collect()
}

/// The verdict on a test from what is already known, if that is enough.
pub(super) fn known_verdict(
    plan: &HostPlan<'_>,
    test: &PlannedTest<'_>,
    trace: &Trace,
    sources: &mut Sources,
) -> Option<Verdict> {
    if trace.answers.is_empty() {
        return None;
    }
    let mut known = Known {
        answers: &trace.answers,
        sources: &mut *sources,
        missed: false,
    };
    let verdict = judge(test, &plan.host, &mut known);
    if known.missed {
        return vouched::verdict(test, sources, &trace.notes);
    }
    Some(verdict)
}

/// What is to be seen for a test of several hosts from what is already known, if that
/// is enough.
pub(super) fn known_survey(
    plan: &HostPlan<'_>,
    test: &PlannedTest<'_>,
    answers: &Answers,
    sources: &mut Sources,
) -> Option<Survey> {
    if answers.is_empty() {
        return None;
    }
    let mut known = Known {
        answers,
        sources,
        missed: false,
    };
    let survey = survey(test, &plan.host, &mut known);
    (!known.missed).then_some(survey)
}

fn evaluate(
    run: Running<'_>,
    plan: &HostPlan<'_>,
    tests: &[&PlannedTest<'_>],
    joint: &[&PlannedTest<'_>],
    sources: Sources,
) -> Result<Costs, FindError> {
    let Running { engine, tell, .. } = run;
    let host = &plan.label;
    let activity = |activity: String| {
        tell(Event::HostActivity {
            host: host.clone(),
            activity,
        });
    };
    let nix = engine.nix()?;
    let limits = engine.limits();
    let mut session = Session::new(nix, &engine.flake, &plan.host, limits, sources, &activity);
    session.outer = engine.host_deadline();
    if let Ok(store) = engine.store() {
        activity("waiting for another process that evaluates this host".to_owned());
        let key = plan.host.key();
        match store.shelf(&key).lock(&engine.interrupted) {
            Ok(lock) => session.recorder = Recorder::new(store, &key, lock),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                return Ok(Costs::default());
            }
            Err(error) => tell(not_kept(host, &error)),
        }
    }
    if let Some(recorder) = &session.recorder {
        session.answers = recorder.answers();
    }
    session.machines = Some(Machines::new(engine, &plan.host, tests));
    let key = plan.host.key();
    if let Some(idle) = engine.warm.and_then(|warm| warm.take(&key)) {
        session.adopt(idle);
    }
    let costs = run_tests(run, plan, tests, &mut session);
    see(run, plan, joint, &mut session);
    if let Some(recorder) = &mut session.recorder
        && let Err(error) = recorder.finish()
    {
        tell(not_kept(host, &error));
    }
    if let Some(warm) = engine.warm
        && let Some(idle) = session.into_idle(key)
    {
        warm.keep(idle);
    }
    Ok(costs)
}

fn not_kept(host: &str, error: &std::io::Error) -> Event {
    Event::Warning {
        message: format!("observations of {host} are not kept: {error}"),
    }
}

fn run_tests(
    run: Running<'_>,
    plan: &HostPlan<'_>,
    tests: &[&PlannedTest<'_>],
    session: &mut Session<'_>,
) -> Costs {
    let Running {
        engine, stop, tell, ..
    } = run;
    let mut costs = Costs::default();
    let host = &plan.label;
    if let Some(system) = session.system() {
        tell(Event::HostSystem {
            host: host.clone(),
            system,
        });
    }
    warn_of_unnamed(engine, &plan.host, &session.siblings, tell);
    // What is built takes longest, and is of use only once it evaluates as it should.
    let is_build = |test: &&PlannedTest<'_>| matches!(test.case.check, Check::Build(_));
    let tests = tests.iter().copied();
    let (builds, others): (Vec<_>, Vec<_>) = tests.partition(is_build);
    for test in others.into_iter().chain(builds) {
        if stopped(engine, stop) {
            return costs;
        }
        let began = Instant::now();
        session.begin(test.case.timeout.unwrap_or(engine.project.file.timeout));
        let verdict = judge(test, &plan.host, session);
        if engine.interrupted.load(Ordering::Relaxed) {
            // What was being asked has no answer; it is not decided.
            return costs;
        }
        if vouched::is_plain(&verdict) {
            session.vouch(plan, test);
        }
        settle(engine, &verdict, tell);
        let took = began.elapsed();
        costs.add(Work::of(&test.case.check), took);
        let result = result(plan, test, verdict, took);
        tell(finished(run, result));
    }
    costs
}

/// Looks at the host for tests of several.
fn see(
    run: Running<'_>,
    plan: &HostPlan<'_>,
    joint: &[&PlannedTest<'_>],
    session: &mut Session<'_>,
) {
    for test in joint {
        if stopped(run.engine, run.stop) {
            return;
        }
        let limit = test.case.timeout;
        session.begin(limit.unwrap_or(run.engine.project.file.timeout));
        let survey = survey(test, &plan.host, session);
        // What was being asked has no answer.
        if run.engine.interrupted.load(Ordering::Relaxed) {
            return;
        }
        run.gathered.add(&test.id, &plan.label, survey);
    }
}

/// Puts the snapshots of a verdict where they belong.
fn settle(engine: &Engine<'_>, verdict: &Verdict, tell: &(dyn Fn(Event) + Sync)) {
    if let Err(error) = engine.settle(verdict) {
        let message = format!("a snapshot cannot be written: {error}");
        tell(Event::Warning { message });
    }
}

/// A host that the flake offers and the project file does not name has no test,
/// and nobody would notice. Told by the first host of a platform.
fn warn_of_unnamed(
    engine: &Engine<'_>,
    host: &Host,
    siblings: &[String],
    tell: &(dyn Fn(Event) + Sync),
) {
    let Some(named) = &engine.project.file.hosts else {
        return;
    };
    let mut of_platform = named.iter().filter(|h| h.platform == host.platform);
    if of_platform.next().map(|h| &h.name) != Some(&host.name) {
        return;
    }
    for name in siblings {
        let is_named = |h: &Host| h.platform == host.platform && h.name == *name;
        if !named.iter().any(is_named) {
            tell(Event::Warning {
                message: format!(
                    "no case sees {}.{name}: `hosts` of {SETTINGS_FILE} does not name it",
                    host.platform.flake_output()
                ),
            });
        }
    }
}

pub(super) fn stopped(engine: &Engine<'_>, stop: &AtomicBool) -> bool {
    engine.interrupted.load(Ordering::Relaxed) || stop.load(Ordering::Relaxed)
}

pub(super) fn finished(run: Running<'_>, result: TestResult) -> Event {
    let bad = matches!(result.outcome, Outcome::Fail { .. } | Outcome::Error { .. });
    if run.engine.options.fail_fast && bad {
        run.stop.store(true, Ordering::Relaxed);
    }
    Event::TestFinished(result)
}

/// A verdict as a result of a test.
pub(super) fn result(
    plan: &HostPlan<'_>,
    test: &PlannedTest<'_>,
    verdict: Verdict,
    took: Duration,
) -> TestResult {
    result_of(&test.id, test.case, Some(plan.host.platform), verdict, took)
}

/// The same for a test of any number of hosts.
pub(super) fn result_of(
    id: &TestId,
    case: &Case,
    platform: Option<Platform>,
    verdict: Verdict,
    took: Duration,
) -> TestResult {
    TestResult {
        id: id.clone(),
        platform,
        location: case.location().clone(),
        outcome: verdict.outcome,
        note: verdict.note,
        details: verdict.details,
        artefacts: verdict.artefacts,
        shared: verdict.shared,
        built: verdict.built,
        booted: verdict.booted,
        millis: millis(took),
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
