//! Tests of the derivations through their public interface.
#![expect(
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod edits;
mod found;
mod graphs;
mod laws;
mod notation;
mod real_nix;
mod world;
