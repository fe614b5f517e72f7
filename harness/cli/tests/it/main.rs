//! The program under test as its users have it: the binary, on projects in
//! temporary folders, with real Nix over the offline base.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod support;

mod actions;
mod affected;
mod bounds;
mod budget;
mod build;
mod cache;
mod coverage;
mod deaths;
mod diff;
mod endings;
mod explain;
mod faults;
mod flake;
mod gap;
mod gate;
mod gate_macs;
mod gate_systems;
mod generations;
mod hostile;
mod init;
mod input;
mod insta_tool;
mod joint;
mod json_schema;
mod language;
mod matrix;
mod meanwhile;
mod order;
mod page;
mod redact;
mod reference;
mod report;
mod reports;
mod sides;
mod since;
mod sinks;
mod snapshots;
mod spelling;
mod stubs;
mod vm;
mod watch;
mod workers;
mod workflows;
mod wrong_verdicts;
