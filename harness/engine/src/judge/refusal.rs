//! `throws` and `warns`: what a configuration must refuse or complain about.

use std::sync::Arc;

use nix_parity_core::case::{ThrowsCheck, ThrowsPattern};
use nix_parity_core::demand::Demand;
use nix_parity_core::location::{Located, Location};
use nix_parity_core::matcher::Matcher;
use nix_parity_core::observation::{Cause, Observation};
use nix_parity_core::outcome::Finding;
use nix_parity_core::value::Value;

use super::{Judge, finding, mismatch, unanswered};
use crate::nix::Subject;

impl Judge<'_> {
    pub(super) fn throws(&mut self, throws: &ThrowsCheck) -> Vec<Finding> {
        let location = &throws.location;
        match &throws.pattern {
            ThrowsPattern::Assertion(matcher) => {
                let words = Words {
                    subject: "assertions",
                    expected: "a failing assertion with",
                    none: "all assertions hold",
                };
                self.messages(Subject::FailedAssertions, matcher, location, &words)
            }
            ThrowsPattern::Message(matcher) => {
                let (name, subject) = match &throws.subject {
                    None => ("toplevel", Subject::Toplevel),
                    Some(nix) => (
                        "eval",
                        Subject::Eval {
                            expression: Arc::clone(&nix.text),
                            demand: Demand::Full { paths: true },
                        },
                    ),
                };
                let expected = || format!("an error with {}", matcher.describe());
                let problem = match self.ask(subject) {
                    Err(failure) => return vec![unanswered(name, location, failure)],
                    // What a stub says is no refusal of the configuration.
                    Ok(Observation::Threw(error) | Observation::Failed(error))
                        if self.oracle.terms().stubs.reason(&error).is_some() =>
                    {
                        return Vec::new();
                    }
                    // Nor is what another than the configuration says.
                    Ok(Observation::Threw(error) | Observation::Failed(error))
                        if error.cause != Cause::Configuration =>
                    {
                        return vec![self.broken(name, location, None, error)];
                    }
                    Ok(Observation::Threw(error) | Observation::Failed(error)) => {
                        let message = Value::String(error.message.clone());
                        match matcher.check(Some(&message)) {
                            Ok(()) => return Vec::new(),
                            Err(_) => {
                                let shown = self.shown(message);
                                mismatch(expected(), format!("the error {}", shown.pretty()))
                            }
                        }
                    }
                    Ok(Observation::Value(value)) => {
                        mismatch(expected(), format!("no error: {}", value.pretty()))
                    }
                    Ok(Observation::Missing(_)) => {
                        mismatch(expected(), "no error: nothing is there")
                    }
                };
                vec![finding(name, location, problem)]
            }
        }
    }

    pub(super) fn warns(&mut self, warns: &Located<Matcher>) -> Vec<Finding> {
        let words = Words {
            subject: "warnings",
            expected: "a warning with",
            none: "no warning",
        };
        self.messages(Subject::Warnings, &warns.value, &warns.location, &words)
    }

    /// A message as it may be shown.
    fn shown(&self, message: Value) -> Value {
        let hidden = match &message {
            Value::String(text) => self.oracle.redaction().may_quote(None, text),
            _ => false,
        };
        if hidden { Value::Redacted } else { message }
    }

    /// Whether one of a list of messages is the wanted one.
    fn messages(
        &mut self,
        subject: Subject,
        matcher: &Matcher,
        location: &Location,
        words: &Words,
    ) -> Vec<Finding> {
        let answer = self.ask(subject).map(|answer| match answer {
            // home-manager refuses to show a configuration with failing assertions.
            Observation::Threw(error) => match failed_assertions(&error.message) {
                Some(messages) => Observation::Value(Value::List(messages)),
                None => Observation::Threw(error),
            },
            other => other,
        });
        let problem = match answer {
            Err(failure) => return vec![unanswered(words.subject, location, failure)],
            Ok(Observation::Value(Value::List(messages))) => {
                if messages.iter().any(|m| matcher.check(Some(m)).is_ok()) {
                    return Vec::new();
                }
                let got = if messages.is_empty() {
                    words.none.to_owned()
                } else {
                    let shown = messages.into_iter().map(|message| self.shown(message));
                    Value::List(shown.collect()).pretty()
                };
                mismatch(format!("{} {}", words.expected, matcher.describe()), got)
            }
            Ok(Observation::Threw(error) | Observation::Failed(error)) => {
                return vec![self.broken(words.subject, location, None, error)];
            }
            Ok(_) => mismatch(words.expected, "no list of messages"),
        };
        vec![finding(words.subject, location, problem)]
    }
}

/// The items of the message that all module systems refuse with.
fn failed_assertions(message: &str) -> Option<Vec<Value>> {
    let items = message.strip_prefix("Failed assertions:\n- ")?;
    Some(items.split("\n- ").map(Value::from).collect())
}

struct Words {
    subject: &'static str,
    expected: &'static str,
    none: &'static str,
}
