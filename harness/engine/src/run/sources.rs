//! What the project's own files say, for judging: texts, accepted snapshots, what is
//! hidden and left out, where is built.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use nix_parity_core::observation::Observation;

use super::engine::Engine;
use super::vouched;
use crate::judge::Terms;
use crate::nix::{Built, Request, Subject};
use crate::noise::NoiseRule;
use crate::plan::PlannedTest;
use crate::snapshot::{Folder, Name, Unreadable};

/// What the project's files say of themselves: the text of the flake's files, each
/// read once, and what was accepted and is hidden.
pub(super) struct Sources {
    dir: Option<PathBuf>,
    texts: HashMap<String, Option<Arc<str>>>,
    pub(super) snapshots: Folder,
    pub(super) terms: Terms,
}

impl Sources {
    pub(super) fn new(engine: &Engine<'_>) -> Self {
        Self {
            dir: engine.flake_dir.clone(),
            texts: HashMap::new(),
            snapshots: engine.snapshots(),
            terms: Terms {
                profile: engine.other_profile().map(str::to_owned),
                place: engine.place(),
                redaction: engine.project.file.redact.clone(),
                noise: Arc::clone(&engine.project.file.noise),
                stubs: engine.stubs(),
            },
        }
    }

    /// Whether anything is hidden.
    pub(super) fn hides_any(&self) -> bool {
        self.terms.redaction.is_any()
    }

    /// What the project hides and leaves out.
    pub(super) fn rules(&self) -> (Vec<&str>, &[NoiseRule]) {
        (self.terms.redaction.patterns().collect(), &self.terms.noise)
    }

    /// The snapshots that a test takes.
    pub(super) fn taken_by(&self, test: &PlannedTest<'_>) -> impl Iterator<Item = Name> {
        vouched::taken_by(&test.id, test.case, self.terms.profile.as_deref()).into_iter()
    }

    /// The accepted text of a snapshot.
    pub(super) fn accepted(&self, name: &Name) -> Result<Option<String>, Unreadable> {
        self.snapshots.accepted(name)
    }

    /// Whether what an answer says to be built still is: it may have been collected.
    pub(super) fn is_there(&self, request: &Request, answer: &Observation) -> bool {
        let (Subject::Build { .. }, Observation::Value(value)) = (&request.subject, answer) else {
            return true;
        };
        match Built::read(value) {
            Some(Built::Made { output, .. }) => self.terms.place.root().is_some_and(|root| {
                let path = output.trim_start_matches('/');
                root.join(path).symlink_metadata().is_ok()
            }),
            _ => true,
        }
    }

    /// The text of a file of the flake, by its path relative to it.
    pub(super) fn source(&mut self, file: &str) -> Option<Arc<str>> {
        if let Some(text) = self.texts.get(file) {
            return text.clone();
        }
        let relative = !file.starts_with(['/', '<', '«']);
        let text = self
            .dir
            .as_ref()
            .filter(|_| relative)
            .and_then(|dir| fs::read_to_string(dir.join(file)).ok())
            .map(Arc::from);
        self.texts.insert(file.to_owned(), text.clone());
        text
    }
}
