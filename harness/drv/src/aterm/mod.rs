//! The notation of `.drv` files: a subset of `ATerm` that Nix writes on one line.

mod cursor;
mod error;
mod parse;
mod raw;
mod write;

pub use error::{Expected, ParseError};
pub use parse::parse;
pub(crate) use parse::parse_outputs;
pub(crate) use raw::{Layout, Raw, parse_raw};
pub use write::write;
