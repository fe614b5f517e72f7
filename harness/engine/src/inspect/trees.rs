//! Folders of a commit as folders of the machine: for inputs that a profile replaces
//! by a folder of the repository, which at a commit are as they were then.
//!
//! `git+file:…?rev=…&dir=…` would name them too, but would put the whole repository
//! into the store as the input: a `path:` of the folder alone has the store path that
//! the folder of the work tree has, so that what did not change compares as the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::cache::{KEEP, TREES};
use crate::depend::Git;
use crate::environment;

/// Where folders of commits are laid out.
#[derive(Clone, Debug)]
pub(super) struct Trees {
    dir: PathBuf,
    /// Removes them at the end, where nothing is kept.
    _temporary: Option<Arc<TempDir>>,
}

impl Trees {
    /// In the cache, where they are found again by what they hold; in a temporary
    /// folder where there is no cache.
    pub(super) fn new() -> io::Result<Self> {
        if let Some(cache) = environment::cache_dir() {
            let dir = cache.join(TREES);
            fs::create_dir_all(&dir)?;
            remove_unused(&dir);
            return Ok(Self {
                dir: dir.canonicalize()?,
                _temporary: None,
            });
        }
        let temporary = tempfile::Builder::new().prefix("nix-parity-").tempdir()?;
        Ok(Self {
            dir: temporary.path().canonicalize()?,
            _temporary: Some(Arc::new(temporary)),
        })
    }

    /// A folder of a commit, whole or not there at all.
    pub(super) fn folder(&self, git: &Git, commit: &str, path: &str) -> io::Result<PathBuf> {
        let object = git.folder_at(commit, path)?;
        let target = self.dir.join(&object);
        if !target.is_dir() {
            let unfinished = tempfile::Builder::new().tempdir_in(&self.dir)?;
            let whole = unfinished.path().join("tree");
            fs::create_dir(&whole)?;
            git.write_folder(&object, &whole)?;
            match fs::rename(&whole, &target) {
                // Another process was faster; what it wrote is the same.
                Err(_) if target.is_dir() => {}
                done => done?,
            }
        }
        // Marks it as used; not being able to costs time only.
        let _ = fs::File::open(&target).and_then(|dir| dir.set_modified(SystemTime::now()));
        Ok(target)
    }
}

/// Removes what has not been used for as long as observations are kept.
fn remove_unused(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let used = entry.metadata().and_then(|m| m.modified());
        if used.is_ok_and(|used| used.elapsed().is_ok_and(|age| age > KEEP)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// The path of a folder below another one, with slashes between its parts.
pub(super) fn below(folder: &Path, top: &Path) -> Option<String> {
    folder.strip_prefix(top).ok()?.to_str().map(str::to_owned)
}
