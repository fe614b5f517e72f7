//! `--verify`: what runs, held against what was tested.

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::gate::{Record, Running, verify};
use nix_parity_engine::run::Engine;

use super::super::Problem;
use super::Place;
use crate::args::{Format, Gate as Args};
use crate::output::Output;

/// After the last gate of a host.
pub(super) fn last(
    engine: &Engine<'_>,
    (place, args): (&Place, &Args),
    format: Format,
    output: &Output,
) -> Result<u8, Problem> {
    let host = place.host.key();
    let record =
        Record::last(engine, &place.host).map_err(|damaged| Problem {
            exit: Exit::Machine,
            diagnostics: vec![Diagnostic::new(damaged.to_string()).note(
                "what runs cannot be held against what was tested: gate it again to know that",
            )],
        })?;
    let record = record.ok_or_else(|| no_record(&host))?;
    with(
        engine,
        (&host, &record),
        place.running(args)?,
        format,
        output,
    )
}

/// After this one.
pub(super) fn with(
    engine: &Engine<'_>,
    (host, record): (&str, &Record),
    running: Result<Running, String>,
    format: Format,
    output: &Output,
) -> Result<u8, Problem> {
    let running = running.map_err(|why| {
        Problem::machine(format!(
            "what runs cannot be held against what was tested: {why}"
        ))
    })?;
    let found = verify(engine, host, record, &running)?;
    output
        .value(format, &found, nix_parity_report::verification)
        .map_err(|e| Problem::machine(format!("what was found could not be written: {e}")))?;
    let exit = if found.same {
        Exit::Success
    } else {
        Exit::Failed
    };
    Ok(exit.code())
}

/// That no gate has let anything pass.
pub(super) fn no_record(host: &str) -> Problem {
    let message = format!("no gate has let {host} pass");
    Problem::input(vec![
        Diagnostic::new(message)
            .note("nix-parity gate -- COMMAND tests, switches and keeps what was tested")
            .note("profile and replaced inputs must be those of that gate"),
    ])
}
