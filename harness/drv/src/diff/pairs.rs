//! Which old derivation corresponds to which new one, once it is settled.

use crate::graph::{Graph, NodeId};

/// Old and new derivations that correspond, each pair with its number.
pub(super) struct Pairs {
    list: Vec<[NodeId; 2]>,
    // One entry per node of the graph.
    of: Vec<Option<usize>>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "there is an entry for each node of the graph"
)]
impl Pairs {
    /// Numbers them in this order. No node is in two of them.
    pub(super) fn new(graph: &Graph, list: Vec<[NodeId; 2]>) -> Self {
        let mut of = vec![None; graph.len()];
        for (number, pair) in list.iter().enumerate() {
            for node in pair {
                of[node.index()] = Some(number);
            }
        }
        Self { list, of }
    }

    /// All of them, by number.
    pub(super) fn list(&self) -> &[[NodeId; 2]] {
        &self.list
    }

    /// The number of the pair that a derivation is of.
    pub(super) fn of(&self, node: NodeId) -> Option<usize> {
        self.of[node.index()]
    }
}
