//! A first suite for a flake that has none: cases made of what its hosts really set, each
//! tried before it is written, and the files around them.
//!
//! | module | subject |
//! |---|---|
//! | `tree` | what git knows of the flake's files |
//! | `found` | what hosts set |
//! | `look` | asking them for it |
//! | `secrets` | what is left out of that |
//! | `covered` | what cases look at already |
//! | `starters` | what cases are made of |
//! | `draft` | cases as text |
//! | `proven` | which of them pass |
//! | `project_file`, `extras` | the other files |
//! | `proposal` | all of it together |
//! | `write` | files on disk |
//! | `stubs` | what stands in for inputs that cannot be fetched |

mod covered;
mod draft;
mod extras;
mod found;
mod look;
mod project_file;
mod proposal;
mod proven;
mod secrets;
mod starters;
mod stubs;
mod tree;
mod write;

pub use extras::{UNKNOWN_SOURCE, Wanted};
pub use look::first_error;
pub use project_file::{hide_secrets, use_stubs};
pub use proposal::{Kept, KnownHost, Proposal};
pub use stubs::{Declared, NoStub, Stub, Trial, declared, to_blame};
pub use tree::examine;
pub use write::{NewFile, Written, may_write};
