//! The `nix-parity` program: parse, call, exit.

mod args;
mod commands;
mod output;
mod page;
mod pictures;
mod reports;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(answer) => {
            return ExitCode::from(commands::answer::tell(&answer, std::env::args_os()));
        }
    };
    let output = output::Output::new(args.global.color);
    ExitCode::from(commands::dispatch(&args, &output))
}
