//! `nix-parity man`.

use std::path::Path;

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;
use nix_parity_core::exit::Exit;
use nix_parity_engine::whole_file;

use super::Problem;
use crate::args::{Args, ManPages};
use crate::output;

pub(super) fn run(args: &ManPages) -> Result<Exit, Problem> {
    let mut program = Args::command().disable_help_subcommand(true);
    // Options of all commands are added to each, and commands get their full names.
    program.build();
    let Some(dir) = &args.dir else {
        output::bytes(&page(&program)?).map_err(Problem::machine)?;
        return Ok(Exit::Success);
    };
    write_below(&program, dir)?;
    Ok(Exit::Success)
}

/// One page for a command and one for each of the commands below it.
fn write_below(command: &Command, dir: &Path) -> Result<(), Problem> {
    let file = dir.join(format!("{}.1", name(command)));
    whole_file::replace(&file, &page(command)?)
        .map_err(|e| Problem::machine(format!("cannot write {}: {e}", file.display())))?;
    let below = command.get_subcommands().filter(|c| !c.is_hide_set());
    below
        .into_iter()
        .try_for_each(|command| write_below(command, dir))
}

fn page(command: &Command) -> Result<Vec<u8>, Problem> {
    let mut text = Vec::new();
    Man::new(command.clone())
        .title(name(command))
        .manual("nix-parity")
        .render(&mut text)
        .map_err(|e| Problem::machine(e.to_string()))?;
    Ok(text)
}

/// `nix-parity-cache-stats`
fn name(command: &Command) -> String {
    let name = command.get_display_name();
    name.unwrap_or_else(|| command.get_name()).to_owned()
}
