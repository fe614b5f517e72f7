//! What comparisons and snapshots of derivations leave out: labels and revisions, which
//! say from which state something was made, and not what it is.

use nix_parity_drv::Noise;
use serde::{Deserialize, Serialize};

/// Variables of derivations whose change says nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NoiseRule {
    /// A glob of the derivations' names.
    pub derivation: String,
    /// A glob of the variables.
    pub env: String,
}

/// What changes with every commit or update and says nothing, whatever the project: the
/// labels of the platforms' toplevels, and what tells a running system its revision.
const LABELS: &[(&str, &str)] = &[
    ("nixos-system-*", "name"),
    ("nixos-system-*", "label"),
    ("nixos-system-*", "nixosLabel"),
    ("nixos-system-*", "configurationRevision"),
    ("nixos-version", "configurationRevision"),
    ("nixos-version", "json"),
    ("nixos-version", "buildPhase"),
    ("nixos-version.json", "text"),
    ("darwin-system-*", "name"),
    ("darwin-system-*", "label"),
    ("darwin-system-*", "darwinLabel"),
    ("darwin-system-*", "configurationRevision"),
    ("darwin-version.json", "text"),
    ("darwin-version.json", "value"),
];

/// The rules of a project, with those that always hold.
pub(crate) fn rules(given: &[NoiseRule]) -> Noise {
    let mut noise = Noise::default();
    let given = given.iter().map(|rule| (&*rule.derivation, &*rule.env));
    for (derivation, key) in LABELS.iter().copied().chain(given) {
        // The globs of a project file are checked when it is read.
        let _ = noise.ignore(derivation, key);
    }
    noise
}
