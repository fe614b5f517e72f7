//! Faults of the machine: a table of them by what must hold, printed with what became of
//! each row. Nothing that was accepted is lost, the exit code is right, nothing hangs and
//! no process is left. A second table has every file that the program keeps and reads
//! again, with the rows in which that is damaged.
//!
//! The rows look at some points each; `NIX_PARITY_FAULTS=all` looks at every one
//! (`just faults`). `NIX_PARITY_FAULTS=TEXT` takes the rows that hold this text, `all:TEXT`
//! every point of those.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod clock;
mod commands;
mod damage;
mod disk;
mod every;
mod kept;
mod kills;
mod mounts;
mod network;
mod nix;
mod projects;
mod scenario;
mod state;
mod streams;
#[path = "../it/support.rs"]
#[allow(dead_code, reason = "the other tests use more of it")]
mod support;
mod surroundings;
mod table;
mod terminals;
mod together;
mod unreadable;

#[test]
fn nothing_is_lost_to_any_fault() {
    // Those first that wait for something, or take long.
    let rows = [
        network::rows(),
        kills::rows(),
        nix::rows(),
        damage::rows(),
        clock::rows(),
        disk::rows(),
        terminals::rows(),
        streams::rows(),
        mounts::rows(),
        unreadable::rows(),
        surroundings::rows(),
        together::rows(),
    ]
    .concat();
    kept::tell(&rows);
    table::run(&rows);
    every::forget();
}
