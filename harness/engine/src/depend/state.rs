//! The state of what is depended on: two evaluations whose dependencies are in the
//! same states come out the same.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::follow::{Met, Place};
use super::listing::Kind;
use super::tree::{Record, Tree, join};

/// A digest of what something is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(String);

/// The hexadecimal digits of one.
const DIGITS: usize = 32;

impl State {
    /// Reads what [`fmt::Display`] writes.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let is_one = text.len() == DIGITS && text.iter().all(is_digit);
        is_one.then(|| Self(String::from_utf8_lossy(text).into_owned()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Default)]
pub(super) struct Digest(blake3::Hasher);

impl Digest {
    pub(super) fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    pub(super) fn finish(&self) -> State {
        State(self.0.finalize().to_hex()[..DIGITS].to_owned())
    }
}

/// Looks at files of a tree for a digest.
pub(super) struct Looker<'a> {
    tree: &'a Tree,
    digest: &'a mut Digest,
    /// Folders whose content is counted already: links can lead in circles.
    seen: BTreeSet<String>,
    /// Likewise what some disk takes for something else that was asked for.
    beside: BTreeSet<String>,
    /// Whether something cannot be found out.
    is_unknown: bool,
    /// Whether something was found under another spelling than its own.
    is_misspelt: bool,
}

impl<'a> Looker<'a> {
    pub(super) fn new(tree: &'a Tree, digest: &'a mut Digest) -> Self {
        Self {
            tree,
            digest,
            seen: BTreeSet::new(),
            beside: BTreeSet::new(),
            is_unknown: false,
            is_misspelt: false,
        }
    }

    pub(super) fn is_misspelt(&self) -> bool {
        self.is_misspelt
    }

    /// Nothing where something could not be found out.
    pub(super) fn end(self) -> Option<()> {
        (!self.is_unknown).then_some(())
    }

    fn add(&mut self, what: &str, path: &str) {
        self.digest.add(what.as_bytes());
        self.digest.add(path.as_bytes());
    }

    /// Follows a path. All that is met on the way counts.
    fn follow(&mut self, path: &str) -> Place {
        let mut others = Vec::new();
        let mut links = Vec::new();
        let digest = &mut *self.digest;
        let mut is_spelt = false;
        let mut is_unknown = false;
        let place = self.tree.follow(path, |met| {
            is_spelt |= add_met(digest, met);
            match met {
                Met::Spelling {
                    called,
                    taken: false,
                    ..
                } => others.push(called.to_owned()),
                Met::Link { path, target } => links.push((path.to_owned(), target.to_owned())),
                Met::NameOnDisk => is_unknown = true,
                Met::Spelling { .. } => {}
            }
        });
        self.is_unknown |= is_unknown;
        for (link, target) in links {
            self.record(&link, Some(&target));
        }
        if is_spelt {
            self.is_misspelt = true;
            self.changes();
        }
        for other in others {
            if self.beside.insert(other.clone()) {
                self.content(&other);
            }
        }
        place
    }

    pub(super) fn content(&mut self, path: &str) {
        match self.follow(path) {
            Place::Nothing => self.add("nothing", path),
            Place::File(file) => self.file(&file),
            Place::Folder(folder) => self.below(&folder),
        }
    }

    fn file(&mut self, path: &str) {
        let kind = match self.tree.kind(path) {
            Some(Kind::File { executable: true }) => "executable",
            _ => "file",
        };
        self.add(kind, path);
        let on_disk = self.tree.is_on_disk(path) || !self.tree.is_work_tree();
        let content = on_disk.then(|| self.tree.content(path)).flatten();
        match &content {
            Some(content) => self.digest.add(content),
            None => self.add("unreadable", path),
        }
        self.record(path, content.as_deref());
    }

    /// A file that Nix may see as git has recorded it, and not as it is on disk, is in no
    /// state: which of both it sees depends on more than the tree.
    fn record(&mut self, path: &str, content: Option<&[u8]>) {
        self.is_unknown |= self.tree.record(path, content) == Record::Unknown;
    }

    /// Whether git takes the tree for changed: it decides whether Nix looks a name up on
    /// the disk or in what git has recorded.
    fn changes(&mut self) {
        if !self.tree.is_work_tree() {
            return;
        }
        match self.tree.changes() {
            None => self.is_unknown = true,
            Some(changes) => {
                let words = [!changes.files.is_empty(), changes.of_submodules];
                self.digest.add(&words.map(u8::from));
            }
        }
    }

    fn below(&mut self, folder: &str) {
        if !self.seen.insert(folder.to_owned()) {
            return;
        }
        self.add("folder", folder);
        self.names_on_disk(folder);
        for path in self.tree.below(folder) {
            if self.tree.kind(path) == Some(Kind::Link) {
                self.add("entry", path);
                self.content(path);
            } else {
                self.file(path);
            }
        }
    }

    /// What the disk calls otherwise than git does: a list of names may hold either.
    fn names_on_disk(&mut self, folder: &str) {
        self.is_unknown |= self.tree.has_other_names_below(folder);
    }

    pub(super) fn kind(&mut self, path: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Place::Folder(folder) = self.follow(folder) else {
            return self.add("nothing", path);
        };
        let mut others = Vec::new();
        let digest = &mut *self.digest;
        let mut is_spelt = false;
        let mut is_unknown = false;
        let path = self.tree.entry(&join(&folder, name), |met| {
            is_spelt |= add_met(digest, met);
            match met {
                Met::Spelling { called, .. } => others.push(called.to_owned()),
                Met::NameOnDisk => is_unknown = true,
                Met::Link { .. } => {}
            }
        });
        self.is_unknown |= is_unknown;
        if is_spelt {
            self.is_misspelt = true;
            self.changes();
        }
        self.kind_of_entry(&path);
        for other in others.iter().filter(|other| **other != path) {
            self.kind_of_entry(other);
        }
    }

    fn kind_of_entry(&mut self, path: &str) {
        self.own_kind(path);
        if self.tree.kind(path) == Some(Kind::Link) {
            match self.follow(path) {
                Place::File(file) => self.own_kind(&file),
                Place::Folder(folder) => self.add("folder", &folder),
                Place::Nothing => self.add("nothing", path),
            }
        }
    }

    /// What a name itself stands for.
    fn own_kind(&mut self, path: &str) {
        let kind = match self.tree.kind(path) {
            None => "nothing",
            Some(Kind::File { .. }) => "file",
            Some(Kind::Link) => "link",
            Some(Kind::Folder) => "folder",
        };
        self.add(kind, path);
        // Of a file that both are, the content need not be looked at.
        let may_differ = self.tree.is_of_other_kind(path) || !self.tree.is_on_disk(path);
        if may_differ || kind == "folder" {
            self.record(path, None);
        }
    }

    pub(super) fn listing(&mut self, path: &str) {
        let Place::Folder(folder) = self.follow(path) else {
            return self.add("nothing", path);
        };
        let start = if folder.is_empty() {
            0
        } else {
            folder.len() + 1
        };
        let names: BTreeSet<String> = self
            .tree
            .below(&folder)
            .filter_map(|path| path.get(start..)?.split('/').next())
            .map(|name| join(&folder, name))
            .collect();
        self.add("folder", &folder);
        self.names_on_disk(&folder);
        for name in names {
            self.own_kind(&name);
        }
    }

    pub(super) fn names(&mut self, path: &str) {
        let Place::Folder(folder) = self.follow(path) else {
            return self.kind(path);
        };
        if !self.seen.insert(folder.clone()) {
            return;
        }
        self.add("folder", &folder);
        self.names_on_disk(&folder);
        for path in self.tree.below(&folder) {
            self.own_kind(path);
            if self.tree.kind(path) == Some(Kind::Link) {
                self.names(path);
            }
        }
    }
}

/// A folder that takes the place of an input: all files, and the newest time of
/// change, which the input's own code can ask for.
pub(super) fn folder_state(dir: &Path, digest: &mut Digest) -> Option<()> {
    let tree = Tree::of_folder(dir).ok()?;
    digest.add(tree.version()?.as_bytes());
    let mut looker = Looker::new(&tree, digest);
    looker.content("");
    looker.end()
}

/// Adds what was met on the way; whether it was found under another name.
fn add_met(digest: &mut Digest, met: Met<'_>) -> bool {
    let (what, first, second) = match met {
        Met::Link { path, target } => ("link", path, target),
        Met::Spelling {
            asked,
            called,
            taken: true,
        } => ("called", asked, called.as_bytes()),
        Met::Spelling { asked, called, .. } => ("beside", asked, called.as_bytes()),
        Met::NameOnDisk => return false,
    };
    digest.add(what.as_bytes());
    digest.add(first.as_bytes());
    digest.add(second);
    !matches!(met, Met::Link { .. })
}

/// A program is the same while its path, size and time of change are. Asking it
/// for its version would start a process.
pub(super) fn program(path: &Path, digest: &mut Digest) -> Option<()> {
    let real = fs::canonicalize(path).ok()?;
    let meta = real.metadata().ok()?;
    let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    digest.add(real.as_os_str().as_encoded_bytes());
    digest.add(&meta.len().to_le_bytes());
    digest.add(&changed.as_nanos().to_le_bytes());
    Some(())
}
