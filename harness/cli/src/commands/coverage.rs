//! `nix-parity coverage`.

use std::sync::atomic::Ordering;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::coverage::{Roots, coverage};
use nix_parity_engine::interrupt;
use nix_parity_engine::run::Engine;

use super::{Problem, load, options, planned};
use crate::args::{Coverage, Global};
use crate::output::Output;

pub(super) fn run(global: &Global, args: &Coverage, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let roots = Roots::new(&engine, &args.root)?;
    let (plan, hosts) = planned(&engine)?;
    let found = coverage(&engine, &plan, &hosts, &roots);
    if interrupted.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    let found = found?;
    output
        .value(global.format, &found, nix_parity_report::coverage)
        .map_err(|e| Problem::machine(format!("the coverage could not be written: {e}")))?;
    if found.options == 0 {
        let none = Diagnostic::new("no option is set by these files")
            .note("a share of nothing is none; see --root, and `coverage` of parity.yaml");
        return Err(Problem {
            exit: Exit::Nothing,
            diagnostics: vec![none],
        });
    }
    let is_less = args.at_least.is_some_and(|percent| !found.reaches(percent));
    let is_asked = args.at_least.is_some() || args.every_module;
    if is_less || (args.every_module && found.leaves_out_a_module()) {
        return Ok(Exit::Failed);
    }
    // More may be set than could be asked for, and not looked at; which files are
    // evaluated is known from the cache alone.
    let is_unknown = !found.missing.is_empty() || args.every_module && found.unevaluated.is_none();
    Ok(if is_asked && is_unknown {
        Exit::Machine
    } else {
        Exit::Success
    })
}
