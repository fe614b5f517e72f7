//! What Nix said for one query.

use serde::{Deserialize, Serialize};

use crate::location::Location;
use crate::value::Value;

/// The answer to one query, as the engine observed it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Observation {
    /// The value was found.
    Value(Value),
    /// There is no such attribute, or the option has no value.
    Missing(Missing),
    /// The configuration said no: a `throw` or a failed `assert`.
    Threw(NixError),
    /// Evaluation broke: a type error, infinite recursion, an unknown variable…
    Failed(NixError),
}

/// Where a path stopped leading anywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// How many segments of the path exist.
    pub depth: usize,
    /// The names that exist where the path stops, for a suggestion; empty when it is not a set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// The option is declared, but nothing defines it and it has no default.
    #[serde(default)]
    pub undefined: bool,
}

/// Whose an error is, and so what it proves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The configuration's: a throw, a failed assertion, a type error, a missing attribute.
    Configuration,
    /// That of an expression in a case file, which Nix cannot read.
    Case,
    /// That of Nix, its settings, the network or the machine: another try may succeed.
    Machine,
    /// That of what nix-parity itself evaluates.
    Harness,
    /// Not known, as for a text of Nix that is not recognised. It proves nothing.
    #[default]
    Unknown,
}

impl Cause {
    /// Whether it is certain that the configuration, or the case, must be changed.
    pub const fn is_certain(self) -> bool {
        matches!(self, Self::Configuration | Self::Case)
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde hands out a reference"
    )]
    const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }
}

/// An error message of Nix, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NixError {
    /// The message itself, without colour, trace and source excerpt.
    pub message: String,
    /// Whose it is; absent where that is not known.
    #[serde(default, skip_serializing_if = "Cause::is_unknown")]
    pub cause: Cause,
    /// Where evaluation stopped, if Nix said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The trace, outermost first as Nix prints it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<Frame>,
}

impl NixError {
    /// The step nearest to where evaluation stopped that is within the project.
    pub fn nearest_own(&self) -> Option<&Location> {
        let steps = self.trace.iter().rev();
        self.location
            .iter()
            .chain(steps.filter_map(|frame| frame.location.as_ref()))
            .find(|location| location.is_own())
    }
}

/// One step of a trace: "while evaluating …".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// What Nix was doing.
    pub text: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
}
