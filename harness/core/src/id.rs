//! Names of tests: `suite::case::host`, with the host last so that neighbouring
//! slots of a parallel runner take different hosts.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What stands for the host in the names of tests that look at none.
pub const NO_HOST: &str = "project";

/// The name of one test: one case on one host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TestId {
    /// The suite, one per case file.
    pub suite: String,
    /// The case within the suite.
    pub case: String,
    /// The host's name; `platform:name` where two platforms have a host of that name.
    /// Of a test of several hosts their platforms, such as `darwin+nixos`, and
    /// [`NO_HOST`] of one that looks at none.
    pub host: String,
}

impl fmt::Display for TestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}::{}", self.suite, self.case, self.host)
    }
}
