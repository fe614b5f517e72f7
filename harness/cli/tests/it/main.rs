//! The program under test as its users have it: the binary, on projects in
//! temporary folders, with real Nix over the offline base.

mod support;

mod deaths;
mod faults;
mod hostile;
mod input;
mod json_schema;
mod language;
mod reference;
mod report;
mod workers;
