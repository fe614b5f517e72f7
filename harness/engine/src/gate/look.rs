//! What a gate looks at: the tests of a host first, and only when all of them pass what
//! the switch brings.

use std::path::Path;

use nix_parity_core::event::Event;
use nix_parity_core::gate::{Against, Cases, FORMAT, Gate, Tested, Unknown};
use nix_parity_core::host::Host;
use nix_parity_core::outcome::Outcome;

use super::beside::{accepted, beside};
use super::effects::{again, effects};
use super::record::Record;
use super::running::Running;
use super::services::{Answer, Homebrew, Services, Which};
use crate::inspect::Side;
use crate::plan::{Plan, labels};
use crate::run::{Engine, EngineError};

/// Runs the tests of a plan, which are those of this host, and looks at what a switch
/// from what runs, if that is known, would do. With the gate comes what is to be kept of
/// it where it lets the switch pass. `is_here` says whether the host is this computer, so
/// that Homebrew of this one may be asked.
///
/// # Errors
/// There is no Nix, or the host cannot be evaluated.
pub fn look(
    engine: &Engine<'_>,
    (host, plan): (&Host, &Plan<'_>),
    (running, is_here): (&Result<Running, String>, bool),
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
        aborts: Vec::new(),
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
    let sides = (running, &tested, &facts.services);
    what_happens(engine, host, &mut gate, sides, is_here);
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

fn what_happens(
    engine: &Engine<'_>,
    host: &Host,
    gate: &mut Gate,
    (running, tested, new): (&Result<Running, String>, &Tested, &Services),
    is_here: bool,
) {
    let ask = |homebrew: &Homebrew| ask(homebrew, is_here);
    let running = match running {
        Ok(running) => running,
        Err(why) => {
            gate.unknown.extend(new.unknown.iter().cloned());
            let what = format!("what the switch starts, stops and removes: {why}");
            gate.unknown.push(Unknown::new(what));
            return;
        }
    };
    let found = if gate.is_same() {
        again(new, &ask)
    } else {
        let output = tested.output.as_deref().filter(|_| tested.built);
        let which = output.map_or(Which::Configured, |_| Which::All);
        let mut old = Services::of_tree(&running.path, host.platform, which);
        let mut new = new.clone();
        if let Some(output) = output {
            // As it was built it has all, the units that packages bring along too.
            let built = Services::of_tree(Path::new(output), host.platform, which);
            new.units = built.units.or(new.units);
            new.user_units = built.user_units.or(new.user_units);
            new.unknown.extend(built.unknown);
        }
        if let Some(record) = Record::of_output(engine, host, &running.text()) {
            old.homes = old.homes.or(record.services.homes);
            old.homebrew = old.homebrew.or(record.services.homebrew);
        }
        effects(&old, &new, &ask)
    };
    gate.effects = found.effects;
    gate.unknown = found.unknown;
    gate.aborts = found.aborts;
}

/// Asks Homebrew. That of another Mac cannot be asked here, though it may lie at the same
/// place.
fn ask(homebrew: &Homebrew, is_here: bool) -> Result<Answer, Unknown> {
    let cannot = |why: &str| Unknown::removals(format!("what Homebrew would remove: {why}"));
    if cfg!(target_os = "macos") && !is_here {
        return Err(cannot("it runs on another Mac; run the gate there"));
    }
    match &homebrew.asking {
        Some(asking) => asking.would_remove(&homebrew.listed),
        None => Err(cannot("nobody knows how the switch runs it")),
    }
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
