//! The content of a flake's tree, as one fingerprint: what Nix would see of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::environment;
use crate::nix::Program;

/// Why there is no fingerprint.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {error}", path.display())]
pub struct TreeError {
    /// The file.
    pub path: PathBuf,
    /// The system's answer.
    pub error: io::Error,
}

/// The folder of the git work tree that holds this folder, if one does.
pub(super) fn git_toplevel(dir: &Path) -> Option<PathBuf> {
    dir.ancestors()
        .find(|d| d.join(".git").exists())
        .map(Path::to_owned)
}

/// A digest of what a `git+file:` flake is made of: the tracked files of the
/// work tree as they are on disk. Names, executable bits and symbolic links
/// count. Where git cannot be asked, all files do.
pub fn fingerprint_git(dir: &Path) -> Result<blake3::Hash, TreeError> {
    match git_toplevel(dir).and_then(|top| Some((tracked(&top)?, top))) {
        Some((files, top)) => fingerprint(&top, files),
        None => fingerprint_folder(dir),
    }
}

/// A digest of what a `path:` flake is made of: all files of a folder.
pub fn fingerprint_folder(dir: &Path) -> Result<blake3::Hash, TreeError> {
    fingerprint(dir, all_files(dir)?)
}

fn fingerprint(root: &Path, files: Vec<PathBuf>) -> Result<blake3::Hash, TreeError> {
    let mut hasher = blake3::Hasher::new();
    for name in files {
        let path = root.join(&name);
        hash_file(&mut hasher, &name, &path).map_err(|error| TreeError { path, error })?;
    }
    Ok(hasher.finalize())
}

fn hash_file(hasher: &mut blake3::Hasher, name: &Path, path: &Path) -> io::Result<()> {
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::PermissionsExt as _;
    let (kind, content) = match fs::symlink_metadata(path) {
        // A tracked file that was deleted is not there for Nix either.
        Err(error) if error.kind() == io::ErrorKind::NotFound => (b'-', Vec::new()),
        Err(error) => return Err(error),
        Ok(meta) if meta.is_symlink() => {
            (b'l', fs::read_link(path)?.as_os_str().as_bytes().to_vec())
        }
        // A submodule: its commit is in the index, its content is not seen by default.
        Ok(meta) if meta.is_dir() => (b'd', Vec::new()),
        Ok(meta) if meta.permissions().mode() & 0o111 != 0 => (b'x', fs::read(path)?),
        Ok(_) => (b'f', fs::read(path)?),
    };
    let name = name.as_os_str().as_bytes();
    hasher.update(&(name.len() as u64).to_le_bytes());
    hasher.update(name);
    hasher.update(&[kind]);
    hasher.update(&(content.len() as u64).to_le_bytes());
    hasher.update(&content);
    Ok(())
}

/// The files that git knows, sorted; `None` where git cannot be asked.
fn tracked(top: &Path) -> Option<Vec<PathBuf>> {
    use std::os::unix::ffi::OsStrExt as _;
    let git = environment::search_path()
        .into_iter()
        .map(|d| d.join("git"))
        .find(|p| p.is_file())?;
    let output = Program::new(git)
        .current_dir(top)
        .args(["ls-files", "-z", "--cached"])
        .output()
        .ok()
        .filter(|o| o.status.success())?;
    let mut files: Vec<PathBuf> = output
        .stdout
        .split(|b| *b == 0)
        .filter(|name| !name.is_empty())
        .map(|name| Path::new(std::ffi::OsStr::from_bytes(name)).to_owned())
        .collect();
    files.sort();
    files.dedup();
    Some(files)
}

fn all_files(dir: &Path) -> Result<Vec<PathBuf>, TreeError> {
    let mut files = Vec::new();
    let walk = ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .follow_links(false)
        .build();
    for entry in walk {
        let entry = entry.map_err(|e| TreeError {
            path: dir.to_owned(),
            error: e
                .into_io_error()
                .unwrap_or_else(|| io::Error::other("a loop of links")),
        })?;
        if entry.file_type().is_some_and(|t| !t.is_dir()) {
            let path = entry.path();
            files.push(path.strip_prefix(dir).unwrap_or(path).to_owned());
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::fingerprint_folder as fingerprint;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn every_kind_of_change_counts() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let mut seen = vec![fingerprint(dir.path()).unwrap()];
        let mut changed = |what: &str| {
            let now = fingerprint(dir.path()).unwrap();
            assert!(!seen.contains(&now), "{what}");
            seen.push(now);
        };
        fs::write(path("a"), "1").unwrap();
        changed("a new file");
        fs::write(path("a"), "2").unwrap();
        changed("new content");
        fs::rename(path("a"), path("b")).unwrap();
        changed("a new name");
        fs::set_permissions(path("b"), fs::Permissions::from_mode(0o755)).unwrap();
        changed("a new mode");
        symlink("b", path("c")).unwrap();
        changed("a link");
        fs::remove_file(path("c")).unwrap();
        symlink("x", path("c")).unwrap();
        changed("another target");
    }
}
