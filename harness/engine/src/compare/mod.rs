//! What differs between two sides, at three levels that point at each other. The two
//! hosts are evaluated side by side.

mod accepted;
mod closure;
mod derivations;
mod gather;
mod options;
mod ties;

#[cfg(test)]
mod laws;

use nix_parity_core::comparison::{Comparison, FORMAT};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_drv::{Diff, Graph, StorePath, diff};

use crate::environment;
use crate::inspect::{Settings, Side};
use crate::judge::Oracle;
use crate::noise;
use crate::run::{Engine, EngineError};
use gather::{Facts, Gathered};

pub(crate) use closure::{below, of_outputs};
pub(crate) use derivations::changes;

/// Compares two sides.
///
/// # Errors
/// A side cannot be evaluated, or its derivations are not in the store.
pub fn compare(engine: &Engine<'_>, sides: [&Side; 2]) -> Result<Comparison, EngineError> {
    compare_and(engine, sides, &|_, _| {})
}

/// What else is asked of a host while its worker is there.
pub(crate) type Also<'a> = &'a (dyn Fn(&Side, &mut dyn Oracle) + Sync);

/// Compares two sides, and asks hosts among them for more.
///
/// # Errors
/// As of [`compare`].
pub(crate) fn compare_and(
    engine: &Engine<'_>,
    sides: [&Side; 2],
    also: Also<'_>,
) -> Result<Comparison, EngineError> {
    let [old, new] = sides;
    if let (Side::Accepted(accepted), _) | (_, Side::Accepted(accepted)) = (old, new) {
        return accepted::compare(engine, sides, accepted, also);
    }
    let mut comparison = std::thread::scope(|scope| {
        let new_gathered = Gathered::begin(scope, engine, new, also);
        if is_same_question(old, new) {
            // One host in one state: it is not evaluated twice.
            let facts = new_gathered.facts()?;
            return of_facts(engine, &[facts.clone(), facts]);
        }
        let old_gathered = Gathered::begin(scope, engine, old, also);
        let mut facts = [old_gathered.facts()?, new_gathered.facts()?];
        if let [
            Facts {
                settings: Some(old),
                ..
            },
            Facts {
                settings: Some(new),
                ..
            },
        ] = &mut facts
        {
            let unset = options::set_on_the_other_side(old, new);
            let paths = unset.each_ref().map(Clone::clone);
            let [old_paths, new_paths] = paths;
            let [old_values, new_values] = [
                old_gathered.values(old_paths),
                new_gathered.values(new_paths),
            ];
            options::add_values([&mut *old, &mut *new], &unset[0], old_values);
            options::add_values([new, old], &unset[1], new_values);
        }
        let mut comparison = of_facts(engine, &facts)?;
        if let Some(changes) = &mut comparison.options {
            options::add_origins(changes, [&old_gathered, &new_gathered]);
        }
        Ok::<_, EngineError>(comparison)
    })?;
    old.label().clone_into(&mut comparison.old);
    new.label().clone_into(&mut comparison.new);
    Ok(comparison)
}

/// The path of a side's toplevel derivation, which is in the store.
///
/// # Errors
/// It cannot be evaluated.
pub(crate) fn toplevel(engine: &Engine<'_>, side: &Side) -> Result<String, EngineError> {
    match side {
        Side::Derivation { path, .. } => Ok(path.clone()),
        Side::Host(side) => side.consult(engine, |oracle| side.toplevel(engine, oracle))?,
        Side::Accepted(_) => Err(no_derivations(side.label())),
    }
}

/// A snapshot where derivations are needed.
fn no_derivations(label: &str) -> EngineError {
    let message = format!("`{label}` is a snapshot, which holds digests of derivations only");
    EngineError::Input(vec![
        Diagnostic::new(message).note("`nix-parity diff` compares it with a host or a derivation"),
    ])
}

/// The graph below the toplevels of two sides, the old one first, with what differs.
///
/// # Errors
/// As of [`compare`].
pub(crate) fn graph(
    engine: &Engine<'_>,
    [old, new]: [&str; 2],
) -> Result<(Graph, Diff), EngineError> {
    let graph = read(&[old, new])?;
    match *graph.roots() {
        [old, new] => {
            let found = diff(&graph, old, new, &noise::rules(&engine.project.file.noise));
            Ok((graph, found))
        }
        _ => Err(EngineError::Machine(
            "a graph without its toplevels".to_owned(),
        )),
    }
}

/// The graph below some derivations.
///
/// # Errors
/// One is not in the store, or is no derivation.
pub(crate) fn read(toplevels: &[&str]) -> Result<Graph, EngineError> {
    let roots: Result<Vec<_>, _> = toplevels
        .iter()
        .map(|path| StorePath::parse(path))
        .collect();
    let roots = roots.map_err(|e| EngineError::Machine(e.to_string()))?;
    Graph::read(&environment::store(), &roots).map_err(|e| EngineError::Machine(e.to_string()))
}

/// Two names for one host in one state, whose lock cannot be held twice.
fn is_same_question(old: &Side, new: &Side) -> bool {
    match (old, new) {
        (Side::Host(old), Side::Host(new)) => old.host == new.host && old.flake == new.flake,
        (Side::Derivation { path: old, .. }, Side::Derivation { path: new, .. }) => old == new,
        _ => false,
    }
}

fn of_facts(engine: &Engine<'_>, [old, new]: &[Facts; 2]) -> Result<Comparison, EngineError> {
    let (graph, diff) = graph(engine, [&old.toplevel, &new.toplevel])?;
    let both = old.settings.as_ref().zip(new.settings.as_ref());
    let mut comparison = Comparison {
        format: FORMAT,
        old: String::new(),
        new: String::new(),
        options: both.map(|(old, new)| options::changes(old, new, &engine.project.file.redact)),
        derivations: Some(derivations::describe(&graph, &diff)),
        closure: Some(closure::describe(engine, &graph)?),
        notes: Vec::new(),
        unknown: both.map(|(old, new)| unknown(old, new)).unwrap_or_default(),
    };
    ties::tie(&mut comparison);
    Ok(comparison)
}

fn unknown(old: &Settings, new: &Settings) -> Vec<String> {
    let of = |side, settings: &Settings| {
        let missing = settings.missing.clone().into_iter();
        missing.map(move |what| format!("not compared on the {side} side: {what}"))
    };
    of("old", old).chain(of("new", new)).collect()
}
