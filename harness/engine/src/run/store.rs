//! The cache of a run: which folder, and under which key.

use std::path::Path;

use crate::cache::{Cache, Key};
use crate::environment;
use crate::nix::{Flake, Nix};

/// Where observations are kept, and under which key.
pub(super) struct Store {
    pub(super) cache: Cache,
    key: Key,
    /// The key is what another process of the same run of nextest found.
    assumed: bool,
}

/// What a key is made of.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) flake: &'a Flake,
    pub(super) dir: Option<&'a Path>,
    pub(super) nix: Option<&'a Path>,
    /// The run of many processes that this one is part of.
    pub(super) run: Option<&'a str>,
}

impl Store {
    /// Opens the cache. Without a key or a folder there is no caching, and the
    /// run goes on; a missing Nix is told when one is needed.
    ///
    /// A run of nextest is about one state of the tree: its first process digests
    /// the tree, the others take the key from it.
    pub(super) fn open(subject: Subject<'_>) -> Option<Self> {
        let cache = Cache::open(&environment::cache_dir()?).ok()?;
        let program = Nix::locate(subject.nix).ok()?;
        let run = subject
            .run
            .map(|run| Key::of_run(run, subject.flake, subject.dir, &program));
        let shared = run.as_ref().and_then(|run| cache.read_note(run));
        if let Some(key) = shared.as_deref().and_then(Key::parse) {
            return Some(Self {
                cache,
                key,
                assumed: true,
            });
        }
        let key = Key::of_flake(subject.flake, subject.dir, &program).ok()?;
        if let Some(run) = run {
            // Not being able to share it costs time only.
            let _ = cache.write_note(&run, &key.to_string());
        }
        Some(Self {
            cache,
            key,
            assumed: false,
        })
    }

    /// The key of a host, to read with.
    pub(super) fn host_key(&self, host: &str) -> Key {
        self.key.of_host(host)
    }

    /// The key of a host, to add answers with: what is evaluated now is of the
    /// tree as it is now.
    pub(super) fn current_host_key(&self, host: &str, subject: Subject<'_>) -> Option<Key> {
        if !self.assumed {
            return Some(self.host_key(host));
        }
        let program = Nix::locate(subject.nix).ok()?;
        let key = Key::of_flake(subject.flake, subject.dir, &program).ok()?;
        Some(key.of_host(host))
    }
}
