//! Names of what is kept: digests of what it is about.

use std::fmt;
use std::path::Path;

use crate::nix::{Flake, PRELUDE};

/// Raised whenever the meaning of what is stored changes.
const FORMAT: u32 = 3;

/// The name of something that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Key {
    /// For evaluations of a flake with these inputs by this version of the harness.
    pub fn of_flake(flake: &Flake) -> Self {
        Self::of_text(&format!(
            "{FORMAT}\n{}\n{PRELUDE}\n{flake:?}",
            env!("CARGO_PKG_VERSION")
        ))
    }

    /// For what the processes of one run of nextest tell each other of a host.
    pub fn of_run(run: &str, flake: &Flake, dir: Option<&Path>, host: &str) -> Self {
        Self::of_text(&format!("{run}\n{flake:?}\n{dir:?}\n{host}"))
    }

    /// For whatever this text says.
    pub fn of_text(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()).to_hex()[..40].to_owned())
    }
}
