//! Answers about one host from what is already known: no worker is started.

use std::sync::Arc;

use nix_parity_core::id::TestId;
use nix_parity_core::observation::Observation;

use super::sources::Sources;
use crate::cache::Answers;
use crate::judge::{Boot, Oracle, Terms};
use crate::nix::{Failure, Request};
use crate::snapshot::{Name, Unreadable};

/// Answers from what is already known, and notes whether that was enough.
pub(super) struct Known<'a> {
    pub(super) answers: &'a Answers,
    pub(super) sources: &'a mut Sources,
    pub(super) missed: bool,
}

impl Oracle for Known<'_> {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        let known = self.answers.get(request);
        let known = known.filter(|answer| self.sources.is_there(request, answer));
        known.cloned().ok_or_else(|| {
            self.missed = true;
            Failure::Interrupted
        })
    }

    fn boot(&mut self, _test: &TestId) -> Result<Arc<Boot>, Failure> {
        // What a machine does is found out each time.
        self.missed = true;
        Err(Failure::Interrupted)
    }

    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        self.sources.source(file)
    }

    fn accepted(&mut self, snapshot: &Name) -> Result<Option<String>, Unreadable> {
        self.sources.snapshots.accepted(snapshot)
    }

    fn terms(&self) -> &Terms {
        &self.sources.terms
    }
}
