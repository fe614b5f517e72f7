//! `vm`: what became of a case's part of a boot.

use std::sync::Arc;
use std::time::Duration;

use nix_parity_core::case::{Action, Step, VmCheck, VmProgram};
use nix_parity_core::id::TestId;
use nix_parity_core::observation::NixError;
use nix_parity_core::outcome::{Finding, Outcome, Problem};
use nix_parity_core::value::Value;

use super::{Judge, Verdict, finding, mismatch, outcome, unanswered};
use crate::vm::{Accelerator, Results, Run, StepState, Trouble};

/// What came of booting the machines of a test.
#[derive(Debug)]
pub enum Boot {
    /// It was not tried, for this reason.
    Skipped(String),
    /// The driver cannot be evaluated.
    NotEvaluated(NixError),
    /// The driver cannot be built or started.
    NotStarted(String),
    /// The whole test was to be built, and its build failed with these words.
    Refused(String),
    /// The driver has run.
    Ran(Box<Ran>),
}

impl Boot {
    /// Why nothing has run, in words.
    pub fn reason(&self) -> String {
        match self {
            Self::Skipped(text) | Self::NotStarted(text) | Self::Refused(text) => text.clone(),
            Self::NotEvaluated(error) => error.message.clone(),
            Self::Ran(_) => "it has run".to_owned(),
        }
    }
}

/// A driver that has run, for one case or several.
#[derive(Debug)]
pub struct Ran {
    /// What became of it.
    pub run: Run,
    /// What our program told.
    pub results: Results,
    /// The tests of the boot, in the order of the program.
    pub tests: Vec<TestId>,
    /// What ran the processors.
    pub accelerator: Accelerator,
    /// The folder of pictures and logs, relative to the project.
    pub artefacts: String,
    /// The files in it that are of each test.
    pub files: Vec<Vec<String>>,
}

impl Judge<'_> {
    pub(super) fn vm(&mut self, id: &TestId, check: &VmCheck) -> Verdict {
        let at = &check.location;
        let boot: Arc<Boot> = match self.oracle.boot(id) {
            Ok(boot) => boot,
            Err(failure) => {
                self.unanswered = true;
                return Verdict::of(outcome(vec![unanswered("vm", at, failure)]));
            }
        };
        let problem = match &*boot {
            Boot::Ran(ran) => return ran_verdict(id, check, ran),
            Boot::Skipped(reason) => {
                let reason = reason.clone();
                return Verdict::of(Outcome::Skip { reason });
            }
            Boot::NotEvaluated(error) => {
                self.stubbed = self.oracle.terms().stubs.reason(error);
                let found = self.broken("vm", at, None, error.clone());
                return Verdict::of(outcome(vec![found]));
            }
            Boot::Refused(said) => {
                let problem = mismatch("a test that can be built", said.clone());
                return Verdict::of(outcome(vec![finding("vm", at, problem)]));
            }
            Boot::NotStarted(message) => Problem::Machine {
                message: message.clone(),
            },
        };
        self.unanswered = true;
        Verdict::of(outcome(vec![finding("vm", at, problem)]))
    }
}

fn ran_verdict(id: &TestId, check: &VmCheck, ran: &Ran) -> Verdict {
    let mut findings = Vec::new();
    let mut details = Vec::new();
    match &check.program {
        VmProgram::Steps(steps) => {
            let case = ran.tests.iter().position(|test| test == id).unwrap_or(0);
            for (number, step) in steps.iter().enumerate() {
                let state = ran.results.of(case, number);
                let wrong = wrong_step(step, state);
                details.push(detail(&step.name(), state, wrong.is_some()));
                findings.extend(wrong);
            }
        }
        VmProgram::Script(_) => {
            for subtest in &ran.run.subtests {
                let word = if subtest.error.is_none() && subtest.took.is_some() {
                    "passed"
                } else {
                    "failed"
                };
                details.push(line(word, subtest.took, &subtest.name));
                if let Some(error) = &subtest.error {
                    let problem = mismatch("a subtest that passes", error.clone());
                    findings.push(finding(&subtest.name, &check.location, problem));
                }
            }
        }
    }
    if let Some(state) = &ran.run.state {
        details.push(format!(
            "the state of the machines is kept in {}",
            state.display()
        ));
    }
    if let Err(trouble) = &ran.run.verdict {
        // What failed in a subtest has been said.
        let is_said = !findings.is_empty() && matches!(trouble, Trouble::Script(_));
        if !is_said {
            findings.push(trouble_finding(check, trouble, &ran.run.tail));
        }
    }
    // Nothing that was not seen to pass passes.
    if findings.is_empty() && !all_done(id, check, ran) {
        let message = "the driver ended well, and not all steps were told of".to_owned();
        let problem = Problem::Machine { message };
        findings.push(finding("vm", &check.location, problem));
    }
    if let Some(first) = findings.first_mut() {
        let folder = &ran.artefacts;
        first
            .notes
            .push(format!("the log and pictures are in {folder}"));
    }
    let case = ran.tests.iter().position(|test| test == id);
    let files = case.and_then(|case| ran.files.get(case));
    Verdict {
        note: ran.accelerator.note().map(str::to_owned),
        details,
        artefacts: files.cloned().unwrap_or_default(),
        booted: true,
        ..Verdict::of(outcome(findings))
    }
}

fn all_done(id: &TestId, check: &VmCheck, ran: &Ran) -> bool {
    let case = ran.tests.iter().position(|test| test == id);
    case.is_some_and(|case| {
        (0..check.steps().len())
            .all(|step| matches!(ran.results.of(case, step), Some(StepState::Done { .. })))
    })
}

/// What is wrong with a step, if anything is. One that has not ended, or was not reached
/// since an earlier one failed, is told of by what ended it.
fn wrong_step(step: &Step, state: Option<&StepState>) -> Option<Finding> {
    let name = step.name();
    match (state, &step.action) {
        (Some(StepState::Done { output, .. }), Action::Expect { is, .. }) => {
            let output = Value::String(output.clone().unwrap_or_default());
            let wrong = is.value.check(Some(&output)).err()?;
            let problem = Problem::Mismatch {
                at: wrong.at,
                expected: wrong.expected,
                got: wrong.got,
            };
            Some(finding(&name, &is.location, problem))
        }
        (Some(StepState::Failed { error, .. }), _) => {
            let problem = mismatch("a step that passes", error.clone());
            Some(finding(&name, &step.location, problem))
        }
        (Some(StepState::Done { .. } | StepState::Begun) | None, _) => None,
    }
}

/// What went wrong with the whole boot, as it concerns a case of it.
fn trouble_finding(check: &VmCheck, trouble: &Trouble, tail: &[String]) -> Finding {
    let problem = if trouble.is_failure() {
        mismatch(
            "machines that run, and a script that finishes",
            trouble.to_string(),
        )
    } else {
        Problem::Machine {
            message: trouble.to_string(),
        }
    };
    let mut found = finding("vm", &check.location, problem);
    if !tail.is_empty() {
        found
            .notes
            .push(format!("the last that was said:\n{}", tail.join("\n")));
    }
    found
}

fn detail(name: &str, state: Option<&StepState>, is_wrong: bool) -> String {
    match state {
        Some(StepState::Done { took, .. }) if is_wrong => line("failed", Some(*took), name),
        Some(StepState::Done { took, .. }) => line("passed", Some(*took), name),
        Some(StepState::Failed { took, .. }) => line("failed", Some(*took), name),
        Some(StepState::Begun) => line("not ended", None, name),
        None => line("not reached", None, name),
    }
}

fn line(word: &str, took: Option<Duration>, name: &str) -> String {
    match took {
        Some(took) => format!("{word} after {:.1} s: {name}", took.as_secs_f64()),
        None => format!("{word}: {name}"),
    }
}
