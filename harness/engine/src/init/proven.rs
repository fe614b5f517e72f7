//! Runs the drafts, and keeps what passes: no case is written that fails from the start.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use nix_parity_core::case::{Suite as Parsed, parse_suite};
use nix_parity_core::host::Host;
use nix_parity_core::id::TestId;
use nix_parity_core::outcome::{Finding, Outcome, Problem};
use nix_parity_core::package_map::PackageMap;
use rayon::prelude::*;

use super::draft::Suite;
use super::found::FoundHost;
use crate::judge::{Library, Verdict, judge, judge_joint, survey};
use crate::plan::Plan;
use crate::run::{Engine, EngineError};
use crate::snapshot::Taken;

/// Drafts that pass, with what was recorded for them.
#[derive(Debug, Default)]
pub(super) struct Proven {
    pub(super) suites: Vec<Suite>,
    /// Snapshots by test.
    pub(super) records: BTreeMap<TestId, Vec<Taken>>,
    /// What was left out, and why.
    pub(super) left_out: Vec<String>,
}

/// Tries drafts on their hosts.
///
/// # Errors
/// No usable Nix was found, or it was interrupted.
pub(super) fn prove(
    engine: &Engine<'_>,
    suites: Vec<Suite>,
    hosts: &[FoundHost],
) -> Result<Proven, EngineError> {
    let parsed: Vec<_> = suites.iter().map(|suite| parsed(suite, hosts)).collect();
    let parsed = parsed.into_iter().collect::<Result<Vec<_>, _>>()?;
    let known: Vec<Host> = hosts.iter().map(|found| found.host.clone()).collect();
    let (plan, problems) = Plan::new(&parsed, &known);
    if !problems.is_empty() {
        return Err(EngineError::Input(problems));
    }
    let verdicts = verdicts(engine, &plan)?;
    let mut proven = Proven::default();
    for mut suite in suites {
        let mut cases = Vec::new();
        for draft in suite.cases.drain(..) {
            let mut gone = Vec::new();
            let of_case = verdicts
                .iter()
                .filter(|(id, _)| id.suite == suite.name && id.case == draft.name);
            for (id, verdict) in of_case {
                match refused(verdict) {
                    None if verdict.snapshots.is_empty() => {}
                    None => {
                        let taken = verdict.snapshots.clone();
                        proven.records.insert(id.clone(), taken);
                    }
                    Some(why) => {
                        proven.left_out.push(format!("{id}: {why}"));
                        let numbered = hosts.iter().enumerate();
                        let of = numbered.filter(|(_, found)| found.label == id.host);
                        gone.extend(of.map(|(n, _)| n));
                        if gone.is_empty() {
                            // A case about several hosts stands or falls as one.
                            gone.clone_from(&draft.hosts);
                        }
                    }
                }
            }
            cases.extend(draft.without(&gone, hosts));
        }
        suite.cases = cases;
        if !suite.cases.is_empty() {
            proven.suites.push(suite);
        }
    }
    Ok(proven)
}

/// A draft as its file will be read.
fn parsed(suite: &Suite, hosts: &[FoundHost]) -> Result<Parsed, EngineError> {
    let file = format!("cases/{}.yaml", suite.name);
    parse_suite(&file, &suite.text(hosts)).map_err(EngineError::Input)
}

/// What became of each test.
fn verdicts(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
) -> Result<BTreeMap<TestId, Verdict>, EngineError> {
    let look = |of: &crate::plan::HostPlan<'_>| {
        engine.consult(&of.host, |oracle| {
            let tests = of.tests.iter();
            let verdicts = tests.map(|test| (test.id.clone(), judge(test, &of.host, oracle)));
            let verdicts: Vec<_> = verdicts.collect();
            let joint = of.joint.iter();
            let surveys = joint.map(|test| {
                let key = (test.id.clone(), of.label.clone());
                (key, survey(test, &of.host, oracle))
            });
            (verdicts, surveys.collect::<Vec<_>>())
        })
    };
    let looked: Result<Vec<_>, _> = engine
        .threads()?
        .install(|| plan.hosts.par_iter().map(look).collect());
    let (mut verdicts, mut surveys) = (BTreeMap::new(), HashMap::new());
    for (of_host, seen) in looked? {
        verdicts.extend(of_host);
        surveys.extend(seen);
    }
    for test in &plan.joint {
        let seen = test.hosts.iter();
        let seen: Option<Vec<_>> = seen
            .map(|host| surveys.remove(&(test.id.clone(), host.label.clone())))
            .collect();
        if let Some(seen) = seen {
            verdicts.insert(test.id.clone(), judge_joint(test, &seen, &mut NoFiles));
        }
    }
    Ok(verdicts)
}

/// Why a draft is left out, unless it passes or would, once its snapshots are accepted.
fn refused(verdict: &Verdict) -> Option<String> {
    match &verdict.outcome {
        Outcome::Pass => None,
        Outcome::Skip { reason } => Some(reason.clone()),
        Outcome::Fail { findings } | Outcome::Error { findings } => {
            let is_new = |f: &Finding| matches!(f.problem, Problem::Snapshot { .. });
            let wrong = findings.iter().find(|finding| !is_new(finding))?;
            Some(in_words(wrong))
        }
    }
}

fn in_words(finding: &Finding) -> String {
    let what = match &finding.problem {
        Problem::Mismatch { expected, got, .. } => format!("expected {expected}, got {got}"),
        Problem::Evaluation { error } => match &error.location {
            Some(place) => format!("{}, {place}", error.message),
            None => error.message.clone(),
        },
        Problem::Machine { message } => message.clone(),
        _ => "it differs".to_owned(),
    };
    format!("{}: {what}", finding.subject)
}

/// Starter cases look at hosts only.
struct NoFiles;

impl Library for NoFiles {
    fn source(&mut self, _file: &str) -> Option<Arc<str>> {
        None
    }

    fn package_map(&self, _file: &str) -> Option<&PackageMap> {
        None
    }

    fn project_files(&self) -> Result<&[String], String> {
        Err("no files are looked at".to_owned())
    }
}
