//! The entry that `cargo nextest run` and `cargo test` start.
//!
//! It lies here because `cargo insta` looks for pending snapshots below the folders of
//! Cargo's targets, and the root of a workspace is none.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    // The repository that this crate is part of, unless NIX_PARITY_DIR names another project.
    nix_parity_suite::main(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
}
