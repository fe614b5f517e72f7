//! What differs between two hosts, or two derivations, at three levels that point at
//! each other: options, derivations, closure. Texts are foreign and of any length that
//! [`CAP`] lets through; whoever shows them escapes them.

use serde::{Deserialize, Serialize};

use crate::host::Platform;
use crate::outcome::Origin;

/// The version of the format, raised when a reader would misunderstand it.
pub const FORMAT: u32 = 2;

/// The longest text of a value, in characters. Of two longer ones that differ, what
/// they have in common before that is left out first.
pub const CAP: usize = 4_000;

/// Two sides and what differs between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// [`FORMAT`].
    pub format: u32,
    /// The old side, as it was asked for.
    pub old: String,
    /// The new side, likewise.
    pub new: String,
    /// The options whose values differ, by path; absent where a side has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub options: Option<Vec<OptionChange>>,
    /// What differs between the derivations of the toplevels; absent where a side is a
    /// snapshot that holds none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derivations: Option<Derivations>,
    /// What differs between what is installed; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closure: Option<Closure>,
    /// What is not compared by what the sides are, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// What could not be found out of a side, and why: a difference in it does not show.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

impl Comparison {
    /// Whether nothing is known to differ that no rule leaves out.
    pub fn is_same(&self) -> bool {
        self.options.as_ref().is_none_or(Vec::is_empty)
            && self.derivations.as_ref().is_none_or(Derivations::is_same)
            && self.closure.as_ref().is_none_or(Closure::is_same)
    }
}

/// One host where all of them are compared with what a commit has of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HostComparison {
    /// How the host is called in the names of tests.
    pub host: String,
    /// Its platform; absent of what is no host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// What was found.
    pub found: Found,
}

/// What was found of a host at two states of its flake.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is there in both.
    Compared(Box<Comparison>),
    /// The old state does not have it.
    Added,
    /// The new state does not have it.
    Removed,
    /// It could not be compared, for this reason.
    Failed(String),
}

impl HostComparison {
    /// Whether something is known to differ.
    pub fn differs(&self) -> bool {
        match &self.found {
            Found::Compared(comparison) => !comparison.is_same(),
            Found::Added | Found::Removed => true,
            Found::Failed(_) => false,
        }
    }

    /// Whether all could be compared.
    pub fn is_known(&self) -> bool {
        match &self.found {
            Found::Compared(comparison) => comparison.unknown.is_empty(),
            Found::Added | Found::Removed => true,
            Found::Failed(_) => false,
        }
    }
}

/// An option, or something in its value, that differs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionChange {
    /// The path, which may lead into the option's value.
    pub path: String,
    /// What it was.
    pub old: Setting,
    /// What it is.
    pub new: Setting,
    /// Who set it: on the new side, or on the old one where it is set no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
    /// No file of the flake itself defines it: a module of an input made it from others.
    pub derived: bool,
    /// The root causes, by their place in [`Derivations::causes`], that it is probably
    /// behind: their text has the new value where it had the old one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<usize>,
}

/// One side of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// The value, as Nix writes it.
    Value(String),
    /// Nothing sets it here.
    Unset,
    /// It cannot be evaluated, with Nix's message where there is one.
    Failed(String),
}

/// What differs between two graphs of derivations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derivations {
    /// Those that something of their own changed in, those that most follow first.
    pub causes: Vec<RootCause>,
    /// The names of those that only the new side has.
    pub added: Vec<String>,
    /// The names of those that only the old side has.
    pub removed: Vec<String>,
    /// Old and new name of those that are called otherwise.
    pub renamed: Vec<(String, String)>,
    /// Those whose version changed.
    pub versions: Vec<VersionChange>,
    /// How many follow some cause.
    pub followers: usize,
    /// How many differ by what the rules leave out only, or follow such ones.
    pub ignored: usize,
    /// How many are the same on both sides.
    pub unchanged: usize,
}

impl Derivations {
    /// Whether nothing differs that no rule leaves out.
    pub fn is_same(&self) -> bool {
        self.causes.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

/// A derivation that was itself changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RootCause {
    /// Its name with version, as it is.
    pub name: String,
    /// The path that it had; absent where a side is a snapshot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The path that it has; absent likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// What changed.
    pub changes: Vec<Change>,
    /// How many others follow it.
    pub followers: usize,
    /// The names on the shortest way from it, itself left out, up to the toplevel.
    pub way_up: Vec<String>,
}

/// Something of a derivation's own that changed. Both texts are absent where it is only
/// known that it did: a snapshot holds digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `env.text`, `args`, `builder`, `name`, `version`, `system`, `sources`, `outputs`,
    /// `input NAME`, `output out`.
    pub what: String,
    /// The old text; absent where there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The new text; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

/// A version that changed. Several where several are in use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct VersionChange {
    /// The name without version.
    pub name: String,
    /// The versions that there were.
    pub old: Vec<String>,
    /// The versions that there are.
    pub new: Vec<String>,
}

/// What differs between what is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closure {
    /// Both sides are in the store, and this is about what their outputs refer to.
    /// Otherwise it is about the packages that they are built with.
    pub built: bool,
    /// Names with versions that are new.
    pub added: Vec<String>,
    /// Names with versions that are gone.
    pub removed: Vec<String>,
    /// Packages of which other versions are there.
    pub versions: Vec<VersionChange>,
    /// What packages take of it, those that take most first; empty where that is not known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sizes: Vec<PackageSize>,
    /// By how much it grew, in bytes; absent where that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<i64>,
}

/// What a package takes of a closure, in all of its versions and outputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageSize {
    /// Its name without version.
    pub name: String,
    /// Bytes on the old side.
    pub old: u64,
    /// Bytes on the new side.
    pub new: u64,
}

impl Closure {
    /// Whether the same packages are there.
    pub fn is_same(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.versions.is_empty()
    }
}
