//! The cache of a run: what is known of a host in the world as it is now.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::elsewhere::Evaluated;
use crate::cache::{Cache, Findings, Key, Shelf, Stored};
use crate::depend::{Dependency, Git, Standing, Tree, World, git_toplevel};
use crate::environment;
use crate::nix::{Flake, Nix};

/// Where observations are kept, and the world that they are about.
pub(super) struct Store {
    pub(super) cache: Cache,
    key: Key,
    subject: Subject,
    /// As it was when this was first asked for.
    world: OnceLock<Option<World>>,
    /// Which files are evaluated for which hosts, likewise.
    pub(super) evaluated: Evaluated,
    /// Whether an evaluation found something under another spelling than its own.
    is_misspelt: AtomicBool,
}

/// What observations are about.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    pub(super) flake: Flake,
    /// The local folder of the flake.
    pub(super) dir: Option<PathBuf>,
    /// The program that evaluates.
    pub(super) nix: PathBuf,
    /// The run of many processes that this one is part of.
    pub(super) run: Option<String>,
}

/// What is known of a host.
pub(super) enum Found {
    /// A trace that holds.
    Trace {
        /// Its file.
        path: PathBuf,
        /// What it depends on, among others.
        stored: Stored,
        /// What was found.
        findings: Findings,
    },
    /// No trace holds.
    Nothing(Why),
}

/// Why a host has to be evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There is no trace.
    NotRecorded,
    /// The last trace does not hold, since this is not what it was.
    Changed(Arc<Dependency>),
    /// The tree cannot be looked at, or holds what git does not list.
    Unreadable,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRecorded => f.write_str("nothing is known of it"),
            Self::Changed(dependency) => write!(f, "changed: {dependency}"),
            Self::Unreadable => f.write_str("which files the flake has cannot be told"),
        }
    }
}

impl Subject {
    /// The world as it is now.
    pub(super) fn world(&self) -> Option<World> {
        let tree = match &self.dir {
            Some(dir) => Tree::of_flake(&self.flake.reference, dir).ok()?,
            None => Tree::elsewhere(),
        };
        if tree.may_take_submodules(&self.in_flake("flake.nix")) {
            return None;
        }
        Some(World::new(tree, self.nix.clone()))
    }

    /// The world with the tree of a commit.
    pub(super) fn world_at(&self, commit: &str) -> Option<World> {
        let git = Git::find(self.dir.as_deref()?)?;
        Some(World::new(
            Tree::of_commit(git, commit).ok()?,
            self.nix.clone(),
        ))
    }

    /// The folder of the flake in its tree.
    pub(super) fn flake_folder(&self) -> String {
        let inside = self
            .dir
            .as_deref()
            .filter(|_| self.flake.reference.starts_with("git+file:"))
            .and_then(|dir| {
                Some(
                    dir.strip_prefix(git_toplevel(dir)?)
                        .ok()?
                        .to_str()?
                        .to_owned(),
                )
            });
        inside.unwrap_or_default()
    }

    /// A file of the flake, from the top of its tree.
    pub(super) fn in_flake(&self, file: &str) -> String {
        let folder = self.flake_folder();
        let slash = if folder.is_empty() { "" } else { "/" };
        format!("{folder}{slash}{file}")
    }

    /// What every evaluation depends on.
    pub(super) fn ground(&self) -> BTreeSet<Dependency> {
        let replaced = self.flake.overrides.iter().filter_map(|replaced| {
            let folder = local_folder(&replaced.reference)?;
            Some(Dependency::Input {
                name: replaced.input.clone(),
                folder,
            })
        });
        let mut out: BTreeSet<_> = [Dependency::Nix, Dependency::Settings]
            .into_iter()
            .chain(replaced)
            .collect();
        if self.dir.is_some() {
            out.insert(Dependency::Content(self.in_flake("flake.lock")));
        }
        out
    }

    /// A reference whose content can change without a file of this machine.
    pub(super) fn unpinned(&self) -> Option<&str> {
        let flake = Some(self.flake.reference.as_str()).filter(|_| self.dir.is_none());
        let inputs = self.flake.overrides.iter().map(|r| r.reference.as_str());
        flake
            .into_iter()
            .chain(inputs.filter(|r| !r.starts_with("path:")))
            .find(|reference| !is_pinned(reference))
    }
}

impl Store {
    /// Opens the cache. Without a folder for it, or where the flake is not pinned,
    /// there is no caching, and the run goes on; a missing Nix is told when one is
    /// needed.
    ///
    /// # Errors
    /// Why there is no caching.
    pub(super) fn open(
        flake: &Flake,
        dir: Option<&Path>,
        nix: Option<&Path>,
        run: Option<&str>,
    ) -> Result<Self, String> {
        let folder = environment::cache_dir().ok_or("the cache is turned off")?;
        let cache = Cache::open(&folder)
            .map_err(|e| format!("the cache in {} cannot be used: {e}", folder.display()))?;
        let subject = Subject {
            flake: flake.clone(),
            dir: dir.map(Path::to_owned),
            nix: Nix::locate(nix).map_err(|e| e.to_string())?,
            run: run.map(str::to_owned),
        };
        if let Some(reference) = subject.unpinned() {
            return Err(format!("`{reference}` is not pinned"));
        }
        Ok(Self {
            cache,
            key: Key::of_flake(flake),
            subject,
            world: OnceLock::new(),
            evaluated: Evaluated::default(),
            is_misspelt: AtomicBool::new(false),
        })
    }

    /// What observations are about.
    pub(super) fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What is kept of a host.
    pub(super) fn shelf(&self, host: &str) -> Shelf {
        self.cache.shelf(&self.key, host)
    }

    /// The world as it was when it was first asked for.
    pub(super) fn world(&self) -> Option<&World> {
        self.world.get_or_init(|| self.subject.world()).as_ref()
    }

    /// Takes notice that an evaluation found something under another spelling.
    pub(super) fn found_misspelt(&self) {
        self.is_misspelt.store(true, Ordering::Relaxed);
    }

    /// What to say of names that are right on one kind of disk only.
    pub(super) fn unportable(&self) -> Vec<String> {
        let evaluated = self.is_misspelt.load(Ordering::Relaxed);
        let of = |world: &World| world.unportable(evaluated || world.is_misspelt());
        self.world().map(of).unwrap_or_default()
    }

    /// What is known of a host. All processes of a run of nextest take the trace
    /// that the first of them found: a run is about one state of the tree.
    pub(super) fn find(&self, host: &str) -> Found {
        if let Some(path) = self.shared(host)
            && let Some(stored) = Stored::open(&path)
            && let Some(findings) = stored.findings()
        {
            return Found::Trace {
                path,
                stored,
                findings,
            };
        }
        let Some(world) = self.world() else {
            return Found::Nothing(Why::Unreadable);
        };
        let found = find_in(&self.shelf(host), world, &self.evaluated);
        if let Found::Trace { path, .. } = &found {
            self.share(host, path);
        }
        found
    }

    fn run_key(&self, host: &str) -> Option<Key> {
        let subject = &self.subject;
        let run = subject.run.as_deref()?;
        Some(Key::of_run(
            run,
            &subject.flake,
            subject.dir.as_deref(),
            host,
        ))
    }

    fn shared(&self, host: &str) -> Option<PathBuf> {
        let name = self.cache.read_note(&self.run_key(host)?)?;
        self.shelf(host).named(&name)
    }

    /// Tells the other processes of a run of nextest which trace holds.
    pub(super) fn share(&self, host: &str, path: &Path) {
        if let Some(key) = self.run_key(host)
            && let Some(name) = path.file_name().and_then(|n| n.to_str())
        {
            // Not being able to costs time only.
            let _ = self.cache.write_note(&key, name);
        }
    }
}

/// The first trace on a shelf that holds in a world.
pub(super) fn find_in(shelf: &Shelf, world: &World, evaluated: &Evaluated) -> Found {
    let mut why = None;
    for path in shelf.traces() {
        let Some(stored) = Stored::open(&path) else {
            continue;
        };
        match standing(&stored, world, shelf, evaluated) {
            Standing::Unreadable => {}
            Standing::Differs(dependency) => {
                why.get_or_insert(dependency);
            }
            Standing::Holds => {
                if let Some(findings) = stored.findings() {
                    Shelf::touch(&path);
                    return Found::Trace {
                        path,
                        stored,
                        findings,
                    };
                }
            }
        }
    }
    Found::Nothing(why.map_or(Why::NotRecorded, Why::Changed))
}

/// Whether all is as it was that a trace depends on, or of no effect on this host.
pub(super) fn standing(
    stored: &Stored,
    world: &World,
    shelf: &Shelf,
    evaluated: &Evaluated,
) -> Standing {
    let Some(mut claims) = stored.claims() else {
        return Standing::Unreadable;
    };
    let unfit = claims.find_map(|line| match world.standing(line) {
        Standing::Holds => None,
        Standing::Differs(dependency) => match &*dependency {
            Dependency::Expression(path) if evaluated.elsewhere(path, shelf) => None,
            _ => Some(Standing::Differs(dependency)),
        },
        Standing::Unreadable => Some(Standing::Unreadable),
    });
    unfit.unwrap_or(Standing::Holds)
}

/// The folder of a `path:` reference that is not in the store.
pub(crate) fn local_folder(reference: &str) -> Option<String> {
    let path = reference.strip_prefix("path:")?;
    let path = unescape(path.split('?').next().unwrap_or(path));
    (!path.starts_with("/nix/store/")).then_some(path)
}

/// A reference that names its content: by hash or by revision.
fn is_pinned(reference: &str) -> bool {
    let revision = |part: &str| part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit());
    reference.contains("narHash=")
        || reference.starts_with("/nix/store/")
        || reference.split(['/', '=', '?', '&']).any(revision)
}

fn unescape(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = (bytes[i] == b'%')
            .then(|| path.get(i + 1..i + 3))
            .flatten()
            .and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(hex.unwrap_or(bytes[i]));
        i += if hex.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::{is_pinned, unescape};

    #[test]
    fn only_references_that_name_their_content_are_pinned() {
        assert!(is_pinned(
            "github:NixOS/nixpkgs/46db2e09e1d3f113a13c0d7b81e2f221c63b8ce9"
        ));
        assert!(is_pinned(
            "github:NixOS/nixpkgs?rev=46db2e09e1d3f113a13c0d7b81e2f221c63b8ce9"
        ));
        assert!(is_pinned("tarball+file:///x.tar.gz?narHash=sha256-x"));
        assert!(!is_pinned("github:NixOS/nixpkgs"));
        assert!(!is_pinned("nixpkgs"));
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape("/a%20b/%c3%a9%zz%"), "/a b/é%zz%");
    }
}
