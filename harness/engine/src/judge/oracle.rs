//! Who is asked about a host, and what the project says of judging.

use std::sync::Arc;

use nix_parity_core::id::TestId;
use nix_parity_core::observation::Observation;
use nix_parity_core::redact::Redaction;

use super::vm::Boot;
use crate::nix::{Failure, Place, Request, Subject};
use crate::noise::NoiseRule;
use crate::project::Stubs;
use crate::snapshot::{Name, Unreadable};

/// What the project says of judging, whoever answers.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The profile, where it is not the project's own.
    pub profile: Option<String>,
    /// Where builds are made.
    pub place: Place,
    /// Which values are hidden.
    pub redaction: Redaction,
    /// What snapshots of derivations leave out.
    pub noise: Arc<[NoiseRule]>,
    /// The inputs that are stubs.
    pub stubs: Stubs,
}

/// Answers requests about one host.
pub trait Oracle {
    /// The answer, from wherever.
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure>;

    /// The answer about the host itself.
    fn ask_host(&mut self, subject: Subject) -> Result<Observation, Failure> {
        self.ask(&Request::of_host(subject))
    }

    /// What came of booting the machines of a test.
    fn boot(&mut self, _test: &TestId) -> Result<Arc<Boot>, Failure> {
        let reason = "machines are started by `run` only".to_owned();
        Ok(Arc::new(Boot::Skipped(reason)))
    }

    /// The text of a file of the flake, by its path relative to it.
    fn source(&mut self, file: &str) -> Option<Arc<str>>;

    /// The accepted text of a snapshot; nothing where none was accepted.
    ///
    /// # Errors
    /// There is one, and it cannot be read.
    fn accepted(&mut self, snapshot: &Name) -> Result<Option<String>, Unreadable>;

    /// What the project says of judging.
    fn terms(&self) -> &Terms;

    /// As in [`Terms::redaction`], which most who ask need.
    fn redaction(&self) -> &Redaction {
        &self.terms().redaction
    }
}
