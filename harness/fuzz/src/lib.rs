//! What the readers of nix-parity must do with whatever text there is: not panic, not
//! hang, point into the text that they speak of, and read again what they wrote.
//!
//! Each function is a target of fuzzing (`fuzz/`, run by cargo-fuzz) and replays the
//! inputs that are kept in `fuzz/corpus` as a test. It panics where a law is broken.
#![expect(
    clippy::panic,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a panic is how fuzzing is told of a broken law"
)]

mod derivations;
mod logs;
mod records;
mod snapshots;
mod yaml;

pub use derivations::derivation;
pub use logs::{driver_log, homebrew, nix_log};
pub use records::{record, trace};
pub use snapshots::snapshot;
pub use yaml::{case_file, ledger, project_file};

/// A target: its name, which is that of its folder in `fuzz/corpus`, and what it does.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 10] = [
    ("case_file", case_file),
    ("derivation", derivation),
    ("driver_log", driver_log),
    ("homebrew", homebrew),
    ("ledger", ledger),
    ("nix_log", nix_log),
    ("project_file", project_file),
    ("record", record),
    ("snapshot", snapshot),
    ("trace", trace),
];

/// The bytes as text. Readers of text are given what was UTF-8.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}
