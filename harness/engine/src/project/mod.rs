//! A project: its folder, its settings, its case files and the flake under test.

mod cases;
mod file;
mod files;
mod ledger;
mod package_maps;
mod runners;
mod stubs;

pub use cases::{load_suite, load_suites};
pub use file::{Profile, ProjectFile, SETTINGS_FILE, project_schema};
pub use ledger::LEDGER_FILE;
pub use runners::Runners;
pub use stubs::Stubs;

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use nix_parity_core::case::Suite;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{Ledger, misbound};
use nix_parity_core::package_map::PackageMap;
use nix_parity_core::yaml;

use crate::depend::git_toplevel;
use crate::nix::{Flake, InputOverride, Place};

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

/// What the command line says over the project file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The profile to use.
    pub profile: Option<String>,
    /// Inputs to replace, besides those of the profile.
    pub inputs: Vec<InputOverride>,
    /// Where builds are made.
    pub place: Place,
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

    /// The name of the profile in use, if the project has any.
    pub fn profile_name<'a>(&'a self, overrides: &'a Overrides) -> Option<&'a str> {
        overrides
            .profile
            .as_deref()
            .or(self.file.profile.as_deref())
    }

    /// The flake under test with the inputs that are replaced.
    ///
    /// # Errors
    /// An unknown profile, or a folder without a flake.
    pub fn flake(&self, overrides: &Overrides) -> Result<Flake, Vec<Diagnostic>> {
        let mut inputs = Vec::new();
        if let Some(name) = self.profile_name(overrides) {
            let profile = self
                .file
                .profiles
                .get(name)
                .ok_or_else(|| vec![self.unknown_profile(name)])?;
            inputs.extend(profile.override_inputs.iter().cloned());
        }
        // The command line has the last word on an input.
        inputs.retain(|i: &InputOverride| overrides.inputs.iter().all(|o| o.input != i.input));
        inputs.extend(overrides.inputs.iter().cloned());
        for replaced in &mut inputs {
            replaced.reference = self.absolute(&replaced.reference);
        }
        Ok(Flake {
            reference: self.flake_reference()?,
            overrides: inputs,
        })
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

    fn unknown_profile(&self, name: &str) -> Diagnostic {
        let known: Vec<_> = self.file.profiles.keys().map(String::as_str).collect();
        let mut diagnostic = Diagnostic::new(format!("unknown profile `{name}`"));
        if let Some(near) = nix_parity_core::nearest::nearest(name, known.iter().copied()) {
            diagnostic = diagnostic.note(format!("did you mean `{near}`?"));
        }
        if known.is_empty() {
            diagnostic.note(format!("{SETTINGS_FILE} has no `profiles`"))
        } else {
            diagnostic.note(format!("{SETTINGS_FILE} has {}", known.join(", ")))
        }
    }

    /// The local folder of the flake, if it is in one.
    pub fn flake_dir(&self) -> Option<PathBuf> {
        let reference = &self.file.flake;
        let path = reference.strip_prefix("path:").unwrap_or(reference);
        let local = reference.starts_with("path:") || reference.starts_with(['.', '/']);
        local.then(|| {
            let joined = self.root.join(path);
            joined.canonicalize().unwrap_or(joined)
        })
    }

    fn flake_reference(&self) -> Result<String, Vec<Diagnostic>> {
        let Some(dir) = self.flake_dir() else {
            return Ok(self.file.flake.clone());
        };
        if !dir.join("flake.nix").is_file() {
            return Err(vec![
                Diagnostic::new(format!("no flake in {}", dir.display()))
                    .note("there is no flake.nix")
                    .note(format!(
                        "start in a folder with a flake, name one with -C, or set `flake:` in {SETTINGS_FILE}"
                    )),
            ]);
        }
        let path = dir.display().to_string();
        if self.file.flake.starts_with("path:") {
            return Ok(format!("path:{}", escape(&path)));
        }
        match git_toplevel(&dir) {
            Some(top) if top == dir => Ok(format!("git+file://{}", escape(&path))),
            Some(top) => {
                let inside = dir.strip_prefix(&top).unwrap_or(&dir).display().to_string();
                Ok(format!(
                    "git+file://{}?dir={}",
                    escape(&top.display().to_string()),
                    escape(&inside)
                ))
            }
            None => Ok(format!("path:{}", escape(&path))),
        }
    }

    /// Makes the local path of a flake reference absolute, from the project's folder.
    fn absolute(&self, reference: &str) -> String {
        let (scheme, path) = match reference.strip_prefix("path:") {
            Some(path) => ("path:", path),
            None if reference.starts_with('.') || reference.starts_with('/') => {
                ("path:", reference)
            }
            None => return reference.to_owned(),
        };
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q)));
        let joined = self.root.join(path);
        let path = joined.canonicalize().unwrap_or(joined);
        let query = query.map(|q| format!("?{q}")).unwrap_or_default();
        format!("{scheme}{}{query}", escape(&path.display().to_string()))
    }
}

/// Escapes a path for a URL: everything but RFC 3986's unreserved characters and `/`.
pub(crate) fn escape(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b'+') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot read {}: {error}", path.display()))
}
