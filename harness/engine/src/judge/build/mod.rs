//! `build`: what came of building, held against what was expected.

mod check;
mod closure;
mod files;

pub use closure::SIZE;
