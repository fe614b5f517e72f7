//! What a gate looks at: the tests of a host first, and only when all of them pass what
//! the switch brings.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use nix_parity_core::comparison::{Comparison, FORMAT as COMPARISON};
use nix_parity_core::event::Event;
use nix_parity_core::gate::{Against, Cases, FORMAT, Gate, Tested};
use nix_parity_core::host::Host;
use nix_parity_core::observation::NixError;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::Outcome;

use super::effects::effects;
use super::record::Record;
use super::running::Running;
use super::services::{Services, Which};
use crate::compare::{compare_and, of_outputs};
use crate::inspect::{HostSide, Settings, Side};
use crate::judge::Oracle;
use crate::plan::{Plan, labels};
use crate::run::{Engine, EngineError};

/// Runs the tests of a plan, which are those of this host, and looks at what a switch
/// from what runs, if that is known, would do. With the gate comes what is to be kept of
/// it where it lets the switch pass.
///
/// # Errors
/// There is no Nix, or the host cannot be evaluated.
pub fn look(
    engine: &Engine<'_>,
    (host, plan): (&Host, &Plan<'_>),
    running: &Result<Running, String>,
    mut sink: impl FnMut(Event),
) -> Result<(Gate, Option<Record>), EngineError> {
    let hosts = engine.hosts()?;
    let label = hosts.iter().zip(labels(&hosts)).find(|(h, _)| *h == host);
    let label = label.map_or_else(|| host.key(), |(_, label)| label);
    let cases = cases(engine, plan, &mut sink)?;
    let all_pass = cases.failures.is_empty()
        && !cases.summary.interrupted
        && cases.summary.total() == plan.len();
    let mut gate = Gate {
        format: FORMAT,
        host: label.clone(),
        platform: host.platform,
        cases,
        tested: None,
        against: against(running, ""),
        comparison: None,
        effects: Vec::new(),
        unknown: Vec::new(),
        notes: Vec::new(),
    };
    if !all_pass {
        return Ok((gate, None));
    }
    let Side::Host(side) = Side::find(engine, &host.key())? else {
        return Err(EngineError::Machine(format!("{} is no host", host.key())));
    };
    let (comparison, facts) = match running {
        Ok(running) => beside(engine, &side, running, &mut gate)?,
        Err(why) => accepted(engine, &side, (&label, why), &mut gate)?,
    };
    let tested = facts.tested;
    if running.is_ok() {
        gate.against = against(running, tested.output.as_deref().unwrap_or(""));
    }
    gate.comparison = comparison;
    if gate.is_same() {
        // What could not be compared need not be.
        gate.comparison = None;
        gate.notes.clear();
    }
    what_happens(engine, host, &mut gate, (running, &tested, &facts.services));
    notes(engine, &mut gate);
    gate.tested = Some(tested.clone());
    let redaction = &engine.project.file.redact;
    let record = Record::new(tested, facts.services, &facts.settings, redaction);
    Ok((gate, Some(record)))
}

fn cases(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    sink: &mut impl FnMut(Event),
) -> Result<Cases, EngineError> {
    let evidence = engine.evidence(plan);
    let mut failures = Vec::new();
    let summary = engine.run(plan, |event| {
        if let Event::TestFinished(result) = &event
            && matches!(result.outcome, Outcome::Fail { .. } | Outcome::Error { .. })
        {
            failures.push(result.clone());
        }
        sink(event);
    })?;
    Ok(Cases {
        summary,
        recalled: evidence.tests,
        evidence_age: evidence.age.map(|age| age.as_secs()),
        failures,
    })
}

fn against(running: &Result<Running, String>, tested: &str) -> Against {
    match running {
        Ok(running) => Against::Running {
            name: running.name.clone(),
            path: running.text(),
            generation: running.generation,
            same: running.text() == tested,
        },
        Err(why) => Against::Nothing { why: why.clone() },
    }
}

/// What is asked of the host besides what a comparison asks.
struct Facts {
    services: Services,
    settings: Settings,
    tested: Tested,
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
fn beside(
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
fn accepted(
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

fn what_happens(
    engine: &Engine<'_>,
    host: &Host,
    gate: &mut Gate,
    (running, tested, new): (&Result<Running, String>, &Tested, &Services),
) {
    if gate.is_same() {
        return;
    }
    let running = match running {
        Ok(running) => running,
        Err(why) => {
            gate.unknown.extend(new.unknown.iter().cloned());
            let what = format!("what the switch starts, stops and removes: {why}");
            gate.unknown.push(what);
            return;
        }
    };
    let output = tested.output.as_deref().filter(|_| tested.built);
    let which = output.map_or(Which::Configured, |_| Which::All);
    let mut old = Services::of_tree(&running.path, host.platform, which);
    let mut new = new.clone();
    if let Some(output) = output {
        // As it was built it has all, the units that packages bring along too.
        let built = Services::of_tree(Path::new(output), host.platform, which);
        new.units = built.units.or(new.units);
        new.user_units = built.user_units.or(new.user_units);
    }
    if let Some(record) = Record::of_output(engine, host, &running.text()) {
        old.homes = old.homes.or(record.services.homes);
        old.homebrew = old.homebrew.or(record.services.homebrew);
    }
    (gate.effects, gate.unknown) = effects(&old, &new);
}

/// What else somebody should know who trusts a gate.
fn notes(engine: &Engine<'_>, gate: &mut Gate) {
    if !engine.flake.overrides.is_empty() {
        let names: Vec<_> = engine
            .flake
            .overrides
            .iter()
            .map(|o| o.input.as_str())
            .collect();
        let under = match &engine.profile {
            Some(profile) => format!("profile {profile}"),
            None => "--override-input".to_owned(),
        };
        gate.notes.push(format!(
            "tested with other inputs than flake.lock pins ({under}: {}): the command switches to something else unless it replaces them too",
            names.join(", ")
        ));
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
