//! The state of everything that a verdict depends on, at one point in time: looked at
//! before the tests and again before the switch. It is not asked which of it mattered:
//! what is switched to is evaluated anew from all of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use nix_parity_core::gate::Tested;
use nix_parity_core::host::Host;

use crate::compare::toplevel;
use crate::inspect::Side;
use crate::project::SETTINGS_FILE;
use crate::run::{Engine, EngineError};
use crate::snapshot::FOLDER;

/// What everything was like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Digests by what they are of; nothing where it cannot be looked at.
    states: BTreeMap<String, Option<String>>,
    /// Whether nothing else can have changed.
    pub is_whole: bool,
}

/// What is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed(pub Vec<String>);

impl Moment {
    /// What everything is like now.
    pub fn now(engine: &Engine<'_>) -> Self {
        let (mut states, is_whole) = engine.world_now();
        let project = engine.project;
        let root = &project.root;
        let mut add = |path: &Path| {
            let name = path.strip_prefix(root).unwrap_or(path);
            let digest = fs::read(path).map(|bytes| blake3::hash(&bytes).to_hex().to_string());
            states.insert(name.display().to_string(), digest.ok());
        };
        add(&root.join(SETTINGS_FILE));
        add(&project.ledger_file());
        for file in project.package_maps.keys() {
            add(&root.join(file));
        }
        for folder in [root.join(&project.file.cases), root.join(FOLDER)] {
            let walk = ignore::WalkBuilder::new(folder)
                .standard_filters(false)
                .follow_links(true)
                .build();
            for entry in walk.flatten() {
                let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
                if is_file && !is_own(entry.path()) {
                    add(entry.path());
                }
            }
        }
        Self { states, is_whole }
    }

    /// What is not as it was.
    ///
    /// # Errors
    /// Something is not.
    pub fn is_still(&self, now: &Self) -> Result<(), Changed> {
        let names = self.states.keys().chain(now.states.keys());
        let mut changed: Vec<String> = names
            .filter(|name| self.states.get(*name) != now.states.get(*name))
            .cloned()
            .collect();
        changed.sort();
        changed.dedup();
        if changed.is_empty() {
            Ok(())
        } else {
            Err(Changed(changed))
        }
    }
}

/// Whether a host still evaluates to what was tested, evaluated anew: for flakes of which
/// no moment can be had.
///
/// # Errors
/// It cannot be evaluated.
pub fn is_still_tested(
    engine: &Engine<'_>,
    host: &Host,
    tested: &Tested,
) -> Result<bool, EngineError> {
    let side = Side::find(engine, &host.key())?;
    let now = toplevel(&engine.uncached()?, &side)?;
    Ok(now == tested.derivation)
}

/// Snapshots that wait to be accepted, which a run itself writes and removes.
fn is_own(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "new")
}
