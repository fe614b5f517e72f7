//! What there is to know of one host: all its settings, one of its options, its
//! derivations; and the sides that people name to compare.

mod accepted;
mod consult;
mod explain;
mod homes;
mod named;
mod settings;
mod side;
mod since;
mod store;
mod trees;

pub use accepted::AcceptedSide;
pub use explain::{explain_derivation, explain_option};
pub use homes::{HOMES, HomeSettings, homes};
pub use settings::{Setting, Settings};
pub use side::{HostSide, Side};
pub use since::{HostSince, since};
pub use store::{Contents, contents, deriver};
