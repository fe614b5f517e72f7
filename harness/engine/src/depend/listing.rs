//! The files of a folder as they lie on disk: their kinds, and what tells whether they
//! were changed since.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Why a tree cannot be looked at.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {error}", path.display())]
pub struct TreeError {
    /// The file.
    pub path: PathBuf,
    /// The system's answer.
    pub error: io::Error,
}

/// What a name of the tree stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File {
        /// Whether it may be executed.
        executable: bool,
    },
    /// A symbolic link.
    Link,
    /// A folder.
    Folder,
}

#[derive(Debug)]
pub(super) struct File {
    pub(super) kind: Kind,
    /// What git calls the content, for a tree of a revision.
    pub(super) object: String,
    /// What the file was when the tree was listed, for one on disk.
    pub(super) stamp: Option<Stamp>,
}

/// What differs between two states of a file on disk, without its content: size,
/// inode, and the times of change of the content and of the entry, the second of
/// which no program can set back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    inode: u64,
    changed: [(i64, i64); 2],
}

impl Stamp {
    pub(super) fn of(meta: &fs::Metadata) -> Self {
        Self {
            size: meta.size(),
            inode: meta.ino(),
            changed: [
                (meta.mtime(), meta.mtime_nsec()),
                (meta.ctime(), meta.ctime_nsec()),
            ],
        }
    }
}

pub(super) fn on_disk(
    top: &Path,
    names: Vec<PathBuf>,
) -> Result<BTreeMap<String, File>, TreeError> {
    let mut files = BTreeMap::new();
    for name in names {
        let path = top.join(&name);
        let meta = match fs::symlink_metadata(&path) {
            // A tracked file that was deleted is not there for Nix either.
            Err(error) if is_absent(&error) => continue,
            Err(error) => return Err(TreeError { path, error }),
            Ok(meta) => meta,
        };
        let kind = if meta.is_symlink() {
            Kind::Link
        } else if meta.is_dir() {
            // A submodule: its content is not seen by default.
            Kind::Folder
        } else {
            Kind::File {
                executable: meta.permissions().mode() & 0o111 != 0,
            }
        };
        let Some(name) = name.to_str() else {
            let error = io::Error::other("its name is not UTF-8");
            return Err(TreeError { path, error });
        };
        let file = File {
            kind,
            object: String::new(),
            stamp: Some(Stamp::of(&meta)),
        };
        files.insert(name.to_owned(), file);
    }
    Ok(files)
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

pub(super) fn all_files(dir: &Path) -> Result<Vec<PathBuf>, TreeError> {
    let mut files = Vec::new();
    for entry in walk(dir) {
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
    Ok(files)
}

/// The newest time of change below a folder, in seconds, as Nix reads it from a
/// `path:` flake.
pub(super) fn newest(dir: &Path) -> Option<i64> {
    walk(dir)
        .map(|entry| {
            let changed = entry.ok()?.metadata().ok()?.modified().ok()?;
            i64::try_from(changed.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
        })
        .try_fold(0, |newest, time| Some(time?.max(newest)))
}

fn walk(dir: &Path) -> ignore::Walk {
    ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .follow_links(false)
        .build()
}
