//! The tests divided over the machines of a CI system: which runner is given what, and
//! what it must be told to run exactly that.

mod divide;
mod job;
mod make;
mod pack;

#[cfg(test)]
mod tests;

pub use job::{Job, Matrix};
pub use make::{Amount, Division, MAX_JOBS};
