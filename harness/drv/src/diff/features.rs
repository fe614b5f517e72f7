//! What derivations are recognised by across two graphs when their paths differ.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::mentions::Segment;
use super::paths::Paths;
use crate::graph::{Graph, NodeId};

/// Where a referrer mentions an input: the variables, or arguments, or builder, each
/// with the place among the mentions there.
pub(super) type Places = Vec<(Vec<u8>, usize)>;

/// For each derivation of one side that a referrer mentions, where.
pub(super) fn places(
    graph: &Graph,
    paths: &Paths<'_>,
    referrer: NodeId,
) -> HashMap<NodeId, Places> {
    let derivation = graph.derivation(referrer);
    let mut places: HashMap<NodeId, Places> = HashMap::new();
    let mut add = |place: &[u8], text: &[u8]| {
        for (n, node) in paths.mentioned(text).enumerate() {
            places.entry(node).or_default().push((place.to_owned(), n));
        }
    };
    // A variable cannot be called so.
    add(b"\0builder", &derivation.builder);
    for argument in &derivation.args {
        add(b"\0argument", argument);
    }
    for (key, value) in &derivation.env {
        add(key, value);
    }
    places
}

/// A digest of all that a derivation is but for what it is called and which paths of
/// changed derivations it mentions: what a rebuild leaves the same.
pub(super) fn shape(graph: &Graph, paths: &Paths<'_>, node: NodeId) -> u64 {
    let derivation = graph.derivation(node);
    let mut hasher = DefaultHasher::new();
    let mut text = |text: &[u8]| {
        for segment in paths.segments(text) {
            match segment {
                Segment::Plain(plain) => plain.hash(&mut hasher),
                Segment::Path { .. } => hasher.write_u8(0),
            }
        }
        hasher.write_u8(1);
    };
    text(&derivation.system);
    text(&derivation.builder);
    for argument in &derivation.args {
        text(argument);
    }
    for (key, value) in &derivation.env {
        if !matches!(&**key, b"name" | b"pname") && !derivation.is_own_path(key, value) {
            text(key);
            text(value);
        }
    }
    for source in &derivation.sources {
        text(source.as_str().as_bytes());
    }
    for output in &derivation.outputs {
        for part in [&output.name, &output.hash_algo, &output.hash] {
            text(part);
        }
    }
    hasher.write_usize(derivation.inputs.len());
    hasher.finish()
}
