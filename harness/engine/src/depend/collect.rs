//! From what a worker's log showed to what its answers depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::dependency::Dependency;
use super::leak::Leaks;
use super::listing::Kind;
use super::scan::{PathUse, Role, Uses, scan};
use super::tree::{Tree, join};
use super::world::World;
use crate::nix::read_derivation;

/// Facts about an evaluation.
#[derive(Debug)]
pub struct Collector {
    leaks: Leaks,
    evaluated: BTreeSet<String>,
    copied: BTreeSet<String>,
    /// Uses by the texts of case files; one text is asked with many times.
    asked: BTreeMap<String, Uses>,
    folders: BTreeSet<(String, String)>,
    /// Why everything counts, if something said so already.
    tree: Option<String>,
    /// Whether a file may have been copied to the store without a word in the log.
    copies_silently: bool,
}

impl Collector {
    /// For the evaluation of the flake with this file.
    pub fn new(world: &World, flake_file: &str) -> Self {
        let tree = world.tree();
        let text = tree.content(&tree.real(flake_file)).unwrap_or_default();
        Self {
            leaks: Leaks::new(tree.signs(), flake_file.to_owned(), text),
            evaluated: BTreeSet::new(),
            copied: BTreeSet::new(),
            asked: BTreeMap::new(),
            folders: BTreeSet::new(),
            tree: tree.obscured(),
            copies_silently: false,
        }
    }

    /// The log does not show each file that is copied to the store. Each that may have
    /// been counts with its content then.
    pub fn copies_are_silent(&mut self) {
        self.copies_silently = true;
    }

    /// A file of the tree was evaluated.
    pub fn evaluated(&mut self, path: &str) {
        self.evaluated.insert(path.to_owned());
    }

    /// A file or folder of the tree was copied to the store.
    pub fn copied(&mut self, path: &str) {
        self.copied.insert(path.trim_end_matches('/').to_owned());
    }

    /// A derivation was made. What it says of the tree is in its hash, and so may
    /// be in any answer.
    pub fn instantiated(&mut self, path: &str) {
        if self.tree.is_some() {
            return;
        }
        match read_derivation(|| fs::read(path)) {
            Ok(text) => {
                if let Some(what) = self.leaks.find(&text) {
                    self.tree = Some(format!("{path} holds {what}"));
                }
            }
            Err(error) => self.tree = Some(format!("{path} cannot be read: {error}")),
        }
    }

    /// An answer was given.
    pub fn answered(&mut self, answer: &[u8]) {
        if self.tree.is_none()
            && let Some(what) = self.leaks.find(answer)
        {
            self.tree = Some(format!("an answer holds {what}"));
        }
    }

    /// An evaluation ended since something is not there.
    pub fn not_found(&mut self, message: &str) {
        let line = message.lines().next().unwrap_or_default();
        self.tree
            .get_or_insert_with(|| format!("an error may be about a missing file: {line}"));
    }

    /// An expression or a module of a case file was evaluated.
    pub fn asked(&mut self, expression: &str) {
        if !self.asked.contains_key(expression) {
            let uses = scan(expression, "");
            self.asked.insert(expression.to_owned(), uses);
        }
    }

    /// An input was read from a folder that `flake.lock` does not pin.
    pub fn unlocked_folder(&mut self, input: &str, folder: &str) {
        self.folders.insert((input.to_owned(), folder.to_owned()));
    }

    /// What all that depends on, besides what every evaluation does.
    pub fn dependencies(&self, world: &World) -> BTreeSet<Dependency> {
        let folders = self.folders.iter();
        let mut out: BTreeSet<_> = folders
            .map(|(name, folder)| Dependency::Input {
                name: name.clone(),
                folder: folder.clone(),
            })
            .collect();
        let tree = world.tree();
        if !tree.is_local() {
            return out;
        }
        let mut because = self.tree.clone();
        let mut uses: Vec<PathUse> = Vec::new();
        let mut reads_computed = self.asked.values().any(|u| u.reads_computed);
        for file in &self.evaluated {
            out.insert(Dependency::Evaluated(file.clone()));
            let found = scan_file(tree, file);
            reads_computed |= found.reads_computed;
            if let Some(reason) = found.tree {
                because.get_or_insert_with(|| format!("{reason} in {file}"));
            }
            uses.extend(found.paths);
        }
        for found in self.asked.values() {
            if let Some(reason) = &found.tree {
                because.get_or_insert_with(|| format!("{reason} in a case"));
            }
        }
        for path in &self.copied {
            out.insert(Dependency::Content(path.clone()));
        }
        for path in &uses {
            self.add_use(tree, path, reads_computed, &mut out);
            if path.role == Role::Read && names_parents(tree, &path.path) {
                because.get_or_insert_with(|| format!("a text with `..` in {}", path.path));
            }
        }
        if let Some(file) = self
            .evaluated
            .iter()
            .find(|file| !is_named(tree, file, &uses))
        {
            because.get_or_insert_with(|| format!("{file} is evaluated and no file names it"));
        }
        if let Some(because) = because {
            out.insert(Dependency::Tree { because });
        }
        out
    }

    fn add_use(
        &self,
        tree: &Tree,
        path: &PathUse,
        reads_computed: bool,
        out: &mut BTreeSet<Dependency>,
    ) {
        let at = || path.path.clone();
        match (path.role, path.computed) {
            // The log has shown the file, if it came to that.
            (Role::Import, true) => {}
            (Role::Import, false) => {
                out.insert(Dependency::Kind(at()));
                if !is_nix(&path.path) {
                    out.insert(Dependency::Kind(join(&path.path, "default.nix")));
                }
                // A list of modules may belong to a derivation, which copies them.
                if self.copies_silently && !self.evaluated.contains(&path.path) {
                    out.insert(Dependency::Content(at()));
                }
            }
            (Role::List, false) => {
                out.insert(Dependency::Listing(at()));
            }
            (Role::Test, false) => {
                out.insert(Dependency::Kind(at()));
            }
            (Role::List | Role::Test, true) => {
                out.insert(Dependency::Names(at()));
            }
            (Role::Any, false) if !reads_computed => self.add_unknown(tree, &path.path, out),
            (Role::Read | Role::Any, _) => {
                out.insert(Dependency::Content(at()));
            }
        }
    }

    /// A path that goes to a place that is not known. Nix files are mostly
    /// expressions to be imported, so each counts by itself.
    fn add_unknown(&self, tree: &Tree, path: &str, out: &mut BTreeSet<Dependency>) {
        let expression =
            |path: &str| is_nix(path) && matches!(tree.kind(path), Some(Kind::File { .. }));
        if expression(path) {
            self.add_expression(path, out);
            out.insert(Dependency::Kind(path.to_owned()));
            return;
        }
        let is_folder_of_expressions =
            tree.kind(path) == Some(Kind::Folder) && tree.below(path).all(expression);
        if !is_folder_of_expressions {
            out.insert(Dependency::Content(path.to_owned()));
            return;
        }
        out.insert(Dependency::Names(path.to_owned()));
        for file in tree.below(path) {
            self.add_expression(file, out);
        }
    }

    /// A Nix file that is named and may be imported, or copied to the store. Which of
    /// the two the log has shown, unless it is silent about copies.
    fn add_expression(&self, file: &str, out: &mut BTreeSet<Dependency>) {
        if self.evaluated.contains(file) {
            return;
        }
        out.insert(if self.copies_silently {
            Dependency::Content(file.to_owned())
        } else {
            Dependency::Expression(file.to_owned())
        });
    }
}

/// Whether a file is one of Nix, by its name.
pub(crate) fn is_nix(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|e| e == "nix")
}

/// What a file uses. Nix takes relative paths from the folder by which it came to
/// the file, or where that was through a link, from the one that the link leads to.
fn scan_file(tree: &Tree, file: &str) -> Uses {
    let real = tree.real(file);
    let text = tree.content(&real).map(String::from_utf8);
    let Some(Ok(text)) = text else {
        return Uses {
            tree: Some("what is not text".to_owned()),
            ..Uses::default()
        };
    };
    let folder = |path: &str| path.rsplit_once('/').map_or("", |(f, _)| f).to_owned();
    let mut uses = scan(&text, &folder(file));
    if real != file {
        uses.paths.extend(scan(&text, &folder(&real)).paths);
    }
    uses
}

/// Whether a file that is read names a parent folder: added to a path, its text
/// can lead anywhere.
fn names_parents(tree: &Tree, path: &str) -> bool {
    let text = tree.content(&tree.real(path)).unwrap_or_default();
    ["../", "/.."]
        .iter()
        .any(|sign| memchr::memmem::find(&text, sign.as_bytes()).is_some())
}

/// Whether some file names the path by which a file was found.
fn is_named(tree: &Tree, file: &str, uses: &[PathUse]) -> bool {
    let file = tree.real(file);
    let is_flake = file == "flake.nix" || file.ends_with("/flake.nix");
    let within = |folder: &str| {
        folder.is_empty()
            || file
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    is_flake || uses.iter().any(|path| within(&tree.real(&path.path)))
}
