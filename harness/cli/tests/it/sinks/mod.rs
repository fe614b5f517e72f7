//! Configurations that are hostile wherever they can be, evaluated by real Nix, through every
//! command of the program. What each renderer makes of each payload is told by the table of
//! the same name in `harness/report/tests/it/sinks`.

mod actions;
mod commands;
mod configuration;
mod jobs;
mod looks;
mod options;
mod run;
