//! YAML with the place of every node, and a reader that collects all mistakes of
//! a file instead of stopping at the first.

mod document;
mod node;
mod reader;

pub use document::document;
pub use node::{Kind, MAX_FILE_BYTES, Node, parse};
pub use reader::{Entry, Key, Mapping, Reader};
