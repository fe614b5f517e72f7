//! What there is to know of an option on several hosts, and how a derivation comes
//! into a system. Texts are foreign; whoever shows them escapes them.

use serde::{Deserialize, Serialize};

use crate::comparison::{Change, Setting};
use crate::location::Location;
use crate::outcome::Origin;

/// An option on the hosts that have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionExplanation {
    /// Its path, which may lead into its value.
    pub path: String,
    /// One entry per host, in the order of the flake.
    pub hosts: Vec<OptionOnHost>,
}

/// An option on one host.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionOnHost {
    /// How the host is called.
    pub host: String,
    /// Whether there is such an option. Without one nothing else is known of it.
    pub declared: bool,
    /// Its value.
    pub value: Setting,
    /// The definitions that survive, or the declarations where nothing defines it.
    pub origins: Vec<Origin>,
    /// The priority of the definitions, where it is not the usual one: 50 is that of
    /// `mkForce`, 1000 that of `mkDefault`, 1500 that of the option's own default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<i64>,
    /// What values it takes, in the words of the module system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where it is declared.
    pub declarations: Vec<Location>,
}

/// How a derivation comes into a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DerivationExplanation {
    /// Its name with version.
    pub name: String,
    /// Its path.
    pub path: String,
    /// The system.
    pub host: String,
    /// The names on the shortest way from the toplevel to it, both included.
    pub chain: Vec<String>,
    /// Where two sides are compared, what became of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

/// What became of a derivation between two sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "fate")]
pub enum Fate {
    /// It is the same.
    Unchanged,
    /// It is new.
    Added,
    /// It was itself changed.
    Cause {
        /// What changed.
        changes: Vec<Change>,
    },
    /// It differs since something below it was changed.
    Follows {
        /// The names on the shortest way from it down to what it follows.
        chain: Vec<String>,
        /// What changed there.
        changes: Vec<Change>,
    },
}
