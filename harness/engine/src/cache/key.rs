//! What an observation depends on, as one digest. For now: the whole tree.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::nix::{Flake, PRELUDE};
use crate::project::{TreeError, fingerprint_folder, fingerprint_git};

/// Raised whenever the meaning of what is stored changes.
const FORMAT: u32 = 1;

/// The state of everything that a host's observations depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why there is no key, and so no caching.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A tree cannot be read.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The flake or an input is named by a reference whose content can change.
    #[error("`{0}` is not pinned")]
    Unpinned(String),
    /// The program cannot be looked at.
    #[error("cannot look at {}: {error}", path.display())]
    Program {
        /// The program.
        path: PathBuf,
        /// The system's answer.
        error: std::io::Error,
    },
}

impl Key {
    /// The key for all hosts of a flake, as evaluated by this program.
    pub fn of_flake(flake: &Flake, dir: Option<&Path>, nix: &Path) -> Result<Self, KeyError> {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &[u8]| {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        };
        add(&FORMAT.to_le_bytes());
        add(env!("CARGO_PKG_VERSION").as_bytes());
        add(PRELUDE.as_bytes());
        for part in program_identity(nix)? {
            add(part.as_bytes());
        }
        add(flake.reference.as_bytes());
        match dir {
            Some(dir) if flake.reference.starts_with("git+file:") => {
                add(fingerprint_git(dir)?.as_bytes());
            }
            Some(dir) => add(fingerprint_folder(dir)?.as_bytes()),
            None => pinned(&flake.reference)?,
        }
        for replaced in &flake.overrides {
            add(replaced.input.as_bytes());
            add(replaced.reference.as_bytes());
            match replaced.reference.strip_prefix("path:") {
                Some(path) if path.starts_with("/nix/store/") => {}
                Some(path) => {
                    let path = path.split('?').next().unwrap_or(path);
                    add(fingerprint_folder(Path::new(&unescape(path)))?.as_bytes());
                }
                None => pinned(&replaced.reference)?,
            }
        }
        Ok(Self(hasher.finalize().to_hex()[..40].to_owned()))
    }

    /// The key for what the processes of one run of nextest tell each other.
    pub fn of_run(run: &str, flake: &Flake, dir: Option<&Path>, nix: &Path) -> Self {
        Self::of_text(&format!("{run}\n{flake:?}\n{dir:?}\n{}", nix.display()))
    }

    /// The key for a note about whatever this text says.
    pub fn of_text(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()).to_hex()[..40].to_owned())
    }

    /// Reads what a key is displayed as.
    pub fn parse(text: &str) -> Option<Self> {
        let valid = text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
        valid.then(|| Self(text.to_owned()))
    }

    /// The key for one host.
    #[must_use]
    pub fn of_host(&self, host: &str) -> Self {
        let digest = blake3::hash(format!("{}\n{host}", self.0).as_bytes());
        Self(digest.to_hex()[..40].to_owned())
    }

    #[cfg(test)]
    pub(super) fn for_test(name: &str) -> Self {
        Self(name.to_owned())
    }
}

/// A program is the same while its path, size and time of change are. Asking it
/// for its version would start a process.
fn program_identity(path: &Path) -> Result<[String; 3], KeyError> {
    let wrong = |error| KeyError::Program {
        path: path.to_owned(),
        error,
    };
    let real = path.canonicalize().map_err(wrong)?;
    let meta = real.metadata().map_err(wrong)?;
    let changed = meta
        .modified()
        .ok()
        .and_then(|t| t.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    Ok([
        real.display().to_string(),
        meta.len().to_string(),
        changed.as_nanos().to_string(),
    ])
}

/// A reference that names its content: by hash or by revision.
fn pinned(reference: &str) -> Result<(), KeyError> {
    let revision = |part: &str| part.len() == 40 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let named = reference.contains("narHash=")
        || reference.starts_with("/nix/store/")
        || reference.split(['/', '=', '?', '&']).any(revision);
    if named {
        Ok(())
    } else {
        Err(KeyError::Unpinned(reference.to_owned()))
    }
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
    use super::{pinned, unescape};

    #[test]
    fn only_references_that_name_their_content_are_pinned() {
        assert!(pinned("github:NixOS/nixpkgs/46db2e09e1d3f113a13c0d7b81e2f221c63b8ce9").is_ok());
        assert!(
            pinned("github:NixOS/nixpkgs?rev=46db2e09e1d3f113a13c0d7b81e2f221c63b8ce9").is_ok()
        );
        assert!(pinned("tarball+file:///x.tar.gz?narHash=sha256-x").is_ok());
        assert!(pinned("github:NixOS/nixpkgs").is_err());
        assert!(pinned("nixpkgs").is_err());
    }

    #[test]
    fn escapes_are_undone() {
        assert_eq!(unescape("/a%20b/%c3%a9%zz%"), "/a b/é%zz%");
    }
}
