//! `nix-parity gap`.

use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::ledger::{Gap, Lock, State};
use nix_parity_core::outcome::{Summary, TestResult};
use nix_parity_engine::plan::Plan;
use nix_parity_engine::project::{LEDGER_FILE, Project};
use nix_parity_engine::run::{Engine, Options};
use nix_parity_engine::{environment, interrupt, ledger};

use super::{Problem, load, nothing, options, planned, report};
use crate::args::{Format, Gap as Args, Global};
use crate::output::{self, Output};
use crate::reports::Reports;

pub(super) fn run(global: &Global, args: &Args, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let promised = project.ledger.as_ref().ok_or_else(no_ledger)?;
    let accepted = ledger::accepted(&project).map_err(Problem::input)?;
    check(args, &project, accepted.as_ref())?;
    let options = Options {
        jobs: args.jobs,
        no_cache: args.no_cache,
        ..options(global)
    };
    let engine = Engine::new(&project, options, &interrupted)?;
    let (plan, _) = planned(&engine)?;
    let mut reports = Reports::where_asked(&args.reports, global);
    let (results, summary) = match &args.from {
        Some(file) => recorded(file)?,
        None if plan.is_empty() => return Err(nothing(0)),
        None => outcomes(&engine, &plan, &mut reports)?,
    };
    if summary.interrupted {
        reports.write();
        return Ok(Exit::Interrupted);
    }
    let gap = ledger::gap(
        promised,
        &project.suites,
        &plan,
        &results,
        accepted.as_ref(),
    )
    .map_err(Problem::input)?;
    output
        .value(global.format, &gap, nix_parity_report::gap)
        .map_err(|e| Problem::machine(format!("the ledger could not be shown: {e}")))?;
    let kept = keep(args, &project, &gap, &summary);
    let extras = reports.extras();
    extras.history = args.history.as_deref().map_or_else(Vec::new, history);
    extras.gap = Some(gap.clone());
    let unwritten = reports.write();
    kept?;
    let is_new = accepted.is_some_and(|lock| lock != gap.lock());
    if global.format == Format::Human && is_new && gap.worse.is_empty() && !args.accept {
        let name = name(&project);
        output::lines([format!("{name} says less: nix-parity gap --accept")])
            .map_err(Problem::machine)?;
    }
    if let Some(problem) = unwritten.first() {
        return Err(Problem::machine(problem.clone()));
    }
    Ok(if args.ratchet && !gap.worse.is_empty() {
        Exit::Failed
    } else if summary.errors > 0 {
        Exit::Machine
    } else {
        Exit::Success
    })
}

/// What can be known to be wrong before anything is evaluated.
fn check(args: &Args, project: &Project, accepted: Option<&Lock>) -> Result<(), Problem> {
    let wrong = |message: String, note: &str| {
        Err(Problem::input(vec![Diagnostic::new(message).note(note)]))
    };
    if args.ratchet && accepted.is_none() {
        let message = format!("there is no {} to compare with", name(project));
        return wrong(message, "`nix-parity gap --accept` writes it; commit it");
    }
    if args.accept && !environment::writes_snapshots() {
        let message = "nothing is accepted where CI is set".to_owned();
        return wrong(message, "accept it where somebody can look at it");
    }
    Ok(())
}

/// Writes what was asked for. What could not be found out is not a state to keep.
fn keep(args: &Args, project: &Project, gap: &Gap, summary: &Summary) -> Result<(), Problem> {
    if (args.accept || args.history.is_some()) && summary.errors > 0 {
        let message = "nothing is written down where tests could not be decided";
        let note = "`nix-parity run` says what stood in the way";
        return Err(Problem {
            exit: Exit::Machine,
            diagnostics: vec![Diagnostic::new(message).note(note)],
        });
    }
    if args.accept {
        ledger::accept(project, &gap.lock()).map_err(|error| {
            Problem::machine(format!("{} cannot be written: {error}", name(project)))
        })?;
    }
    if let Some(file) = &args.history {
        let written = ledger::record(project, file, gap).map_err(Problem::input)?;
        written.map_err(|error| {
            Problem::machine(format!("{} cannot be written: {error}", file.display()))
        })?;
    }
    Ok(())
}

/// A history as it is now, for the page. What is wrong with one is said where a line is
/// added to it.
fn history(file: &Path) -> Vec<State> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    State::read_all(&text).unwrap_or_default()
}

/// The results of a record of a whole run.
fn recorded(file: &Path) -> Result<(Vec<TestResult>, Summary), Problem> {
    let (results, summary) = report::results(file)?;
    if summary.interrupted {
        let message = format!("{}: the run was interrupted", file.display());
        return Err(Problem::input(vec![Diagnostic::new(message)]));
    }
    Ok((results, summary))
}

/// Runs all tests, without a word of each but in the reports that are wanted.
fn outcomes(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    reports: &mut Reports,
) -> Result<(Vec<TestResult>, Summary), Problem> {
    let mut results = Vec::new();
    let summary = engine.run(plan, |event| {
        reports.event(&event);
        match event {
            Event::TestFinished(result) => results.push(result),
            Event::Warning { message } => output::warning(&message),
            _ => {}
        }
    })?;
    Ok((results, summary))
}

/// The lock's name, as people see it.
fn name(project: &Project) -> String {
    let path = ledger::lock_file(project);
    let name = path.strip_prefix(&project.root).unwrap_or(&path);
    name.display().to_string()
}

fn no_ledger() -> Problem {
    let none = Diagnostic::new(format!("no ledger: there is no {LEDGER_FILE}"))
        .note("write one, or name one by `ledger` of parity.yaml; nix-parity schema ledger says what is in it");
    Problem::input(vec![none])
}
