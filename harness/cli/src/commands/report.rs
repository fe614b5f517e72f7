//! `nix-parity report`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_report::read_jsonl;

use super::Problem;
use crate::args::{Global, Report};
use crate::output::Output;

/// Renders a record, and exits as its run did.
pub(super) fn run(global: &Global, args: &Report, output: &Output) -> Result<Exit, Problem> {
    let reader: Box<dyn BufRead> = if args.from == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(&args.from)
            .map_err(|e| wrong(format!("cannot read {}: {e}", args.from.display())))?;
        Box::new(BufReader::new(file))
    };
    let mut telling = output.telling(output.replay(global.format));
    let mut exit = None;
    let mut problem = None;
    for event in read_jsonl(reader) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                problem = Some(wrong(format!("{}: {error}", args.from.display())));
                break;
            }
        };
        if let Event::RunFinished { summary } = &event {
            exit = Some(Exit::of_run(summary));
        }
        telling.event(&event);
    }
    // A record without an end is told as such, too.
    let told = telling.end(exit.unwrap_or(Exit::Success));
    let exit = exit.map(|_| told);
    match (problem, exit) {
        (Some(problem), _) => Err(problem),
        (None, Some(exit)) => Ok(exit),
        (None, None) => Err(wrong(format!(
            "{}: the record ends before its run did",
            args.from.display()
        ))),
    }
}

fn wrong(message: String) -> Problem {
    Problem::input(vec![Diagnostic::new(message)])
}
