//! Which derivation of the new side is which of the old one.
//!
//! The toplevels are a pair. From each pair on, the inputs of the one are looked for
//! among the inputs of the other: by name, then by name and the places that mention
//! them, and so on to less and less; each step pairs what is alone on both sides with
//! what it looks at. What edges do not find is looked for everywhere in the same way,
//! and leads on along its edges. So a pair found through a chain of pairs comes before
//! one that only has the same name.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

use super::features::{places, shape};
use super::paths::Paths;
use crate::graph::{Graph, NodeId};
use crate::store_path::split_name;

/// The pairs, in the order in which they were found, and what has no counterpart.
pub(super) struct Matching {
    pub(super) pairs: Vec<[NodeId; 2]>,
    pub(super) removed: Vec<NodeId>,
    pub(super) added: Vec<NodeId>,
}

/// Pairs the nodes of the two sides, given without what both have.
pub(super) fn pair(
    graph: &Graph,
    paths: &Paths<'_>,
    roots: [NodeId; 2],
    sides: [&[NodeId]; 2],
) -> Matching {
    let mut matcher = Matcher {
        graph,
        open: vec![None; graph.len()],
        found: Vec::new(),
        queue: VecDeque::new(),
        shapes: HashMap::new(),
    };
    for (side, nodes) in sides.into_iter().enumerate() {
        for node in nodes {
            matcher.open[node.index()] = Some(side);
        }
    }
    if roots[0] != roots[1] && (0..2).all(|side| matcher.is_open(roots[side], side)) {
        matcher.found(roots);
    }
    loop {
        while let Some(pair) = matcher.queue.pop_front() {
            matcher.along_edges(paths, pair);
        }
        let left = [0, 1].map(|side| matcher.open_of(sides[side], side));
        if !matcher.anywhere(paths, left) {
            break;
        }
    }
    Matching {
        removed: matcher.open_of(sides[0], 0),
        added: matcher.open_of(sides[1], 1),
        pairs: matcher.found,
    }
}

struct Matcher<'g> {
    graph: &'g Graph,
    // The side of each node that is still without counterpart.
    open: Vec<Option<usize>>,
    found: Vec<[NodeId; 2]>,
    queue: VecDeque<[NodeId; 2]>,
    shapes: HashMap<NodeId, u64>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "lists have one entry per node, and there are two sides"
)]
impl<'g> Matcher<'g> {
    fn is_open(&self, node: NodeId, side: usize) -> bool {
        self.open[node.index()] == Some(side)
    }

    fn open_of(&self, nodes: &[NodeId], side: usize) -> Vec<NodeId> {
        let open = nodes.iter().filter(|&&node| self.is_open(node, side));
        open.copied().collect()
    }

    fn found(&mut self, pair: [NodeId; 2]) {
        for node in pair {
            self.open[node.index()] = None;
        }
        self.found.push(pair);
        self.queue.push_back(pair);
    }

    fn name(&self, node: NodeId) -> &'g str {
        self.graph.path(node).derivation_name()
    }

    fn package(&self, node: NodeId) -> &'g str {
        split_name(self.name(node)).0
    }

    fn is_download(&self, node: NodeId) -> bool {
        self.graph.is_fixed_output(node)
    }

    fn shape(&mut self, paths: &Paths<'_>, node: NodeId) -> u64 {
        let graph = self.graph;
        *self
            .shapes
            .entry(node)
            .or_insert_with(|| shape(graph, paths, node))
    }

    /// Pairs the inputs of a pair, until one side has no more of them.
    fn along_edges(&mut self, paths: &Paths<'_>, pair: [NodeId; 2]) -> Option<()> {
        let left = [0, 1].map(|side| self.open_of(self.graph.references(pair[side]), side));
        let left = self.step(left, |this, node| Some(this.name(node)))?;
        let mentioned = pair.map(|referrer| places(self.graph, paths, referrer));
        // The sides have no node in common.
        let places = |node: NodeId| mentioned.iter().find_map(|places| places.get(&node));
        let variables = |node: NodeId| -> Vec<&[u8]> {
            let places = places(node).into_iter().flatten();
            let mut variables: Vec<_> = places.map(|(place, _)| place.as_slice()).collect();
            variables.dedup();
            variables
        };
        let left = self.step(left, |this, node| {
            Some((this.name(node), this.shape(paths, node)))
        })?;
        let left = self.step(left, |this, node| Some((this.name(node), variables(node))))?;
        let left = self.step(left, |this, node| Some((this.name(node), places(node))))?;
        let left = self.step(left, |this, node| {
            Some((this.package(node), this.is_download(node), variables(node)))
        })?;
        let left = self.step(left, |this, node| {
            Some((this.package(node), this.is_download(node)))
        })?;
        self.step(left, |this, node| Some(this.shape(paths, node)))?;
        Some(())
    }

    /// Pairs what no edge led to. Whether there was any.
    fn anywhere(&mut self, paths: &Paths<'_>, left: [Vec<NodeId>; 2]) -> bool {
        let before = self.found.len();
        self.by_looks(paths, left);
        self.found.len() > before
    }

    fn by_looks(&mut self, paths: &Paths<'_>, left: [Vec<NodeId>; 2]) -> Option<()> {
        let left = self.step(left, |this, node| {
            Some((this.name(node), this.shape(paths, node)))
        })?;
        let left = self.step(left, |this, node| Some(this.name(node)))?;
        let left = self.step(left, |this, node| {
            (!this.is_download(node)).then(|| this.package(node))
        })?;
        self.step(left, |this, node| Some(this.shape(paths, node)))?;
        Some(())
    }

    /// Pairs the nodes whose key no other of their side has, and returns what is left
    /// where both sides have something left.
    fn step<K: Eq + Hash>(
        &mut self,
        left: [Vec<NodeId>; 2],
        key: impl Fn(&mut Self, NodeId) -> Option<K>,
    ) -> Option<[Vec<NodeId>; 2]> {
        if left.iter().any(Vec::is_empty) {
            return None;
        }
        let mut by_key: HashMap<K, [Holder; 2]> = HashMap::new();
        for (side, nodes) in left.iter().enumerate() {
            for &node in nodes {
                if let Some(key) = key(self, node) {
                    let holder = &mut by_key.entry(key).or_default()[side];
                    *holder = match holder {
                        Holder::None => Holder::One(node),
                        _ => Holder::Several,
                    };
                }
            }
        }
        let alone = |holders: [Holder; 2]| match holders {
            [Holder::One(old), Holder::One(new)] => Some([old, new]),
            _ => None,
        };
        let mut pairs: Vec<_> = by_key.into_values().filter_map(alone).collect();
        // The order of a hash map is another each time.
        pairs.sort_unstable();
        for pair in pairs {
            self.found(pair);
        }
        let [old, new] = left;
        let left = [self.open_of(&old, 0), self.open_of(&new, 1)];
        left.iter().all(|nodes| !nodes.is_empty()).then_some(left)
    }
}

/// Who of one side has a key.
#[derive(Clone, Copy, Default)]
enum Holder {
    #[default]
    None,
    One(NodeId),
    Several,
}
