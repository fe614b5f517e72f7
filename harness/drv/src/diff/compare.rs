//! What of its own changed between the two derivations of a pair.

use std::collections::BTreeMap;

use super::hashes::Class;
use super::model::{Bytes, Change, DrvRef, Wanted};
use super::pairs::Pairs;
use super::paths::Paths;
use crate::aterm::Raw;
use crate::derivation::{Derivation, Input, Output, OutputKind, Text};
use crate::graph::{Graph, NodeId};
use crate::store_path::StorePath;

/// One side of a pair.
#[derive(Clone, Copy)]
pub(super) struct Side<'d> {
    pub(super) path: StorePath<'d>,
    pub(super) derivation: &'d Derivation<'d>,
}

/// Whether nothing but paths of other pairs changed, as far as the spelling of both
/// files tells: most pairs are so, and take no more than this. Where it says no,
/// [`changes`] may still find nothing.
pub(super) fn is_same(graph: &Graph, pair: [NodeId; 2], pairs: &Pairs, paths: &Paths<'_>) -> bool {
    let [old, new] = pair.map(|node| graph.raw(node));
    // What is alike has its quotes and brackets at the same places. That also the names of
    // variables are compared modulo paths makes no difference to what Nix writes: they cannot
    // refer to any.
    paths.alike(old.outputs, new.outputs)
        && paths.alike(old.build, new.build)
        && (old.sources == new.sources || raw_sources(old, paths) == raw_sources(new, paths))
        && raw_inputs(graph, pair[0], pairs) == raw_inputs(graph, pair[1], pairs)
}

fn raw_sources<'d>(raw: Raw<'d>, paths: &Paths<'_>) -> Vec<Key<'d>> {
    let mut keys: Vec<_> = raw.sources().map(|path| key(path, paths)).collect();
    keys.sort_unstable();
    keys
}

/// What is needed of each input, by the input, or the pair that it is of.
fn raw_inputs<'g>(
    graph: &'g Graph,
    node: NodeId,
    pairs: &Pairs,
) -> Vec<(Result<usize, NodeId>, &'g [u8])> {
    let inputs = graph.inputs(node);
    let mut keys = Vec::with_capacity(graph.references(node).len());
    keys.extend(inputs.map(|(input, wanted)| (pairs.of(input).ok_or(input), wanted)));
    keys.sort_unstable();
    keys
}

/// All that changed but for what follows from other pairs, in a fixed order.
pub(super) fn changes(old: Side<'_>, new: Side<'_>, paths: &Paths<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    let names = [old, new].map(|side| side.path.derivation_name());
    if names[0] != names[1] {
        let [old, new] = names.map(str::to_owned);
        changes.push(Change::Name { old, new });
    }
    let [old, new] = [old.derivation, new.derivation];
    if !paths.same(&old.system, &new.system) {
        changes.push(Change::System {
            old: bytes(&old.system),
            new: bytes(&new.system),
        });
    }
    if !paths.same(&old.builder, &new.builder) {
        changes.push(Change::Builder {
            old: bytes(&old.builder),
            new: bytes(&new.builder),
        });
    }
    let mut args = old.args.iter().zip(&new.args);
    if old.args.len() != new.args.len() || !args.all(|(old, new)| paths.same(old, new)) {
        changes.push(Change::Args {
            old: old.args.iter().map(bytes).collect(),
            new: new.args.iter().map(bytes).collect(),
        });
    }
    changes.extend(env(old, new, paths));
    changes.extend(outputs(old, new));
    changes.extend(sources(old, new, paths));
    changes.extend(inputs(old, new, paths));
    changes
}

fn bytes(text: &Text<'_>) -> Bytes {
    Bytes::from(&**text)
}

type Variable<'d> = (Text<'d>, Text<'d>);

fn env(old: &Derivation<'_>, new: &Derivation<'_>, paths: &Paths<'_>) -> Vec<Change> {
    // Most pairs have the same variables, and nothing of them changed.
    let same = |((old_key, old_value), (new_key, new_value)): (&Variable<'_>, &Variable<'_>)| {
        old_key == new_key
            && (paths.same(old_value, new_value)
                || old.is_own_path(old_key, old_value) && new.is_own_path(new_key, new_value))
    };
    if old.env.len() == new.env.len() && old.env.iter().zip(&new.env).all(same) {
        return Vec::new();
    }
    let sides = [old, new].map(|derivation| {
        let variables = derivation.env.iter();
        variables
            .filter(|(key, value)| !derivation.is_own_path(key, value))
            .map(|(key, value)| (&**key, &**value))
            .collect::<BTreeMap<&[u8], &[u8]>>()
    });
    both(&sides, |old, new| paths.same(old, new))
        .map(|(key, old, new)| Change::Env {
            key: Bytes::from(*key),
            old: old.map(|value| Bytes::from(*value)),
            new: new.map(|value| Bytes::from(*value)),
        })
        .collect()
}

fn outputs(old: &Derivation<'_>, new: &Derivation<'_>) -> Vec<Change> {
    let sides = [old, new].map(|derivation| {
        let outputs = derivation.outputs.iter();
        outputs
            .map(|output| (&*output.name, output))
            .collect::<BTreeMap<&[u8], &Output<'_>>>()
    });
    let same = |old: &&Output<'_>, new: &&Output<'_>| {
        let [old, new] = [old, new].map(|o| (word(o), &o.hash_algo, &o.hash));
        old == new
    };
    both(&sides, same)
        .map(|(name, old, new)| Change::Output {
            name: Bytes::from(*name),
            old: old.map(|output| origin(output)),
            new: new.map(|output| origin(output)),
        })
        .collect()
}

/// How the path of an output comes about. That an input becomes known only when it is
/// built is a change of the input: a deferred output is addressed by inputs too.
fn word(output: &Output<'_>) -> &'static str {
    match output.kind() {
        OutputKind::InputAddressed | OutputKind::Deferred => "input-addressed",
        OutputKind::Fixed => "fixed",
        OutputKind::Floating => "floating",
        OutputKind::Impure => "impure",
    }
}

fn origin(output: &Output<'_>) -> String {
    let algo = String::from_utf8_lossy(&output.hash_algo);
    let hash = String::from_utf8_lossy(&output.hash);
    format!("{} {algo} {hash}", word(output))
        .trim_end()
        .to_owned()
}

/// A path modulo what is a pair.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'d> {
    Class(Class),
    Path(StorePath<'d>),
}

fn key<'d>(path: StorePath<'d>, paths: &Paths<'_>) -> Key<'d> {
    paths.class_of(path).map_or(Key::Path(path), Key::Class)
}

fn sources(old: &Derivation<'_>, new: &Derivation<'_>, paths: &Paths<'_>) -> Option<Change> {
    let sides = [old, new].map(|derivation| {
        let sources = derivation.sources.iter();
        sources
            .map(|&path| (key(path, paths), path))
            .collect::<BTreeMap<Key<'_>, StorePath<'_>>>()
    });
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for (_, old, new) in both(&sides, |_, _| true) {
        removed.extend(old.map(StorePath::to_string));
        added.extend(new.map(StorePath::to_string));
    }
    added.sort();
    removed.sort();
    let changed = !added.is_empty() || !removed.is_empty();
    changed.then_some(Change::Sources { added, removed })
}

fn inputs(old: &Derivation<'_>, new: &Derivation<'_>, paths: &Paths<'_>) -> Vec<Change> {
    let sides = [old, new].map(|derivation| {
        let inputs = derivation.inputs.iter();
        inputs
            .map(|input| (key(input.path, paths), input))
            .collect::<BTreeMap<Key<'_>, &Input<'_>>>()
    });
    let same = |old: &&Input<'_>, new: &&Input<'_>| {
        old.outputs == new.outputs && old.dynamic == new.dynamic
    };
    let mut changes: Vec<_> = both(&sides, same)
        .map(|(_, old, new)| {
            (
                old.map(|input| wanted(input)),
                new.map(|input| wanted(input)),
            )
        })
        .collect();
    changes.sort();
    let change = |(old, new)| Change::Input { old, new };
    changes.into_iter().map(change).collect()
}

fn wanted(input: &Input<'_>) -> Wanted {
    let mut outputs: Vec<Bytes> = input.outputs.iter().map(bytes).collect();
    let mut above: Vec<&[u8]> = Vec::new();
    for dynamic in &input.dynamic {
        above.truncate(dynamic.depth.saturating_sub(1) as usize);
        above.push(&dynamic.name);
        let below = |output: &Text<'_>| Bytes([above.join(&b'^'), output.to_vec()].join(&b'^'));
        outputs.extend(dynamic.outputs.iter().map(below));
    }
    outputs.sort();
    Wanted {
        derivation: DrvRef::of(input.path),
        outputs,
    }
}

/// What two maps do not have in common, by key: entries of one side, and those of both
/// that are not the same.
fn both<K: Ord, V>(
    [old, new]: &[BTreeMap<K, V>; 2],
    same: impl Fn(&V, &V) -> bool,
) -> impl Iterator<Item = (&K, Option<&V>, Option<&V>)> {
    let mut entries: Vec<_> = old
        .iter()
        .map(|(key, value)| (key, Some(value), new.get(key)))
        .filter(|(_, old, new)| !old.zip(*new).is_some_and(|(old, new)| same(old, new)))
        .chain(
            new.iter()
                .filter(|(key, _)| !old.contains_key(key))
                .map(|(key, value)| (key, None, Some(value))),
        )
        .collect();
    entries.sort_by(|a, b| a.0.cmp(b.0));
    entries.into_iter()
}
