//! Why an option has its value, and how a derivation comes into a system.

use nix_parity_core::comparison::Setting;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::explanation::{DerivationExplanation, Fate, OptionExplanation, OptionOnHost};
use nix_parity_core::host::Host;
use nix_parity_core::location::Location;
use nix_parity_core::nearest::nearest;
use nix_parity_core::observation::{Missing, Observation};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::value::Value;
use nix_parity_drv::{Graph, NodeId};
use rayon::prelude::*;

use super::Side;
use crate::compare::{below, changes, graph, read, toplevel};
use crate::judge::{Oracle, origins};
use crate::nix::{Failure, Subject};
use crate::plan::labels;
use crate::run::{Engine, EngineError};

/// The priority of a definition that says none.
const USUAL: i64 = 100;

/// Explains an option on all of these hosts, side by side.
///
/// # Errors
/// No host has it, with the nearest right spelling; or a host cannot be asked.
pub fn explain_option(
    engine: &Engine<'_>,
    hosts: &[Host],
    path: &OptionPath,
) -> Result<OptionExplanation, EngineError> {
    let asked: Result<Vec<_>, EngineError> = hosts
        .par_iter()
        .zip(labels(hosts))
        .map(|(host, label)| engine.consult(host, |oracle| on_host(oracle, host, label, path))?)
        .collect();
    // The host on which the path leads furthest knows best what was meant.
    let mut missing: Option<Missing> = None;
    let mut found = Vec::new();
    for answer in asked? {
        match answer {
            Ok(on_host) => found.push(on_host),
            Err((on_host, why)) => {
                found.push(on_host);
                if missing
                    .as_ref()
                    .is_none_or(|other| other.depth <= why.depth)
                {
                    missing = Some(why);
                }
            }
        }
    }
    match missing {
        Some(missing) if found.iter().all(|on_host| !on_host.declared) => {
            Err(EngineError::Input(vec![no_option(path, &missing)]))
        }
        _ => Ok(OptionExplanation {
            path: path.to_string(),
            hosts: found,
        }),
    }
}

type OnHost = Result<OptionOnHost, (OptionOnHost, Missing)>;

fn on_host(
    oracle: &mut dyn Oracle,
    host: &Host,
    label: String,
    path: &OptionPath,
) -> Result<OnHost, EngineError> {
    let mut on_host = OptionOnHost {
        host: label,
        declared: true,
        value: Setting::Unset,
        origins: Vec::new(),
        priority: None,
        kind: None,
        declarations: Vec::new(),
    };
    let mut about = match oracle.ask_host(Subject::About { path: path.clone() })? {
        Observation::Value(Value::Attrs(about)) => about,
        Observation::Missing(missing) => {
            on_host.declared = false;
            return Ok(Err((on_host, missing)));
        }
        Observation::Threw(error) | Observation::Failed(error) => {
            let host = on_host.host;
            let error = oracle.redaction().shown_error(Some(path), error);
            return Err(EngineError::Host { host, error });
        }
        Observation::Value(_) => return Err(Failure::Unreadable("about".to_owned()).into()),
    };
    if let Some(Value::Int(priority)) = about.remove("priority") {
        on_host.priority = (priority != USUAL).then_some(priority);
    }
    if let Some(Value::String(kind)) = about.remove("type") {
        on_host.kind = Some(kind);
    }
    if let Some(Value::List(declarations)) = about.remove("declarations") {
        on_host.declarations = declarations.iter().filter_map(location).collect();
    }
    on_host.value = match value(oracle, path)? {
        Ok(value) => value,
        Err(missing) => {
            on_host.declared = false;
            return Ok(Err((on_host, missing)));
        }
    };
    on_host.origins = origins(oracle, host, path);
    Ok(Ok(on_host))
}

/// The value: of an option as far as it is a setting, of what is inside of one in full;
/// or that there is nothing of that name inside of it.
fn value(oracle: &mut dyn Oracle, path: &OptionPath) -> Result<Result<Setting, Missing>, Failure> {
    let shown = |oracle: &dyn Oracle, value: Value| {
        let hidden = oracle.redaction().shown(path, &value);
        Setting::Value(hidden.unwrap_or(value).pretty())
    };
    let setting = oracle.ask_host(Subject::SettingAt { path: path.clone() })?;
    if let Observation::Value(Value::Attrs(mut answer)) = setting
        && let Some(value) = answer.remove("value")
    {
        return Ok(Ok(shown(oracle, value)));
    }
    // What throws is asked for again, for Nix's message.
    let demand = nix_parity_core::demand::Demand::Full { paths: false };
    let subject = Subject::Option {
        path: path.clone(),
        demand,
    };
    Ok(Ok(match oracle.ask_host(subject)? {
        Observation::Value(value) => shown(oracle, value),
        Observation::Missing(missing) if missing.undefined => Setting::Unset,
        Observation::Missing(missing) => return Ok(Err(missing)),
        Observation::Threw(error) | Observation::Failed(error) => {
            let error = oracle.redaction().shown_error(Some(path), error);
            Setting::Failed(error.message)
        }
    }))
}

fn location(declaration: &Value) -> Option<Location> {
    let Value::Attrs(at) = declaration else {
        return None;
    };
    match (at.get("file"), at.get("line"), at.get("column")) {
        (Some(Value::String(file)), Some(Value::Int(line)), Some(Value::Int(column))) => {
            Some(Location::point(
                file.as_str(),
                u32::try_from(*line).unwrap_or(0),
                u32::try_from(*column).unwrap_or(0),
            ))
        }
        _ => None,
    }
}

/// How many names of a set of options are listed.
const LISTED: usize = 20;

fn no_option(path: &OptionPath, missing: &Missing) -> Diagnostic {
    let segments = path.segments();
    let Some(wrong) = segments.get(missing.depth) else {
        let mut names: Vec<_> = missing.names.iter().take(LISTED).cloned().collect();
        if missing.names.len() > LISTED {
            names.push("…".to_owned());
        }
        let diagnostic = Diagnostic::new(format!("`{path}` is a set of options, not one"));
        return diagnostic.note(format!("it has {}", names.join(", ")));
    };
    let diagnostic = Diagnostic::new(format!("no host has an option `{path}`"));
    let near = nearest(wrong, missing.names.iter().map(String::as_str));
    let right = near.and_then(|near| {
        let mut right = segments.to_vec();
        near.clone_into(right.get_mut(missing.depth)?);
        OptionPath::from_segments(right)
    });
    match right {
        Some(right) => diagnostic.note(format!("did you mean `{right}`?")),
        None => diagnostic,
    }
}

/// Explains how a derivation comes into a side, or with an old side what became of it.
///
/// # Errors
/// There is no such derivation, with the nearest right spelling; or a side cannot be
/// evaluated.
pub fn explain_derivation(
    engine: &Engine<'_>,
    old: Option<&Side>,
    new: &Side,
    wanted: &str,
) -> Result<DerivationExplanation, EngineError> {
    let new_toplevel = toplevel(engine, new)?;
    let Some(old) = old else {
        let graph = read(&[&new_toplevel])?;
        let root = root(&graph)?;
        let node = find(&graph, root, wanted)?;
        return Ok(explanation(&graph, new, root, node, None));
    };
    let old_toplevel = toplevel(engine, old)?;
    let (graph, diff) = graph(engine, [&old_toplevel, &new_toplevel])?;
    let root = root(&graph)?;
    let node = find(&graph, root, wanted)?;
    let path = graph.path(node).to_string();
    let is_old = |node: NodeId| {
        let first = graph.roots().first();
        first.is_some_and(|first| graph.chain(*first, node).is_some())
    };
    let fate = if let Some(cause) = diff.causes.iter().find(|cause| cause.new.path == path) {
        Fate::Cause {
            changes: changes(&cause.what),
        }
    } else if diff.added.iter().any(|added| added.path == path) {
        Fate::Added
    } else if is_old(node) {
        Fate::Unchanged
    } else {
        let (chains, nodes) = (graph.chains(node), graph.by_path());
        let to_causes = diff.causes.iter().filter_map(|cause| {
            let chain = chains.to(*nodes.get(&*cause.new.path)?)?;
            Some((chain, cause))
        });
        match to_causes.min_by_key(|(chain, _)| chain.len()) {
            Some((chain, cause)) => Fate::Follows {
                chain: names(&graph, &chain),
                changes: changes(&cause.what),
            },
            // What differs is left out by rule.
            None => Fate::Follows {
                chain: Vec::new(),
                changes: Vec::new(),
            },
        }
    };
    Ok(explanation(&graph, new, root, node, Some(fate)))
}

fn root(graph: &Graph) -> Result<NodeId, EngineError> {
    let ended = || EngineError::Machine("a graph without its toplevel".to_owned());
    graph.roots().last().copied().ok_or_else(ended)
}

fn names(graph: &Graph, chain: &[NodeId]) -> Vec<String> {
    let name = |node: &NodeId| graph.path(*node).derivation_name().to_owned();
    chain.iter().map(name).collect()
}

fn explanation(
    graph: &Graph,
    side: &Side,
    root: NodeId,
    node: NodeId,
    fate: Option<Fate>,
) -> DerivationExplanation {
    let chain = graph.chain(root, node).unwrap_or_default();
    DerivationExplanation {
        name: graph.path(node).derivation_name().to_owned(),
        path: graph.path(node).to_string(),
        host: side.label().to_owned(),
        chain: names(graph, &chain),
        fate,
    }
}

/// The derivation below a toplevel with a path, a name with its version or without:
/// of several the closest.
fn find(graph: &Graph, root: NodeId, wanted: &str) -> Result<NodeId, EngineError> {
    let below: Vec<NodeId> = below(graph, root).into_iter().collect();
    let name = |node: &NodeId| graph.path(*node).derivation_name();
    let without_version = |node: &NodeId| nix_parity_drv::split_name(name(node)).0;
    let by = |is: &dyn Fn(&NodeId) -> bool| below.iter().copied().find(|node| is(node));
    by(&|node| graph.path(*node).as_str() == wanted)
        .or_else(|| by(&|node| name(node) == wanted))
        .or_else(|| by(&|node| without_version(node) == wanted))
        .ok_or_else(|| {
            let near = nearest(wanted, below.iter().map(name))
                .or_else(|| nearest(wanted, below.iter().map(without_version)));
            let diagnostic = Diagnostic::new(format!("no derivation `{wanted}`"));
            EngineError::Input(vec![match near {
                Some(near) => diagnostic.note(format!("did you mean `{near}`?")),
                None => diagnostic.note(format!("none of {} is called so", below.len())),
            }])
        })
}
