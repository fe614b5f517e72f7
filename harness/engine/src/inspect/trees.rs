//! Folders of a commit as folders of the machine: for inputs that a profile replaces
//! by a folder of the repository, which at a commit are as they were then.
//!
//! `git+file:…?rev=…&dir=…` would name them too, but would put the whole repository
//! into the store as the input: a `path:` of the folder alone has the store path that
//! the folder of the work tree has, so that what did not change compares as the same.
//!
//! What is laid out is kept with a digest of all of it: a disk loses parts of folders that
//! nobody looks into, and what Nix evaluates then is no commit.

use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::cache::{KEEP, TREES, sum};
use crate::depend::Git;
use crate::environment;
use crate::whole_file;

/// The folder itself, in what is kept of it.
const TREE: &str = "tree";
/// The digest of that.
const DIGEST: &str = "digest";

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

    /// A folder of a commit by its object, whole or not there at all.
    pub(super) fn folder(&self, git: &Git, object: &str) -> io::Result<PathBuf> {
        let target = self.dir.join(object);
        if !is_whole(&target) {
            let (unfinished, _lock) = self.unfinished()?;
            let tree = unfinished.path().join(TREE);
            fs::create_dir(&tree)?;
            git.write_folder(object, &tree)?;
            sum::write(&unfinished.path().join(DIGEST), digest(&tree)?.as_bytes())?;
            // Of what is damaged nothing is of use.
            let _ = fs::remove_dir_all(&target);
            match fs::rename(unfinished.path(), &target) {
                // Another process was faster; what it wrote is the same.
                Err(_) if is_whole(&target) => {}
                done => done?,
            }
        }
        // Marks it as used; not being able to costs time only.
        let _ = File::open(&target).and_then(|dir| dir.set_modified(SystemTime::now()));
        Ok(target.join(TREE))
    }

    /// A folder that is locked for as long as somebody writes into it.
    fn unfinished(&self) -> io::Result<(TempDir, File)> {
        loop {
            let folder = whole_file::part_name().tempdir_in(&self.dir)?;
            let opened = File::open(folder.path());
            // Where folders cannot be locked, nobody can take one for left.
            let _ = opened.as_ref().map(File::lock);
            // Another process may have been faster than the lock.
            match opened {
                Ok(lock) if lock.metadata()?.nlink() > 0 => return Ok((folder, lock)),
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
    }
}

/// Whether what is kept is what was laid out.
fn is_whole(kept: &Path) -> bool {
    let noted = fs::read(kept.join(DIGEST)).unwrap_or_default();
    let noted = sum::body(&noted);
    noted.is_some_and(|noted| digest(&kept.join(TREE)).is_ok_and(|now| now.as_bytes() == noted))
}

/// A digest of all that is in a folder, as Nix sees it.
fn digest(folder: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        let meta = path.symlink_metadata()?;
        let (kind, content) = if meta.is_dir() {
            let mut inside = Vec::new();
            for entry in fs::read_dir(&path)? {
                inside.push(entry?.path());
            }
            inside.sort();
            left.extend(inside);
            ("folder", Vec::new())
        } else if meta.is_symlink() {
            let to = fs::read_link(&path)?;
            ("link", to.as_os_str().as_bytes().to_vec())
        } else if meta.permissions().mode() & 0o100 != 0 {
            ("program", fs::read(&path)?)
        } else {
            ("file", fs::read(&path)?)
        };
        let name = path.strip_prefix(folder).unwrap_or(&path).as_os_str();
        for part in [name.as_bytes(), kind.as_bytes(), &content] {
            hasher.update(&part.len().to_le_bytes());
            hasher.update(part);
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// Removes what has not been used for as long as observations are kept, and what a program
/// that was killed did not finish.
fn remove_unused(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let is_left = || File::open(entry.path()).is_ok_and(|folder| folder.try_lock().is_ok());
        if entry.file_name().to_str().is_some_and(whole_file::is_part) && is_left() {
            let _ = fs::remove_dir_all(entry.path());
            continue;
        }
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

#[cfg(test)]
mod tests {
    use super::{DIGEST, TREE, digest, is_whole, sum};
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn any_damage_of_what_is_kept_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let kept = dir.path();
        let at = |name: &str| kept.join(TREE).join(name);
        assert!(!is_whole(kept));
        fs::create_dir_all(at("b")).unwrap();
        fs::write(at("a"), "text").unwrap();
        symlink("a", at("b/link")).unwrap();
        let noted = digest(&kept.join(TREE)).unwrap();
        sum::write(&kept.join(DIGEST), noted.as_bytes()).unwrap();
        assert!(is_whole(kept));
        let differs = |what: &str| {
            assert!(!is_whole(kept), "{what}");
        };
        fs::write(at("a"), "texu").unwrap();
        differs("a byte");
        fs::write(at("a"), "text").unwrap();
        fs::write(at("b/more"), "").unwrap();
        differs("a file more");
        fs::remove_file(at("b/more")).unwrap();
        fs::set_permissions(at("a"), fs::Permissions::from_mode(0o755)).unwrap();
        differs("a mode");
        fs::set_permissions(at("a"), fs::Permissions::from_mode(0o644)).unwrap();
        fs::remove_file(at("b/link")).unwrap();
        differs("a file less");
        symlink("b", at("b/link")).unwrap();
        differs("another link");
        fs::remove_file(at("b/link")).unwrap();
        symlink("a", at("b/link")).unwrap();
        assert!(is_whole(kept));
        let whole = fs::read(kept.join(DIGEST)).unwrap();
        for at in 0..whole.len() {
            fs::write(kept.join(DIGEST), &whole[..at]).unwrap();
            differs("a digest that is cut off");
        }
    }
}
