//! The reference of all keys of all files, as Markdown, made of the JSON Schemas, which
//! are made of the tables that the parsers read.

mod examples;
mod page;
mod words;

pub use page::{Schemas, reference};
