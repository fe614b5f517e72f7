//! Finding and reading the ledger.

use std::io;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{Ledger, parse_ledger};

use super::{ProjectFile, SETTINGS_FILE, unreadable};

/// The ledger's usual name in the project's folder.
pub const LEDGER_FILE: &str = "ledger.yaml";

/// The ledger's path, relative to the project.
pub(super) fn name(file: &ProjectFile) -> &str {
    file.ledger.as_deref().unwrap_or(LEDGER_FILE)
}

/// Reads the ledger, where there is one.
///
/// # Errors
/// What is wrong with it, or that the one which the settings name is not there.
pub(super) fn load(root: &Path, file: &ProjectFile) -> Result<Option<Ledger>, Vec<Diagnostic>> {
    let name = name(file);
    let path = root.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => parse_ledger(name, &text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound && file.ledger.is_none() => Ok(None),
        Err(error) => Err(vec![
            unreadable(&path, &error).note(format!("`ledger` of {SETTINGS_FILE} names it")),
        ]),
    }
}
