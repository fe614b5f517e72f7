//! Cases about several hosts together: what is looked at on each of them, and what
//! comes of it when all have been looked at.

mod code;
mod parity;
mod programs;
mod reuse;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nix_parity_core::case::Check;
use nix_parity_core::host::Host;
use nix_parity_core::observation::Cause;
use nix_parity_core::outcome::{Finding, Outcome, Problem, Shared, Side};
use nix_parity_core::package_map::PackageMap;

use super::{Judge, Oracle, Verdict, conclude, outcome};
use crate::plan::{JointTest, Participant, PlannedTest};

use programs::Programs;

/// What was seen on one host, for a case about several.
#[derive(Clone, Debug, PartialEq)]
pub enum Survey {
    /// Of `parity`: for each of its paths what is there.
    Values(Vec<parity::Seen>),
    /// Of `package_parity`: what is installed.
    Programs(Result<Programs, Box<Finding>>),
    /// Of `reuse`: the files that set options.
    Files(Result<BTreeSet<String>, Box<Finding>>),
    /// Something that it needs is what a stub does not have: why it is not known.
    Stubbed(String),
    /// Of a case that looks at hosts one by one, or at none.
    Nothing,
}

/// What else is looked at than hosts.
pub trait Library {
    /// The text of a file of the flake, by its path relative to it.
    fn source(&mut self, file: &str) -> Option<Arc<str>>;

    /// What programs are called, by the file that says so.
    fn package_map(&self, file: &str) -> Option<&PackageMap>;

    /// All files in the folder of the configuration, relative to it.
    fn project_files(&self) -> Result<&[String], String>;
}

/// Looks at one host for a case about several.
pub fn survey(test: &PlannedTest<'_>, host: &Host, oracle: &mut dyn Oracle) -> Survey {
    let mut judge = Judge::new(test.case, host, oracle);
    let survey = match &test.case.check {
        Check::Parity(check) => Survey::Values(judge.values(check)),
        Check::PackageParity(check) => Survey::Programs(judge.programs(check)),
        Check::Reuse(check) => Survey::Files(judge.contributing_files(check)),
        Check::Expect(_)
        | Check::Eval(_)
        | Check::Throws(_)
        | Check::Warns(_)
        | Check::Snapshot(_)
        | Check::Budget(_)
        | Check::Build(_)
        | Check::Tree(_)
        | Check::Vm(_) => Survey::Nothing,
    };
    judge.stubbed.map_or(survey, Survey::Stubbed)
}

/// Judges a case about several hosts, or about none, from what was seen on each of its
/// hosts, in their order.
pub fn judge_joint(test: &JointTest<'_>, surveys: &[Survey], library: &mut dyn Library) -> Verdict {
    let case = test.case;
    if let Some(reason) = surveys.iter().find_map(Survey::stubbed) {
        return Verdict::of(Outcome::Skip { reason });
    }
    let hosts: Vec<_> = test.hosts.iter().zip(surveys).collect();
    let is_known = surveys.iter().all(Survey::is_known);
    let judged = match &case.check {
        Check::Parity(check) => parity::judge(check, &hosts),
        Check::PackageParity(check) => programs::judge(check, &hosts, library),
        Check::Reuse(check) => reuse::judge(check, &hosts, library),
        Check::Tree(check) => Judged::of(super::tree::judge(check, library)),
        Check::Expect(_)
        | Check::Eval(_)
        | Check::Throws(_)
        | Check::Warns(_)
        | Check::Snapshot(_)
        | Check::Budget(_)
        | Check::Build(_)
        | Check::Vm(_) => {
            return Verdict::of(Outcome::Error {
                findings: vec![super::misrouted(case.location())],
            });
        }
    };
    let verdict = Verdict {
        note: judged.note,
        details: judged.details,
        shared: judged.shared,
        ..Verdict::of(outcome(judged.findings))
    };
    conclude(verdict, case, is_known)
}

/// What comes of looking at all hosts.
#[derive(Default)]
struct Judged {
    findings: Vec<Finding>,
    note: Option<String>,
    details: Vec<String>,
    shared: Vec<Shared>,
}

impl Judged {
    fn of(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            ..Self::default()
        }
    }
}

/// A host, and what was seen there.
type Surveyed<'a> = (&'a Participant, &'a Survey);

impl Survey {
    /// Why it is not known, where a stub is to blame.
    fn stubbed(&self) -> Option<String> {
        match self {
            Self::Stubbed(reason) => Some(reason.clone()),
            _ => None,
        }
    }

    /// Whether it says what was looked for.
    fn is_known(&self) -> bool {
        match self {
            Self::Values(seen) => seen.iter().all(|seen| is_known(&seen.value)),
            Self::Programs(seen) => is_known(seen),
            Self::Files(seen) => is_known(seen),
            Self::Stubbed(_) | Self::Nothing => true,
        }
    }
}

/// Whether there was an answer, be it that the configuration refuses it.
fn is_known<T>(seen: &Result<T, Box<Finding>>) -> bool {
    match seen {
        Ok(_) => true,
        Err(finding) => match &finding.problem {
            Problem::Evaluation { error } => error.cause == Cause::Configuration,
            Problem::Machine { .. } => false,
            Problem::Mismatch { .. }
            | Problem::Disparity { .. }
            | Problem::Snapshot { .. }
            | Problem::Build { .. }
            | Problem::UnexpectedPass { .. } => true,
        },
    }
}

/// Hosts by what they have, those with the same together, in the order of the hosts.
fn sides<'a>(hosts: impl Iterator<Item = (&'a Participant, String)>) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (host, value) in hosts {
        if let Some(side) = known.get(&value).and_then(|at| sides.get_mut(*at)) {
            side.hosts.push(host.label.clone());
        } else {
            known.insert(value.clone(), sides.len());
            sides.push(Side {
                hosts: vec![host.label.clone()],
                value,
            });
        }
    }
    sides
}

/// A finding as it stands under the name of its host.
fn on_host(host: &Participant, finding: &Finding) -> Finding {
    Finding {
        subject: format!("{} on {}", finding.subject, host.label),
        ..finding.clone()
    }
}
