//! What the cache knows of a host's tests: verdicts for which no Nix is needed.

use std::time::{Duration, Instant};

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use super::engine::Engine;
use super::known::Known;
use super::sources::Sources;
use super::store::Found;
use super::vouched;
use crate::cache::{Answers, Findings};
use crate::judge::{Survey, Verdict, judge, survey};
use crate::nix::{Request, Subject};
use crate::plan::{HostPlan, PlannedTest};

/// What the cache knows of a host's tests.
pub(super) struct Recalled<'p, 's> {
    /// The host and its tests.
    pub(super) plan: &'p HostPlan<'s>,
    /// For each test its verdict, where no Nix is needed for it.
    pub(super) verdicts: Vec<Option<Verdict>>,
    /// For each test of several hosts what is to be seen here, likewise.
    pub(super) surveys: Vec<Option<Survey>>,
    /// Why the host is evaluated or not, if that was asked for.
    pub(super) why: Option<String>,
    pub(super) system: Option<String>,
    pub(super) sources: Sources,
    pub(super) took: Duration,
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
    let (findings, why) = match found {
        Ok(Found::Trace { findings, .. }) => (findings, None),
        Ok(Found::Nothing(why)) => (Findings::default(), Some(why.to_string())),
        Err(reason) => (Findings::default(), Some(reason.to_owned())),
    };
    let verdicts = decide_known(plan, &findings, &mut sources);
    let surveys = plan.joint.iter();
    let surveys: Vec<_> = surveys
        .map(|test| known_survey(plan, test, &findings.answers, &mut sources))
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
        system: known_system(&findings.answers),
        sources,
        took: began.elapsed(),
    }
}

/// The host's double, where it has been asked for before.
fn known_system(answers: &Answers) -> Option<String> {
    match answers.get(&Request::of_host(Subject::System)) {
        Some(Observation::Value(Value::String(system))) => Some(system.clone()),
        _ => None,
    }
}

/// The verdicts that need no Nix.
fn decide_known(
    plan: &HostPlan<'_>,
    findings: &Findings,
    sources: &mut Sources,
) -> Vec<Option<Verdict>> {
    plan.tests
        .iter()
        .map(|test| known_verdict(plan, test, findings, sources))
        .collect()
}

/// The verdict on a test from what is already known, if that is enough.
pub(super) fn known_verdict(
    plan: &HostPlan<'_>,
    test: &PlannedTest<'_>,
    findings: &Findings,
    sources: &mut Sources,
) -> Option<Verdict> {
    if findings.answers.is_empty() {
        return None;
    }
    let mut known = Known {
        answers: &findings.answers,
        sources: &mut *sources,
        missed: false,
    };
    let verdict = judge(test, &plan.host, &mut known);
    if known.missed {
        return vouched::verdict(test, sources, &findings.notes);
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
