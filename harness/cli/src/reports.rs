//! Reports of a run besides what is told as it goes: files, each one document. They are
//! written when the run has ended, however it ended.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use nix_parity_core::event::Event;
use nix_parity_core::ledger::Gap;
use nix_parity_core::outcome::TestResult;
use nix_parity_engine::depend::git_toplevel;
use nix_parity_engine::project::Project;
use nix_parity_engine::whole_file;
use nix_parity_report::{Places, WholeRun, junit};

use crate::page::{self, Extras};

/// The files that a run can be written to.
#[derive(Clone, Debug, Default, ClapArgs)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportFiles {
    /// Write a JUnit report to a file, as CI servers read it
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write a page to a file, with all that is known, for a browser
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}

/// Turns a run into the text of a file.
type Render = fn(&WholeRun, &Places) -> String;

impl ReportFiles {
    /// The page, and the other reports.
    pub(crate) fn without_html(&self) -> (Option<&Path>, Self) {
        let others = Self {
            html: None,
            ..self.clone()
        };
        (self.html.as_deref(), others)
    }

    /// Whether one is asked for besides the page.
    pub(crate) fn is_any(&self) -> bool {
        self.all().iter().any(|(_, path, _)| path.is_some())
    }

    /// Each with what it is called and how it is made.
    fn all(&self) -> Vec<(&'static str, &Option<PathBuf>, Render)> {
        vec![("JUnit report", &self.junit, junit)]
    }
}

/// Collects a run for the reports that are wanted of it.
#[derive(Default)]
pub(crate) struct Reports {
    run: WholeRun,
    places: Places,
    files: Vec<(&'static str, PathBuf, Render)>,
    html: Option<PathBuf>,
    directory: PathBuf,
    extras: Extras,
}

impl Reports {
    /// The reports that are asked for, of the project in a folder.
    pub(crate) fn new(reports: &ReportFiles, directory: &Path) -> Self {
        let files: Vec<_> = reports
            .all()
            .into_iter()
            .filter_map(|(what, path, render)| Some((what, path.clone()?, render)))
            .collect();
        Self {
            places: if files.is_empty() {
                Places::default()
            } else {
                places(directory)
            },
            files,
            html: reports.html.clone(),
            directory: directory.to_owned(),
            ..Self::default()
        }
    }

    fn is_any(&self) -> bool {
        !self.files.is_empty() || self.html.is_some()
    }

    /// The results, where the page is wanted, which shows what the ledger makes of them.
    pub(crate) fn for_ledger(&self) -> Option<&[TestResult]> {
        self.html.as_ref().map(|_| self.run.results())
    }

    /// Shows the ledger on the page.
    pub(crate) fn add_gap(&mut self, gap: Gap) {
        self.extras.gap = Some(gap);
    }

    /// Takes the next event.
    pub(crate) fn event(&mut self, event: &Event) {
        // A run of which no report is wanted is not kept in memory.
        if self.is_any() {
            self.run.take(event);
        }
    }

    /// Writes all of them, and returns what is to be said of those that cannot be written.
    pub(crate) fn write(&self) -> Vec<String> {
        if self.run.is_empty() {
            return Vec::new();
        }
        let mut problems = Vec::new();
        for (what, path, render) in &self.files {
            let text = render(&self.run, &self.places);
            if let Err(error) = whole_file::replace(path, text.as_bytes()) {
                let path = path.display();
                problems.push(format!("the {what} cannot be written to {path}: {error}"));
            }
        }
        if let Some(path) = &self.html {
            problems.extend(page::write(&[&self.run], &self.extras, &self.directory, path).err());
        }
        problems
    }
}

/// Where the project and its flake lie in their repository. A project that cannot be read
/// is said to be wrong elsewhere.
fn places(directory: &Path) -> Places {
    let Ok(root) = directory.canonicalize() else {
        return Places::default();
    };
    let top = git_toplevel(&root).unwrap_or_else(|| root.clone());
    let project = Project::load_settings(&root).ok();
    let flake = project.and_then(|p| p.flake_dir());
    let within = |folder: &Path| {
        let inside = folder.strip_prefix(&top).ok()?;
        Some(inside.to_str()?.to_owned())
    };
    let project = within(&root).unwrap_or_default();
    Places {
        flake: flake
            .and_then(|dir| within(&dir))
            .unwrap_or_else(|| project.clone()),
        project,
    }
}
