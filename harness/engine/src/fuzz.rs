//! The readers of foreign text that are no part of the interface, for the fuzzing targets.
//! Each takes whatever there is, and may say no but not panic.

use nix_parity_core::diagnostic::Diagnostic;

use crate::cache::{Stored, checksum};
pub use crate::gate::fuzz::{activation, homebrew};
use crate::nix::{BuildLine, LogLine, parse_error, reply};
use crate::project::ProjectFile;
use crate::vm::{Ending, Results, Transcript, Trouble};

/// Lines of a driver that are asked for.
const LAST: usize = 9;

/// The text of `parity.yaml`. Gives what is wrong with it.
pub fn project_file(text: &str) -> Vec<Diagnostic> {
    ProjectFile::parse(text).err().unwrap_or_default()
}

/// What a worker and a build write to standard error. A line may be an answer behind
/// `marker`.
pub fn nix_log(marker: &str, bytes: &[u8]) {
    for line in bytes.split(|byte| *byte == b'\n') {
        let _ = BuildLine::parse(line);
        match LogLine::parse(line) {
            LogLine::Trace(text) => drop(reply(marker, 1, &text)),
            LogLine::Error(text) => drop(parse_error(&text)),
            _ => {}
        }
    }
}

/// What a test driver writes to standard error.
pub fn driver_log(text: &str) {
    let mut transcript = Transcript::default();
    for line in text.lines() {
        transcript.read(line);
    }
    let _ = transcript.exception();
    let _ = transcript.last_said(LAST);
    let _ = transcript.last_on_consoles(LAST);
    let _ = Trouble::of(Ending::Code(1), &transcript);
}

/// What a program in a driver tells of its steps.
pub fn driver_results(text: &str) {
    let results = Results::read(text);
    let _ = results.of(0, 0);
}

/// A trace of the cache whose checksum is right. Gives whether it could be read.
pub fn trace(body: &[u8]) -> bool {
    let mut bytes = format!("{}\n", checksum(body)).into_bytes();
    bytes.extend_from_slice(body);
    Stored::of(bytes)
        .is_some_and(|stored| stored.dependencies().is_some() && stored.findings().is_some())
}
