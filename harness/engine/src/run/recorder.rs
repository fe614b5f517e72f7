//! Keeping what an evaluation found, with what that depends on.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use nix_parity_core::observation::Observation;

use super::facts::{Facts, states};
use super::refusal::Refusal;
use super::store::{Found, Store, find_in};
use crate::cache::{Answers, Findings, Lock, Shelf};
use crate::depend::{Dependency, World};
use crate::nix::{Evidence, Request};

/// The note of when the first answers of a trace were found.
pub(super) const RECORDED: &str = "recorded";

fn clock() -> String {
    let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
    now.as_secs().to_string()
}

/// Keeps what is found of one host, whose lock it holds.
pub(super) struct Recorder<'a> {
    store: &'a Store,
    host: String,
    shelf: Shelf,
    _lock: Lock,
    /// The world before the evaluation began.
    world: Arc<World>,
    /// Of the worker that is asked.
    facts: Facts,
    /// What else the answers depend on: those that were known, and those of workers that
    /// were given up.
    earlier: BTreeSet<Dependency>,
    known: Option<PathBuf>,
    /// What is kept in the end.
    findings: Findings,
    grown: bool,
}

impl<'a> Recorder<'a> {
    /// For a host, with what is known of it in the world as it is now. Nothing
    /// where the world cannot be looked at.
    pub(super) fn new(store: &'a Store, host: &str, lock: Lock) -> Option<Self> {
        let world = Arc::new(store.subject().world()?);
        world.fix(&store.subject().ground());
        let shelf = store.shelf(host);
        let found = match find_in(&shelf, &world, &store.evaluated) {
            Found::Trace {
                path,
                stored,
                findings,
            } => stored.dependencies().map(|of| (path, of, findings)),
            Found::Nothing(_) => None,
        };
        let (known, earlier, findings) = match found {
            Some((path, of, findings)) => (Some(path), of.into_keys().collect(), findings),
            None => (None, BTreeSet::new(), Findings::default()),
        };
        Some(Self {
            host: host.to_owned(),
            facts: Facts::new(Arc::clone(&world), store.subject()),
            earlier,
            store,
            shelf,
            _lock: lock,
            world,
            known,
            findings,
            grown: false,
        })
    }

    /// All that is known.
    pub(super) fn findings(&self) -> &Findings {
        &self.findings
    }

    /// The answers that are known.
    pub(super) fn answers(&self) -> Answers {
        self.findings.answers.clone()
    }

    /// Takes a worker's facts over from an earlier run, where all that it looked at
    /// is now as it was when it was started. Whether that is so.
    pub(super) fn adopt(&mut self, mut facts: Facts) -> bool {
        facts.checked = false;
        let holds = facts.hold_in(&self.world, self.store.subject());
        if holds {
            self.facts = facts;
        }
        holds
    }

    /// Whether all that the worker looked at is now as it was when it was started.
    pub(super) fn facts_hold(&mut self) -> bool {
        self.facts.hold_in(&self.world, self.store.subject())
    }

    /// Takes notice that a new worker is started. What the answers that were kept so
    /// far depend on stays known.
    pub(super) fn start_over(&mut self) {
        let new = Facts::new(Arc::clone(&self.world), self.store.subject());
        let old = std::mem::replace(&mut self.facts, new);
        self.earlier.extend(old.dependencies());
        if let Some(refusal) = old.refused {
            self.facts.refuse(refusal);
        }
    }

    /// Takes notice of what an evaluation looked at.
    pub(super) fn saw(&mut self, evidence: Evidence) {
        self.facts.saw(evidence, self.store.subject());
    }

    /// Takes notice of an answer.
    pub(super) fn heard(&mut self, request: &Request, observation: &Observation) {
        self.facts.heard(request, observation);
    }

    /// Why nothing is kept, where that is so.
    pub(super) fn refusal(&self) -> Option<&Refusal> {
        self.facts.refused.as_ref()
    }

    /// Keeps an answer.
    pub(super) fn add(&mut self, request: &Request, observation: &Observation) {
        self.findings
            .answers
            .insert(request.clone(), observation.clone());
        self.grown = true;
    }

    /// Keeps something else that was found.
    pub(super) fn note(&mut self, name: &str, text: String) {
        self.findings.notes.insert(name.to_owned(), text);
        self.grown = true;
    }

    /// Writes what was found, unless something that it depends on was changed
    /// meanwhile.
    ///
    /// # Errors
    /// What makes it impossible to keep it.
    pub(super) fn finish(&mut self) -> std::io::Result<()> {
        if self.facts.refused.is_some() || !self.grown {
            return Ok(());
        }
        let mut dependencies = self.store.subject().ground();
        dependencies.extend(self.facts.dependencies());
        dependencies.extend(self.earlier.iter().cloned());
        let before = states(&self.world, &dependencies);
        if self.world.is_misspelt() {
            self.store.found_misspelt();
        }
        let now = || {
            let world = self.store.subject().world()?;
            states(&world, &dependencies)
        };
        let Some((before, now)) = before.and_then(|before| Some((before, now()?))) else {
            return Ok(());
        };
        if before != now {
            return Ok(());
        }
        // Answers that are added later are younger.
        let notes = &mut self.findings.notes;
        notes.entry(RECORDED.to_owned()).or_insert_with(clock);
        let path = self.known.take().unwrap_or_else(|| self.shelf.fresh());
        self.findings.write(&path, &before)?;
        self.shelf.trim();
        self.store.share(&self.host, &path);
        Ok(())
    }

    /// What the worker has looked at. Another process may evaluate the host now.
    pub(super) fn into_facts(self) -> Facts {
        self.facts
    }
}
