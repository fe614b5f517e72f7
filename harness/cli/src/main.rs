//! The `nix-parity` program: parse, call, exit.

mod args;
mod commands;
mod output;
mod page;
mod pictures;
mod reports;

use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(answer) if answer.kind() == ErrorKind::DisplayVersion => {
            let exit = commands::version::tell(&answer.to_string(), std::env::args_os());
            return ExitCode::from(exit.code());
        }
        Err(answer) => answer.exit(),
    };
    let output = output::Output::new(args.global.color);
    ExitCode::from(commands::dispatch(&args, &output))
}
