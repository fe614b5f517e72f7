//! What runs on a system and what Homebrew has on it: what a switch starts and stops
//! depends on that alone. Read from a system as it was built, or asked of a host as it
//! evaluates, or kept of an earlier gate. Texts are kept as digests: whether they differ
//! is all that is asked, and nothing hidden is kept.

mod brew;
mod host;
mod ini;
mod tree;
mod unit;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(super) use brew::would_remove;
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
    pub(super) unknown: Vec<String>,
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

/// What is asked of Homebrew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Homebrew {
    /// Whether a switch has anything to do with it.
    pub(super) enable: bool,
    /// Formulae.
    pub(super) brews: Vec<String>,
    /// Casks.
    pub(super) casks: Vec<String>,
    /// Taps.
    pub(super) taps: Vec<String>,
    /// Apps of the App Store.
    pub(super) apps: Vec<String>,
    /// What becomes of that which is not listed.
    pub(super) cleanup: String,
    /// All of it, for Homebrew to read.
    #[serde(skip)]
    pub(super) brewfile: Option<String>,
    /// Where Homebrew's program is.
    #[serde(skip)]
    pub(super) program: Option<String>,
}

/// What is left of a text.
pub(super) fn digest(text: &str) -> String {
    blake3::hash(text.trim().as_bytes()).to_hex()[..16].to_owned()
}
