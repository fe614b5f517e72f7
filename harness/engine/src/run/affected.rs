//! Which tests can come out differently than at an earlier commit.

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_core::case::Check;
use nix_parity_core::diagnostic::Diagnostic;

use super::engine::{Engine, EngineError};
use super::store::{Store, Why, standing};
use crate::cache::Stored;
use crate::depend::{Git, Standing, World};
use crate::plan::Plan;
use crate::project::SETTINGS_FILE;
use crate::snapshot::Folder;

/// What can differ from an earlier commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// The hosts whose evaluation can differ, by their label, with the reason.
    pub hosts: BTreeMap<String, String>,
    /// The case files that are not as they were, or of which something accepted is not,
    /// relative to the project.
    pub case_files: BTreeSet<String>,
}

impl Affected {
    /// What somebody else has found to differ.
    ///
    /// # Errors
    /// A host or a case file that the plan does not have.
    pub fn named(
        hosts: &[String],
        case_files: &[String],
        plan: &Plan<'_>,
    ) -> Result<Self, Vec<Diagnostic>> {
        let known_hosts: BTreeSet<&str> = plan.hosts.iter().map(|host| &*host.label).collect();
        let tests = plan.tests();
        let known_files: BTreeSet<&str> = tests
            .iter()
            .map(|test| &*test.case().location().file)
            .collect();
        let unknown = |what: &str, named: &[String], known: &BTreeSet<&str>| {
            let unknown = named.iter().filter(|name| !known.contains(name.as_str()));
            let message = |name| Diagnostic::new(format!("no test is {what} `{name}`"));
            unknown.map(message).collect::<Vec<_>>()
        };
        let mut problems = unknown("of host", hosts, &known_hosts);
        problems.extend(unknown("in", case_files, &known_files));
        if !problems.is_empty() {
            return Err(problems);
        }
        let why = || "as was said".to_owned();
        Ok(Self {
            hosts: hosts.iter().map(|host| (host.clone(), why())).collect(),
            case_files: case_files.iter().cloned().collect(),
        })
    }

    /// Keeps the tests that can come out differently.
    #[must_use]
    pub fn of<'s>(&self, mut plan: Plan<'s>) -> Plan<'s> {
        for host in &mut plan.hosts {
            if !self.hosts.contains_key(&host.label) {
                host.tests
                    .retain(|test| self.case_files.contains(&*test.case.location().file));
            }
        }
        plan.joint.retain(|test| {
            let mut hosts = test.hosts.iter();
            // What files there are is looked at in no time.
            test.hosts.is_empty()
                || hosts.any(|host| self.hosts.contains_key(&host.label))
                || self.case_files.contains(&*test.case.location().file)
        });
        plan.without_idle_hosts()
    }
}

impl Engine<'_> {
    /// What of a plan can differ between a commit and the work tree: hosts by what
    /// was recorded of their evaluation, and cases by their files. Where nothing
    /// was recorded, everything can.
    ///
    /// # Errors
    /// The flake is not in a git work tree, or there is no such commit.
    pub fn affected(&self, plan: &Plan<'_>, since: &str) -> Result<Affected, EngineError> {
        let git = self
            .flake_dir
            .as_deref()
            .and_then(Git::find)
            .ok_or_else(|| wrong("`--affected` needs a flake in a git work tree", ""))?;
        let commit = git
            .commit(since)
            .map_err(|e| wrong(&format!("`{since}` is no commit"), &e.to_string()))?;
        let changed = git
            .differs_from(&commit)
            .map_err(|e| EngineError::Machine(e.to_string()))?;
        let is_changed = |file: &str| {
            let path = self.project.root.join(file);
            let inside = path.strip_prefix(git.top()).ok().and_then(|p| p.to_str());
            inside.is_none_or(|path| changed.contains(path))
        };
        let settings_changed =
            self.project.root.join(SETTINGS_FILE).exists() && is_changed(SETTINGS_FILE);
        let store = self.store();
        let before = store
            .ok()
            .and_then(|store| store.subject().world_at(&commit));
        let mut affected = Affected::default();
        for host in &plan.hosts {
            let reason = if settings_changed {
                Some(format!("changed: {SETTINGS_FILE}"))
            } else {
                match (store, &before) {
                    (Ok(store), Some(before)) => reason(store, before, &host.host.key()),
                    (Err(reason), _) => Some(reason.to_owned()),
                    (Ok(_), None) => Some(Why::Unreadable.to_string()),
                }
            };
            if let Some(reason) = reason {
                affected.hosts.insert(host.label.clone(), reason);
            }
        }
        // What was accepted is a part of the case, and so is what programs are called.
        let files = plan.tests().into_iter().filter_map(|test| {
            let file = &*test.case().location().file;
            let taken = self.taken_by(test.id(), test.case());
            let mut snapshots = taken.into_iter();
            let map = match &test.case().check {
                Check::PackageParity(check) => Some(check.mapping.value.as_str()),
                _ => None,
            };
            let differs = is_changed(file)
                || map.is_some_and(&is_changed)
                || snapshots.any(|name| is_changed(&Folder::file(&name)));
            differs.then(|| file.to_owned())
        });
        affected.case_files = files.collect();
        Ok(affected)
    }
}

/// Why a host's evaluation can differ from that in an earlier world; `None` where
/// it is known not to: what some evaluation depended on is the same in both.
fn reason(store: &Store, before: &World, host: &str) -> Option<String> {
    let Some(now) = store.world() else {
        return Some(Why::Unreadable.to_string());
    };
    let shelf = store.shelf(host);
    let mut why = None;
    for path in shelf.traces() {
        let Some(stored) = Stored::open(&path) else {
            continue;
        };
        let mut worlds = [now, before].into_iter();
        let unfit =
            worlds.find_map(
                |world| match standing(&stored, world, &shelf, &store.evaluated) {
                    Standing::Holds => None,
                    unfit => Some(unfit),
                },
            );
        match unfit {
            None => return None,
            Some(Standing::Differs(dependency)) => {
                why.get_or_insert(Why::Changed(dependency));
            }
            Some(_) => {}
        }
    }
    Some(why.unwrap_or(Why::NotRecorded).to_string())
}

fn wrong(message: &str, notes: &str) -> EngineError {
    let mut diagnostic = Diagnostic::new(message);
    for line in notes.lines() {
        diagnostic = diagnostic.note(line);
    }
    EngineError::Input(vec![diagnostic])
}
