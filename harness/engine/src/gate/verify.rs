//! After a switch: whether what runs is what was tested.

use nix_parity_core::gate::{FORMAT, Verification};

use super::beside::first;
use super::record::Record;
use super::running::Running;
use crate::compare::{compare, of_outputs};
use crate::inspect::Side;
use crate::run::{Engine, EngineError};

/// Holds what runs against what a gate let pass.
///
/// # Errors
/// There is no Nix where one is needed to say what differs.
pub fn verify(
    engine: &Engine<'_>,
    host: &str,
    record: &Record,
    running: &Running,
) -> Result<Verification, EngineError> {
    let path = running.text();
    let tested = &record.tested;
    let mut found = Verification {
        format: FORMAT,
        host: host.to_owned(),
        tested: tested.clone(),
        age: record.age(),
        name: running.name.clone(),
        same: tested.output.as_deref() == Some(&*path),
        running: path.clone(),
        comparison: None,
        notes: Vec::new(),
    };
    if found.same {
        return Ok(found);
    }
    let old = Side::Derivation {
        label: "tested".to_owned(),
        path: tested.derivation.clone(),
        settings: None,
    };
    match Side::find(engine, &path) {
        Ok(Side::Derivation { path: made_by, .. }) if made_by == tested.derivation => {
            // Its store path was not known before it was built.
            found.same = tested.output.is_none();
        }
        Ok(new) => match compare(engine, [&old, &new]) {
            Ok(comparison) => found.comparison = Some(comparison),
            Err(error) => found.notes.push(first(&error)),
        },
        Err(error) => {
            found.notes.push(first(&error));
            if let Some(output) = &tested.output
                && let Some(closure) = of_outputs(engine, [output, &path])?
            {
                found.comparison = Some(nix_parity_core::comparison::Comparison {
                    format: nix_parity_core::comparison::FORMAT,
                    old: "tested".to_owned(),
                    new: path,
                    options: None,
                    derivations: None,
                    closure: Some(closure),
                    notes: Vec::new(),
                    unknown: Vec::new(),
                });
            }
        }
    }
    Ok(found)
}
