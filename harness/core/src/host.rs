//! Hosts: the system configurations that a flake offers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of system configuration, named after the flake output it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// `darwinConfigurations`: macOS under nix-darwin.
    Darwin,
    /// `nixosConfigurations`.
    Nixos,
    /// `homeConfigurations`: a user environment of home-manager on its own.
    Home,
}

impl Platform {
    /// Every platform, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Darwin, Self::Nixos, Self::Home];

    /// The name used in case files and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Darwin => "darwin",
            Self::Nixos => "nixos",
            Self::Home => "home",
        }
    }

    /// The flake output that holds this platform's hosts.
    pub const fn flake_output(self) -> &'static str {
        match self {
            Self::Darwin => "darwinConfigurations",
            Self::Nixos => "nixosConfigurations",
            Self::Home => "homeConfigurations",
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The text does not name a platform.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown platform `{0}`, expected darwin, nixos or home")]
pub struct UnknownPlatform(pub String);

impl FromStr for Platform {
    type Err = UnknownPlatform;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|p| p.name() == text)
            .ok_or_else(|| UnknownPlatform(text.to_owned()))
    }
}

/// One system configuration of a flake.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Host {
    /// Which kind of configuration it is.
    pub platform: Platform,
    /// Its attribute name in the flake output.
    pub name: String,
    /// Its double, such as `aarch64-darwin`, where it is known without evaluating the host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

impl Host {
    /// A host whose double is not known yet.
    pub fn new(platform: Platform, name: impl Into<String>) -> Self {
        Self {
            platform,
            name: name.into(),
            system: None,
        }
    }

    /// `platform:name`, which is unique in a flake.
    pub fn key(&self) -> String {
        format!("{}:{}", self.platform, self.name)
    }
}
