//! One host of a run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix_parity_core::case::Check;
use nix_parity_core::event::Event;
use nix_parity_core::host::Host;
use nix_parity_core::outcome::{Outcome, TestResult};

use super::cost::{Costs, Work};
use super::engine::Engine;
use super::joint::Gathered;
use super::machines::Machines;
use super::recall::Recalled;
use super::recorder::Recorder;
use super::result::{millis, result};
use super::session::Session;
use super::sources::Sources;
use super::vouched;
use crate::judge::{Verdict, judge, survey};
use crate::nix::FindError;
use crate::plan::{HostPlan, PlannedTest};
use crate::project::SETTINGS_FILE;

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
            Err(error) => tell_not_kept(run, host, &error),
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
    if let Some(recorder) = &mut session.recorder {
        if let Err(error) = recorder.finish() {
            tell_not_kept(run, host, &error);
        }
        if let Some(refusal) = recorder.refusal()
            && (engine.options.explain_cache || engine.is_first_told(refusal))
        {
            tell(Event::Warning {
                message: format!("the answers of {host} are not cached: {refusal}"),
            });
        }
    }
    if let Some(warm) = engine.warm
        && let Some(idle) = session.into_idle(key)
    {
        warm.keep(idle);
    }
    Ok(costs)
}

/// That nothing is kept of a host; not where the run has begun with the reason.
fn tell_not_kept(run: Running<'_>, host: &str, error: &std::io::Error) {
    let is_denied = error.kind() == std::io::ErrorKind::PermissionDenied;
    if is_denied && run.engine.unwritable_cache().is_some() {
        return;
    }
    let message = format!("observations of {host} are not kept: {error}");
    (run.tell)(Event::Warning { message });
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
