//! `nix-parity report`.

use std::io::BufRead;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::outcome::{Summary, TestResult};
use nix_parity_report::{merge, read_jsonl};

use super::Problem;
use super::inputs::{self, Input, wrong};
use crate::args::{Global, Report};
use crate::output::Output;
use crate::page::Extras;
use crate::reports::Reports;

/// Renders a record, or those of the shards of a run as one, and exits as the run did.
pub(super) fn run(global: &Global, args: &Report, output: &Output) -> Result<Exit, Problem> {
    let mut reports = Reports::where_asked(&args.reports, global);
    let mut records = Vec::new();
    for from in &args.from {
        match inputs::open(from, reports.extras())? {
            Input::Run(reader) => records.push(Record { from, reader }),
            Input::Value if args.reports.html.is_some() => {}
            Input::Value => return Err(no_record(from, "with `--html FILE` a page shows it")),
        }
    }
    if records.is_empty() {
        // A page about a comparison or a ledger alone.
        let problems = reports.write();
        return match problems.as_slice() {
            [] => Ok(Exit::Success),
            _ => Err(Problem::machine(problems.join("; "))),
        };
    }
    let names: Vec<_> = records.iter().map(|record| record.from).collect();
    let mut telling = output.telling(output.replay(global.format), reports);
    let mut exit = None;
    let mut tell = |event: &Event| {
        if let Event::RunFinished { summary } = event {
            exit = Some(Exit::of_run(summary));
        }
        telling.event(event);
    };
    let problem = if let [record] = records.as_mut_slice() {
        told(record, &mut tell)
    } else {
        let (events, problem) = merged(records)?;
        events.iter().for_each(tell);
        problem
    };
    // A record without an end is told as such, too.
    let told = telling.end(exit.unwrap_or(Exit::Success));
    match (problem, exit) {
        (Some(problem), _) => Err(problem),
        (None, Some(_)) => Ok(told),
        (None, None) => Err(match names.as_slice() {
            [one] => unfinished(one),
            _ => wrong("a record ends before its run did".to_owned()),
        }),
    }
}

/// The record of a run, to be read.
struct Record<'a> {
    from: &'a Path,
    reader: Box<dyn BufRead>,
}

/// Tells the events of a record as they are read, up to what is wrong with it.
fn told(record: &mut Record<'_>, tell: &mut impl FnMut(&Event)) -> Option<Problem> {
    for event in read_jsonl(&mut record.reader) {
        match event {
            Ok(event) => tell(&event),
            Err(error) => return Some(wrong(format!("{}: {error}", record.from.display()))),
        }
    }
    None
}

/// The events of several records as those of one run, and what is wrong with those that
/// break off.
fn merged(files: Vec<Record<'_>>) -> Result<(Vec<Event>, Option<Problem>), Problem> {
    let mut records = Vec::new();
    let mut problem: Option<Problem> = None;
    let mut is_whole = true;
    for mut file in files {
        let mut events = Vec::new();
        let broken = told(&mut file, &mut |event| events.push(event.clone()));
        let file = file.from;
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
    let Input::Run(reader) = inputs::open(from, &mut Extras::default())? else {
        return Err(no_record(from, "`run --format jsonl` writes one"));
    };
    let mut results = Vec::new();
    let mut ended = None;
    for event in read_jsonl(reader) {
        match event.map_err(|e| wrong(format!("{}: {e}", from.display())))? {
            Event::TestFinished(result) => results.push(result),
            Event::RunFinished { summary } => ended = Some(summary),
            _ => {}
        }
    }
    let summary = ended.ok_or_else(|| unfinished(from))?;
    Ok((results, summary))
}

fn no_record(from: &Path, note: &str) -> Problem {
    let message = format!("{} is no record of a run", from.display());
    Problem::input(vec![Diagnostic::new(message).note(note)])
}

fn unfinished(from: &Path) -> Problem {
    wrong(format!(
        "{}: the record ends before its run did",
        from.display()
    ))
}
