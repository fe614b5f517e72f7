//! Real builds: what Nix makes of a derivation, or why it could not.
//!
//! | file | subject |
//! |---|---|
//! | `place` | where builds are made |
//! | `job` | a command of Nix that is run to its end, within bounds |
//! | `log` | what such a command says |
//! | `need` | what a derivation needs of the machine that builds it |
//! | `offer` | what this machine and its builders offer |
//! | `realise` | the build itself |
//! | `cause` | why a build failed |
//! | `closure` | all that an output needs to run |
//! | `answer` | what is kept of it |

mod answer;
mod cause;
mod closure;
mod job;
mod log;
mod need;
mod offer;
mod place;
mod realise;

pub(crate) use log::BuildLine;

pub use answer::{Built, ClosurePath};
pub use place::Place;
pub use realise::{Wanted, realise};
