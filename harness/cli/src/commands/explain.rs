//! `nix-parity explain`.

use std::sync::atomic::Ordering;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_core::host::Host;
use nix_parity_core::option_path::OptionPath;
use nix_parity_engine::inspect::{Side, explain_derivation, explain_option};
use nix_parity_engine::interrupt;
use nix_parity_engine::plan::Filter;
use nix_parity_engine::run::{Engine, EngineError};
use nix_parity_report::{derivation_explanation, option_explanation};

use super::{Problem, host_selection, options, settings};
use crate::args::{Explain, Global};
use crate::output::Output;

pub(super) fn run(global: &Global, args: &Explain, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = settings(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let told = explain(&engine, global, args, output);
    if interrupted.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    told.map(|()| Exit::Success)
}

fn explain(
    engine: &Engine<'_>,
    global: &Global,
    args: &Explain,
    output: &Output,
) -> Result<(), Problem> {
    if let [old, new] = args.between.as_slice() {
        let old = Side::find(engine, old)?;
        let new = Side::find(engine, new)?;
        return derivation(engine, global, (Some(&old), &new, &args.what), output);
    }
    let hosts = selected(engine, &args.host)?;
    let not_an_option = match OptionPath::parse(&args.what) {
        Ok(path) if !args.what.starts_with('/') => match explain_option(engine, &hosts, &path) {
            Ok(found) => {
                return written(output.value(global.format, &found, option_explanation));
            }
            Err(error @ EngineError::Input(_)) => Problem::from(error),
            Err(error) => return Err(error.into()),
        },
        Ok(_) => Problem::input(Vec::new()),
        Err(error) => Problem::input(vec![Diagnostic::new(error.to_string())]),
    };
    // What is no option may be a derivation, in the one host that is looked at.
    let [host] = hosts.as_slice() else {
        let note = "a derivation is looked for in one host; choose it with --host";
        return Err(not_an_option.or(Diagnostic::new(note)));
    };
    let side = Side::find(engine, &host.key())?;
    derivation(engine, global, (None, &side, &args.what), output)
        .map_err(|problem| not_an_option.and(problem))
}

fn selected(engine: &Engine<'_>, patterns: &[String]) -> Result<Vec<Host>, Problem> {
    let filter = Filter {
        hosts: host_selection(patterns)?,
        ..Filter::default()
    };
    let mut hosts = engine.hosts()?;
    filter.check(&hosts).map_err(Problem::input)?;
    hosts.retain(|host| filter.hosts.selects(host));
    Ok(hosts)
}

fn derivation(
    engine: &Engine<'_>,
    global: &Global,
    (old, new, wanted): (Option<&Side>, &Side, &str),
    output: &Output,
) -> Result<(), Problem> {
    let found = explain_derivation(engine, old, new, wanted)?;
    written(output.value(global.format, &found, derivation_explanation))
}

fn written(done: std::io::Result<()>) -> Result<(), Problem> {
    done.map_err(|e| Problem::machine(format!("the explanation could not be written: {e}")))
}
