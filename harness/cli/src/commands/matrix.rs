//! `nix-parity matrix`.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::environment;
use nix_parity_engine::interrupt;
use nix_parity_engine::matrix::{Amount, Division, Matrix};
use nix_parity_engine::plan::Plan;
use nix_parity_engine::run::{Engine, Work};
use nix_parity_report::{json_line, json_lines};

use super::{Problem, filtered, load, options, planned};
use crate::args::{Global, Matrix as Args, Selection};
use crate::output::{self, lines};

/// GitHub takes no longer output of a job.
const MAX_OUTPUT: usize = 1 << 20;

pub(super) fn run(global: &Global, args: &Args) -> Result<Exit, Problem> {
    let outputs = outputs(args)?;
    let project = load(global)?;
    let interrupted = interrupt::flag();
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let (plan, hosts) = planned(&engine)?;
    let plan = filtered(plan, &hosts, &args.selection)?;
    let mut plan = with_systems(&engine, plan)?;
    let affected = if args.selection.affected {
        let affected = engine.affected(&plan, &args.selection.since)?;
        output::affected(&affected, &args.selection.since);
        plan = affected.of(plan);
        Some(affected)
    } else {
        None
    };
    let runners = &project.file.runners;
    let shards = args.shards.or(runners.shards).unwrap_or(NonZeroUsize::MIN);
    let division = Division {
        runners,
        amount: args.shard_time.map_or(Amount::Jobs(shards), Amount::Time),
        selection: arguments(&args.selection),
        names: names(&args.selection),
        hosts: args.selection.host.clone(),
        affected: affected.as_ref(),
    };
    let matrix = division
        .of(&plan, |host| engine.costs(&host.host))
        .map_err(Problem::input)?;
    for warning in &matrix.warnings {
        output::warning(warning);
    }
    let unwritable = |error| Problem::machine(format!("the matrix has no JSON: {error}"));
    let line = json_line(&matrix.to_json()).map_err(unwritable)?;
    if let Some(file) = outputs {
        write(&file, &line, &matrix)?;
    }
    let shown = if args.pretty {
        let text = json_lines(&matrix.to_json()).map_err(unwritable)?;
        lines(text.lines())
    } else {
        lines([line])
    };
    shown.map_err(Problem::machine)?;
    Ok(Exit::Success)
}

/// The file for the outputs, where they are asked for.
fn outputs(args: &Args) -> Result<Option<std::path::PathBuf>, Problem> {
    if !args.github_output {
        return Ok(None);
    }
    let missing = || {
        let message = "--github-output without the variable GITHUB_OUTPUT";
        let note = "a step of GitHub Actions has it; the matrix is printed without the option, too";
        Problem::input(vec![Diagnostic::new(message).note(note)])
    };
    environment::github_output().map(Some).ok_or_else(missing)
}

/// The plan with the doubles of its hosts, where it matters which machine a test needs.
fn with_systems<'p>(engine: &Engine<'p>, mut plan: Plan<'p>) -> Result<Plan<'p>, Problem> {
    let needs = plan.hosts.iter().any(|host| {
        let is_bound = |work| work != Work::Evaluate;
        let works = host.tests.iter().map(|test| Work::of(&test.case.check));
        host.host.system.is_none() && works.into_iter().any(is_bound)
    });
    if needs {
        let known = engine.hosts_with_systems()?;
        for plan in &mut plan.hosts {
            let key = plan.host.key();
            if let Some(host) = known.iter().find(|host| host.key() == key) {
                plan.host = host.clone();
            }
        }
    }
    Ok(plan)
}

/// What selects tests on every machine alike.
fn arguments(selection: &Selection) -> Vec<String> {
    let platforms = selection.platform.iter().map(|p| format!("--platform={p}"));
    let tags = selection.tag.iter().map(|tag| format!("--tag={tag}"));
    let exact = selection.exact.then(|| "--exact".to_owned());
    platforms.chain(tags).chain(exact).collect()
}

/// The same of names, which come last and may look like options.
fn names(selection: &Selection) -> Vec<String> {
    let names = selection.names.iter().cloned();
    let dashes = (!selection.names.is_empty()).then(|| "--".to_owned());
    dashes.into_iter().chain(names).collect()
}

fn write(file: &Path, line: &str, matrix: &Matrix) -> Result<(), Problem> {
    if line.len() > MAX_OUTPUT {
        let message = format!("the matrix is larger than the {MAX_OUTPUT} bytes that GitHub takes");
        return Err(Problem::input(vec![
            Diagnostic::new(message).note("fewer --shards make it smaller"),
        ]));
    }
    let count = matrix.jobs.len();
    let tests: usize = matrix.jobs.iter().map(|job| job.tests).sum();
    let any = count > 0;
    let text = format!("matrix={line}\nany={any}\ncount={count}\ntests={tests}\n");
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| Problem::machine(format!("cannot write {}: {error}", file.display())))
}
