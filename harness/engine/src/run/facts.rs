//! What is known of what a worker has looked at since it was started.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use nix_parity_core::observation::Observation;

use super::refusal::Refusal;
use super::store::{Subject, local_folder};
use crate::depend::{Collector, Dependency, State, World};
use crate::nix::{self, Evidence, Request};

/// What a worker's answers depend on.
pub(super) struct Facts {
    /// The world before the worker was started.
    pub(super) world: Arc<World>,
    collector: Collector,
    /// What stands in front of the tree's files in the log.
    root: Option<String>,
    /// Why nothing can be cached.
    pub(super) refused: Option<Refusal>,
    /// Whether nothing was added since [`Self::hold_in`] said yes in this run.
    pub(super) checked: bool,
}

impl Facts {
    /// Of a worker that is not started yet.
    pub(super) fn new(world: Arc<World>, subject: &Subject) -> Self {
        Self {
            collector: Collector::new(&world, &subject.in_flake("flake.nix")),
            world,
            root: None,
            refused: None,
            checked: false,
        }
    }

    /// Takes notice of what an evaluation looked at.
    pub(super) fn saw(&mut self, evidence: Evidence, subject: &Subject) {
        for unlocked in evidence.unlocked {
            self.checked = false;
            match local_folder(&unlocked.reference) {
                Some(folder) => {
                    let input = Dependency::Input {
                        name: unlocked.input.clone(),
                        folder: folder.clone(),
                    };
                    // Nix has read it a moment ago; from now on a change is seen.
                    self.world.fix([&input]);
                    self.collector.unlocked_folder(&unlocked.input, &folder);
                }
                None if is_replaced(subject, &unlocked.input) => {}
                None => self.refuse(Refusal::Unlocked(unlocked.input)),
            }
        }
        if self.root.is_none() {
            let file = subject.in_flake("flake.nix");
            let own = evidence
                .evaluated
                .iter()
                .find_map(|p| p.strip_suffix(&file));
            self.root = own.map(str::to_owned);
        }
        if self.world.tree().is_local() {
            if !evidence.shows.evaluated || self.root.is_none() {
                self.refuse(Refusal::SilentOnFiles);
            }
            if !evidence.shows.instantiated {
                self.refuse(Refusal::SilentOnDerivations);
            }
            if !evidence.shows.copied {
                self.collector.copies_are_silent();
            }
        }
        let Some(root) = &self.root else {
            return;
        };
        for path in &evidence.evaluated {
            if let Some(path) = path.strip_prefix(root) {
                self.collector.evaluated(path);
                self.checked = false;
            }
        }
        for path in &evidence.copied {
            if let Some(path) = path.strip_prefix(root).filter(|p| !p.is_empty()) {
                self.collector.copied(path);
                self.checked = false;
            }
        }
        for path in &evidence.instantiated {
            self.collector.instantiated(path);
            self.checked = false;
        }
    }

    /// Takes notice of an answer.
    pub(super) fn heard(&mut self, request: &Request, observation: &Observation) {
        self.checked = false;
        if let Some(variant) = &request.variant {
            self.collector.asked(&variant.module);
        }
        if let nix::Subject::Eval { expression, .. } = &request.subject {
            self.collector.asked(expression);
        }
        match observation {
            Observation::Failed(error) if names_a_failure_of_files(&error.message) => {
                self.collector.not_found(&error.message);
            }
            // A refusal of the configuration, unless its text could not be made.
            Observation::Threw(error) if is_a_failure_of_files(&error.message) => {
                self.collector.not_found(&error.message);
            }
            Observation::Failed(_) | Observation::Threw(_) => {}
            // What an origin says of the tree is relative to it.
            _ if matches!(request.subject, nix::Subject::Origins { .. }) => {}
            _ => match serde_json::to_vec(observation) {
                Ok(text) => self.collector.answered(&text),
                Err(_) => self.refuse(Refusal::Unwritable),
            },
        }
    }

    /// Keeps the first reason against caching.
    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.refused.get_or_insert(refusal);
    }

    /// What all that depends on.
    pub(super) fn dependencies(&self) -> BTreeSet<Dependency> {
        self.collector.dependencies(&self.world)
    }

    /// Whether everything that was looked at is in another world as it was before
    /// the worker was started.
    pub(super) fn hold_in(&mut self, now: &Arc<World>, subject: &Subject) -> bool {
        if Arc::ptr_eq(&self.world, now) || self.checked {
            return true;
        }
        let mut dependencies = subject.ground();
        dependencies.extend(self.dependencies());
        let before = states(&self.world, &dependencies);
        self.checked =
            self.refused.is_none() && before.is_some() && before == states(now, &dependencies);
        self.checked
    }
}

/// Whether an input, or the one that it is an input of, is replaced.
fn is_replaced(subject: &Subject, input: &str) -> bool {
    subject.flake.overrides.iter().any(|replaced| {
        input
            .strip_prefix(&replaced.input)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// What Nix says where a file is not there or not what it should be. Which one it
/// is cannot be told from the log.
const FAILURES_OF_FILES: [&str; 11] = [
    "path '",
    "Path '",
    "file '",
    "getting status of",
    "opening file",
    "opening directory",
    "reading ",
    "No such file",
    "ot a directory",
    "Is a directory",
    "symlink",
];

fn names_a_failure_of_files(message: &str) -> bool {
    FAILURES_OF_FILES.iter().any(|sign| message.contains(sign))
}

fn is_a_failure_of_files(message: &str) -> bool {
    FAILURES_OF_FILES
        .iter()
        .any(|sign| message.starts_with(sign))
}

/// The states of all that is depended on, if all can be found out.
pub(super) fn states(
    world: &World,
    dependencies: &BTreeSet<Dependency>,
) -> Option<BTreeMap<Dependency, State>> {
    dependencies
        .iter()
        .map(|d| Some((d.clone(), world.state(d)?)))
        .collect()
}
