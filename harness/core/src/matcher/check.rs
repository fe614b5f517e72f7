//! Holding a matcher against a value.

use std::collections::BTreeMap;

use super::{Comparison, Matcher};
use crate::option_path::is_identifier;
use crate::value::Value;

/// Why a matcher does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Where inside the value, such as `.EDITOR` or `[2]`; empty for the value itself.
    pub at: String,
    /// What was expected, as words or a value in Nix syntax.
    pub expected: String,
    /// What there is.
    pub got: String,
}

impl Mismatch {
    fn inside(mut self, step: &str) -> Self {
        self.at.insert_str(0, step);
        self
    }
}

/// How a missing value is shown.
const MISSING: &str = "nothing: no such attribute";

impl Matcher {
    /// Holds the matcher against a value, or against there being none.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn check(&self, subject: Option<&Value>) -> Result<(), Mismatch> {
        let holds = match (self, subject) {
            (Self::Present(wanted), subject) => subject.is_some() == *wanted,
            (Self::AbsentOr(_), None) => true,
            (Self::AbsentOr(inner), Some(_)) => return inner.check(subject),
            (Self::AllOf(all), _) => return all.iter().try_for_each(|m| m.check(subject)),
            (Self::AnyOf(any), _) => any.iter().any(|m| m.check(subject).is_ok()),
            (Self::Not(inner), _) => match subject {
                // Only a matcher about presence can be satisfied by nothing.
                None => inner.is_about_presence() && inner.check(None).is_err(),
                Some(_) => inner.check(subject).is_err(),
            },
            (_, None) => false,
            (_, Some(value)) => return self.check_value(value),
        };
        if holds {
            Ok(())
        } else {
            Err(self.mismatch(subject))
        }
    }

    fn is_about_presence(&self) -> bool {
        match self {
            Self::Present(_) | Self::AbsentOr(_) => true,
            Self::Not(m) => m.is_about_presence(),
            Self::AllOf(ms) | Self::AnyOf(ms) => ms.iter().any(Self::is_about_presence),
            _ => false,
        }
    }

    fn mismatch(&self, subject: Option<&Value>) -> Mismatch {
        Mismatch {
            at: String::new(),
            expected: self.describe(),
            got: subject.map_or_else(|| MISSING.to_owned(), Value::pretty),
        }
    }

    fn check_value(&self, value: &Value) -> Result<(), Mismatch> {
        let holds = match self {
            Self::Equals(wanted) => value.same(wanted),
            // A copy shares what was compiled, and takes the memory that a search
            // needs with it when it goes: a run holds every matcher to its end.
            Self::Matches(regex) => text(value).is_some_and(|t| regex.clone().is_match(t)),
            Self::Contains(wanted) => match value {
                Value::List(items) => items.iter().any(|i| i.same(wanted)),
                _ => match (text(value), wanted) {
                    (Some(text), Value::String(wanted)) => text.contains(wanted.as_str()),
                    _ => false,
                },
            },
            Self::IncludesItems(wanted) => match value {
                Value::List(items) => {
                    let missing: Vec<_> = wanted
                        .iter()
                        .filter(|m| !items.iter().any(|i| m.check(Some(i)).is_ok()))
                        .collect();
                    return match missing.as_slice() {
                        [] => Ok(()),
                        missing => Err(Mismatch {
                            at: String::new(),
                            expected: Self::IncludesItems(
                                missing.iter().map(|m| (*m).clone()).collect(),
                            )
                            .describe(),
                            got: value.pretty(),
                        }),
                    };
                }
                _ => false,
            },
            Self::IncludesMembers(wanted) => match value.members() {
                Some(members) => {
                    return wanted.iter().try_for_each(|(name, matcher)| {
                        matcher
                            .check(members.get(name.as_str()))
                            .map_err(|m| m.inside(&step(name)))
                    });
                }
                None => false,
            },
            Self::IncludesPackages(wanted) => return super::packages::check(wanted, value),
            Self::SetEquals(wanted) => match value {
                Value::List(items) => {
                    items.iter().all(|i| wanted.iter().any(|w| w.same(i)))
                        && wanted.iter().all(|w| items.iter().any(|i| i.same(w)))
                }
                _ => false,
            },
            Self::Length(inner) => match length(value) {
                Some(n) => {
                    let n = Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
                    return inner.check(Some(&n)).map_err(|m| Mismatch {
                        expected: self.describe(),
                        got: format!("length {n}: {}", value.pretty()),
                        ..m
                    });
                }
                None => false,
            },
            Self::Type(wanted) => {
                let is = value.type_name();
                is == wanted.0 || (wanted.0 == "number" && matches!(is, "int" | "float"))
            }
            Self::OneOf(wanted) => wanted.iter().any(|w| w.same(value)),
            Self::Order(comparison, bound) => {
                number(value).is_some_and(|n| comparison.holds(n, *bound))
            }
            Self::Each(inner) => return self.check_each(inner, value),
            Self::Keys(inner) => match value.members() {
                Some(members) => {
                    let names = members.into_keys().map(Value::from).collect();
                    return inner
                        .check(Some(&Value::List(names)))
                        .map_err(|m| m.inside(" (keys)"));
                }
                None => false,
            },
            Self::Not(_)
            | Self::AnyOf(_)
            | Self::AllOf(_)
            | Self::Present(_)
            | Self::AbsentOr(_) => {
                return self.check(Some(value));
            }
        };
        if holds {
            Ok(())
        } else {
            Err(self.mismatch(Some(value)))
        }
    }

    fn check_each(&self, inner: &Self, value: &Value) -> Result<(), Mismatch> {
        if let Value::List(items) = value {
            return items.iter().enumerate().try_for_each(|(i, item)| {
                inner
                    .check(Some(item))
                    .map_err(|m| m.inside(&format!("[{i}]")))
            });
        }
        let members: BTreeMap<_, _> = value.members().ok_or_else(|| self.mismatch(Some(value)))?;
        members.iter().try_for_each(|(name, member)| {
            inner.check(Some(member)).map_err(|m| m.inside(&step(name)))
        })
    }
}

impl Comparison {
    fn holds(self, number: f64, bound: f64) -> bool {
        match self {
            Self::Gt => number > bound,
            Self::Ge => number >= bound,
            Self::Lt => number < bound,
            Self::Le => number <= bound,
        }
    }
}

fn step(name: &str) -> String {
    if is_identifier(name) {
        format!(".{name}")
    } else {
        format!(".{}", crate::option_path::nix_string(name))
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(s) | Value::Path(s) => Some(s),
        Value::Package(p) => p.path.as_deref(),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds are floats; 2^53 is beyond any option"
)]
fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(n) => Some(*n as f64),
        Value::Float(n) => Some(*n),
        _ => None,
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(s) | Value::Path(s) => Some(s.chars().count()),
        Value::List(items) => Some(items.len()),
        Value::Attrs(attrs) => Some(attrs.len()),
        _ => None,
    }
}
