//! Everything that evaluations can depend on, and how it is against what is known of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::claim::Claim;
use super::dependency::Dependency;
use super::state::{Digest, Looker, State, folder_state, program};
use super::tree::Tree;
use crate::environment;

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
    /// Whether something was found under another spelling than its own.
    is_misspelt: AtomicBool,
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
            is_misspelt: AtomicBool::new(false),
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

    /// Whether something that was looked at was found under another spelling than its own.
    pub(crate) fn is_misspelt(&self) -> bool {
        self.is_misspelt.load(Ordering::Relaxed)
    }

    /// What to say of names that are right on one kind of disk only. Which paths are written
    /// otherwise than the files are called is looked for where `any_is_misspelt`.
    pub(crate) fn unportable(&self, any_is_misspelt: bool) -> Vec<String> {
        let paths = any_is_misspelt.then(|| self.tree.misspelt_paths());
        let paths = paths.into_iter().flatten().map(|path| path.to_string());
        self.tree.meeting_names().into_iter().chain(paths).collect()
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
            | Dependency::Expression(path) => {
                self.look_at(&mut digest, |looker| looker.content(path))?;
            }
            Dependency::Listing(path) => {
                self.look_at(&mut digest, |looker| looker.listing(path))?;
            }
            Dependency::Names(path) => self.look_at(&mut digest, |looker| looker.names(path))?,
            Dependency::Kind(path) => self.look_at(&mut digest, |looker| looker.kind(path))?,
            Dependency::Tree { .. } => {
                self.look_at(&mut digest, |looker| looker.content(""))?;
                digest.add(self.version()?.as_bytes());
            }
        }
        Some(digest.finish())
    }

    fn look_at(&self, digest: &mut Digest, look: impl FnOnce(&mut Looker<'_>)) -> Option<()> {
        let mut looker = Looker::new(&self.tree, digest);
        look(&mut looker);
        if looker.is_misspelt() {
            self.is_misspelt.store(true, Ordering::Relaxed);
        }
        looker.end()
    }
}
