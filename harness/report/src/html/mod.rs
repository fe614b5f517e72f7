//! The page: everything that is known, as one HTML file that needs nothing else.
//!
//! Whoever makes one gathers a [`Page`]; nothing here reads files. Markup is made by
//! templates that escape whatever they are given; what could act on a reader without being
//! markup, such as marks that turn text around, is escaped where the page is written.

mod changes;
mod closure;
mod diff;
mod document;
mod failures;
mod finding;
mod gap;
mod grid;
mod hosts;
mod machines;
mod page;
mod parity;
mod quiet;
mod tree;
mod verdict;
mod words;

pub use document::html;
pub use page::{Artefact, Page};
