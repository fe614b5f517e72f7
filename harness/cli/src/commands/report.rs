//! `nix-parity report`.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::outcome::{Summary, TestResult};
use nix_parity_report::{merge, read_jsonl};

use super::Problem;
use crate::args::{Global, Report};
use crate::output::Output;
use crate::reports::Reports;

/// Renders a record, or those of the shards of a run as one, and exits as the run did.
pub(super) fn run(global: &Global, args: &Report, output: &Output) -> Result<Exit, Problem> {
    let reports = Reports::where_asked(&args.reports, global);
    let mut telling = output.telling(output.replay(global.format), reports);
    let mut exit = None;
    let mut tell = |event: &Event| {
        if let Event::RunFinished { summary } = event {
            exit = Some(Exit::of_run(summary));
        }
        telling.event(event);
    };
    let problem = match args.from.as_slice() {
        [one] => told(one, &mut tell)?,
        several => {
            let (events, problem) = merged(several)?;
            events.iter().for_each(tell);
            problem
        }
    };
    // A record without an end is told as such, too.
    let told = telling.end(exit.unwrap_or(Exit::Success));
    match (problem, exit) {
        (Some(problem), _) => Err(problem),
        (None, Some(_)) => Ok(told),
        (None, None) => Err(match args.from.as_slice() {
            [one] => unfinished(one),
            _ => wrong("a record ends before its run did".to_owned()),
        }),
    }
}

/// Tells the events of a record as they are read, up to what is wrong with it.
fn told(from: &Path, tell: &mut impl FnMut(&Event)) -> Result<Option<Problem>, Problem> {
    for event in read_jsonl(open(from)?) {
        match event {
            Ok(event) => tell(&event),
            Err(error) => return Ok(Some(wrong(format!("{}: {error}", from.display())))),
        }
    }
    Ok(None)
}

/// The events of several records as those of one run, and what is wrong with those that
/// break off.
fn merged(files: &[PathBuf]) -> Result<(Vec<Event>, Option<Problem>), Problem> {
    let mut records = Vec::new();
    let mut problem: Option<Problem> = None;
    let mut is_whole = true;
    for file in files {
        let mut events = Vec::new();
        let broken = told(file, &mut |event| events.push(event.clone()))?;
        let has_end = matches!(events.last(), Some(Event::RunFinished { .. }));
        let broken = broken.or_else(|| (!has_end).then(|| unfinished(file)));
        problem = match (problem, broken) {
            (Some(one), Some(other)) => Some(one.and(other)),
            (one, other) => one.or(other),
        };
        if events.is_empty() {
            // Not even what this shard was to run is known: there is no verdict.
            is_whole = false;
            continue;
        }
        records.push((file.display().to_string(), events));
    }
    let mut events = merge(&records).map_err(|error| wrong(error.to_string()))?;
    events.retain(|event| is_whole || !matches!(event, Event::RunFinished { .. }));
    Ok((events, problem))
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
