//! Whether time and memory grow in proportion to cases, hosts and derivations.

mod cases;
mod graphs;
mod growth;
mod hosts;
mod store;

pub(crate) use cases::table as cases;
pub(crate) use graphs::table as graphs;
pub(crate) use hosts::table as hosts;
