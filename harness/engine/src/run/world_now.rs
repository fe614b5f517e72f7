//! What everything that evaluations depend on is like now.

use std::collections::BTreeMap;

use super::engine::Engine;
use super::store::Subject;
use crate::depend::{Dependency, World};
use crate::nix::Nix;

impl Engine<'_> {
    /// States by what they are of, and whether these are all: a flake that is elsewhere
    /// and not pinned, or that git does not list, may be another one all the same.
    pub(crate) fn world_now(&self) -> (BTreeMap<String, Option<String>>, bool) {
        let subject = Subject {
            flake: self.flake.clone(),
            dir: self.flake_dir.clone(),
            nix: Nix::locate(self.options.nix.as_deref()).unwrap_or_default(),
            run: None,
        };
        let Some(world) = subject.world() else {
            return (BTreeMap::new(), false);
        };
        let mut states = BTreeMap::new();
        let mut add = |world: &World, dependency: &Dependency| {
            let state = world.state(dependency).map(|state| state.to_string());
            states.insert(dependency.to_string(), state);
        };
        for dependency in subject.ground() {
            add(&world, &dependency);
        }
        let files = world.tree().below("").filter(|path| !is_own(path));
        for file in files {
            add(&world, &Dependency::Content(file.to_owned()));
        }
        // A configuration can ask for the revision, and for when a file was last changed.
        let version = world.tree().version();
        states.insert("the state of the tree".to_owned(), version);
        (states, subject.unpinned().is_none())
    }
}

/// Whether a run itself writes this file into a tree that is no git repository.
fn is_own(path: &str) -> bool {
    path.ends_with(".snap.new") || path.starts_with(".nix-parity/")
}
