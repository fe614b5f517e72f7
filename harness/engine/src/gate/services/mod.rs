//! What runs on a system and what Homebrew has on it: what a switch starts and stops
//! depends on that alone. Read from a system as it was built, or asked of a host as it
//! evaluates, or kept of an earlier gate. Texts are kept as digests: whether they differ
//! is all that is asked, and nothing hidden is kept.

mod activation;
mod brew;
mod brewfile;
pub(crate) mod fuzz;
mod homebrew;
mod host;
mod ini;
mod shell;
mod tree;
mod unit;

use std::collections::BTreeMap;

use nix_parity_core::gate::Unknown;
use serde::{Deserialize, Serialize};

pub(super) use brew::Answer;
pub(super) use brewfile::{Brewfile, app_id};
pub(super) use homebrew::{Cleanup, Homebrew};
pub(super) use tree::Which;
pub(super) use unit::{Difference, Unit};

/// Units by name.
pub(super) type Units = BTreeMap<String, Unit>;

/// Digests of property lists by the label of their job.
pub(super) type Jobs = BTreeMap<String, String>;

/// Where answers come from that are as good as complete: what is absent is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Services {
    /// Of systemd.
    pub(super) units: Option<Units>,
    /// Of the systemd of users.
    pub(super) user_units: Option<Units>,
    /// Of launchd.
    pub(super) daemons: Option<Jobs>,
    /// Of launchd, in sessions.
    pub(super) agents: Option<Jobs>,
    /// What is asked of Homebrew.
    pub(super) homebrew: Option<Homebrew>,
    /// Homes inside of the system by user, or the home itself without one.
    pub(super) homes: Option<BTreeMap<String, Home>>,
    /// What is not known of it, and why.
    #[serde(skip)]
    pub(super) unknown: Vec<Unknown>,
}

/// What a home brings along.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Home {
    /// Of the user's systemd.
    pub(super) units: Units,
    /// Of launchd.
    pub(super) agents: Jobs,
    /// Whether a switch starts and stops units.
    pub(super) starts: bool,
}

/// What is left of a text.
pub(super) fn digest(text: &str) -> String {
    blake3::hash(text.trim().as_bytes()).to_hex()[..16].to_owned()
}
