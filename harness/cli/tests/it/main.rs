//! The program under test as its users have it: the binary, on projects in
//! temporary folders, with real Nix over the offline base.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

mod support;

mod affected;
mod bounds;
mod budget;
mod build;
mod cache;
mod coverage;
mod deaths;
mod diff;
mod explain;
mod faults;
mod gap;
mod generations;
mod hostile;
mod init;
mod input;
mod insta_tool;
mod joint;
mod json_schema;
mod language;
mod meanwhile;
mod order;
mod redact;
mod reference;
mod report;
mod sides;
mod snapshots;
mod stubs;
mod vm;
mod watch;
mod workers;
