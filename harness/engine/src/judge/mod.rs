//! From observations to an outcome. What is asked for is asked through an
//! [`Oracle`]; nothing here knows of processes or files of the cache.

mod accepted;
mod budget;
mod build;
mod eval;
mod expect;
mod joint;
mod oracle;
mod origins;
mod refusal;
mod snapshot;
mod tree;
mod vm;

pub use budget::BUDGET;
pub use build::SIZE;
pub use joint::{Library, Survey, judge_joint, survey};
pub use oracle::{Oracle, Terms};
pub use origins::origins;
pub use vm::{Boot, Ran};

use std::sync::Arc;

use nix_parity_core::case::{Case, Check};
use nix_parity_core::host::Host;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, NixError, Observation};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::{Finding, Outcome, Problem, Shared};
use nix_parity_core::value::Value;

use crate::nix::{Failure, Request, Subject, VARIANT_FILE, Variant};
use crate::plan::PlannedTest;
use crate::snapshot::Taken;

/// What became of a case on a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The outcome.
    pub outcome: Outcome,
    /// A word on a result that is not plain.
    pub note: Option<String>,
    /// What the note is the sum of, for whoever asks.
    pub details: Vec<String>,
    /// Files that came of it, as in a result.
    pub artefacts: Vec<String>,
    /// What several hosts have in common.
    pub shared: Vec<Shared>,
    /// Whether something was really built for it.
    pub built: bool,
    /// Whether machines were booted for it.
    pub booted: bool,
    /// The snapshots that were taken.
    pub snapshots: Vec<Taken>,
}

impl Verdict {
    /// An outcome, and nothing besides.
    pub(crate) const fn of(outcome: Outcome) -> Self {
        Self {
            outcome,
            note: None,
            details: Vec::new(),
            artefacts: Vec::new(),
            shared: Vec::new(),
            built: false,
            booted: false,
            snapshots: Vec::new(),
        }
    }
}

/// Judges a case on a host.
pub fn judge(test: &PlannedTest<'_>, host: &Host, oracle: &mut dyn Oracle) -> Verdict {
    let case = test.case;
    let mut judge = Judge::new(case, host, oracle);
    let findings = match &case.check {
        Check::Expect(expectations) => judge.expect(expectations),
        Check::Eval(eval) => judge.eval(eval),
        Check::Throws(throws) => judge.throws(throws),
        Check::Warns(warns) => judge.warns(warns),
        Check::Snapshot(check) => {
            let verdict = judge.snapshot(&test.id, check);
            return judge.unless_stubbed(verdict);
        }
        Check::Budget(check) => {
            let verdict = judge.budget(&test.id, check);
            let verdict = judge.unless_stubbed(verdict);
            return conclude(verdict, case, !judge.unanswered);
        }
        Check::Build(check) => {
            let verdict = judge.build(&test.id, check);
            let verdict = judge.unless_stubbed(verdict);
            return conclude(verdict, case, !judge.unanswered);
        }
        Check::Vm(check) => {
            let verdict = judge.vm(&test.id, check);
            let verdict = judge.unless_stubbed(verdict);
            return conclude(verdict, case, !judge.unanswered);
        }
        // Those are about several hosts, or none: see `judge_joint`.
        Check::Parity(_) | Check::PackageParity(_) | Check::Reuse(_) | Check::Tree(_) => {
            return Verdict::of(Outcome::Error {
                findings: vec![misrouted(case.location())],
            });
        }
    };
    let is_wrong = !findings.is_empty() && matches!(case.check, Check::Expect(_));
    let verdict = Verdict::of(outcome(findings));
    // Options are looked at one by one: what is wrong with one does not come of another.
    let verdict = if is_wrong {
        verdict
    } else {
        judge.unless_stubbed(verdict)
    };
    conclude(verdict, case, !judge.unanswered)
}

/// The verdict on a case that may be expected to fail. What could not be asked is not
/// known to fail.
fn conclude(verdict: Verdict, case: &Case, is_known: bool) -> Verdict {
    match &case.expected_failure {
        Some(expected) if is_known => turn_around(verdict, case, &expected.until),
        _ => verdict,
    }
}

/// One wrong value is certain, whatever else could not be found out.
fn outcome(findings: Vec<Finding>) -> Outcome {
    let wrong = |f: &Finding| {
        matches!(
            f.problem,
            Problem::Mismatch { .. }
                | Problem::Disparity { .. }
                | Problem::Build { .. }
                | Problem::UnexpectedPass { .. }
                | Problem::Snapshot { .. }
        )
    };
    if findings.is_empty() {
        Outcome::Pass
    } else if findings.iter().any(wrong) {
        Outcome::Fail { findings }
    } else {
        Outcome::Error { findings }
    }
}

/// An expected failure passes while the configuration fails it.
fn turn_around(verdict: Verdict, case: &Case, until: &str) -> Verdict {
    let (outcome, note) = match verdict.outcome {
        Outcome::Pass => {
            let finding = Finding {
                subject: "expected_failure".to_owned(),
                location: case.location().clone(),
                problem: Problem::UnexpectedPass {
                    until: until.to_owned(),
                },
                origins: Vec::new(),
                notes: vec![
                    "take `expected_failure` away: from now on the case guards this".to_owned(),
                ],
            };
            let findings = vec![finding];
            (Outcome::Fail { findings }, None)
        }
        Outcome::Fail { .. } | Outcome::Error { .. } => (
            Outcome::Pass,
            Some(format!("fails as expected until {until}")),
        ),
        skip @ Outcome::Skip { .. } => (skip, None),
    };
    Verdict {
        outcome,
        note,
        ..verdict
    }
}

struct Judge<'a> {
    host: &'a Host,
    oracle: &'a mut dyn Oracle,
    variant: Option<Variant>,
    variant_location: Option<&'a Location>,
    /// Something that decides had no answer at all.
    unanswered: bool,
    /// Something that decides is what a stub does not have: why nothing is known.
    stubbed: Option<String>,
}

impl<'a> Judge<'a> {
    fn new(case: &'a Case, host: &'a Host, oracle: &'a mut dyn Oracle) -> Self {
        Self {
            variant: case.variant.as_ref().map(|nix| Variant {
                module: Arc::clone(&nix.text),
                label: format!("{}:{}", nix.location.file, nix.location.line).into(),
            }),
            variant_location: case.variant.as_ref().map(|nix| &nix.location),
            unanswered: false,
            stubbed: None,
            host,
            oracle,
        }
    }
}

impl Judge<'_> {
    /// A value that there always is, where it can be evaluated.
    fn value_of(
        &mut self,
        subject: Subject,
        called: &str,
        at: &Location,
    ) -> Result<Value, Box<Finding>> {
        let found = match self.ask(subject) {
            Ok(Observation::Value(value)) => return Ok(value),
            Ok(Observation::Missing(_)) => finding(called, at, mismatch("a value", "nothing")),
            Ok(Observation::Threw(error) | Observation::Failed(error)) => {
                self.broken(called, at, None, error)
            }
            Err(failure) => unanswered(called, at, failure),
        };
        Err(Box::new(found))
    }

    /// A finding that Nix could not evaluate something, which is at `path` if it is at
    /// one. Of its message only that is told which quotes nothing hidden.
    fn broken(
        &mut self,
        subject: &str,
        location: &Location,
        path: Option<&OptionPath>,
        mut error: NixError,
    ) -> Finding {
        // Nix does not say the line where a file ended too early.
        if let Some(place) = error.location.as_mut().filter(|l| l.line == 0)
            && let Some(text) = self.oracle.source(&place.file)
        {
            place.line = u32::try_from(text.lines().count()).unwrap_or(0);
        }
        let origins = self.culprits(&error);
        let error = self.oracle.redaction().shown_error(path, error);
        Finding {
            origins,
            ..finding(subject, location, Problem::Evaluation { error })
        }
    }

    fn ask(&mut self, subject: Subject) -> Result<Observation, Failure> {
        let request = Request {
            variant: self.variant.clone(),
            subject,
        };
        let mut answer = match self.oracle.ask(&request) {
            Ok(answer) => answer,
            Err(failure) => {
                // Who set a value decides nothing.
                self.unanswered |= !matches!(request.subject, Subject::Origins { .. });
                return Err(failure);
            }
        };
        if let Observation::Threw(error) | Observation::Failed(error) = &mut answer {
            // Only what is the configuration's own decides an expected failure.
            self.unanswered |= !matches!(request.subject, Subject::Origins { .. })
                && error.cause != Cause::Configuration;
            self.note_stub(&request.subject, error);
            if let Some(location) = self.variant_location {
                relocate(error, VARIANT_FILE, location);
            }
        }
        Ok(answer)
    }
}

impl Judge<'_> {
    /// Notes where an answer is missing for the one reason that an input is a stub. Who
    /// set a value decides nothing.
    fn note_stub(&mut self, subject: &Subject, error: &NixError) {
        let decides = !matches!(subject, Subject::Origins { .. });
        if self.stubbed.is_none() && decides {
            self.stubbed = self.oracle.terms().stubs.reason(error);
        }
    }

    /// A verdict, or a skip where something that it needs is what a stub does not have.
    /// A stub proves nothing, not even that something throws; but what is wrong besides
    /// it is wrong.
    fn unless_stubbed(&self, verdict: Verdict) -> Verdict {
        match (&self.stubbed, &verdict.outcome) {
            (Some(reason), Outcome::Pass | Outcome::Error { .. }) => Verdict {
                outcome: Outcome::Skip {
                    reason: reason.clone(),
                },
                ..verdict
            },
            _ => verdict,
        }
    }
}

/// A finding that something could not be found out.
fn unanswered(subject: &str, location: &Location, failure: Failure) -> Finding {
    let problem = match failure {
        Failure::Flake(error) => Problem::Evaluation { error },
        other => Problem::Machine {
            message: other.to_string(),
        },
    };
    finding(subject, location, problem)
}

/// A check was given to judges of another kind: a mistake of the harness, never a pass.
fn misrouted(location: &Location) -> Finding {
    let message = "a check was looked at as one of another kind: a mistake of nix-parity";
    let problem = Problem::Machine {
        message: message.to_owned(),
    };
    finding("check", location, problem)
}

fn finding(subject: &str, location: &Location, problem: Problem) -> Finding {
    Finding {
        subject: subject.to_owned(),
        location: location.clone(),
        problem,
        origins: Vec::new(),
        notes: Vec::new(),
    }
}

fn mismatch(expected: impl Into<String>, got: impl Into<String>) -> Problem {
    Problem::Mismatch {
        at: String::new(),
        expected: expected.into(),
        got: got.into(),
    }
}

/// Moves places in an expression of the case file there. `name` is what Nix
/// calls the expression, `location` where it begins in the file.
fn relocate(error: &mut NixError, name: &str, location: &Location) {
    let suffix = format!("-{name}");
    let places = error
        .trace
        .iter_mut()
        .filter_map(|frame| frame.location.as_mut())
        .chain(&mut error.location);
    for place in places {
        if place.file.ends_with(&suffix) {
            // An expression of one line is where it begins; a block begins below its `|`.
            let line = match place.line {
                0 | 1 => location.line,
                n => location.line + n,
            };
            *place = Location::point(Arc::clone(&location.file), line, 0);
        }
    }
}
