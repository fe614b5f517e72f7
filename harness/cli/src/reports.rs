//! Reports of a run besides what is told as it goes: files, each one document, and what
//! GitHub Actions is told. They are written when the run has ended, however it ended.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use nix_parity_core::event::Event;
use nix_parity_core::outcome::TestResult;
use nix_parity_engine::depend::git_toplevel;
use nix_parity_engine::project::Project;
use nix_parity_engine::{environment, whole_file};
use nix_parity_report::{Places, WholeRun, comment, github, job_summary, junit};

use crate::args::{Format, Global, ReportArgs, When};
use crate::page::{self, Extras};

/// Turns a run into the text of a file.
type Render = fn(&WholeRun, &Places) -> String;

impl ReportArgs {
    /// The files, each with what it is called and how it is made.
    fn files(&self) -> Vec<(&'static str, &Option<PathBuf>, Render)> {
        vec![
            ("JUnit report", &self.junit, junit),
            ("Markdown", &self.markdown, comment),
        ]
    }
}

/// Collects a run for the reports that are wanted of it.
pub(crate) struct Reports {
    run: WholeRun,
    places: Places,
    files: Vec<(&'static str, PathBuf, Render)>,
    html: Option<PathBuf>,
    /// What the page shows besides the run.
    extras: Extras,
    directory: PathBuf,
    github: bool,
    format: Format,
}

impl Reports {
    /// The reports that are asked for; GitHub is told where nothing else is said of it.
    pub(crate) fn of_run(args: &ReportArgs, global: &Global) -> Self {
        Self::new(args, global, When::Auto)
    }

    /// The same where GitHub is told only if that is asked for: of a record it was told
    /// when that was made.
    pub(crate) fn where_asked(args: &ReportArgs, global: &Global) -> Self {
        Self::new(args, global, When::Never)
    }

    fn new(args: &ReportArgs, global: &Global, github: When) -> Self {
        let files: Vec<_> = args
            .files()
            .into_iter()
            .filter_map(|(what, path, render)| Some((what, path.clone()?, render)))
            .collect();
        let github = match args.github.unwrap_or(github) {
            When::Auto => environment::in_github_actions(),
            When::Always => true,
            When::Never => false,
        };
        let mut reports = Self {
            run: WholeRun::default(),
            places: Places::default(),
            files,
            html: args.html.clone(),
            extras: Extras::default(),
            directory: global.directory.clone(),
            github,
            format: global.format,
        };
        if reports.is_any() {
            reports.places = places(&global.directory);
        }
        reports
    }

    fn is_any(&self) -> bool {
        self.github || self.html.is_some() || !self.files.is_empty()
    }

    /// The results, where the page is wanted, which shows what the ledger makes of them.
    pub(crate) fn for_ledger(&self) -> Option<&[TestResult]> {
        self.html.as_ref().map(|_| self.run.results())
    }

    /// What the page shows besides the run.
    pub(crate) fn extras(&mut self) -> &mut Extras {
        &mut self.extras
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
        let mut problems = Vec::new();
        let run = (!self.run.is_empty()).then_some(&self.run);
        if let Some(path) = self
            .html
            .as_ref()
            .filter(|_| run.is_some() || self.extras.is_any())
        {
            let text = page::text(run, &self.extras, &self.directory, path);
            let written = text.and_then(|text| whole_file::replace(path, &text));
            problems.extend(problem("page", path, written));
        }
        if self.run.is_empty() {
            return problems;
        }
        for (what, path, render) in &self.files {
            let text = render(&self.run, &self.places);
            let written = whole_file::replace(path, text.as_bytes());
            problems.extend(problem(what, path, written));
        }
        if self.github {
            self.annotate();
            if let Some(path) = environment::github_step_summary() {
                let before = usize::try_from(whole_file::length(&path)).unwrap_or(usize::MAX);
                let text = job_summary(&self.run, before);
                let written = whole_file::append(&path, text.as_bytes());
                problems.extend(problem("summary of the step", &path, written));
            }
        }
        problems
    }

    /// GitHub reads both streams; where the record is on the one it goes to the other.
    fn annotate(&self) {
        let text = github(&self.run, &self.places);
        // Nobody is left to tell where a stream is gone, and the verdict stands.
        let _ = match self.format {
            Format::Human => io::stdout().lock().write_all(text.as_bytes()),
            Format::Jsonl => io::stderr().lock().write_all(text.as_bytes()),
        };
    }
}

/// What is to be said where a report could not be written.
pub(crate) fn problem(what: &str, path: &Path, written: io::Result<()>) -> Option<String> {
    let error = written.err()?;
    let path = path.display();
    Some(format!("the {what} cannot be written to {path}: {error}"))
}

/// Where the project and its flake lie in their repository. A project that cannot be read
/// is said to be wrong elsewhere.
fn places(directory: &Path) -> Places {
    let Ok(root) = directory.canonicalize() else {
        return Places::default();
    };
    let top = git_toplevel(&root)
        .or_else(|| environment::github_workspace()?.canonicalize().ok())
        .unwrap_or_else(|| root.clone());
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
