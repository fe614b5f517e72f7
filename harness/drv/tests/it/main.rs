//! Tests of the derivations through their public interface.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod graphs;
mod notation;
