//! What is measured: hosts with suites of cases for them.

mod cases;
pub(crate) mod generated;
pub(crate) mod reference;

use std::sync::atomic::{AtomicUsize, Ordering};

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_engine::plan::Plan;
use nix_parity_engine::project::{self, Overrides};
use nix_parity_testkit::{CountingNix, Project};
use tempfile::TempDir;

use crate::questions::Question;

/// Hosts and suites that every contender can be run on.
pub(crate) struct Load {
    /// What it is called in the table.
    pub(crate) name: &'static str,
    /// A suite whose tests all pass.
    pub(crate) passing: Suite,
    /// The same, and a tenth of it fails hard.
    pub(crate) failing: Suite,
    /// The suite that is run again with nothing changed.
    pub(crate) again: Suite,
    /// What the last run of `again` left in its cache.
    pub(crate) kept: TempDir,
    /// The Nix that `again` is run with, which tells whether it was started.
    pub(crate) counting: CountingNix,
    /// The project in which a file is edited from run to run.
    pub(crate) edited: Edited,
    /// What the passing suite looks at, host by host.
    pub(crate) questions: Vec<Question>,
    // Removed at the end.
    _projects: Vec<Project>,
}

/// A project with cases, and what becomes of them.
#[derive(Clone)]
pub(crate) struct Suite {
    /// The project's folder.
    pub(crate) root: Utf8PathBuf,
    /// How many tests it has.
    pub(crate) tests: usize,
    /// How many of them fail.
    pub(crate) failing: usize,
}

/// A project of which one file is edited from run to run.
pub(crate) struct Edited {
    /// Its suite.
    pub(crate) suite: Suite,
    /// The one host that the file is of.
    pub(crate) host: &'static str,
    /// How many tests that host has.
    pub(crate) tests: usize,
    /// What earlier runs left.
    pub(crate) cache: TempDir,
    file: Utf8PathBuf,
    text: String,
    edits: AtomicUsize,
}

impl Edited {
    fn new(host: &'static str, file: &Utf8Path, project: &Utf8Path) -> Result<Self, String> {
        let of_host = |plan: &Plan<'_>| {
            let tests = plan.tests().into_iter();
            tests.filter(|test| test.id().host == host).count()
        };
        Ok(Self {
            suite: Suite::read(project, 0)?,
            host,
            tests: with_plan(project, |_, plan| Ok(of_host(plan)))?,
            cache: tempfile::tempdir().map_err(|e| e.to_string())?,
            file: file.to_owned(),
            text: std::fs::read_to_string(file).map_err(|e| e.to_string())?,
            edits: AtomicUsize::new(0),
        })
    }

    /// Edits the file as it was not edited before: a comment at its end.
    pub(crate) fn edit(&self) -> Result<(), String> {
        let edit = self.edits.fetch_add(1, Ordering::Relaxed);
        let text = format!("{}# {edit}\n", self.text);
        std::fs::write(&self.file, text).map_err(|e| e.to_string())
    }
}

impl Load {
    /// The load of these projects, `failing` with a number of tests that fail.
    fn new(
        name: &'static str,
        projects: Vec<Project>,
        (passing, (failing, count), again): (&Utf8Path, (&Utf8Path, usize), &Utf8Path),
        edited: Edited,
    ) -> Result<Self, String> {
        Ok(Self {
            name,
            passing: Suite::read(passing, 0)?,
            failing: Suite::read(failing, count)?,
            again: Suite::read(again, 0)?,
            kept: tempfile::tempdir().map_err(|e| e.to_string())?,
            counting: CountingNix::new(),
            edited,
            questions: questions(passing)?,
            _projects: projects,
        })
    }
}

impl Suite {
    fn read(root: &Utf8Path, failing: usize) -> Result<Self, String> {
        Ok(Self {
            root: root.to_owned(),
            tests: with_plan(root, |_, plan| Ok(plan.len()))?,
            failing,
        })
    }
}

/// What the tests of a project ask, host by host.
fn questions(root: &Utf8Path) -> Result<Vec<Question>, String> {
    with_plan(root, |project, plan| {
        let flake = project.flake(&Overrides::default()).map_err(words)?;
        let ask = |host| Question::new(&flake, host);
        Ok(plan.hosts.iter().map(ask).collect())
    })
}

/// Reads a project and plans its tests, as a run does.
fn with_plan<T>(
    root: &Utf8Path,
    take: impl FnOnce(&project::Project, &Plan<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let project = project::Project::load(root.as_std_path()).map_err(words)?;
    let hosts = project.file.hosts.clone().unwrap_or_default();
    let broken = project.broken.iter().flat_map(|b| b.diagnostics.clone());
    let (plan, mut problems) = Plan::new(&project.suites, &hosts);
    problems.extend(broken);
    if !problems.is_empty() {
        return Err(words(problems));
    }
    take(&project, &plan)
}

fn words(diagnostics: Vec<Diagnostic>) -> String {
    let messages: Vec<_> = diagnostics.into_iter().map(|d| d.message).collect();
    messages.join("\n")
}
