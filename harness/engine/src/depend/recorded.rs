//! Files as git has recorded them, against the files on disk. While git takes a work tree
//! for unchanged, Nix evaluates the recorded files, and as soon as anything is changed the
//! files on disk. These can differ without git saying so: `--assume-unchanged`,
//! `--skip-worktree`, `core.fileMode`, line endings, filters.

use std::collections::BTreeSet;

use sha1::{Digest as _, Sha1};
use sha2::Sha256;

use super::listing::Kind;

/// A file as git has recorded it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Recorded {
    /// What it is.
    pub(super) kind: Kind,
    /// The name of its content.
    pub(super) object: String,
    /// The letter by which `git ls-files -v` tells that it does not look at the disk.
    pub(super) tag: char,
}

/// How many characters name an object of a repository with SHA-256.
const SHA256: usize = 64;

impl Recorded {
    /// What git's words for a mode, an object and a tag say.
    pub(super) fn new(mode: &str, object: &str, tag: char) -> Self {
        Self {
            kind: kind(mode),
            object: object.to_owned(),
            tag,
        }
    }

    /// Whether git was told not to look at the disk.
    pub(super) fn is_exempt(&self) -> bool {
        self.tag == 'S' || self.tag.is_lowercase()
    }

    /// Whether this is the content that git has recorded, byte by byte.
    pub(super) fn has(&self, content: &[u8]) -> bool {
        is_object(&self.object, content)
    }
}

/// What git's word for a mode says.
pub(super) fn kind(mode: &str) -> Kind {
    match mode {
        "120000" => Kind::Link,
        "160000" => Kind::Folder,
        mode => Kind::File {
            executable: mode == "100755",
        },
    }
}

/// Whether git calls this content so.
pub(super) fn is_object(name: &str, content: &[u8]) -> bool {
    let head = format!("blob {}\0", content.len());
    let digest: Vec<u8> = if name.len() == SHA256 {
        Sha256::new()
            .chain_update(head)
            .chain_update(content)
            .finalize()
            .to_vec()
    } else {
        Sha1::new()
            .chain_update(head)
            .chain_update(content)
            .finalize()
            .to_vec()
    };
    let hex = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    hex.map(|digit| char::from_digit(u32::from(digit), 16))
        .eq(name.chars().map(Some))
}

/// What `git status` says of a work tree.
#[derive(Debug)]
pub(super) struct Changes {
    /// The files that it names.
    pub(super) files: BTreeSet<String>,
    /// Whether it says more when it is asked about submodules.
    pub(super) of_submodules: bool,
}

impl Changes {
    /// Reads what `git status --porcelain -z --no-renames` has written.
    pub(super) fn read(text: &[u8], of_submodules: &[u8]) -> Self {
        // Two letters and a blank stand in front of each name.
        let files = text
            .split(|byte| *byte == 0)
            .filter_map(|line| line.get(3..))
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect();
        Self {
            files,
            of_submodules: text != of_submodules,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Changes, is_object};

    #[test]
    fn objects_are_named_as_git_names_them() {
        // `printf 'a\n' | git hash-object --stdin`, in repositories of both formats.
        assert!(is_object(
            "78981922613b2afb6025042ff6bd878ac1994e85",
            b"a\n"
        ));
        assert!(!is_object("78981922613b2afb6025042ff6bd878ac1994e85", b"a"));
        assert!(is_object(
            "f8625e43f9e04f24291f77cdbe4c71b3c2a3b0003f60419b3ed06a058d766c8b",
            b"a\n"
        ));
        assert!(!is_object("", b""));
    }

    #[test]
    fn names_are_read_with_their_blanks() {
        let changes = Changes::read(b" M a b\0A  c\0", b"");
        assert!(changes.files.iter().eq(["a b", "c"]));
    }
}
