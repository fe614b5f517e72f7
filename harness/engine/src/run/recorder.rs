//! Keeping what an evaluation found, with what that depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use nix_parity_core::observation::Observation;

use super::store::{Found, Store, find_in, local_folder};
use crate::cache::{Answers, Lock, Shelf, Trace};
use crate::depend::{Collector, Dependency, World};
use crate::nix::{Evidence, Request, Subject};

/// Keeps what is found of one host, whose lock it holds.
pub(super) struct Recorder<'a> {
    store: &'a Store,
    host: String,
    shelf: Shelf,
    _lock: Lock,
    /// The world before the evaluation began.
    world: World,
    collector: Collector,
    /// What stands in front of the tree's files in the log.
    root: Option<String>,
    /// Why nothing can be kept.
    refused: bool,
    known: Option<PathBuf>,
    /// What is kept in the end.
    trace: Trace,
    grown: bool,
}

impl<'a> Recorder<'a> {
    /// For a host, with what is known of it in the world as it is now. Nothing
    /// where the world cannot be looked at.
    pub(super) fn new(store: &'a Store, host: &str, lock: Lock) -> Option<Self> {
        let world = store.subject().world()?;
        let shelf = store.shelf(host);
        let (known, trace) = match find_in(&shelf, &world) {
            Found::Trace { path, trace } => (Some(path), trace),
            Found::Nothing(_) => (None, Trace::default()),
        };
        let file = store.subject().in_flake("flake.nix");
        Some(Self {
            host: host.to_owned(),
            collector: Collector::new(&world, &file),
            store,
            shelf,
            _lock: lock,
            world,
            root: None,
            refused: false,
            known,
            trace,
            grown: false,
        })
    }

    /// The answers that are known.
    pub(super) fn answers(&self) -> Answers {
        self.trace.answers.clone()
    }

    /// Takes notice of what an evaluation looked at.
    pub(super) fn saw(&mut self, evidence: Evidence) {
        for unlocked in evidence.unlocked {
            match local_folder(&unlocked.reference) {
                Some(folder) => self.collector.unlocked_folder(&unlocked.input, &folder),
                None => self.refused |= !self.is_replaced(&unlocked.input),
            }
        }
        if self.root.is_none() {
            let file = self.store.subject().in_flake("flake.nix");
            let own = evidence
                .evaluated
                .iter()
                .find_map(|p| p.strip_suffix(&file));
            self.root = own.map(str::to_owned);
        }
        let Some(root) = &self.root else {
            return;
        };
        for path in &evidence.evaluated {
            if let Some(path) = path.strip_prefix(root) {
                self.collector.evaluated(path);
            }
        }
        for path in &evidence.copied {
            if let Some(path) = path.strip_prefix(root).filter(|p| !p.is_empty()) {
                self.collector.copied(path);
            }
        }
        for path in &evidence.instantiated {
            self.collector.instantiated(path);
        }
    }

    /// Whether an input, or the one that it is an input of, is replaced.
    fn is_replaced(&self, input: &str) -> bool {
        let overrides = &self.store.subject().flake.overrides;
        overrides.iter().any(|replaced| {
            input
                .strip_prefix(&replaced.input)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Keeps an answer.
    pub(super) fn add(&mut self, request: &Request, observation: &Observation) {
        if let Some(variant) = &request.variant {
            self.collector.asked(&variant.module);
        }
        if let Subject::Eval { expression, .. } = &request.subject {
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
            _ if matches!(request.subject, Subject::Origins { .. }) => {}
            _ => match serde_json::to_vec(observation) {
                Ok(text) => self.collector.answered(&text),
                Err(_) => self.refused = true,
            },
        }
        self.trace
            .answers
            .insert(request.clone(), observation.clone());
        self.grown = true;
    }

    /// Keeps something else that was found.
    pub(super) fn note(&mut self, name: &str, text: String) {
        self.trace.notes.insert(name.to_owned(), text);
        self.grown = true;
    }

    /// Writes what was found, unless something that it depends on was changed
    /// meanwhile.
    ///
    /// # Errors
    /// What makes it impossible to keep it.
    pub(super) fn finish(mut self) -> std::io::Result<()> {
        if self.refused || !self.grown {
            return Ok(());
        }
        let mut dependencies = self.store.subject().ground();
        dependencies.extend(self.collector.dependencies(&self.world));
        dependencies.extend(self.trace.dependencies.keys().cloned());
        let (Some(before), Some(now)) = (
            states(&self.world, &dependencies),
            self.store
                .subject()
                .world()
                .and_then(|world| states(&world, &dependencies)),
        ) else {
            return Ok(());
        };
        if before != now {
            return Ok(());
        }
        self.trace.dependencies = before;
        let path = self.known.unwrap_or_else(|| self.shelf.fresh());
        self.trace.write(&path)?;
        self.shelf.trim();
        self.store.share(&self.host, &path);
        Ok(())
    }
}

/// The states of all that is depended on, if all can be found out.
fn states(
    world: &World,
    dependencies: &BTreeSet<Dependency>,
) -> Option<BTreeMap<Dependency, crate::depend::State>> {
    dependencies
        .iter()
        .map(|d| Some((d.clone(), world.state(d)?)))
        .collect()
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
