//! `nix-parity completions`.

use clap::CommandFactory as _;
use nix_parity_core::exit::Exit;

use super::Problem;
use crate::args::{Args, Completions};
use crate::output;

pub(super) fn run(args: &Completions) -> Result<Exit, Problem> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "nix-parity", &mut script);
    output::bytes(&script).map_err(Problem::machine)?;
    Ok(Exit::Success)
}
