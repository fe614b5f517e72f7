//! `just bench`: the speed goals of nix-parity as ratios.
//!
//! A ratio is taken within a round; the table shows the median over the rounds and
//! its spread. Seconds are never compared across runs, and none are printed. Memory
//! is what it is on any machine, so there it is megabytes.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod arguments;
mod build;
mod contender;
mod derivations;
mod goals;
mod load;
mod process;
mod questions;
mod scale;
mod statistics;
mod weigh;

use std::process::ExitCode;

use arguments::{Arguments, HELP, Subject};
use load::{generated, reference};
use process::Tools;

fn main() -> ExitCode {
    let done = match Arguments::parse(std::env::args().skip(1)) {
        Ok(Some(arguments)) => bench(&arguments),
        Ok(None) => {
            print!("{HELP}");
            Ok(())
        }
        Err(message) => Err(message),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn bench(arguments: &Arguments) -> Result<(), String> {
    println!(
        "{} cores, {}, {} rounds",
        process::cores(),
        process::nix_version()?,
        arguments.rounds
    );
    if arguments.on == Some(Subject::Derivations) {
        // Needs neither the programs nor a test runner.
        return derivations::table(arguments.rounds);
    }
    let mut tools = Tools::build(arguments.program.as_deref())?;
    if arguments.includes(Subject::Reference) || arguments.includes(Subject::Generated) {
        tools = tools.with_nextest()?;
    }
    if arguments.includes(Subject::Reference) {
        goals::table(
            &tools,
            &reference::load(&process::repository()?)?,
            arguments.rounds,
        )?;
    }
    if arguments.includes(Subject::Generated) {
        goals::table(&tools, &generated::load()?, arguments.rounds)?;
    }
    if arguments.includes(Subject::Derivations) {
        derivations::table(arguments.rounds)?;
    }
    if arguments.includes(Subject::Cases) {
        scale::cases(&tools, arguments.rounds)?;
    }
    if arguments.includes(Subject::Hosts) {
        scale::hosts(&tools, arguments.rounds)?;
    }
    if arguments.includes(Subject::Graphs) {
        scale::graphs(&tools, arguments.rounds)?;
    }
    Ok(())
}
