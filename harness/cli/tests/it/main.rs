//! The program under test as its users have it: the binary, on projects in
//! temporary folders, with real Nix over the offline base.

mod support;

mod faults;
mod input;
mod language;
mod workers;
