//! Faults of the machine: a table of them by what must hold, printed with what became of
//! each row. Nothing that was accepted is lost, the exit code is right, nothing hangs and
//! no process is left.
//!
//! The rows look at some points each; `NIX_PARITY_FAULTS=all` looks at every one
//! (`just faults`). `NIX_PARITY_FAULTS=TEXT` takes the rows that hold this text.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod bytes;
mod clock;
mod disk;
mod kills;
mod mounts;
mod network;
mod scenario;
mod state;
mod streams;
#[path = "../it/support.rs"]
#[allow(dead_code, reason = "the other tests use more of it")]
mod support;
mod surroundings;
mod table;
mod together;
mod unreadable;

#[test]
fn nothing_is_lost_to_any_fault() {
    let rows = [
        kills::rows(),
        disk::rows(),
        mounts::rows(),
        unreadable::rows(),
        surroundings::rows(),
        clock::rows(),
        together::rows(),
        bytes::rows(),
        network::rows(),
        streams::rows(),
    ];
    table::run(rows.concat());
}
