//! The kinds of check by name: the keys of a case that say what it looks at.

use std::fmt;
use std::str::FromStr;

use super::check::{Check, Reach};
use crate::nearest::nearest;

/// What kind of check a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the key of a case of that name")]
pub enum CheckKind {
    Expect,
    Eval,
    Throws,
    Warns,
    Snapshot,
    Budget,
    Build,
    Parity,
    PackageParity,
    Reuse,
    Tree,
    Vm,
}

impl CheckKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Expect,
        Self::Eval,
        Self::Throws,
        Self::Warns,
        Self::Snapshot,
        Self::Budget,
        Self::Build,
        Self::Parity,
        Self::PackageParity,
        Self::Reuse,
        Self::Tree,
        Self::Vm,
    ];

    /// The key in a case file, and the word on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expect => "expect",
            Self::Eval => "eval",
            Self::Throws => "throws",
            Self::Warns => "warns",
            Self::Snapshot => "snapshot",
            Self::Budget => "budget",
            Self::Build => "build",
            Self::Parity => "parity",
            Self::PackageParity => "package_parity",
            Self::Reuse => "reuse",
            Self::Tree => "tree",
            Self::Vm => "vm",
        }
    }

    /// Their names, separated by commas.
    pub(super) fn names() -> String {
        Self::ALL.map(Self::name).join(", ")
    }
}

impl fmt::Display for CheckKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for CheckKind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == text);
        found.ok_or_else(|| {
            let near = nearest(text, Self::ALL.map(Self::name));
            let hint = near.map(|name| format!(", did you mean `{name}`"));
            let hint = hint.unwrap_or_default();
            format!("`{text}` is none of {}{hint}", Self::names())
        })
    }
}

impl Check {
    /// What kind it is.
    pub const fn kind(&self) -> CheckKind {
        match self {
            Self::Expect(_) => CheckKind::Expect,
            Self::Eval(_) => CheckKind::Eval,
            Self::Throws(_) => CheckKind::Throws,
            Self::Warns(_) => CheckKind::Warns,
            Self::Snapshot(_) => CheckKind::Snapshot,
            Self::Budget(_) => CheckKind::Budget,
            Self::Build(_) => CheckKind::Build,
            Self::Parity(_) => CheckKind::Parity,
            Self::PackageParity(_) => CheckKind::PackageParity,
            Self::Reuse(_) => CheckKind::Reuse,
            Self::Tree(_) => CheckKind::Tree,
            Self::Vm(_) => CheckKind::Vm,
        }
    }

    /// Whether it makes one test of several hosts, or of none.
    pub fn is_joint(&self) -> bool {
        !matches!(self.reach(), Reach::EachHost)
    }
}

/// A kind to take, or one to leave out: `vm`, `not:vm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindPattern {
    /// Whether it is left out.
    pub negated: bool,
    /// The kind.
    pub kind: CheckKind,
}

impl FromStr for KindPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (negated, name) = match text.strip_prefix("not:") {
            Some(name) => (true, name),
            None => (false, text),
        };
        name.parse().map(|kind| Self { negated, kind })
    }
}

/// Whether patterns take a kind. Without one that adds, all are taken that none takes away.
pub fn takes_kind(patterns: &[KindPattern], kind: CheckKind) -> bool {
    let of = |negated| move |pattern: &&KindPattern| pattern.negated == negated;
    let mut added = patterns.iter().filter(of(false)).peekable();
    let included = added.peek().is_none() || added.any(|pattern| pattern.kind == kind);
    included && !patterns.iter().filter(of(true)).any(|p| p.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::{CheckKind, KindPattern, takes_kind};

    fn taken(patterns: &[&str]) -> Vec<CheckKind> {
        let patterns: Vec<KindPattern> = patterns.iter().map(|p| p.parse().unwrap()).collect();
        let kinds = CheckKind::ALL.into_iter();
        kinds.filter(|kind| takes_kind(&patterns, *kind)).collect()
    }

    #[test]
    fn kinds_are_taken_and_left_out() {
        assert_eq!(taken(&[]), CheckKind::ALL);
        assert_eq!(taken(&["vm", "eval"]), [CheckKind::Eval, CheckKind::Vm]);
        assert_eq!(taken(&["not:vm"]).len(), 11);
        assert_eq!(taken(&["vm", "not:vm"]), []);
    }

    #[test]
    fn a_word_that_is_none_is_told_with_the_nearest() {
        let error = "vmm".parse::<KindPattern>().unwrap_err();
        assert!(error.starts_with("`vmm` is none of expect, "), "{error}");
        assert!(error.ends_with("did you mean `vm`"), "{error}");
        assert!("not:".parse::<KindPattern>().is_err());
    }
}
