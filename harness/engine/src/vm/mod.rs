//! Machines that are booted: drivers of NixOS tests, and what becomes of them. Nothing
//! here knows of hosts or how a driver is built.

mod accelerator;
mod limits;
mod process;
mod results;
mod supervise;
mod transcript;
mod trouble;

#[cfg(test)]
mod tests;

pub use accelerator::Accelerator;
pub use limits::Limits;
pub use process::Ending;
pub use results::{Results, StepState};
pub use supervise::{LOG, Run, Supervision};
pub use transcript::Subtest;
pub use trouble::Trouble;
