//! `vm`: what must hold on a running machine.

mod check;
mod keys;
mod python;
mod step;

#[cfg(test)]
mod tests;

pub use check::{Machine, VmCheck, VmNode, VmProgram};
pub(super) use keys::VM;
pub use python::{CaseSteps, LOADER, program};
pub use step::{Action, Step};
