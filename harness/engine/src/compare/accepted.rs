//! What differs where a side is accepted snapshots: what those hold is asked of the other
//! side, and all else is said not to be compared.

use std::collections::BTreeMap;

use nix_parity_core::comparison::{Comparison, FORMAT, OptionChange, Setting};
use nix_parity_core::demand::Demand;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::text::shorten;
use nix_parity_core::value::Value;

use super::closure::{self, Packages};
use super::{Also, options, read};
use crate::inspect::{AcceptedSide, HostSide, Side};
use crate::judge::{Oracle, origins};
use crate::nix::{Failure, Subject};
use crate::noise;
use crate::run::{Engine, EngineError};
use crate::snapshot::{self, Reduced, derivations};

/// How much of a list of options is told.
const LIST: usize = 80;

/// What is known of a side, each level where it has it.
#[derive(Default)]
struct Levels {
    /// By path, as snapshots write them.
    options: Option<BTreeMap<String, Setting>>,
    derivations: Option<Reduced>,
    packages: Option<Packages>,
    /// What could not be found out.
    unknown: Vec<String>,
}

/// Compares two sides of which one is `accepted`.
pub(super) fn compare(
    engine: &Engine<'_>,
    sides: [&Side; 2],
    accepted: &AcceptedSide,
    also: Also<'_>,
) -> Result<Comparison, EngineError> {
    let host = sides.iter().find_map(|side| match side {
        Side::Host(host) => Some(host),
        _ => None,
    });
    let found = match host {
        None => between(sides, &both(sides.map(|side| known(engine, side)))?),
        Some(host) => host.consult(engine, |oracle| {
            for side in sides.iter().filter(|side| matches!(side, Side::Host(_))) {
                also(side, oracle);
            }
            let levels = sides.map(|side| match side {
                Side::Host(_) => of_host(oracle, &host.label, accepted),
                side => known(engine, side),
            });
            let mut found = between(sides, &both(levels)?);
            let is_new = matches!(sides, [_, Side::Host(_)]);
            add_origins(&mut found, oracle, host, is_new);
            Ok::<_, EngineError>(found)
        })??,
    };
    if found.options.is_none() && found.derivations.is_none() && found.closure.is_none() {
        let [old, new] = sides.map(Side::label);
        let message = format!("`{old}` and `{new}` hold nothing that both have");
        return Err(EngineError::Input(vec![Diagnostic::new(message)]));
    }
    Ok(found)
}

/// Both, or the first error.
fn both([old, new]: [Result<Levels, EngineError>; 2]) -> Result<[Levels; 2], EngineError> {
    Ok([old?, new?])
}

/// What a side says that no Nix is asked for.
fn known(engine: &Engine<'_>, side: &Side) -> Result<Levels, EngineError> {
    match side {
        Side::Accepted(side) => Ok(Levels {
            options: side.options.as_ref().map(|(_, text)| settings(text)),
            derivations: side
                .derivations
                .as_ref()
                .map(|(_, reduced)| reduced.clone()),
            packages: side.closure.as_ref().map(|(_, reduced)| packages(reduced)),
            unknown: Vec::new(),
        }),
        Side::Derivation { path, .. } => {
            let noise = noise::rules(&engine.project.file.noise);
            let reduced = Reduced::of(&read(&[path])?, &noise);
            Ok(Levels {
                packages: Some(packages(&reduced)),
                derivations: Some(reduced),
                ..Levels::default()
            })
        }
        Side::Host(_) => Ok(Levels::default()),
    }
}

fn packages(reduced: &Reduced) -> Packages {
    closure::of_titles(reduced.titles())
}

/// The values in the text of a snapshot.
fn settings(text: &str) -> BTreeMap<String, Setting> {
    let entries = snapshot::entries(text).into_iter();
    let setting = |(path, lines): (&str, Vec<&str>)| {
        let value = lines.join("\n");
        let value = value.strip_suffix(';').unwrap_or(&value).to_owned();
        let setting = if lines.is_empty() {
            Setting::Unset
        } else {
            Setting::Value(value)
        };
        (path.to_owned(), setting)
    };
    entries.map(setting).collect()
}

/// What a host says of that which snapshots hold.
fn of_host(
    oracle: &mut dyn Oracle,
    label: &str,
    accepted: &AcceptedSide,
) -> Result<Levels, EngineError> {
    let mut levels = Levels::default();
    if let Some((of, _)) = &accepted.closure {
        let reduced = graph(oracle, label, of.as_ref())?;
        levels.packages = Some(packages(&reduced));
        levels.derivations = accepted.derivations.as_ref().map(|_| reduced);
    }
    if let Some((paths, _)) = &accepted.options {
        let mut found = BTreeMap::new();
        for path in paths {
            match option(oracle, path) {
                Ok(values) => found.extend(values),
                Err(failure @ (Failure::Interrupted | Failure::Start(_) | Failure::Flake(_))) => {
                    return Err(failure.into());
                }
                Err(failure) => levels.unknown.push(format!("{path} on {label}: {failure}")),
            }
        }
        levels.options = Some(found);
    }
    Ok(levels)
}

fn graph(
    oracle: &mut dyn Oracle,
    label: &str,
    of: Option<&OptionPath>,
) -> Result<Reduced, EngineError> {
    let subject = Subject::Graph {
        of: of.cloned(),
        noise: oracle.terms().noise.clone(),
    };
    match oracle.ask_host(subject)? {
        Observation::Value(Value::String(text)) => {
            Reduced::parse(&text).map_err(|e| EngineError::Machine(e.to_string()))
        }
        Observation::Threw(error) | Observation::Failed(error) => Err(EngineError::Host {
            host: label.to_owned(),
            error: oracle.redaction().shown_error(of, error),
        }),
        _ => {
            let path = of.map_or_else(|| "system".to_owned(), ToString::to_string);
            let message = format!("`{path}` of {label} is no derivation");
            Err(EngineError::Input(vec![Diagnostic::new(message)]))
        }
    }
}

/// The entries of an option, as a snapshot has them.
fn option(
    oracle: &mut dyn Oracle,
    path: &OptionPath,
) -> Result<BTreeMap<String, Setting>, Failure> {
    let subject = Subject::Option {
        path: path.clone(),
        demand: Demand::Full { paths: false },
    };
    let one = |setting| BTreeMap::from([(path.to_string(), setting)]);
    Ok(match oracle.ask_host(subject)? {
        Observation::Value(value) => {
            let shown = oracle.redaction().shown(path, &value);
            let entries = snapshot::option(path, shown.as_ref().unwrap_or(&value));
            settings(&entries.join("\n"))
        }
        Observation::Missing(missing) if missing.undefined => one(Setting::Unset),
        Observation::Missing(_) => BTreeMap::new(),
        Observation::Threw(error) | Observation::Failed(error) => {
            let shown = oracle.redaction().shown_error(Some(path), error);
            one(Setting::Failed(shown.message))
        }
    })
}

/// What differs in that which both sides have.
fn between(sides: [&Side; 2], [old, new]: &[Levels; 2]) -> Comparison {
    let mut notes = Vec::new();
    let mut lacks = |level: &str, has: [bool; 2]| {
        // Of a host only that is known which the other side holds.
        let labels = sides.iter().zip(has);
        let labels = labels.filter(|(side, has)| !has && !matches!(side, Side::Host(_)));
        let labels: Vec<_> = labels.map(|(side, _)| side.label()).collect();
        if !labels.is_empty() {
            notes.push(format!(
                "{level} are not compared: {} holds none",
                labels.join(" nor ")
            ));
        }
    };
    lacks("options", [old.options.is_some(), new.options.is_some()]);
    lacks(
        "derivations",
        [old.derivations.is_some(), new.derivations.is_some()],
    );
    lacks("packages", [old.packages.is_some(), new.packages.is_some()]);
    let options = old.options.as_ref().zip(new.options.as_ref());
    if options.is_some() {
        notes.extend(sides.iter().filter_map(|side| only(side)));
    }
    let unknown = old.unknown.iter().chain(&new.unknown).cloned().collect();
    let graphs = old.derivations.as_ref().zip(new.derivations.as_ref());
    let installed = old.packages.as_ref().zip(new.packages.as_ref());
    Comparison {
        format: FORMAT,
        old: sides[0].label().to_owned(),
        new: sides[1].label().to_owned(),
        options: options.map(|(old, new)| changes(old, new)),
        derivations: graphs.map(|(old, new)| derivations(old, new)),
        closure: installed.map(|(old, new)| closure::between(old, new)),
        notes,
        unknown,
    }
}

/// That of all options only some are compared.
fn only(side: &Side) -> Option<String> {
    let Side::Accepted(side) = side else {
        return None;
    };
    let (paths, _) = side.options.as_ref()?;
    let paths: Vec<_> = paths.iter().map(ToString::to_string).collect();
    let paths = shorten(&paths.join(", "), LIST);
    Some(format!("of the options, {} holds only {paths}", side.label))
}

fn changes(old: &BTreeMap<String, Setting>, new: &BTreeMap<String, Setting>) -> Vec<OptionChange> {
    let mut paths: Vec<_> = old.keys().chain(new.keys()).collect();
    paths.sort();
    paths.dedup();
    let changes = paths.into_iter().filter_map(|path| {
        let [old, new] = [old, new].map(|side| side.get(path).unwrap_or(&Setting::Unset).clone());
        let path = OptionPath::parse(path).ok().filter(|_| old != new)?;
        options::change(path.segments(), old, new)
    });
    changes.collect()
}

/// Asks the host who set what differs.
fn add_origins(found: &mut Comparison, oracle: &mut dyn Oracle, host: &HostSide, is_new: bool) {
    let changes = found.options.iter_mut().flatten();
    let set = changes.filter(|change| {
        let here = if is_new { &change.new } else { &change.old };
        *here != Setting::Unset
    });
    for change in set.take(options::MOST_ORIGINS) {
        if let Ok(path) = OptionPath::parse(&change.path) {
            change.origins = origins(oracle, &host.host, &path);
        }
    }
}
