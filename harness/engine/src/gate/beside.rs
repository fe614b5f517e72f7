//! What a gate compares a host with: the system that runs, or what was accepted.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use nix_parity_core::comparison::{Comparison, FORMAT as COMPARISON};
use nix_parity_core::gate::{Against, Gate, Tested};
use nix_parity_core::observation::NixError;
use nix_parity_core::option_path::OptionPath;

use super::record::Record;
use super::running::Running;
use super::services::Services;
use crate::compare::{compare_and, of_outputs};
use crate::inspect::{HostSide, Settings, Side};
use crate::judge::Oracle;
use crate::run::{Engine, EngineError};

/// What is asked of the host besides what a comparison asks.
pub(super) struct Facts {
    pub(super) services: Services,
    pub(super) settings: Settings,
    pub(super) tested: Tested,
}

impl Facts {
    fn of(
        engine: &Engine<'_>,
        side: &HostSide,
        oracle: &mut dyn Oracle,
    ) -> Result<Self, EngineError> {
        let derivation = side.toplevel(engine, oracle)?;
        Ok(Self {
            services: Services::of_host(oracle, side.host.platform),
            settings: Settings::of(oracle)?,
            tested: tested(derivation),
        })
    }
}

/// What a derivation makes, as its file says.
fn tested(derivation: String) -> Tested {
    let output = std::fs::read(&derivation).ok().and_then(|bytes| {
        let parsed = nix_parity_drv::parse(&bytes).ok()?;
        let out = parsed.outputs.iter().find(|o| *o.name == *b"out")?;
        out.path.map(|path| path.as_str().to_owned())
    });
    let built = output.as_ref().is_some_and(|path| Path::new(path).exists());
    Tested {
        derivation,
        output,
        built,
    }
}

/// Asks a host for facts while it is compared with `old`, or alone where it cannot be.
fn compared(
    engine: &Engine<'_>,
    old: Option<&Side>,
    new: &HostSide,
) -> Result<(Result<Comparison, EngineError>, Facts), EngineError> {
    let facts = Mutex::new(None);
    let ask = |oracle: &mut dyn Oracle| {
        let found = Facts::of(engine, new, oracle);
        *facts.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    };
    let comparison = match old {
        Some(old) => {
            let side = Side::Host(Box::new(new.clone()));
            compare_and(engine, [old, &side], &|_, oracle| ask(oracle))
        }
        None => Err(EngineError::Machine(String::new())),
    };
    let taken = || {
        let mut facts = facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.take()
    };
    match taken() {
        Some(facts) => Ok((comparison, facts?)),
        None => {
            new.consult(engine, ask)?;
            let facts = taken().unwrap_or_else(|| Err(interrupted()));
            Ok((comparison, facts?))
        }
    }
}

fn interrupted() -> EngineError {
    EngineError::Machine("the host was not asked".to_owned())
}

/// Beside a system that runs.
pub(super) fn beside(
    engine: &Engine<'_>,
    side: &HostSide,
    running: &Running,
    gate: &mut Gate,
) -> Result<(Option<Comparison>, Facts), EngineError> {
    let record = Record::of_output(engine, &side.host, &running.text());
    let old = match Side::find(engine, &running.text()) {
        Ok(Side::Derivation { label, path, .. }) => Some(Side::Derivation {
            label,
            path,
            settings: record.as_ref().map(|record| record.settings().into()),
        }),
        Ok(_) => None,
        Err(error) => {
            let why = first(&error);
            gate.notes
                .push(format!("derivations are not compared: {why}"));
            None
        }
    };
    let (comparison, facts) = compared(engine, old.as_ref(), side)?;
    let comparison = match comparison {
        Ok(mut comparison) => {
            if record.is_none() {
                let why = "options are not compared: the running system has not come through the gate, so that what was set is not known";
                gate.notes.push(why.to_owned());
            }
            hide(engine, &mut comparison, &mut gate.notes);
            Some(comparison)
        }
        Err(error) => {
            if old.is_some() {
                let why = first(&error);
                gate.notes.push(format!("nothing is compared: {why}"));
            }
            outputs(engine, running, &facts.tested, &mut gate.notes)?
        }
    };
    let comparison = comparison.map(|mut comparison| {
        comparison.old.clone_from(&running.name);
        gate.host.clone_into(&mut comparison.new);
        comparison
    });
    Ok((comparison, facts))
}

/// Without derivations: what is installed, where both are built.
fn outputs(
    engine: &Engine<'_>,
    running: &Running,
    tested: &Tested,
    notes: &mut Vec<String>,
) -> Result<Option<Comparison>, EngineError> {
    let new = tested.output.as_deref().filter(|_| tested.built);
    let closure = match new {
        Some(new) => of_outputs(engine, [&running.text(), new])?,
        None => None,
    };
    if closure.is_none() {
        let why = "packages are not compared: the new system is not built; build it first to see";
        notes.push(why.to_owned());
    }
    Ok(closure.map(|closure| Comparison {
        format: COMPARISON,
        old: String::new(),
        new: String::new(),
        options: None,
        derivations: None,
        closure: Some(closure),
        notes: Vec::new(),
        unknown: Vec::new(),
    }))
}

/// Beside what was accepted, where no system is known to run.
pub(super) fn accepted(
    engine: &Engine<'_>,
    side: &HostSide,
    (label, why): (&str, &str),
    gate: &mut Gate,
) -> Result<(Option<Comparison>, Facts), EngineError> {
    let old = Side::find(engine, &format!("snapshot:{label}"));
    let (comparison, facts) = compared(engine, old.as_ref().ok(), side)?;
    match old.and(comparison) {
        Ok(comparison) => {
            gate.against = Against::Accepted {
                why: why.to_owned(),
            };
            Ok((Some(comparison), facts))
        }
        Err(error) => {
            gate.against = Against::Nothing {
                why: format!("{why}; {}", first(&error)),
            };
            Ok((None, facts))
        }
    }
}

/// Of what is hidden nothing was kept, so that it only seems to differ.
fn hide(engine: &Engine<'_>, comparison: &mut Comparison, notes: &mut Vec<String>) {
    let redaction = &engine.project.file.redact;
    let Some(options) = &mut comparison.options else {
        return;
    };
    if redaction.is_any() {
        let hides = |path: &str| OptionPath::parse(path).is_ok_and(|path| redaction.hides(&path));
        options.retain(|option| !hides(&option.path));
        notes.push("what `redact` hides is not compared".to_owned());
    }
}

/// An error in a line.
pub(super) fn first(error: &EngineError) -> String {
    let line = |text: &str| text.lines().next().unwrap_or_default().to_owned();
    match error {
        EngineError::Input(diagnostics) => diagnostics.first().map_or_else(String::new, |d| {
            let note = d.notes.first().map(|note| format!(" ({note})"));
            format!("{}{}", d.message, note.unwrap_or_default())
        }),
        EngineError::Flake(NixError { message, .. })
        | EngineError::Host {
            error: NixError { message, .. },
            ..
        } => line(message),
        other => line(&other.to_string()),
    }
}
