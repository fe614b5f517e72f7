//! Observations on disk, shared by all processes that run the same cases on the
//! same flake. A folder per flake, in it one per host, in that a few traces: what
//! was found in some state of the world. A trace is written whole or not at all;
//! what is damaged is not there. Who evaluates a host holds its lock, so that no
//! host is evaluated twice at a time; the lock ends with its process.

mod key;
mod observations;
mod shelf;
pub(crate) mod sum;
mod trace;

pub use key::Key;
pub use observations::{Cache, MAX_SIZE, Stats};
pub use shelf::{Lock, Shelf};
pub use trace::{Answers, Findings, Stored};

pub(crate) use observations::KEEP;
pub(crate) use sum::checksum;

/// The folder, beside the observations, of what is laid out of earlier commits. Its
/// entries are used whole or not at all, so that they are not pruned file by file.
pub const TREES: &str = "trees";

/// The folder, beside the observations, of what gates let pass: the last few per host.
pub const GATE: &str = "gate";
