//! What differs between two graphs, as a comparison tells it.

use nix_parity_core::comparison::{Change, Derivations, RootCause, VersionChange};
use nix_parity_drv::{Bytes, Change as Found, Diff, DrvRef, Graph, Wanted};

use super::options::{capped, without_hashes};

/// What differs, in the terms of a comparison.
pub(super) fn describe(graph: &Graph, diff: &Diff) -> Derivations {
    let names = |refs: &[DrvRef]| refs.iter().map(|r| r.name.clone()).collect();
    let toplevel = graph.roots().last().copied();
    Derivations {
        causes: diff
            .causes
            .iter()
            .map(|cause| RootCause {
                name: cause.new.name.clone(),
                old: Some(cause.old.path.clone()),
                new: Some(cause.new.path.clone()),
                changes: changes(&cause.what),
                followers: cause.followers,
                way_up: toplevel
                    .zip(graph.find(&cause.new.path))
                    .and_then(|(toplevel, node)| graph.chain(toplevel, node))
                    .map(|chain| {
                        let above = chain.iter().rev().skip(1);
                        above
                            .map(|node| graph.path(*node).derivation_name().to_owned())
                            .collect()
                    })
                    .unwrap_or_default(),
            })
            .collect(),
        added: names(&diff.added),
        removed: names(&diff.removed),
        renamed: diff
            .renamed
            .iter()
            .map(|r| (r.old.name.clone(), r.new.name.clone()))
            .collect(),
        versions: diff
            .version_changes
            .iter()
            .map(|change| VersionChange {
                name: change.name.clone(),
                old: vec![change.old.clone()],
                new: vec![change.new.clone()],
            })
            .collect(),
        followers: diff.followers_total,
        ignored: diff.ignored,
        unchanged: diff.unchanged,
    }
}

/// What changed of a derivation, in words and texts.
pub(crate) fn changes(found: &[Found]) -> Vec<Change> {
    found.iter().map(change).collect()
}

fn change(found: &Found) -> Change {
    match found {
        Found::Name { old, new } => both("name", Some(old.clone()), Some(new.clone())),
        Found::System { old, new } => both("system", Some(old.to_string()), Some(new.to_string())),
        Found::Builder { old, new } => {
            both("builder", Some(old.to_string()), Some(new.to_string()))
        }
        Found::Args { old, new } => both("args", Some(lines(old)), Some(lines(new))),
        Found::Env { key, old, new } => {
            let text = |value: &Option<Bytes>| value.as_ref().map(Bytes::to_string);
            both(&format!("env.{key}"), text(old), text(new))
        }
        Found::Output { name, old, new } => {
            both(&format!("output {name}"), old.clone(), new.clone())
        }
        Found::Sources { added, removed } => {
            both("sources", some(removed.join("\n")), some(added.join("\n")))
        }
        Found::Input { old, new } => {
            let name = new.as_ref().or(old.as_ref());
            let name = name.map_or("", |wanted| &wanted.derivation.name);
            let text = |wanted: &Option<Wanted>| wanted.as_ref().map(outputs);
            both(&format!("input {name}"), text(old), text(new))
        }
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn lines(texts: &[Bytes]) -> String {
    let texts: Vec<_> = texts.iter().map(Bytes::to_string).collect();
    texts.join("\n")
}

fn outputs(wanted: &Wanted) -> String {
    let outputs: Vec<_> = wanted.outputs.iter().map(Bytes::to_string).collect();
    outputs.join(", ")
}

/// Texts without hashes where they still differ so: those of what follows differ too,
/// and are not what changed.
fn both(what: &str, old: Option<String>, new: Option<String>) -> Change {
    let plain = |text: &Option<String>| text.as_deref().map(without_hashes);
    let (old, new) = match (plain(&old), plain(&new)) {
        (a, b) if a == b => (old, new),
        plain => plain,
    };
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => {
            let [old, new] = capped([&old, &new]);
            (Some(old), Some(new))
        }
        (old, new) => {
            let cap = |text: String| {
                let [text, _] = capped([&text, ""]);
                text
            };
            (old.map(cap), new.map(cap))
        }
    };
    Change {
        what: what.to_owned(),
        old,
        new,
    }
}
