//! What stands before a switch: what became of a host's tests, what differs from the
//! running system, what the switch will do to it, and whether that may happen.

mod effect;
mod report;
mod risk;
mod unknown;

pub use effect::{Action, Effect, Thing};
pub use report::{Against, Cases, FORMAT, Gate, Refusal, Tested, Verification};
pub use risk::Risk;
pub use unknown::Unknown;
