//! `nix-parity diff`.

use std::sync::atomic::Ordering;

use nix_parity_core::exit::Exit;
use nix_parity_engine::compare::compare;
use nix_parity_engine::inspect::Side;
use nix_parity_engine::interrupt;
use nix_parity_engine::run::Engine;
use nix_parity_report::comparison;

use super::{Problem, options, settings};
use crate::args::{Diff, Global};
use crate::output::Output;

pub(super) fn run(global: &Global, args: &Diff, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = settings(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let old = Side::find(&engine, &args.old)?;
    let new = Side::find(&engine, &args.new)?;
    let found = compare(&engine, [&old, &new]);
    if interrupted.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    let found = found?;
    output
        .value(global.format, &found, comparison)
        .map_err(|e| Problem::machine(format!("the comparison could not be written: {e}")))?;
    Ok(if !found.is_same() {
        // What is known to differ differs, whatever else could not be found out.
        Exit::Failed
    } else if found.unknown.is_empty() {
        Exit::Success
    } else {
        Exit::Machine
    })
}
