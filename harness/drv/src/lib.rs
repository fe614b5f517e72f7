//! Store paths, `.drv` files, the graph of derivations below a toplevel, and what
//! differs between two of them. No Nix process, no terminal, no clock; the one thing
//! outside that is read are the bytes of `.drv` files, through a [`Source`].
//!
//! From the bottom up: [`StorePath`] and [`split_name`] take names apart;
//! [`Derivation`] is one file, read by [`parse`] and written by [`write()`]; [`Graph`]
//! holds all files below some toplevels; [`diff()`] says which of them were changed
//! themselves, and how many merely follow.

mod aterm;
mod derivation;
mod diff;
mod graph;
mod hash;
mod placeholder;
mod source;
mod store_path;

pub use aterm::{Expected, ParseError, parse, write};
pub use derivation::{Derivation, DynamicOutput, Format, Input, Output, OutputKind, Text};
pub use diff::{
    Bytes, Cause, Change, Diff, DrvRef, Noise, NoiseError, Renamed, VersionChange, Wanted, diff,
};
pub use graph::{Chains, Graph, NodeId, ReadError};
pub use source::{Memory, Source, StoreFolder};
pub use store_path::{BadStorePath, StorePath, split_name};
