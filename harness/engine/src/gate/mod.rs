//! The gate before a switch: this machine's host, its tests, what differs from the
//! running system, what the switch will do, and what ran after it.

mod beside;
mod effects;
mod look;
mod machine;
mod moment;
mod record;
mod running;
mod services;
mod switch;
mod verify;

pub(crate) use services::fuzz;

pub use look::look;
pub use machine::Machine;
pub use moment::{Changed, Moment, is_still_tested};
pub use record::Record;
pub use running::Running;
pub use switch::{become_command, find_command, run_command};
pub use verify::verify;
