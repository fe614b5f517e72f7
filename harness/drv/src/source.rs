//! Where the bytes of `.drv` files come from: the one place of this crate that reads
//! a disk.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rustix::buffer::spare_capacity;
use rustix::fs::{CWD, Mode, OFlags, openat};
use rustix::io::{read, retry_on_intr};

use crate::store_path::StorePath;

/// How many bytes are asked for at least.
const AT_ONCE: usize = 8 << 10;

/// Something that has `.drv` files.
pub trait Source: Sync {
    /// Appends the bytes of the file at a store path. Called from several threads.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is no such file. Some of its bytes may be
    /// appended where it cannot be read.
    fn read(&self, path: StorePath<'_>, bytes: &mut Vec<u8>) -> io::Result<()>;
}

/// A store on disk.
#[derive(Clone, Debug)]
pub struct StoreFolder {
    root: PathBuf,
}

impl StoreFolder {
    /// The store whose paths are paths of this machine.
    pub fn new() -> Self {
        Self::below("/")
    }

    /// A store below another root, as `--store PATH` of Nix makes it: `/nix/store/…`
    /// is at `ROOT/nix/store/…`.
    pub fn below(root: impl AsRef<Path>) -> Self {
        Self {
            root: root.as_ref().to_owned(),
        }
    }
}

impl Default for StoreFolder {
    fn default() -> Self {
        Self::new()
    }
}

impl Source for StoreFolder {
    fn read(&self, path: StorePath<'_>, bytes: &mut Vec<u8>) -> io::Result<()> {
        let path = self.root.join(path.as_str().trim_start_matches('/'));
        let file = openat(CWD, path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
        loop {
            bytes.reserve(AT_ONCE);
            let wanted = bytes.capacity() - bytes.len();
            // A file gives less than was asked for at its end only, so most need not be asked
            // twice. Were it otherwise somewhere, it would be told: no part of a derivation
            // is one.
            if retry_on_intr(|| read(&file, spare_capacity(bytes)))? < wanted {
                return Ok(());
            }
        }
    }
}

/// Files in memory, by store path: for tests, and for files that came another way.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// Adds a file, or replaces it.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }
}

impl Source for Memory {
    fn read(&self, path: StorePath<'_>, bytes: &mut Vec<u8>) -> io::Result<()> {
        let file = self.files.get(path.as_str());
        bytes.extend_from_slice(file.ok_or(io::ErrorKind::NotFound)?);
        Ok(())
    }
}
