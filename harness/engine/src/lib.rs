//! Everything of nix-parity that touches Nix, disk or time.
//!
//! | module | subject |
//! |---|---|
//! | [`project`] | the project's folder, settings and case files |
//! | [`memory`] | how much memory there is and a process holds |
//! | [`plan`] | which tests there are |
//! | [`nix`] | Nix processes: requests in, observations out; knows no cases |
//! | [`noise`] | what comparisons and snapshots of derivations leave out |
//! | [`artefact`] | files of what was built |
//! | [`cache`] | observations on disk |
//! | [`compare`] | what differs between two hosts, at three levels |
//! | [`coverage`] | what the flake's files set, and what of it cases look at |
//! | [`depend`] | which files an evaluation depends on |
//! | [`definitions`] | the line of a file that sets an option |
//! | [`doctor`] | what the machine lacks |
//! | [`gate`] | what stands before a switch, and what ran after it |
//! | [`init`] | a first suite for a flake that has none |
//! | [`interrupt`] | Ctrl-C, and terminals that are closed |
//! | [`inspect`] | what there is to know of one host: its settings, who set them, its derivations |
//! | [`matrix`] | the tests divided over the machines of a CI system |
//! | [`ownership`] | files that belong to another user, as after `sudo` |
//! | [`plain`] | values without the hashes of store paths |
//! | [`snapshot`] | accepted records, and what differs from them |
//! | [`judge`] | from observations to outcomes |
//! | [`ledger`] | what was promised, weighed by what became of the tests |
//! | [`run`] | puts them together |
//! | [`system`] | Nix's name of this system |
//! | [`vm`] | machines that are booted |
//! | [`whole_file`] | files that are replaced as a whole |
//! | [`environment`] | the variables that are read |

pub mod artefact;
pub mod cache;
pub mod compare;
pub mod coverage;
pub mod definitions;
pub mod depend;
pub mod doctor;
pub mod environment;
#[doc(hidden)]
pub mod fuzz;
pub mod gate;
pub mod init;
pub mod inspect;
pub mod interrupt;
mod json;
pub mod judge;
pub mod ledger;
pub mod matrix;
pub mod memory;
pub mod nix;
pub mod noise;
pub mod ownership;
pub mod plain;
pub mod plan;
pub mod project;
pub mod run;
pub mod snapshot;
mod structured;
pub mod system;
pub mod vm;
pub mod watch;
pub mod whole_file;
