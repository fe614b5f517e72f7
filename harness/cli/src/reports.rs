//! Reports of a run besides what is told as it goes: files, each one document. They are
//! written when the run has ended, however it ended.

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use nix_parity_core::event::Event;
use nix_parity_engine::depend::git_toplevel;
use nix_parity_engine::project::Project;
use nix_parity_engine::whole_file;
use nix_parity_report::{Places, WholeRun, junit};

/// The files that a run can be written to.
#[derive(Clone, Debug, Default, ClapArgs)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportFiles {
    /// Write a JUnit report to a file, as CI servers read it
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

/// Turns a run into the text of a file.
type Render = fn(&WholeRun, &Places) -> String;

impl ReportFiles {
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
}

impl Reports {
    /// The reports that are asked for, of the project in a folder.
    pub(crate) fn new(files: &ReportFiles, directory: &Path) -> Self {
        let files: Vec<_> = files
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
            ..Self::default()
        }
    }

    /// Takes the next event.
    pub(crate) fn event(&mut self, event: &Event) {
        // A run of which no report is wanted is not kept in memory.
        if !self.files.is_empty() {
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
