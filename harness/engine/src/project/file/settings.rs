//! What `parity.yaml` says. All of it is optional.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use nix_parity_core::host::Host;
use nix_parity_core::location::Location;
use nix_parity_core::redact::Redaction;

use super::super::runners::Runners;
use crate::nix::{InputOverride, Place};
use crate::noise::NoiseRule;

/// The file's name in the project's folder.
pub const SETTINGS_FILE: &str = "parity.yaml";

/// The settings of a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectFile {
    /// The flake reference of the flake under test; relative paths are relative to the project.
    pub flake: String,
    /// The folder with the case files, relative to the project.
    pub cases: String,
    /// The profile to use where the command line names none.
    pub profile: Option<String>,
    /// The profiles.
    pub profiles: BTreeMap<String, Profile>,
    /// The hosts under test. Where absent, those that the flake offers.
    pub hosts: Option<Vec<Host>>,
    /// Values that are never shown or kept.
    pub redact: Redaction,
    /// How many workers run at once; by the machine where absent.
    pub jobs: Option<usize>,
    /// How much memory a worker may hold, in bytes.
    pub memory: Option<u64>,
    /// How long one case's queries may take where the case does not say.
    pub timeout: Duration,
    /// How long all cases of one host may take.
    pub host_timeout: Option<Duration>,
    /// How long a run may take.
    pub run_timeout: Option<Duration>,
    /// What comparisons and snapshots of derivations leave out, besides the platforms'
    /// labels.
    pub noise: Arc<[NoiseRule]>,
    /// Where builds are made.
    pub place: Place,
    /// The ledger, relative to the project; that of its usual name, if there is one,
    /// where absent.
    pub ledger: Option<String>,
    /// The folders and files whose options cases should look at, from the flake's
    /// folder; all of it where empty.
    pub coverage: Vec<String>,
    /// How the tests are divided over the machines of a CI system.
    pub runners: Runners,
}

/// A way to evaluate the flake.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    /// Inputs that are replaced.
    pub override_inputs: Vec<InputOverride>,
    /// Where the file says so, by the input's name.
    pub override_locations: BTreeMap<String, Location>,
    /// Those of them that are replaced by stubs.
    pub stubs: Vec<String>,
}

impl Default for ProjectFile {
    fn default() -> Self {
        Self {
            flake: ".".to_owned(),
            cases: "cases".to_owned(),
            profile: None,
            profiles: BTreeMap::new(),
            hosts: None,
            redact: Redaction::default(),
            jobs: None,
            memory: None,
            host_timeout: None,
            run_timeout: None,
            place: Place::default(),
            noise: Arc::new([]),
            ledger: None,
            coverage: Vec::new(),
            runners: Runners::default(),
            timeout: Duration::from_secs(600),
        }
    }
}
