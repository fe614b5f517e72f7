//! Nix as a typed peer: requests go in, observations come out. Nothing here
//! knows of cases.

mod binary;
mod build;
mod cause;
mod command;
mod error;
mod late;
mod log;
mod paths;
mod protocol;
mod request;
mod watchdog;
mod worker;

pub use binary::{FindError, Flavour, MINIMUM_VERSION, Nix, Version};
pub(crate) use build::BuildLine;
pub use build::{Built, ClosurePath, Place, Wanted, realise};
pub use command::{Flake, InputOverride, Program};
pub(crate) use command::{replace_by, start_as_own};
pub use error::parse_error;
pub(crate) use late::{once_written, read_derivation};
pub(crate) use log::LogLine;
pub use protocol::PRELUDE;
pub(crate) use protocol::reply;
pub use request::{EVAL_FILE, Request, Subject, VARIANT_FILE, Variant};
pub(crate) use watchdog::{Guarded, Watchdog};
pub use worker::{Deadline, Evidence, Failure, LimitOf, Limits, LogShows, Unlocked, Worker, count};
