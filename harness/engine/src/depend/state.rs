//! The state of what is depended on: two evaluations whose dependencies are in the
//! same states come out the same.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::UNIX_EPOCH;

use super::claim::Claim;
use super::dependency::Dependency;
use super::listing::Kind;
use super::tree::{Place, Tree, join};
use crate::environment;

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

/// How the world is against what a trace says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it says.
    Holds,
    /// This is not as it was.
    Differs(Arc<Dependency>),
    /// What it says cannot be read.
    Unreadable,
}

/// Everything that evaluations can depend on, at one point in time.
#[derive(Debug)]
pub struct World {
    tree: Tree,
    nix: PathBuf,
    states: Mutex<HashMap<Dependency, Option<State>>>,
    /// What lines of traces said.
    standings: Mutex<HashMap<Box<[u8]>, Standing>>,
    version: OnceLock<Option<String>>,
}

impl World {
    /// The world with this tree, in which this program evaluates.
    pub fn new(tree: Tree, nix: PathBuf) -> Self {
        Self {
            tree,
            nix,
            states: Mutex::default(),
            standings: Mutex::default(),
            version: OnceLock::new(),
        }
    }

    /// The tree of the flake.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// The state of something; `None` where it cannot be found out, which is the
    /// same as no other state.
    pub fn state(&self, dependency: &Dependency) -> Option<State> {
        let known = |states: &HashMap<_, _>| states.get(dependency).cloned();
        let lock = || self.states.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(state) = known(&lock()) {
            return state;
        }
        let state = self.look(dependency);
        lock().insert(dependency.clone(), state.clone());
        state
    }

    /// Whether the world is as a line of a trace says.
    pub fn standing(&self, line: &[u8]) -> Standing {
        let lock = || {
            self.standings
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some(standing) = lock().get(line) {
            return standing.clone();
        }
        let standing = match Claim::read(line) {
            None => Standing::Unreadable,
            Some(claim) if self.state(&claim.dependency).as_ref() == Some(&claim.state) => {
                Standing::Holds
            }
            Some(claim) => Standing::Differs(Arc::new(claim.dependency)),
        };
        lock().insert(line.into(), standing.clone());
        standing
    }

    /// Looks now at what would otherwise be looked at when it is first asked for,
    /// so that a later change of it cannot pass for the state of before.
    pub fn fix<'d>(&self, dependencies: impl IntoIterator<Item = &'d Dependency>) {
        self.version();
        for dependency in dependencies {
            self.state(dependency);
        }
    }

    fn version(&self) -> Option<&String> {
        self.version.get_or_init(|| self.tree.version()).as_ref()
    }

    fn look(&self, dependency: &Dependency) -> Option<State> {
        let mut digest = Digest::default();
        let mut looker = Looker {
            tree: &self.tree,
            digest: &mut digest,
            seen: BTreeSet::new(),
        };
        match dependency {
            Dependency::Nix => program(&self.nix, &mut digest)?,
            Dependency::Settings => {
                for part in environment::nix_settings() {
                    digest.add(&part);
                }
            }
            Dependency::Input { folder, .. } => {
                let folder = Path::new(folder);
                if !self.tree.has_folder_as_on_disk(folder) {
                    return None;
                }
                folder_state(folder, &mut digest)?;
            }
            Dependency::Evaluated(path)
            | Dependency::Content(path)
            | Dependency::Expression(path) => looker.content(path),
            Dependency::Listing(path) => looker.listing(path),
            Dependency::Names(path) => looker.names(path),
            Dependency::Kind(path) => looker.kind(path),
            Dependency::Tree { .. } => {
                looker.content("");
                digest.add(self.version()?.as_bytes());
            }
        }
        Some(digest.finish())
    }
}

#[derive(Default)]
struct Digest(blake3::Hasher);

impl Digest {
    fn add(&mut self, part: &[u8]) {
        self.0.update(&(part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    fn finish(&self) -> State {
        State(self.0.finalize().to_hex()[..DIGITS].to_owned())
    }
}

struct Looker<'a> {
    tree: &'a Tree,
    digest: &'a mut Digest,
    /// Folders whose content is counted already: links can lead in circles.
    seen: BTreeSet<String>,
}

impl Looker<'_> {
    fn add(&mut self, what: &str, path: &str) {
        self.digest.add(what.as_bytes());
        self.digest.add(path.as_bytes());
    }

    /// Follows a path. Each link on the way counts.
    fn follow(&mut self, path: &str) -> Place {
        let digest = &mut *self.digest;
        self.tree.follow(path, |link, target| {
            digest.add(b"link");
            digest.add(link.as_bytes());
            digest.add(target);
        })
    }

    fn content(&mut self, path: &str) {
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
        match self.tree.content(path) {
            Some(content) => self.digest.add(&content),
            None => self.add("unreadable", path),
        }
    }

    fn below(&mut self, folder: &str) {
        if !self.seen.insert(folder.to_owned()) {
            return;
        }
        self.add("folder", folder);
        for path in self.tree.below(folder) {
            if self.tree.kind(path) == Some(Kind::Link) {
                self.add("entry", path);
                self.content(path);
            } else {
                self.file(path);
            }
        }
    }

    fn kind(&mut self, path: &str) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let Place::Folder(folder) = self.follow(folder) else {
            return self.add("nothing", path);
        };
        let path = join(&folder, name);
        self.own_kind(&path);
        if self.tree.kind(&path) == Some(Kind::Link) {
            match self.follow(&path) {
                Place::File(file) => self.own_kind(&file),
                Place::Folder(folder) => self.add("folder", &folder),
                Place::Nothing => self.add("nothing", &path),
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
    }

    fn listing(&mut self, path: &str) {
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
        for name in names {
            self.own_kind(&name);
        }
    }

    fn names(&mut self, path: &str) {
        let Place::Folder(folder) = self.follow(path) else {
            return self.kind(path);
        };
        if !self.seen.insert(folder.clone()) {
            return;
        }
        self.add("folder", &folder);
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
fn folder_state(dir: &Path, digest: &mut Digest) -> Option<()> {
    let tree = Tree::of_folder(dir).ok()?;
    digest.add(tree.version()?.as_bytes());
    let mut looker = Looker {
        tree: &tree,
        digest,
        seen: BTreeSet::new(),
    };
    looker.content("");
    Some(())
}

/// A program is the same while its path, size and time of change are. Asking it
/// for its version would start a process.
fn program(path: &Path, digest: &mut Digest) -> Option<()> {
    let real = fs::canonicalize(path).ok()?;
    let meta = real.metadata().ok()?;
    let changed = meta.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    digest.add(real.as_os_str().as_encoded_bytes());
    digest.add(&meta.len().to_le_bytes());
    digest.add(&changed.as_nanos().to_le_bytes());
    Some(())
}
