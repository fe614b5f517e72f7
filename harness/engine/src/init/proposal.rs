//! What `init` would write, and what it says besides.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nix_parity_core::host::Host;
use nix_parity_core::observation::NixError;

use super::covered;
use super::draft::Suite;
use super::extras::{self, Extras, Wanted, count};
use super::found::FoundHost;
use super::look::find;
use super::project_file;
use super::proven::{Proven, prove};
use super::starters;
use super::stubs::Stub;
use super::write::NewFile;
use crate::plan::Plan;
use crate::project::{Project, ProjectFile, SETTINGS_FILE};
use crate::run::{Engine, EngineError};
use crate::snapshot::{FOLDER, Folder};

/// What would be done.
#[derive(Debug, Default)]
pub struct Proposal {
    /// The hosts of the flake, by label.
    pub hosts: Vec<KnownHost>,
    /// Files that would be written, in the order in which they are shown.
    pub files: Vec<NewFile>,
    /// Files that are there and stay as they are, with what could be added to them.
    pub kept: Vec<Kept>,
    /// What no case was made of, and why.
    pub left_out: Vec<String>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// The first so many files are what cases need to be run at all.
    settings: usize,
    /// The suites that take snapshots.
    taking: BTreeSet<String>,
}

/// A host of the flake.
#[derive(Debug)]
pub struct KnownHost {
    /// The host.
    pub host: Host,
    /// How it is called in the names of tests.
    pub label: String,
    /// Why it cannot be evaluated, if it cannot.
    pub error: Option<NixError>,
    /// Whether `parity.yaml` leaves it out.
    pub is_new: bool,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its path from the project's folder.
    pub path: String,
    /// What could be added, as it would stand there; empty where nothing is missing.
    pub addition: String,
}

impl Proposal {
    /// Looks at a flake and proposes what its project lacks. `engine` evaluates with
    /// `stubs` in place of the inputs that they replace.
    ///
    /// # Errors
    /// The flake cannot be loaded, or has no hosts, or the machine failed.
    pub fn make(engine: &Engine<'_>, stubs: &[Stub], wanted: &Wanted) -> Result<Self, EngineError> {
        let hosts = engine.offered_hosts()?;
        let hosts = find(engine, &hosts)?;
        let project = engine.project;
        let is_known = |host: &Host| {
            let known = project.file.hosts.as_ref();
            known.is_none_or(|known| known.iter().any(|other| other.key() == host.key()))
        };
        let mut proposal = Self::default();
        let folders: BTreeMap<_, _> = stubs
            .iter()
            .map(|stub| (stub.input.clone(), stub.folder.clone()))
            .collect();
        proposal.add_settings(project, &hosts, &folders, is_known)?;
        for stub in stubs {
            for (path, text) in &stub.files {
                let what = format!("stands in for what hosts take from input {}", stub.input);
                let path = format!("{}/{path}", stub.folder);
                proposal.add_file(project, path, what, text.clone());
            }
        }
        proposal.settings = proposal.files.len();
        proposal.add_cases(engine, &hosts, is_known)?;
        proposal.add_extras(project, &hosts, wanted);
        proposal.hosts = hosts
            .into_iter()
            .map(|found| KnownHost {
                is_new: !is_known(&found.host),
                error: found.facts.as_ref().err().cloned(),
                host: found.host,
                label: found.label,
            })
            .collect();
        Ok(proposal)
    }

    /// The files in the order in which to write them. Where that is ended in the middle,
    /// the next `init` goes on: what a suite takes is there before it, and what it takes
    /// depends on which other suites there are.
    pub fn to_write(&self) -> Vec<&NewFile> {
        let mut files: Vec<_> = self.files.iter().enumerate().collect();
        files.sort_by_key(|(number, file)| match file {
            _ if *number < self.settings => 0,
            file if Path::new(&file.path).starts_with(FOLDER) => 1,
            file if self.taking.contains(&file.path) => 2,
            _ => 3,
        });
        files.into_iter().map(|(_, file)| file).collect()
    }

    /// Whether there is nothing to write and nothing to add.
    pub fn is_nothing_new(&self) -> bool {
        self.files.is_empty() && self.kept.iter().all(|kept| kept.addition.is_empty())
    }

    fn add_settings(
        &mut self,
        project: &Project,
        hosts: &[FoundHost],
        stubs: &BTreeMap<String, String>,
        is_known: impl Fn(&Host) -> bool,
    ) -> Result<(), EngineError> {
        if !project.root.join(SETTINGS_FILE).exists() {
            let text = project_file::text(hosts, stubs);
            // What cannot be read again must not be written.
            ProjectFile::parse(&text).map_err(EngineError::Input)?;
            let what = format!(
                "names {}, and hides what looks like a secret",
                count(hosts.len(), "host")
            );
            self.add_file(project, SETTINGS_FILE.to_owned(), what, text);
            return Ok(());
        }
        let mut addition = project_file::profile(project, stubs);
        let mut new = Vec::new();
        for found in hosts.iter().filter(|found| !is_known(&found.host)) {
            new.push(FoundHost {
                host: found.host.clone(),
                label: found.label.clone(),
                facts: Ok(super::found::Facts::default()),
            });
        }
        if !new.is_empty() {
            addition.push_str(&project_file::named(&new).member("hosts", 0));
        }
        self.kept.push(Kept {
            path: SETTINGS_FILE.to_owned(),
            addition,
        });
        Ok(())
    }

    fn add_cases(
        &mut self,
        engine: &Engine<'_>,
        hosts: &[FoundHost],
        is_known: impl Fn(&Host) -> bool,
    ) -> Result<(), EngineError> {
        let project = engine.project;
        let known: Vec<Host> = hosts.iter().map(|found| found.host.clone()).collect();
        // What is wrong with cases that there are, `run` says.
        let (plan, _) = Plan::new(&project.suites, &known);
        let mut suites = starters::suites(covered::ground(&plan, hosts));
        for suite in &mut suites {
            let there = project.suites.iter().find(|s| s.name.value == suite.name);
            let Some(there) = there else { continue };
            let taken: BTreeSet<_> = there.cases.iter().map(|c| c.name.value.clone()).collect();
            for case in &mut suite.cases {
                rename(&mut case.name, &taken);
            }
        }
        let proven = prove(engine, suites, hosts)?;
        let Proven {
            suites,
            records,
            left_out,
        } = proven;
        self.left_out = hosts.iter().flat_map(unasked).chain(left_out).collect();
        for suite in suites {
            let path = format!("{}/{}.yaml", project.file.cases, suite.name);
            let is_there = project.root.join(&path).exists()
                || project.suites.iter().any(|s| s.name.value == suite.name);
            let on = suite.cases.iter().flat_map(|case| &case.hosts);
            let mut on = on.filter_map(|n| hosts.get(*n));
            if is_there || !on.all(|found| is_known(&found.host)) {
                let addition = suite.cases_text(hosts);
                self.kept.push(Kept { path, addition });
                continue;
            }
            let names: Vec<_> = suite.cases.iter().map(|case| case.name.as_str()).collect();
            let what = format!("{}: {}", count(names.len(), "case"), names.join("; "));
            let text = suite.text(hosts);
            self.add_file(project, path.clone(), what, text);
            for (id, taken) in records.iter().filter(|(id, _)| is_of(&suite, id)) {
                self.taking.insert(path.clone());
                for taken in taken.iter().filter(|taken| !taken.is_accepted) {
                    let path = Folder::file(&taken.name);
                    let kind = &taken.header.kind;
                    let what = format!("accepted: the {kind} of {}", id.host);
                    let text = taken.header.file(&taken.body, &engine.inputs());
                    self.add_file(project, path, what, text);
                }
            }
        }
        Ok(())
    }

    fn add_extras(&mut self, project: &Project, hosts: &[FoundHost], wanted: &Wanted) {
        let extras = Extras { hosts, wanted };
        for file in extras::files(&extras) {
            self.add_file(project, file.path, file.what, file.text);
        }
        if let Some(addition) = extras::ignored(project) {
            let path = ".gitignore".to_owned();
            if project.root.join(&path).exists() {
                self.kept.push(Kept { path, addition });
            } else {
                let what = "leaves out pending snapshots and what runs leave behind";
                self.add_file(project, path, what.to_owned(), addition);
            }
        }
    }

    /// Adds a file, unless one of that name is there.
    fn add_file(&mut self, project: &Project, path: String, what: String, text: String) {
        // A link that leads nowhere is something too.
        if project.root.join(&path).symlink_metadata().is_ok() {
            let addition = String::new();
            self.kept.push(Kept { path, addition });
        } else {
            self.files.push(NewFile { path, what, text });
        }
    }
}

fn is_of(suite: &Suite, id: &nix_parity_core::id::TestId) -> bool {
    let mut names = suite.cases.iter().map(|case| &case.name);
    suite.name == id.suite && names.any(|name| *name == id.case)
}

/// What is known of a host and no draft is made of.
fn unasked(found: &FoundHost) -> Vec<String> {
    let Ok(facts) = &found.facts else {
        return Vec::new();
    };
    let label = &found.label;
    let failing = facts.failing.iter().flatten();
    let failing = failing.map(|message| format!("{label}: an assertion fails: {message}"));
    let missing = facts.missing.iter();
    let missing = missing.map(|missing| format!("{label}: {missing}"));
    failing.chain(missing).collect()
}

/// Gives a case a name that its suite does not have yet.
fn rename(name: &mut String, taken: &BTreeSet<String>) {
    let first = name.clone();
    let mut number = 2;
    while taken.contains(name) {
        *name = format!("{first}, {number}");
        number += 1;
    }
}
