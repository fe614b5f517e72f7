//! `nix-parity report`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::outcome::{Summary, TestResult};
use nix_parity_report::read_jsonl;

use super::Problem;
use crate::args::{Global, Report};
use crate::output::Output;
use crate::reports::Reports;

/// Renders a record, and exits as its run did.
pub(super) fn run(global: &Global, args: &Report, output: &Output) -> Result<Exit, Problem> {
    let reader = open(&args.from)?;
    let reports = Reports::new(&args.reports, &global.directory);
    let mut telling = output.telling(output.replay(global.format), reports);
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
        (None, None) => Err(unfinished(&args.from)),
    }
}

/// The results of a record that ends as its run did.
pub(super) fn results(from: &Path) -> Result<(Vec<TestResult>, Summary), Problem> {
    let mut results = Vec::new();
    let mut ended = None;
    for event in read_jsonl(open(from)?) {
        match event.map_err(|e| wrong(format!("{}: {e}", from.display())))? {
            Event::TestFinished(result) => results.push(result),
            Event::RunFinished { summary } => ended = Some(summary),
            _ => {}
        }
    }
    let summary = ended.ok_or_else(|| unfinished(from))?;
    Ok((results, summary))
}

fn open(from: &Path) -> Result<Box<dyn BufRead>, Problem> {
    if from == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file =
        File::open(from).map_err(|e| wrong(format!("cannot read {}: {e}", from.display())))?;
    Ok(Box::new(BufReader::new(file)))
}

fn unfinished(from: &Path) -> Problem {
    wrong(format!(
        "{}: the record ends before its run did",
        from.display()
    ))
}

fn wrong(message: String) -> Problem {
    Problem::input(vec![Diagnostic::new(message)])
}
