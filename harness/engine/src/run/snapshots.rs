//! The snapshots of a project: where they belong, and which no case takes any more.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use nix_parity_core::case::Case;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::id::TestId;

use super::engine::{Engine, EngineError};
use super::vouched::taken_by;
use crate::depend::fold;
use crate::environment;
use crate::judge::Verdict;
use crate::plan::Plan;
use crate::snapshot::{Folder, Name, pins};

impl Engine<'_> {
    /// The project's snapshots.
    pub fn snapshots(&self) -> Folder {
        Folder::of_project(&self.project.root)
    }

    /// The profile in use, where it is not the one that the project names as its own.
    /// What hosts come out as depends on it, so its snapshots are others.
    pub(crate) fn other_profile(&self) -> Option<&str> {
        let profile = self.profile.as_deref();
        profile.filter(|_| profile != self.project.file.profile.as_deref())
    }

    /// The snapshots that no test of a plan takes, where that is all tests there are.
    ///
    /// # Errors
    /// The folder of snapshots cannot be read.
    pub fn orphans(&self, plan: &Plan<'_>) -> io::Result<BTreeSet<Name>> {
        let tests = plan.tests().into_iter();
        let taken = tests
            .flat_map(|test| self.taken_by(test.id(), test.case()))
            .collect();
        self.snapshots().orphans(&taken, self.other_profile())
    }

    /// Whether there are snapshots, accepted or waiting, under the profile in use.
    ///
    /// # Errors
    /// The folder of snapshots cannot be read.
    pub fn has_snapshots(&self) -> io::Result<bool> {
        let names = self.snapshots().names(self.other_profile())?;
        Ok(!names.is_empty())
    }

    /// The snapshots that a test takes.
    pub(super) fn taken_by(&self, id: &TestId, case: &Case) -> Vec<Name> {
        taken_by(id, case, self.other_profile())
    }

    /// Refuses a plan two of whose snapshots are one file where a disk ignores case.
    pub(super) fn snapshots_are_apart(&self, plan: &Plan<'_>) -> Result<(), EngineError> {
        let mut names = BTreeMap::new();
        let mut wrong = Vec::new();
        for test in plan.tests() {
            for name in self.taken_by(test.id(), test.case()) {
                let (key, id) = (fold(name.as_str()), test.id().to_string());
                let Some((other, other_id)) = names.insert(key, (name.clone(), id.clone())) else {
                    continue;
                };
                if other != name {
                    let message =
                        format!("the snapshots of `{other_id}` and `{id}` differ in case only");
                    wrong
                        .push(Diagnostic::new(message).note(
                            "a Mac takes both files for one; rename the suite, case or host",
                        ));
                }
            }
        }
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(EngineError::Input(wrong))
        }
    }

    /// Puts what is not as accepted beside that, unless nobody is there to look at it.
    pub(super) fn settle(&self, verdict: &Verdict) -> io::Result<()> {
        if verdict.snapshots.is_empty() || !environment::writes_snapshots() {
            return Ok(());
        }
        let folder = self.snapshots();
        let inputs = self.inputs();
        let mut snapshots = verdict.snapshots.iter();
        snapshots.try_for_each(|taken| folder.settle(taken, &inputs))
    }

    /// What is pinned of the flake's inputs, and which are others.
    pub(crate) fn inputs(&self) -> BTreeMap<String, String> {
        let lock = self.flake_dir.as_ref().map(|dir| dir.join("flake.lock"));
        let text = lock.and_then(|file| std::fs::read_to_string(file).ok());
        let mut inputs = pins(&text.unwrap_or_default());
        let replaced = self.flake.overrides.iter();
        inputs.extend(replaced.map(|r| (r.input.clone(), "replaced".to_owned())));
        inputs
    }
}
