//! Machines that are booted: drivers of NixOS tests, how they are expressed in Nix, and
//! what becomes of them.

mod accelerator;
mod expression;
mod interact;
mod limits;
mod process;
mod results;
mod supervise;
mod transcript;
mod trouble;

#[cfg(test)]
mod tests;

pub use accelerator::{Accelerator, DEVICE, open_device};
pub use expression::{driver_expression, test_specification};
pub use interact::interact;
pub use limits::Limits;
pub use process::{Ending, run_tool};
pub use results::{Results, StepState};
pub use supervise::{LOG, Run, Supervision};
pub use transcript::Subtest;
pub use trouble::Trouble;

pub(crate) use transcript::Transcript;
