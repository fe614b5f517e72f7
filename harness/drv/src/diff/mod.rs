//! What differs between the derivations below two toplevels, by its root causes.

mod compare;
mod features;
mod followers;
mod matching;
mod model;
mod noise;
mod paths;

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

pub use model::{Bytes, Cause, Change, Diff, DrvRef, Renamed, VersionChange, Wanted};
pub use noise::{Noise, NoiseError};

use crate::derivation::Derivation;
use crate::graph::{Graph, NodeId};
use crate::store_path::split_name;
use compare::Side;
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
    let differing = removed.iter().chain(&added).copied();
    let mut paths = Paths::new(graph, differing);
    let matching = matching::pair(graph, &paths, [old, new], [&removed, &added]);
    for &[old, new] in &matching.pairs {
        paths.unite(old, new);
    }

    let compared: Vec<Compared> = matching
        .pairs
        .par_iter()
        .map(|&pair| Compared::new(graph, &paths, noise, pair))
        .collect();
    let referrers = referrers(&matching.pairs, &compared);
    let is_cause: Vec<bool> = compared.iter().map(|c| !c.changes.is_empty()).collect();
    let followers = followers::count(&referrers, &is_cause);

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
        ..Diff::default()
    };
    let mut versions = BTreeSet::new();
    for (&[old, new], compared) in matching.pairs.iter().zip(&compared) {
        let pair = [old, new].map(|node| split_name(graph.path(node).derivation_name()));
        let [(old_name, old_version), (name, version)] = pair;
        if old_name != name {
            let [old, new] = [old, new].map(|node| DrvRef::new(graph, node));
            diff.renamed.push(Renamed { old, new });
        } else if old_version != version && !compared.is_download {
            versions.insert(VersionChange {
                name: name.to_owned(),
                old: old_version.to_owned(),
                new: version.to_owned(),
            });
        }
    }
    diff.renamed.sort();
    diff.version_changes = versions.into_iter().collect();
    let causes = matching.pairs.iter().zip(compared);
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

fn sorted(refs: impl Iterator<Item = DrvRef>) -> Vec<DrvRef> {
    let mut refs: Vec<_> = refs.collect();
    refs.sort();
    refs
}

/// What comparing one pair found.
struct Compared {
    changes: Vec<model::Change>,
    // What the new one depends on: what it refers to, and what it only mentions.
    depends: Vec<NodeId>,
    is_download: bool,
}

impl Compared {
    fn new(graph: &Graph, paths: &Paths<'_>, noise: &Noise, pair: [NodeId; 2]) -> Self {
        let derivations = pair.map(|node| graph.derivation(node));
        let sides = [0, 1].map(|side| Side {
            path: graph.path(pair[side]),
            derivation: &derivations[side],
        });
        let [old, new] = sides;
        let mut changes = compare::changes(old, new, paths);
        let names = sides.map(|side| side.path.derivation_name());
        changes.retain(|change| !noise.hides(names, change));
        let mut depends = graph.references(pair[1]).to_vec();
        for text in texts(new.derivation) {
            depends.extend(paths.mentioned(text).filter(|&node| node != pair[1]));
        }
        depends.sort_unstable();
        depends.dedup();
        Self {
            changes,
            depends,
            is_download: new.derivation.is_fixed_output(),
        }
    }
}

fn texts<'d>(derivation: &'d Derivation<'_>) -> impl Iterator<Item = &'d [u8]> {
    let env = derivation.env.iter().map(|(_, value)| &**value);
    std::iter::once(&*derivation.builder)
        .chain(derivation.args.iter().map(|argument| &**argument))
        .chain(env)
}

/// For each pair the pairs whose new derivation depends on it.
fn referrers(pairs: &[[NodeId; 2]], compared: &[Compared]) -> Vec<Vec<usize>> {
    let numbers: HashMap<NodeId, usize> = pairs
        .iter()
        .enumerate()
        .flat_map(|(n, nodes)| nodes.map(|node| (node, n)))
        .collect();
    let mut referrers = vec![Vec::new(); pairs.len()];
    for (referrer, compared) in compared.iter().enumerate() {
        for number in compared.depends.iter().filter_map(|node| numbers.get(node)) {
            if let Some(referrers) = referrers.get_mut(*number) {
                referrers.push(referrer);
            }
        }
    }
    referrers
}
