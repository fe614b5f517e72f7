//! What a run tells as it goes. Reporters consume these and nothing else; written
//! one JSON object per line they are the record from which every report can be
//! rendered again.

use serde::{Deserialize, Serialize};

use crate::excerpt::Excerpt;
use crate::host::Host;
use crate::outcome::{Summary, TestResult};

/// The version of the record's format, raised when a reader would misunderstand it.
pub const FORMAT: u32 = 1;

/// One step of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Event {
    /// The first event of every record.
    RunStarted {
        /// [`FORMAT`].
        format: u32,
        /// The version of nix-parity that ran.
        version: String,
        /// What `nix --version` answered; absent when no Nix was needed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nix: Option<String>,
        /// The profile of the project file in use.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        profile: Option<String>,
        /// The flake under test.
        flake: String,
        /// Hosts with tests, and how many each has.
        hosts: Vec<PlannedHost>,
        /// Tests of several hosts together, and of none.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        groups: Vec<PlannedGroup>,
    },
    /// A host's evaluation begins.
    HostStarted {
        /// As in [`PlannedHost::label`].
        host: String,
        /// Answers come from the cache; no Nix is started for it.
        cached: bool,
        /// Why it is evaluated or not, where that was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<String>,
    },
    /// What a host's worker is busy with. For progress displays only.
    HostActivity {
        /// As in [`PlannedHost::label`].
        host: String,
        /// For example `evaluating services.nginx.virtualHosts`.
        activity: String,
    },
    /// The host's double has become known.
    HostSystem {
        /// As in [`PlannedHost::label`].
        host: String,
        /// Such as `aarch64-darwin`.
        system: String,
    },
    /// The text at a place that the next result points at, once for each place.
    Source(Excerpt),
    /// A test is decided.
    TestFinished(TestResult),
    /// All of a host's tests are decided.
    HostFinished {
        /// As in [`PlannedHost::label`].
        host: String,
        /// From its start, in milliseconds.
        millis: u64,
    },
    /// Something the user should know that is not a verdict.
    Warning {
        /// What it is.
        message: String,
    },
    /// The last event of every record.
    RunFinished {
        /// The counts.
        summary: Summary,
    },
}

/// A host as planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedHost {
    /// How the host is called in test names and events.
    pub label: String,
    /// The host.
    pub host: Host,
    /// How many tests it has.
    pub tests: usize,
}

/// Tests that belong to no single host. In events they are treated like a host of this
/// label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedGroup {
    /// What stands for the host in their names, such as `darwin+nixos`.
    pub label: String,
    /// How many there are.
    pub tests: usize,
}
