//! Building what is measured, so that no build is measured.

use std::path::{Path, PathBuf};

use crate::process::{Tools, cargo};

impl Tools {
    /// Builds `nix-parity`, or takes one that is there.
    pub(crate) fn build(program: Option<&Path>) -> Result<Self, String> {
        let nix_parity = match program {
            Some(path) => path
                .canonicalize()
                .map_err(|e| format!("no program {}: {e}", path.display()))?,
            None => built()?,
        };
        Ok(Self {
            nix_parity,
            nextest: None,
        })
    }

    /// Builds the tests that nextest starts, too.
    pub(crate) fn with_nextest(mut self) -> Result<Self, String> {
        let metadata = tempfile::tempdir().map_err(|e| e.to_string())?;
        let write = |name: &str, text: &str| {
            std::fs::write(metadata.path().join(name), text).map_err(|e| e.to_string())
        };
        let workspace = cargo(&["metadata", "--format-version=1", "--locked"])?;
        write("cargo.json", &workspace)?;
        let binaries = cargo(&[
            "nextest",
            "list",
            "--cargo-profile=release",
            "--locked",
            "--package=nix-parity-suite",
            "--test=cases",
            "--list-type=binaries-only",
            "--message-format=json",
        ])?;
        write("binaries.json", &binaries)?;
        self.nextest = Some(metadata);
        Ok(self)
    }
}

fn built() -> Result<PathBuf, String> {
    let built = cargo(&[
        "build",
        "--release",
        "--locked",
        "--package=nix-parity-cli",
        "--message-format=json",
    ])?;
    built
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| "cargo built no program".to_owned())
}
