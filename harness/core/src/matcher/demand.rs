//! How much of a value a matcher looks at.

use super::Matcher;
use crate::demand::Demand;
use crate::value::Value;

impl Matcher {
    /// How much of the value must be known to decide this matcher.
    pub fn demand(&self) -> Demand {
        match self {
            Self::Equals(value) => equality(value),
            Self::OneOf(values) => union(values.iter().map(equality)),
            Self::Contains(value) => Demand::Each(Box::new(equality(value))),
            Self::SetEquals(values) => Demand::Each(Box::new(union(values.iter().map(equality)))),
            Self::Not(m) | Self::AbsentOr(m) => m.demand(),
            Self::AnyOf(ms) | Self::AllOf(ms) => union(ms.iter().map(Self::demand)),
            Self::IncludesItems(ms) => Demand::Each(Box::new(union(ms.iter().map(Self::demand)))),
            Self::IncludesMembers(members) => Demand::Members(
                members
                    .iter()
                    .map(|(name, m)| (name.clone(), m.demand()))
                    .collect(),
            ),
            Self::IncludesPackages(_) => Demand::Each(Box::new(Demand::Shape)),
            Self::Each(m) => Demand::Each(Box::new(m.demand())),
            // A package is matched by its path.
            Self::Matches(_) => Demand::Full { paths: true },
            Self::Length(_)
            | Self::Type(_)
            | Self::Order(..)
            | Self::Keys(_)
            | Self::Present(_) => Demand::Shape,
        }
    }
}

fn union(demands: impl Iterator<Item = Demand>) -> Demand {
    demands.fold(Demand::Shape, Demand::and)
}

/// A set can only be equal to one with the same names, so only those members
/// matter. A string that is a store path may be meant for a package.
fn equality(value: &Value) -> Demand {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Function => {
            Demand::Shape
        }
        Value::String(text) | Value::Path(text) if !text.starts_with('/') => Demand::Shape,
        Value::Attrs(attrs) => Demand::Members(
            attrs
                .iter()
                .map(|(name, v)| (name.clone(), equality(v)))
                .collect(),
        ),
        Value::List(items) => Demand::Each(Box::new(union(items.iter().map(equality)))),
        Value::String(_)
        | Value::Path(_)
        | Value::Package(_)
        | Value::Unobserved
        | Value::Redacted => Demand::Full { paths: true },
    }
}
