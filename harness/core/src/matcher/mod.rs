//! Matchers: what an expectation asks of a value.

mod check;
mod demand;
mod describe;
mod packages;
mod parse;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;

pub use check::Mismatch;
pub use packages::{PackagePattern, VersionTest};
pub use parse::{NAMES, parse_expected, parse_text_pattern, schema};

use std::collections::BTreeMap;

use regex::Regex;

use crate::value::Value;

/// What an expectation asks. A value that is missing satisfies only
/// [`Self::Present`]`(false)`, [`Self::AbsentOr`] and what is built from them.
#[derive(Clone, Debug)]
pub enum Matcher {
    /// The same value; lists in order, integers equal to floats of the same value.
    Equals(Value),
    /// The inner one does not hold. A missing value satisfies it only when the
    /// inner one asks for presence.
    Not(Box<Matcher>),
    /// At least one holds.
    AnyOf(Vec<Matcher>),
    /// All hold.
    AllOf(Vec<Matcher>),
    /// A string or path in which the regular expression is found anywhere.
    Matches(Regex),
    /// A string that holds this text, or a list that holds an element equal to it.
    Contains(Value),
    /// A list with, for each of these, an element that satisfies it; in any order.
    IncludesItems(Vec<Matcher>),
    /// A set with at least these members.
    IncludesMembers(BTreeMap<String, Matcher>),
    /// A list of packages with at least these.
    IncludesPackages(Vec<PackagePattern>),
    /// A list with the same elements in any order, repetitions left aside.
    SetEquals(Vec<Value>),
    /// The number of characters, elements or members.
    Length(Box<Matcher>),
    /// The kind of value.
    Type(TypeName),
    /// One of these values.
    OneOf(Vec<Value>),
    /// A number on this side of a bound.
    Order(Comparison, f64),
    /// Every element of a list or member of a set.
    Each(Box<Matcher>),
    /// The sorted names of a set's members, as a list.
    Keys(Box<Matcher>),
    /// Whether there is a value at all.
    Present(bool),
    /// Nothing is there, or the inner one holds.
    AbsentOr(Box<Matcher>),
}

/// A kind of value, as [`Matcher::Type`] names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeName(pub(crate) &'static str);

impl TypeName {
    /// Every name; `number` is an int or a float.
    pub const ALL: [&'static str; 11] = [
        "null", "bool", "int", "float", "number", "string", "path", "list", "attrs", "package",
        "function",
    ];
}

/// The side of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
}

impl Matcher {
    /// Whether it can hold where there is no value, so that a missing one is not an error.
    pub fn accepts_missing(&self) -> bool {
        self.check(None).is_ok()
    }
}
