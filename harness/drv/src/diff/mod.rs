//! What differs between the derivations below two toplevels, by its root causes.

mod compare;
mod features;
mod followers;
mod hashes;
mod matching;
mod mentions;
mod model;
mod noise;
mod pairs;
mod paths;

use std::cmp::Reverse;
use std::collections::BTreeSet;

use rayon::prelude::*;

pub use model::{Bytes, Cause, Change, Diff, DrvRef, Renamed, VersionChange, Wanted};
pub use noise::{Noise, NoiseError};

use crate::graph::{Graph, NodeId};
use crate::store_path::split_name;
use compare::Side;
use followers::Referrers;
use pairs::Pairs;
use paths::Paths;

/// Compares what is below two toplevels of a graph.
///
/// Texts are compared modulo the paths of what is paired, so that a rebuilt compiler is
/// one cause with all that it compiles following; an input that is new or gone makes
/// its referrer a cause. The result does not depend on how the work was shared out.
pub fn diff(graph: &Graph, old: NodeId, new: NodeId, noise: &Noise) -> Diff {
    let below = [graph.below(old), graph.below(new)];
    let sides = |node: NodeId| {
        below
            .each_ref()
            .map(|side| side.get(node.index()) == Some(&true))
    };
    let only = |wanted: [bool; 2]| -> Vec<NodeId> {
        graph
            .nodes()
            .filter(|&node| sides(node) == wanted)
            .collect()
    };
    let (removed, added) = (only([true, false]), only([false, true]));
    let differing = [removed.as_slice(), &added].concat();
    let mut paths = Paths::new(graph, &differing);
    let matching = matching::pair(graph, &paths, [old, new], [&removed, &added]);
    paths.unite(&matching.pairs);
    let pairs = Pairs::new(graph, matching.pairs);
    let compared: Vec<Compared> = pairs
        .list()
        .par_iter()
        .map(|&pair| Compared::new(graph, &pairs, &paths, noise, pair))
        .collect();
    let is_cause: Vec<bool> = compared.iter().map(|c| !c.changes.is_empty()).collect();
    let (followers, (renamed, version_changes)) = rayon::join(
        || {
            let depends = compared.iter().map(|c| c.depends.as_slice());
            followers::count(&Referrers::new(depends), &is_cause)
        },
        || names(graph, pairs.list()),
    );

    let mut diff = Diff {
        added: sorted(matching.added.iter().map(|&node| DrvRef::new(graph, node))),
        removed: sorted(
            matching
                .removed
                .iter()
                .map(|&node| DrvRef::new(graph, node)),
        ),
        followers_total: followers.total,
        ignored: is_cause.iter().filter(|cause| !**cause).count() - followers.total,
        unchanged: only([true, true]).len(),
        renamed,
        version_changes,
        ..Diff::default()
    };
    let causes = pairs.list().iter().zip(compared);
    diff.causes = causes
        .filter(|(_, compared)| !compared.changes.is_empty())
        .zip(followers.of)
        .map(|((&[old, new], compared), followers)| Cause {
            old: DrvRef::new(graph, old),
            new: DrvRef::new(graph, new),
            what: compared.changes,
            followers,
        })
        .collect();
    diff.causes
        .sort_by(|a, b| (Reverse(a.followers), &a.new).cmp(&(Reverse(b.followers), &b.new)));
    diff
}

/// Which pairs have another name, and which another version only.
fn names(graph: &Graph, pairs: &[[NodeId; 2]]) -> (Vec<Renamed>, Vec<VersionChange>) {
    let mut renamed = Vec::new();
    let mut versions = BTreeSet::new();
    for &[old, new] in pairs {
        let pair = [old, new].map(|node| split_name(graph.path(node).derivation_name()));
        let [(old_name, old_version), (name, version)] = pair;
        if old_name != name {
            let [old, new] = [old, new].map(|node| DrvRef::new(graph, node));
            renamed.push(Renamed { old, new });
        } else if old_version != version && !graph.is_fixed_output(new) {
            versions.insert(VersionChange {
                name: name.to_owned(),
                old: old_version.to_owned(),
                new: version.to_owned(),
            });
        }
    }
    renamed.sort();
    (renamed, versions.into_iter().collect())
}

fn sorted(refs: impl Iterator<Item = DrvRef>) -> Vec<DrvRef> {
    let mut refs: Vec<_> = refs.collect();
    refs.sort();
    refs
}

/// What comparing one pair found.
struct Compared {
    changes: Vec<model::Change>,
    // The numbers of other pairs.
    depends: Vec<usize>,
}

impl Compared {
    fn new(
        graph: &Graph,
        pairs: &Pairs,
        paths: &Paths<'_>,
        noise: &Noise,
        pair: [NodeId; 2],
    ) -> Self {
        let names @ [old_name, new_name] = pair.map(|node| graph.path(node).derivation_name());
        let mut changes = Vec::new();
        if old_name != new_name || !compare::is_same(graph, pair, pairs, paths) {
            let derivations = pair.map(|node| graph.derivation(node));
            let [old, new] = [0, 1].map(|side| Side {
                path: graph.path(pair[side]),
                derivation: &derivations[side],
            });
            changes = compare::changes(old, new, paths);
            changes.retain(|change| !noise.hides(names, change));
        }
        Self {
            changes,
            depends: depends(graph, pairs, paths, pair[1]),
        }
    }
}

/// The pairs that a new derivation depends on: through what it refers to, and through
/// what it only mentions.
fn depends(graph: &Graph, pairs: &Pairs, paths: &Paths<'_>, new: NodeId) -> Vec<usize> {
    // No escape, quote or bracket reaches into a path.
    let mentioned = paths.mentioned(graph.raw(new).build);
    let references = graph.references(new).iter();
    let mut depends = Vec::with_capacity(2 * references.len());
    depends.extend(references.filter_map(|&node| pairs.of(node)));
    let mentioned = mentioned.filter(|&node| node != new);
    depends.extend(mentioned.filter_map(|node| pairs.of(node)));
    depends.sort_unstable();
    depends.dedup();
    depends
}
