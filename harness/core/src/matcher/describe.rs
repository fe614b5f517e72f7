//! What a matcher asks, in words, for the "expected" side of a failure.

use super::{Comparison, Matcher};
use crate::value::Value;

impl Matcher {
    /// What it asks. A plain value is shown as that value alone.
    pub fn describe(&self) -> String {
        match self {
            Self::Equals(value) => value.pretty(),
            Self::Not(inner) => format!("not {}", inner.describe()),
            Self::AnyOf(ms) => format!("any of: {}", join(ms)),
            Self::AllOf(ms) => join_with(ms, " and "),
            Self::Matches(regex) => format!("text matching /{regex}/"),
            Self::Contains(value) => format!("something containing {value}"),
            Self::IncludesItems(ms) => format!("a list including {}", join(ms)),
            Self::IncludesMembers(members) => {
                let parts: Vec<_> = members
                    .iter()
                    .map(|(k, m)| format!("{k} = {}", m.describe()))
                    .collect();
                format!("a set including {{ {} }}", parts.join("; "))
            }
            Self::IncludesPackages(ps) => {
                let parts: Vec<_> = ps.iter().map(ToString::to_string).collect();
                format!("packages with {}", parts.join(", "))
            }
            Self::SetEquals(values) => {
                format!("in any order {}", Value::List(values.clone()).pretty())
            }
            Self::Length(inner) => format!("length {}", inner.describe()),
            Self::Type(name) => format!("a value of type {}", name.0),
            Self::OneOf(values) => format!("one of {}", Value::List(values.clone()).pretty()),
            Self::Order(comparison, bound) => format!("a number {} {bound}", comparison.symbol()),
            Self::Each(inner) => format!("each element {}", inner.describe()),
            Self::Keys(inner) => format!("names of members: {}", inner.describe()),
            Self::Present(true) => "a value".to_owned(),
            Self::Present(false) => "nothing".to_owned(),
            Self::AbsentOr(inner) => format!("nothing, or {}", inner.describe()),
        }
    }
}

impl Comparison {
    const fn symbol(self) -> &'static str {
        match self {
            Self::Gt => ">",
            Self::Ge => "≥",
            Self::Lt => "<",
            Self::Le => "≤",
        }
    }
}

fn join(matchers: &[Matcher]) -> String {
    join_with(matchers, ", ")
}

fn join_with(matchers: &[Matcher], separator: &str) -> String {
    matchers
        .iter()
        .map(Matcher::describe)
        .collect::<Vec<_>>()
        .join(separator)
}
