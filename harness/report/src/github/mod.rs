//! A run in the log of a GitHub Actions step, as annotations on the lines of the case and
//! of the configuration.

mod annotations;
mod command;
mod spots;

pub use annotations::github;
