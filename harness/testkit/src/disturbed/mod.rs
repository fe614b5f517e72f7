//! Programs that are killed, or told that the disk is full, at a chosen change of a file.

mod disturbance;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod traced;

pub use disturbance::{Change, Disturbance, Traced};
