//! Evidence that the cache never answers with what is no longer so: random edits
//! to a project that uses every way to a file, each followed by a run with the
//! cache and one without. How the cache works is not known here.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod check;
mod disk;
mod edits;
mod generator;
mod outside;
mod precision;
mod random;
