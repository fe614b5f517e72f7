//! Ways through a graph. Nothing recurses: chains of real graphs are hundreds long,
//! those of hostile ones as long as they like.

use std::collections::VecDeque;

use super::{Graph, NodeId};

#[expect(
    clippy::indexing_slicing,
    reason = "the lists have one entry per node of the graph"
)]
impl Graph {
    /// For each node whether it is `root` or below it.
    pub(crate) fn below(&self, root: NodeId) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        seen[root.index()] = true;
        let mut left = vec![root];
        while let Some(node) = left.pop() {
            for &reference in self.references(node) {
                if !std::mem::replace(&mut seen[reference.index()], true) {
                    left.push(reference);
                }
            }
        }
        seen
    }

    /// The shortest chain of references from one derivation to another, both included.
    /// Of several that are as short, the one that comes first in the files.
    pub fn chain(&self, from: NodeId, to: NodeId) -> Option<Vec<NodeId>> {
        self.chains(from).to(to)
    }

    /// Such chains from one derivation to all below it, found in one walk.
    pub fn chains(&self, from: NodeId) -> Chains {
        let mut referrer: Vec<Option<NodeId>> = vec![None; self.len()];
        let mut left = VecDeque::from([from]);
        referrer[from.index()] = Some(from);
        while let Some(node) = left.pop_front() {
            for &reference in self.references(node) {
                if referrer[reference.index()].is_none() {
                    referrer[reference.index()] = Some(node);
                    left.push_back(reference);
                }
            }
        }
        Chains { referrer }
    }
}

/// The shortest chains from one derivation: see [`Graph::chains`].
#[derive(Debug)]
pub struct Chains {
    // By which node each was found first; the one that they begin with by itself.
    referrer: Vec<Option<NodeId>>,
}

impl Chains {
    /// The chain to a derivation, both ends included; nothing where none leads to it.
    pub fn to(&self, node: NodeId) -> Option<Vec<NodeId>> {
        self.before(node)?;
        let above = |&node: &NodeId| self.before(node).filter(|&n| n != node);
        let mut chain: Vec<_> = std::iter::successors(Some(node), above).collect();
        chain.reverse();
        Some(chain)
    }

    fn before(&self, node: NodeId) -> Option<NodeId> {
        self.referrer.get(node.index()).copied().flatten()
    }
}
