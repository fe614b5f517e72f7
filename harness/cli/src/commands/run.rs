//! `nix-parity run`.

use nix_parity_core::exit::Exit;
use nix_parity_engine::interrupt;
use nix_parity_engine::run::{Engine, Options};

use super::{Problem, filter, load, nothing, options, plan};
use crate::args::{Global, Run};
use crate::output::Output;

pub(super) fn run(global: &Global, args: &Run, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let options = Options {
        jobs: args.jobs,
        no_cache: args.no_cache,
        fail_fast: args.fail_fast,
        ..options(global)
    };
    let engine = Engine::new(&project, options, &interrupted)?;
    let hosts = engine.hosts()?;
    let plan = plan(&project, &hosts)?;
    let filter = filter(&args.selection)?;
    filter.check(&hosts).map_err(Problem::input)?;
    let total = plan.len();
    let plan = plan.filtered(&filter);
    if plan.is_empty() {
        return Err(nothing(total));
    }
    let mut reporter = output.reporter(global.format);
    let mut lost = None;
    let summary = engine.run(&plan, |event| {
        // Somebody who stops reading still gets the right exit code.
        if lost.is_none()
            && let Err(error) = reporter.event(&event)
        {
            lost = Some(error);
        }
    })?;
    if lost.is_none()
        && let Err(error) = reporter.finish()
    {
        lost = Some(error);
    }
    if let Some(error) = lost.filter(|e| e.kind() != std::io::ErrorKind::BrokenPipe) {
        output.error(&format!("the report could not be written: {error}"));
        return Ok(Exit::Machine);
    }
    Ok(Exit::of_run(&summary))
}
