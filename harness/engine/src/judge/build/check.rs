//! Whether it builds, or fails as it should.

use nix_parity_core::case::BuildCheck;
use nix_parity_core::id::TestId;
use nix_parity_core::location::{Located, Location};
use nix_parity_core::matcher::Matcher;
use nix_parity_core::observation::Observation;
use nix_parity_core::outcome::{Finding, Outcome, Problem};
use nix_parity_core::value::Value;

use crate::judge::expect::{describe, suggestion};
use crate::judge::{Judge, Verdict, finding, mismatch, outcome, unanswered};
use crate::nix::{Built, Subject};

/// So many lines of a log are shown, the last ones.
const SHOWN: usize = 20;

impl Judge<'_> {
    /// Has it built, and looks at what came out.
    pub(in crate::judge) fn build(&mut self, id: &TestId, check: &BuildCheck) -> Verdict {
        let built = match self.built(check) {
            Ok(built) => built,
            Err(finding) => return Verdict::of(outcome(vec![*finding])),
        };
        Verdict {
            built: !matches!(built, Built::Unavailable { .. }),
            ..self.looked_at(id, check, built)
        }
    }

    /// The verdict on what came of a build.
    fn looked_at(&mut self, id: &TestId, check: &BuildCheck, built: Built) -> Verdict {
        let called = check.attribute.to_string();
        match (built, &check.fails) {
            (Built::Unavailable { reason, .. }, _) => Verdict::of(Outcome::Skip { reason }),
            (Built::Failed { reason, log, .. }, Some(pattern)) => {
                let wrong = unlike(&called, &reason, &log, pattern);
                Verdict::of(outcome(wrong.into_iter().collect()))
            }
            (
                Built::Failed {
                    derivation,
                    reason,
                    log,
                },
                None,
            ) => {
                let skipped = log.len().saturating_sub(SHOWN);
                let problem = Problem::Build {
                    derivation: Built::derivation_name(&derivation).to_owned(),
                    reason,
                    log: log.into_iter().skip(skipped).collect(),
                };
                let mut found = finding(&called, &check.location, problem);
                found
                    .notes
                    .push(format!("`nix log {derivation}` has the whole log"));
                Verdict::of(outcome(vec![found]))
            }
            (Built::Made { .. }, Some(pattern)) => {
                let problem = mismatch("a build that fails", "it is built");
                Verdict::of(outcome(vec![finding(&called, &pattern.location, problem)]))
            }
            (Built::Made { output, closure }, None) => {
                let mut findings = self.built_files(check, &output);
                let Some(wanted) = &check.closure else {
                    return Verdict::of(outcome(findings));
                };
                let Some(closure) = closure else {
                    let message = "Nix does not say what it holds".to_owned();
                    findings.push(self.unknown("closure", &wanted.location, message));
                    return Verdict::of(outcome(findings));
                };
                let weighed = self.closure(id, &called, wanted, &closure);
                findings.extend(weighed.findings);
                Verdict {
                    note: weighed.note,
                    snapshots: weighed.snapshots,
                    ..Verdict::of(outcome(findings))
                }
            }
        }
    }

    fn built(&mut self, check: &BuildCheck) -> Result<Built, Box<Finding>> {
        let path = check.attribute.path();
        let subject = Subject::Build {
            of: path.cloned(),
            at: self.oracle.terms().place.key().into(),
            closure: check.closure.is_some(),
        };
        let (called, at) = (check.attribute.to_string(), &check.location);
        let found = match self.ask(subject) {
            Err(failure) => unanswered(&called, at, failure),
            Ok(Observation::Value(value)) => {
                let wrong = || finding(&called, at, mismatch("a derivation", not_one(&value)));
                return Built::read(&value).ok_or_else(|| Box::new(wrong()));
            }
            Ok(Observation::Missing(missing)) => {
                let got = path.map_or_else(String::new, |path| describe(path, &missing));
                let mut found = finding(&called, at, mismatch("a derivation", got));
                let near = path.and_then(|path| suggestion(path, &missing));
                found.notes.extend(near);
                found
            }
            Ok(Observation::Threw(error) | Observation::Failed(error)) => {
                self.broken(&called, at, path, error)
            }
        };
        Err(Box::new(found))
    }

    /// A finding about something of the machine: what was asked for is not known.
    pub(super) fn unknown(&mut self, subject: &str, at: &Location, message: String) -> Finding {
        self.unanswered = true;
        finding(subject, at, Problem::Machine { message })
    }
}

fn not_one(value: &Value) -> &'static str {
    match value {
        Value::Null => "something else",
        _ => "an answer that is none",
    }
}

/// What is wrong with how a build failed.
fn unlike(
    called: &str,
    reason: &str,
    log: &[String],
    pattern: &Located<Matcher>,
) -> Option<Finding> {
    let whole = format!("{reason}\n{}", log.join("\n"));
    let wrong = pattern.value.check(Some(&Value::String(whole))).err()?;
    let last = log.get(log.len().saturating_sub(SHOWN)..).unwrap_or(log);
    let problem = Problem::Mismatch {
        at: wrong.at,
        expected: format!("a log that is {}", wrong.expected),
        got: format!("{reason}\n{}", last.join("\n")),
    };
    Some(finding(called, &pattern.location, problem))
}
