//! Files of another user: those that `sudo nix-parity` would leave behind, and those that
//! are in the way because one did.

use std::fmt;
use std::path::{Path, PathBuf};

use std::os::unix::fs::MetadataExt as _;

use rustix::fs::{Access, access};
use rustix::io::Errno;

use crate::cache::TREES;
use crate::environment;

/// How deep the cache is looked through: to the files of each host.
const DEPTH: usize = 5;

/// Where this program, run as root through sudo, would write into what another user owns.
/// macOS's sudo keeps `HOME`, so that the cache is such a place.
pub fn through_sudo(project: &Path) -> Option<PathBuf> {
    let user = environment::sudo_user()?;
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let cache = environment::cache_dir();
    let places = [Some(project.to_owned()), cache];
    places
        .into_iter()
        .flatten()
        .find(|p| owner(p) == Some(user))
}

/// Who owns what is at a path, or the nearest directory above it that is there.
fn owner(path: &Path) -> Option<u32> {
    let path = std::path::absolute(path).ok()?;
    let mut above = path.ancestors().filter_map(|path| path.metadata().ok());
    above.next().map(|there| there.uid())
}

/// Something in the cache that this user cannot write to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// The cache's directory.
    pub cache: PathBuf,
    /// The first such file or directory.
    pub path: PathBuf,
    /// The number of the user who owns it.
    pub owner: u32,
}

impl Unwritable {
    /// The first thing in a cache that cannot be written to, if there is one.
    pub fn find(cache: &Path) -> Option<Self> {
        let mut walk = ignore::WalkBuilder::new(cache);
        walk.standard_filters(false)
            .max_depth(Some(DEPTH))
            .sort_by_file_path(Ord::cmp)
            // Trees of commits are written once and may be large.
            .filter_entry(|entry| {
                let parent = entry.path().parent().and_then(Path::file_name);
                parent.is_none_or(|parent| parent != TREES)
            });
        walk.build().find_map(|entry| {
            // A directory that cannot be listed is an entry of its own all the same.
            let entry = entry.ok()?;
            let there = entry.path().symlink_metadata().ok()?;
            if there.is_symlink() {
                return None;
            }
            let mut wanted = Access::READ_OK | Access::WRITE_OK;
            if there.is_dir() {
                wanted |= Access::EXEC_OK;
            }
            // Not of a disk that nobody can write to.
            (access(entry.path(), wanted) == Err(Errno::ACCESS)).then(|| Self {
                cache: cache.to_owned(),
                path: entry.path().to_owned(),
                owner: there.uid(),
            })
        })
    }

    /// The command that mends it.
    pub fn remedy(&self) -> String {
        let cache = quoted(&self.cache);
        if self.owner == rustix::process::geteuid().as_raw() {
            format!("chmod -R u+rwX {cache}")
        } else {
            format!("sudo chown -R \"$(id -un)\" {cache}")
        }
    }
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match self.owner {
            0 => write!(f, "{path} belongs to root and cannot be written to"),
            own if own == rustix::process::geteuid().as_raw() => {
                write!(f, "{path} cannot be written to")
            }
            other => write!(f, "{path} belongs to user {other} and cannot be written to"),
        }
    }
}

/// A path as a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@%".contains(c);
    if text.chars().all(is_plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Unwritable, owner, quoted};
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::path::Path;

    #[test]
    fn what_is_not_there_would_belong_to_the_owner_of_its_directory() {
        let dir = tempfile::tempdir().unwrap();
        let own = dir.path().metadata().unwrap().uid();
        assert_eq!(owner(&dir.path().join("not/there")), Some(own));
        assert_eq!(owner(Path::new("/")), Some(0));
    }

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for (path, word) in [
            (
                "/home/lars/.cache/nix-parity",
                "/home/lars/.cache/nix-parity",
            ),
            ("/Users/lars s/x", "'/Users/lars s/x'"),
            ("/it's", r"'/it'\''s'"),
            ("/$(x)", "'/$(x)'"),
        ] {
            assert_eq!(quoted(Path::new(path)), word);
        }
    }

    #[test]
    fn only_what_cannot_be_written_to_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("observations/flakes/x/y");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::write(deep.join("lock"), "").unwrap();
        assert_eq!(Unwritable::find(dir.path()), None);
        let read_only = std::fs::Permissions::from_mode(0o444);
        std::fs::set_permissions(deep.join("lock"), read_only).unwrap();
        let found = Unwritable::find(dir.path());
        // Permissions do not apply to root.
        if rustix::process::geteuid().is_root() {
            assert_eq!(found, None);
        } else {
            let found = found.unwrap();
            assert!(found.path.ends_with("y/lock"), "{found}");
            assert!(found.remedy().starts_with("chmod"), "{}", found.remedy());
        }
    }
}
