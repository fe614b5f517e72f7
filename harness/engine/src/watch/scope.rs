//! Which files can matter to a run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::depend::{Git, Index};
use crate::environment;
use crate::nix::Flake;
use crate::project::{LEDGER_FILE, Project, ProjectFile, SETTINGS_FILE};
use crate::run::local_folder;

/// What a project's runs read.
pub(super) struct Scope {
    root: PathBuf,
    /// The folder with the case files.
    cases: PathBuf,
    /// The rows that these may name, where there is such a file.
    ledger: PathBuf,
    tree: Tree,
    /// Folders that take the place of inputs.
    inputs: Vec<PathBuf>,
    /// Written by each run.
    cache: Option<PathBuf>,
}

/// The tree that the flake lies in.
enum Tree {
    /// It is not on this machine, or not known yet.
    None,
    /// All files of a folder.
    Folder(PathBuf),
    /// The files that git knows.
    Git {
        git: Git,
        /// Where git keeps its own files.
        folder: PathBuf,
        /// What git knew when this was made.
        index: Index,
    },
}

impl Scope {
    /// Of a project that could not be read yet.
    pub(super) fn of_folder(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            cases: root.join(ProjectFile::default().cases),
            ledger: root.join(LEDGER_FILE),
            tree: Tree::None,
            inputs: Vec::new(),
            cache: environment::cache_dir().map(real),
        }
    }

    /// Of a project and its flake.
    pub(super) fn of(project: &Project, flake: &Flake) -> Self {
        let inputs = flake.overrides.iter();
        Self {
            cases: real(project.root.join(&project.file.cases)),
            ledger: real(project.ledger_file()),
            tree: project
                .flake_dir()
                .map_or(Tree::None, |dir| Tree::of(flake, dir)),
            inputs: inputs
                .filter_map(|replaced| local_folder(&replaced.reference))
                .map(|folder| real(folder.into()))
                .collect(),
            ..Self::of_folder(&project.root)
        }
    }

    /// The folders to watch, with all that is below them.
    pub(super) fn folders(&self) -> BTreeSet<PathBuf> {
        let of_tree = match &self.tree {
            Tree::None => Vec::new(),
            Tree::Folder(dir) => vec![dir.as_path()],
            Tree::Git { git, folder, .. } => vec![git.top(), folder],
        };
        let all: Vec<&Path> = [self.root.as_path(), &self.cases]
            .into_iter()
            .chain(of_tree)
            .chain(self.inputs.iter().map(PathBuf::as_path))
            .filter(|folder| folder.is_dir())
            .collect();
        let within = |folder: &Path| {
            all.iter()
                .any(|other| *other != folder && folder.starts_with(other))
        };
        all.iter()
            .filter(|folder| !within(folder))
            .map(|folder| (*folder).to_owned())
            .collect()
    }

    /// Whether a change of this file can matter.
    pub(super) fn matters(&self, path: &Path) -> bool {
        if self.cache.as_ref().is_some_and(|dir| path.starts_with(dir)) {
            return false;
        }
        self.is_asked(path)
            || self.inputs.iter().any(|dir| path.starts_with(dir))
            || match &self.tree {
                Tree::None => false,
                Tree::Folder(dir) => path.starts_with(dir),
                Tree::Git { git, folder, index } => {
                    is_of_git(path, folder)
                        || path
                            .strip_prefix(git.top())
                            .is_ok_and(|inside| index.has(inside))
                }
            }
    }

    /// The settings, the ledger and the case files.
    fn is_asked(&self, path: &Path) -> bool {
        path == self.root.join(SETTINGS_FILE)
            || path == self.ledger
            // A name without an ending may be that of a folder.
            || path.starts_with(&self.cases)
                && path.extension().is_none_or(|e| e == "yaml" || e == "yml")
    }

    /// Whether a run that is under way is most likely about what is no more.
    pub(super) fn outdates(&self, changed: &BTreeSet<PathBuf>) -> bool {
        let is_source =
            |path: &PathBuf| path.extension().is_some_and(|e| e == "nix" || e == "lock");
        changed
            .iter()
            .any(|path| is_source(path) || self.is_asked(path))
            || !self.changes_of_git(changed).is_empty()
    }

    /// What changed, in words.
    pub(super) fn names(&self, changed: &BTreeSet<PathBuf>) -> Vec<String> {
        let folder = self.git_folder();
        let mut names: BTreeSet<String> = changed
            .iter()
            .filter(|path| folder.is_none_or(|folder| !is_of_git(path, folder)))
            .map(|path| self.name(path))
            .collect();
        names.extend(self.changes_of_git(changed));
        names.into_iter().collect()
    }

    fn name(&self, path: &Path) -> String {
        let name = path.strip_prefix(&self.root).unwrap_or(path);
        name.display().to_string()
    }

    fn git_folder(&self) -> Option<&Path> {
        match &self.tree {
            Tree::Git { folder, .. } => Some(folder),
            Tree::None | Tree::Folder(_) => None,
        }
    }

    /// The files that git knows now and did not know, or the other way round.
    fn changes_of_git(&self, changed: &BTreeSet<PathBuf>) -> BTreeSet<String> {
        let Tree::Git { git, folder, index } = &self.tree else {
            return BTreeSet::new();
        };
        if !changed.iter().any(|path| is_of_git(path, folder)) {
            return BTreeSet::new();
        }
        // git writes its own files also where nothing is different.
        let Ok(now) = git.index() else {
            return ["git's list of files".to_owned()].into();
        };
        let mut names: BTreeSet<String> = now
            .names
            .symmetric_difference(&index.names)
            .map(|inside| self.name(&git.top().join(inside)))
            .collect();
        if now.head != index.head {
            names.insert("HEAD".to_owned());
        }
        names
    }
}

impl Tree {
    fn of(flake: &Flake, dir: PathBuf) -> Self {
        let git = flake
            .reference
            .starts_with("git+file:")
            .then(|| Git::find(&dir));
        let Some(git) = git.flatten() else {
            return Self::Folder(dir);
        };
        match (git.folder(), git.index()) {
            (Ok(folder), Ok(index)) => Self::Git {
                git,
                folder: real(folder),
                index,
            },
            // The run will say what is wrong with it.
            _ => Self::Folder(dir),
        }
    }
}

/// Whether this is a file of git's own that says which files it knows, or which
/// commit is checked out.
fn is_of_git(path: &Path, folder: &Path) -> bool {
    path.strip_prefix(folder).is_ok_and(|inside| {
        ["index", "HEAD", "packed-refs"]
            .map(Path::new)
            .contains(&inside)
            || inside.starts_with("refs") && inside.extension().is_none_or(|e| e != "lock")
    })
}

/// A path as events name it.
fn real(path: PathBuf) -> PathBuf {
    path.canonicalize().unwrap_or(path)
}
