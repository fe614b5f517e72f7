//! Files that people write.

use nix_parity_core::case::parse_suite;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{Lock, parse_ledger};
use nix_parity_core::package_map;
use nix_parity_engine::fuzz;
use nix_parity_report::{Style, diagnostics};

/// A case file, and the file that says what programs are called.
pub fn case_file(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else {
        return;
    };
    wrong(text, parse_suite("cases/x.yaml", text).err());
    wrong(text, package_map::parse("map.yaml", text).err());
}

/// The project file.
pub fn project_file(bytes: &[u8]) {
    if let Some(text) = crate::text(bytes) {
        wrong(text, Some(fuzz::project_file(text)));
    }
}

/// A ledger, and its lock.
pub fn ledger(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else {
        return;
    };
    wrong(text, parse_ledger("ledger.yaml", text).err());
    match Lock::parse("ledger.lock", text) {
        Ok(lock) => {
            let again = Lock::parse("ledger.lock", &lock.render());
            assert_eq!(
                again.as_ref(),
                Ok(&lock),
                "a lock is read as it was written"
            );
        }
        Err(said) => wrong(text, Some(said)),
    }
}

/// What is said of a file points into it, and can be shown without acting on a terminal.
fn wrong(text: &str, said: Option<Vec<Diagnostic>>) {
    let Some(said) = said else {
        return;
    };
    let lines = text.replace("\r\n", "\n").split(['\n', '\r']).count();
    for diagnostic in &said {
        assert!(!diagnostic.message.is_empty(), "a message has words");
        if let Some(at) = &diagnostic.location {
            let line = usize::try_from(at.line).expect("a line number");
            assert!(line <= lines + 1, "{at} is behind the end: {lines} lines");
        }
    }
    let mut shown = Vec::new();
    let style = Style {
        colour: false,
        width: 80,
    };
    diagnostics(&said, &mut shown, &style).expect("memory takes all");
    let shown = String::from_utf8(shown).expect("messages are text");
    crate::records::inert(&shown);
}
