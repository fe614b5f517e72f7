//! `expect`: options and their values.

use nix_parity_core::case::{Expectation, Expectations};
use nix_parity_core::location::Location;
use nix_parity_core::matcher::Matcher;
use nix_parity_core::nearest::nearest;
use nix_parity_core::observation::{Missing, NixError, Observation};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::{Finding, Problem};
use nix_parity_core::value::Value;

use super::{Judge, finding, mismatch, unanswered};
use crate::nix::Subject;

impl Judge<'_> {
    pub(super) fn expect(&mut self, expectations: &Expectations) -> Vec<Finding> {
        expectations
            .for_host(self.host)
            .into_iter()
            .filter_map(|expectation| self.expect_one(expectation))
            .collect()
    }

    fn expect_one(&mut self, expectation: &Expectation) -> Option<Finding> {
        let Expectation {
            path,
            matcher,
            location,
        } = expectation;
        let subject = path.to_string();
        let demand = matcher.demand();
        let observation = match self.ask(Subject::Option {
            path: path.clone(),
            demand,
        }) {
            Ok(observation) => observation,
            Err(failure) => return Some(unanswered(&subject, location, failure)),
        };
        let mut is_hidden = false;
        let mut part = None;
        let problem = match observation {
            Observation::Value(value) => match matcher.check(Some(&value)) {
                Ok(()) => return None,
                Err(m) => match self.oracle.redaction().shown(path, &value) {
                    None => {
                        part = path.of_part(&m.at);
                        Problem::Mismatch {
                            at: m.at,
                            expected: m.expected,
                            got: m.got,
                        }
                    }
                    Some(shown) => {
                        is_hidden = true;
                        hidden_mismatch(matcher, &shown)
                    }
                },
            },
            Observation::Missing(missing) => match matcher.check(None) {
                Ok(()) => return None,
                Err(m) => {
                    let problem = Problem::Mismatch {
                        at: m.at,
                        expected: m.expected,
                        got: describe(path, &missing),
                    };
                    let mut found = finding(&subject, location, problem);
                    found.notes.extend(suggestion(path, &missing));
                    if missing.undefined {
                        found.origins = self.origins(path);
                    }
                    return Some(found);
                }
            },
            // The verdict says so, once and for all of them.
            Observation::Threw(error) | Observation::Failed(error)
                if self.oracle.terms().stubs.reason(&error).is_some() =>
            {
                return None;
            }
            Observation::Threw(error) | Observation::Failed(error) => {
                let silent = !names_own_file(&error);
                let mut found = self.broken(&subject, location, Some(path), error);
                if found.origins.is_empty() && silent {
                    found.origins = self.origins(path);
                }
                return Some(found);
            }
        };
        let mut found = finding(&subject, location, problem);
        found.origins = self.origins_within(path, part.as_ref());
        if is_hidden {
            // A definition may hold the hidden part.
            found
                .origins
                .iter_mut()
                .for_each(|origin| origin.text = None);
        }
        Some(found)
    }
}

/// The same mismatch of a value of which not all may be shown. What was expected of a
/// hidden part may be the very value.
fn hidden_mismatch(matcher: &Matcher, shown: &Value) -> Problem {
    match matcher.check(Some(shown)) {
        Err(m) if *shown != Value::Redacted && !m.got.contains(&Value::Redacted.to_string()) => {
            Problem::Mismatch {
                at: m.at,
                expected: m.expected,
                got: m.got,
            }
        }
        _ => mismatch("what the case says", Value::Redacted.to_string()),
    }
}

/// Whether an error says where in the flake itself to look.
fn names_own_file(error: &NixError) -> bool {
    let is_recursion = error.message.contains("infinite recursion");
    error.location.as_ref().is_some_and(Location::is_own) && !is_recursion
}

pub(super) fn describe(path: &OptionPath, missing: &Missing) -> String {
    if missing.undefined {
        return "nothing: the option is declared, but nothing sets it and it has no default"
            .to_owned();
    }
    let segments = path.segments();
    match segments
        .get(..missing.depth)
        .and_then(|s| OptionPath::from_segments(s.to_vec()))
    {
        Some(existing) => format!(
            "nothing: `{existing}` has no `{}`",
            segments.get(missing.depth).map_or("", String::as_str)
        ),
        None => format!(
            "nothing: there is no `{}`",
            segments.first().map_or("", String::as_str)
        ),
    }
}

/// The right spelling of the first wrong segment, with the rest of the path.
pub(super) fn suggestion(path: &OptionPath, missing: &Missing) -> Option<String> {
    let segments = path.segments();
    let wrong = segments.get(missing.depth)?;
    let near = nearest(wrong, missing.names.iter().map(String::as_str))?;
    let mut right = segments.to_vec();
    near.clone_into(right.get_mut(missing.depth)?);
    Some(format!(
        "did you mean `{}`?",
        OptionPath::from_segments(right)?
    ))
}
