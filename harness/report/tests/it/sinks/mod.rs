//! The table of sinks: every payload, at every place where foreign text comes in, in
//! everything that a report can be.

mod checks;
mod documents;
mod of_questions;
mod of_runs;
mod of_sides;
mod places;
mod table;
