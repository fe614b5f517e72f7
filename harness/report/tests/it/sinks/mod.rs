//! The table of sinks: every payload, at every place where foreign text comes in, in
//! everything that a report can be.

mod checks;
mod documents;
mod places;
mod table;
