//! The machines of `vm` cases: what runs them, booting them, and handing them to somebody.

mod boots;
mod driver;
mod interact;
mod program;

pub(super) use boots::{Machines, VmTest};
pub(super) use program::{program_of, slug};
