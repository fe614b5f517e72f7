//! `ledger.lock` on disk, beside the ledger.

use std::io;
use std::path::PathBuf;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::Lock;

use crate::project::Project;
use crate::whole_file;

/// Where the lock of a project lies.
pub fn lock_file(project: &Project) -> PathBuf {
    project.ledger_file().with_extension("lock")
}

/// What was accepted; nothing where nobody has accepted anything yet.
///
/// # Errors
/// The file cannot be read, or says what it cannot mean.
pub fn accepted(project: &Project) -> Result<Option<Lock>, Vec<Diagnostic>> {
    let path = lock_file(project);
    let shown = path.strip_prefix(&project.root).unwrap_or(&path);
    match std::fs::read_to_string(&path) {
        Ok(text) => Lock::parse(&shown.display().to_string(), &text).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot read {}: {error}", path.display());
            Err(vec![Diagnostic::new(message)])
        }
    }
}

/// Accepts what there is: the old state stays or the new one is there whole. A state
/// that is the accepted one is not written again.
///
/// # Errors
/// The file cannot be written.
pub fn accept(project: &Project, lock: &Lock) -> io::Result<()> {
    let path = lock_file(project);
    let text = lock.render();
    if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    whole_file::replace(&path, text.as_bytes())
}
