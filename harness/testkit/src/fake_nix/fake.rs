//! A stand-in that has been written: where it is, and how it was called.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use tempfile::TempDir;

use super::builder::FakeNixBuilder;
use crate::calls::Calls;
use crate::process::path_with;

/// An executable named `nix` that does as its [`FakeNixBuilder`] was told, and
/// records how it was called. A stand-in: nothing it says comes from Nix.
#[derive(Debug)]
pub struct FakeNix {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl FakeNix {
    /// A stand-in that claims to be Nix 2.34.8 and answers to nothing else yet.
    pub fn builder() -> FakeNixBuilder {
        FakeNixBuilder::default().version("nix (Nix) 2.34.8")
    }

    /// The script, for `--nix`.
    pub fn path(&self) -> Utf8PathBuf {
        self.bin_dir().join("nix")
    }

    /// The folder that holds only the script.
    pub fn bin_dir(&self) -> Utf8PathBuf {
        self.folder.join("bin")
    }

    /// A value for `PATH` under which `nix` is the stand-in.
    #[track_caller]
    pub fn path_variable(&self) -> OsString {
        path_with(&self.bin_dir())
    }

    /// The calls so far.
    #[track_caller]
    pub fn calls(&self) -> Calls {
        Calls::read(&self.calls_folder())
    }

    /// The lines that `repl` sessions were sent so far, one session after the other.
    #[track_caller]
    pub fn received(&self) -> Vec<String> {
        (1..=self.calls().count())
            .filter_map(|call| {
                std::fs::read_to_string(self.calls_folder().join(format!("{call}.input"))).ok()
            })
            .flat_map(|input| input.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    pub(super) fn at(folder: Utf8PathBuf, temporary: TempDir) -> Self {
        Self {
            folder,
            _temporary: temporary,
        }
    }

    pub(super) fn calls_folder(&self) -> Utf8PathBuf {
        self.folder.join("calls")
    }

    pub(super) fn sessions_folder(&self) -> Utf8PathBuf {
        self.folder.join("sessions")
    }
}
