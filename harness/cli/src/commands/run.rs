//! `nix-parity run`.

use nix_parity_core::exit::Exit;
use nix_parity_engine::plan::Plan;
use nix_parity_engine::project::Project;
use nix_parity_engine::run::{Engine, MachineOptions, Options};
use nix_parity_engine::snapshot::unreferenced;
use nix_parity_engine::{interrupt, ledger};
use nix_parity_report::Shown;

use super::review::unusable;
use super::{Problem, load, options, selected, watch};
use crate::args::{Format, Global, Run};
use crate::output::Output;
use crate::reports::Reports;

pub(super) fn run(global: &Global, args: &Run, output: &Output) -> Result<Exit, Problem> {
    if args.watch {
        return watch::run(global, args, &run_options(global, args), output);
    }
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let engine = Engine::new(&project, run_options(global, args), &interrupted)?;
    let plan = selected(&engine, &args.selection, &args.share)?;
    if args.selection.is_everything() && args.share.is_everything() {
        let orphans = engine.orphans(&plan).map_err(|e| unusable(&e))?;
        if !orphans.is_empty() {
            return Err(Problem::input(unreferenced(&orphans)));
        }
    }
    let reports = Reports::of_run(&args.reports, global);
    let reporter = if plan.is_empty() && global.format == Format::Human {
        // Said already; a report of nothing would only repeat it. Files are there all the
        // same for whoever takes them up.
        Output::silent()
    } else {
        output.reporter(global.format, Shown::All)
    };
    let mut telling = output.telling(reporter, reports);
    let summary = match engine.run(&plan, |event| telling.event(&event)) {
        Ok(summary) => summary,
        Err(error) => {
            telling.abandon();
            return Err(error.into());
        }
    };
    if args.selection.is_everything() && !summary.interrupted {
        weigh(&project, &plan, telling.reports())?;
    }
    let exit = if plan.is_empty() {
        // Nothing can come out differently than at the commit.
        Exit::Success
    } else {
        Exit::of_run(&summary)
    };
    Ok(telling.end(exit))
}

/// Shows on the page what the ledger makes of a whole run.
fn weigh(project: &Project, plan: &Plan<'_>, reports: &mut Reports) -> Result<(), Problem> {
    let (Some(promised), Some(results)) = (&project.ledger, reports.for_ledger()) else {
        return Ok(());
    };
    let accepted = ledger::accepted(project).map_err(Problem::input)?;
    let gap = ledger::gap(promised, &project.suites, plan, results, accepted.as_ref());
    reports.extras().gap = Some(gap.map_err(Problem::input)?);
    Ok(())
}

fn run_options(global: &Global, args: &Run) -> Options {
    Options {
        jobs: args.jobs,
        no_cache: args.no_cache,
        explain_cache: args.explain_cache,
        fail_fast: args.fail_fast,
        machines: MachineOptions {
            keep_state: args.keep_state,
            strict: args.strict_vm,
            tested: args.tested.clone(),
        },
        ..options(global)
    }
}
