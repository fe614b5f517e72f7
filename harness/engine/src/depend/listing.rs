//! The files of a folder as they lie on disk: their kinds, and what tells whether they
//! were changed since.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::recorded::Recorded;
use super::spelling::fold;
use super::tree::join;

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
    /// What git has recorded of it, where git does.
    pub(super) recorded: Option<Recorded>,
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

/// The files of a folder, and those of them that are recorded but are not on disk.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) files: BTreeMap<String, File>,
    pub(super) absent: BTreeMap<String, Recorded>,
}

pub(super) fn on_disk(
    top: &Path,
    names: Vec<(PathBuf, Option<Recorded>)>,
) -> Result<Listed, TreeError> {
    let mut listed = Listed::default();
    for (name, recorded) in names {
        let path = top.join(&name);
        let meta = match fs::symlink_metadata(&path) {
            Ok(meta) => Some(meta),
            Err(error) if is_absent(&error) => None,
            Err(error) => return Err(TreeError { path, error }),
        };
        let Some(name) = name.to_str().map(str::to_owned) else {
            let error = io::Error::other("its name is not UTF-8");
            return Err(TreeError { path, error });
        };
        if let Some(meta) = meta {
            let file = File {
                kind: kind(&meta),
                recorded,
                stamp: Some(Stamp::of(&meta)),
            };
            listed.files.insert(name, file);
        } else if let Some(recorded) = recorded {
            listed.absent.insert(name, recorded);
        }
    }
    Ok(listed)
}

fn kind(meta: &fs::Metadata) -> Kind {
    /// The owner's right to execute a file, the only one that git and Nix look at.
    const EXECUTABLE: u32 = 0o100;
    if meta.is_symlink() {
        Kind::Link
    } else if meta.is_dir() {
        // A submodule: its content is not seen by default.
        Kind::Folder
    } else {
        Kind::File {
            executable: meta.permissions().mode() & EXECUTABLE != 0,
        }
    }
}

/// The files and folders that the disk calls otherwise than these paths, each with its
/// name on disk. Only a disk that ignores case or normalisation has such.
pub(super) fn names_on_disk<'a>(
    top: &Path,
    files: impl Iterator<Item = &'a str>,
) -> BTreeMap<String, String> {
    let mut folders = BTreeMap::<&str, BTreeSet<&str>>::new();
    for file in files {
        let mut path = file;
        loop {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if !folders.entry(folder).or_default().insert(name) || folder.is_empty() {
                break;
            }
            path = folder;
        }
    }
    let mut found = BTreeMap::new();
    for (folder, names) in folders {
        let place = top.join(folder);
        if !may_ignore_case(&place, &names) {
            continue;
        }
        let Ok(entries) = fs::read_dir(&place) else {
            continue;
        };
        let own: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        let exact: BTreeSet<&str> = own.iter().map(String::as_str).collect();
        for name in names.into_iter().filter(|name| !exact.contains(name)) {
            let key = fold(name);
            if let Some(other) = own.iter().find(|other| fold(other) == key) {
                found.insert(join(folder, name), other.clone());
            }
        }
    }
    found
}

/// Whether a folder may find a file by another spelling than its own: some name in
/// another case leads somewhere, or there is none to try it with.
fn may_ignore_case(folder: &Path, names: &BTreeSet<&str>) -> bool {
    if names.iter().any(|name| !name.is_ascii()) {
        return true;
    }
    let other_case = names.iter().find_map(|name| {
        let other: String = name
            .chars()
            .map(|c| {
                if c.is_ascii_lowercase() {
                    c.to_ascii_uppercase()
                } else {
                    c.to_ascii_lowercase()
                }
            })
            .collect();
        (other != *name).then_some(other)
    });
    other_case.is_none_or(|other| fs::symlink_metadata(folder.join(other)).is_ok())
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
