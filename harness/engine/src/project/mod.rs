//! A project: its folder, its settings, its case files and the flake under test.

mod cases;
mod file;
mod files;
mod flake;
mod inputs;
mod ledger;
mod package_maps;
mod runners;
mod stubs;

pub use cases::{load_suite, load_suites};
pub use file::{Profile, ProjectFile, SETTINGS_FILE, project_schema};
pub use flake::Overrides;
pub use ledger::LEDGER_FILE;
pub use runners::Runners;
pub use stubs::Stubs;

pub(crate) use flake::escape;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix_parity_core::case::Suite;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{Ledger, misbound};
use nix_parity_core::package_map::PackageMap;
use nix_parity_core::yaml;

/// Everything that is read before Nix is needed.
#[derive(Clone, Debug)]
pub struct Project {
    /// The project's folder.
    pub root: PathBuf,
    /// The settings.
    pub file: ProjectFile,
    /// The suites whose files are right, by file name.
    pub suites: Vec<Suite>,
    /// Case files that are wrong, by file name, with what is wrong.
    pub broken: Vec<BrokenFile>,
    /// What programs are called, by the file that says so, as far as cases name them.
    pub package_maps: BTreeMap<String, PackageMap>,
    /// What was promised, where the project has a ledger and cases were asked for.
    pub ledger: Option<Ledger>,
}

/// A case file that cannot be used.
#[derive(Clone, Debug)]
pub struct BrokenFile {
    /// Its path, relative to the project.
    pub path: String,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Project {
    /// Reads the project in a folder.
    ///
    /// # Errors
    /// What is wrong with the project file or the folder. Wrong case files are
    /// kept in [`Self::broken`].
    pub fn load(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let root = root
            .canonicalize()
            .map_err(|e| vec![unreadable(root, &e)])?;
        let file = ProjectFile::load(&root)?;
        let ledger = ledger::load(&root, &file)?;
        let (suites, broken) = load_suites(&root, &file.cases)?;
        let mut project = Self {
            root,
            file,
            suites,
            broken,
            package_maps: BTreeMap::new(),
            ledger,
        };
        let wrong = project.load_package_maps();
        project.broken.extend(wrong);
        Ok(project.bound())
    }

    /// The project without the suites that name rows which its ledger does not have.
    fn bound(mut self) -> Self {
        let Some(ledger) = &self.ledger else {
            return self;
        };
        let mut wrong = Vec::new();
        self.suites.retain(|suite| {
            let diagnostics = misbound(ledger, suite);
            let is_right = diagnostics.is_empty();
            if !is_right {
                wrong.push((suite.name.location.file.to_string(), diagnostics));
            }
            is_right
        });
        for (path, diagnostics) in wrong {
            let diagnostics = self.with_sources(diagnostics);
            self.broken.push(BrokenFile { path, diagnostics });
        }
        self.broken.sort_by(|a, b| a.path.cmp(&b.path));
        self
    }

    /// Reads the settings of the project in a folder, for what looks at no case.
    ///
    /// # Errors
    /// As of [`Self::load`].
    pub fn load_settings(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let root = root
            .canonicalize()
            .map_err(|e| vec![unreadable(root, &e)])?;
        Ok(Self {
            file: ProjectFile::load(&root)?,
            root,
            suites: Vec::new(),
            broken: Vec::new(),
            package_maps: BTreeMap::new(),
            ledger: None,
        })
    }

    /// Reads the project in a folder that may have no cases yet, and looks at no ledger.
    ///
    /// # Errors
    /// What is wrong with the project file or the folder. Wrong case files are kept in
    /// [`Self::broken`].
    pub fn load_as_it_is(root: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut project = Self::load_settings(root)?;
        // Without a case file there is nothing to read, which is no error here.
        if let Ok((suites, broken)) = load_suites(&project.root, &project.file.cases) {
            project.suites = suites;
            project.broken = broken;
            let wrong = project.load_package_maps();
            project.broken.extend(wrong);
        }
        Ok(project)
    }

    /// Reads the project with one suite only; see [`load_suite`].
    pub fn load_one(root: &Path, suite: &str) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let file = ProjectFile::load(&root).ok()?;
        let suites = vec![load_suite(&root, &file.cases, suite)?];
        let mut project = Self {
            ledger: ledger::load(&root, &file).ok()?,
            root,
            file,
            suites,
            broken: Vec::new(),
            package_maps: BTreeMap::new(),
        };
        if !project.load_package_maps().is_empty() {
            return None;
        }
        Some(project.bound()).filter(|project| project.broken.is_empty())
    }

    /// The ledger's path, whether there is one or not.
    pub fn ledger_file(&self) -> PathBuf {
        self.root.join(ledger::name(&self.file))
    }

    /// Adds the text of the lines that diagnostics point at.
    pub fn with_sources(&self, mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let mut files: HashMap<Arc<str>, Vec<String>> = HashMap::new();
        for diagnostic in &mut diagnostics {
            let (None, Some(location)) = (&diagnostic.source_line, &diagnostic.location) else {
                continue;
            };
            let line = (location.line as usize).checked_sub(1);
            let lines = files.entry(Arc::clone(&location.file)).or_insert_with(|| {
                let text = std::fs::read_to_string(self.root.join(&*location.file));
                let text = text.unwrap_or_default();
                yaml::lines(&text).map(str::to_owned).collect()
            });
            diagnostic.source_line = line.and_then(|i| lines.get(i).cloned());
        }
        diagnostics
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot read {}: {error}", path.display()))
}
