//! `nix-parity --version`: beside the program's own version the Nix that it would run.
//! `-V` is the first line alone, and starts nothing.

use std::ffi::OsStr;

use nix_parity_engine::nix::Nix;

use crate::output::lines;

/// Says the versions; `own` is the line that the parser of the command line made.
pub(crate) fn tell<A: AsRef<OsStr>>(
    own: &str,
    arguments: impl IntoIterator<Item = A>,
) -> Result<(), String> {
    let mut told = vec![own.trim_end().to_owned()];
    if arguments.into_iter().any(|a| a.as_ref() == "--version") {
        told.push(match Nix::find(None) {
            Ok(nix) => format!("{}, {}", nix.banner, nix.program.display()),
            Err(error) => error.to_string(),
        });
    }
    lines(told)
}
