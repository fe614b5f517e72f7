//! YAML with the place of every node, and a reader that collects all mistakes of
//! a file instead of stopping at the first. And a writer, for files that we make.

mod document;
mod lines;
mod node;
mod reader;
mod write;

pub use document::document;
pub use lines::lines;
pub use node::{Kind, MAX_FILE_BYTES, Node, parse};
pub use reader::{Entry, Key, Mapping, Reader};
pub use write::{Yaml, quoted, text};
