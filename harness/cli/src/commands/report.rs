//! `nix-parity report`.

use std::io::BufRead;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::outcome::{Summary, TestResult};
use nix_parity_report::{WholeRun, read_jsonl};

use super::Problem;
use super::inputs::{self, Input};
use crate::args::{Global, Report};
use crate::output::Output;
use crate::page::{self, Extras};
use crate::reports::{ReportFiles, Reports};

/// Renders a record, and exits as its run did; of several, as the worst of them.
pub(super) fn run(global: &Global, args: &Report, output: &Output) -> Result<Exit, Problem> {
    // The page is about all that is read, the other reports about one run.
    let (html, files) = args.reports.without_html();
    let mut extras = Extras::default();
    let mut records = Vec::new();
    for from in &args.from {
        match inputs::open(from, &mut extras)? {
            Input::Run(reader) => records.push((from.as_path(), reader)),
            Input::Value if html.is_some() => {}
            Input::Value => {
                let message = format!("{} is no record of a run", from.display());
                let note = "`report --html FILE` shows such values on a page";
                return Err(Problem::input(vec![Diagnostic::new(message).note(note)]));
            }
        }
    }
    if records.len() > 1 && files.is_any() {
        let message = "the other reports are about one run, and --from names several";
        return Err(wrong(message.to_owned()));
    }
    let mut runs = Vec::new();
    let mut exit = Exit::Success;
    for (from, reader) in records {
        let (run, of_run) = tell(global, &files, output, from, reader)?;
        runs.push(run);
        exit = worse(exit, of_run);
    }
    if let Some(html) = html {
        let runs: Vec<_> = runs.iter().collect();
        page::write(&runs, &extras, &global.directory, html).map_err(Problem::machine)?;
    }
    Ok(exit)
}

/// Tells a record, and returns it with the exit of its run.
fn tell(
    global: &Global,
    files: &ReportFiles,
    output: &Output,
    from: &Path,
    reader: Box<dyn BufRead>,
) -> Result<(WholeRun, Exit), Problem> {
    let reports = Reports::new(files, &global.directory);
    let mut telling = output.telling(output.replay(global.format), reports);
    let mut run = WholeRun::default();
    let mut exit = None;
    let mut problem = None;
    for event in read_jsonl(reader) {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                problem = Some(wrong(format!("{}: {error}", from.display())));
                break;
            }
        };
        if let Event::RunFinished { summary } = &event {
            exit = Some(Exit::of_run(summary));
        }
        run.take(&event);
        telling.event(&event);
    }
    // A record without an end is told as such, too.
    let told = telling.end(exit.unwrap_or(Exit::Success));
    let exit = exit.map(|_| told);
    match (problem, exit) {
        (Some(problem), _) => Err(problem),
        (None, Some(exit)) => Ok((run, exit)),
        (None, None) => Err(unfinished(from)),
    }
}

/// The exit that says more of what is wrong.
fn worse(a: Exit, b: Exit) -> Exit {
    let order = [
        Exit::Interrupted,
        Exit::Failed,
        Exit::Machine,
        Exit::Input,
        Exit::Nothing,
    ];
    let found = order.into_iter().find(|exit| [a, b].contains(exit));
    found.unwrap_or(Exit::Success)
}

/// The results of a record that ends as its run did.
pub(super) fn results(from: &Path) -> Result<(Vec<TestResult>, Summary), Problem> {
    let Input::Run(reader) = inputs::open(from, &mut Extras::default())? else {
        return Err(wrong(format!("{} is no record of a run", from.display())));
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

fn unfinished(from: &Path) -> Problem {
    wrong(format!(
        "{}: the record ends before its run did",
        from.display()
    ))
}

pub(super) fn wrong(message: String) -> Problem {
    Problem::input(vec![Diagnostic::new(message)])
}
