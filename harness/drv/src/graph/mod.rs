//! The derivations below some toplevels.

mod batch;
mod discovered;
mod read;
mod walk;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

pub use read::ReadError;
pub use walk::Chains;

use crate::aterm::{Layout, Raw, parse, parse_outputs};
use crate::derivation::{Derivation, Format, Output, OutputKind};
use crate::store_path::StorePath;

/// All derivations below one or more toplevels, each once: what two toplevels share is
/// read and held once, and being the same node is being the same derivation.
///
/// A node is the bytes of its file, where the parts of the derivation are in them, and
/// the numbers of the nodes it refers to; the rest is read from the bytes when it is
/// asked for, which takes less time than keeping it taken apart takes memory.
#[derive(Debug, Default)]
pub struct Graph {
    // Files that were read one after the other have one text.
    texts: Vec<Box<[u8]>>,
    nodes: Vec<Node>,
    // Those of all nodes, one after the other.
    references: Vec<NodeId>,
    roots: Vec<NodeId>,
}

/// A node of one [`Graph`]. Numbers follow the order of discovery from the roots, which
/// is the same each time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(u32);

#[derive(Debug)]
struct Node {
    path: Arc<str>,
    text: Place,
    layout: Layout,
    // Where what it refers to is in the list of the graph: as the file has it, which is
    // the inputs, then the derivations among the sources, and each once.
    in_file: Range<usize>,
    references: Range<usize>,
}

/// Where a file is among the texts of a graph.
#[derive(Debug)]
struct Place {
    text: usize,
    range: Range<usize>,
}

impl NodeId {
    /// Its place in a list with one entry per node.
    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "a graph hands out numbers of its own nodes only"
)]
impl Graph {
    /// The toplevels, in the order in which they were asked for.
    pub fn roots(&self) -> &[NodeId] {
        &self.roots
    }

    /// How many derivations there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All nodes, those closest to the roots first.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..).map(NodeId).take(self.nodes.len())
    }

    /// The path of a derivation.
    pub fn path(&self, node: NodeId) -> StorePath<'_> {
        StorePath::known(&self.nodes[node.index()].path)
    }

    /// What its file says.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "the same bytes were parsed when the node was made"
    )]
    pub fn derivation(&self, node: NodeId) -> Derivation<'_> {
        parse(self.bytes(node)).expect("a node has a derivation")
    }

    /// The notation and the outputs, which its file begins with: cheaper than all of it.
    #[expect(clippy::expect_used, reason = "the same bytes were parsed before")]
    pub(crate) fn outputs(&self, node: NodeId) -> (Format, Vec<Output<'_>>) {
        parse_outputs(self.bytes(node)).expect("a node has a derivation")
    }

    /// What its file says as it says it: cheaper still.
    pub(crate) fn raw(&self, node: NodeId) -> Raw<'_> {
        self.nodes[node.index()].layout.of(self.bytes(node))
    }

    /// Whether its one output is fixed by a hash.
    pub(crate) fn is_fixed_output(&self, node: NodeId) -> bool {
        let (_, outputs) = self.outputs(node);
        matches!(outputs.as_slice(), [output] if output.kind() == OutputKind::Fixed)
    }

    /// Its file.
    pub fn bytes(&self, node: NodeId) -> &[u8] {
        let Place { text, range } = &self.nodes[node.index()].text;
        &self.texts[*text][range.clone()]
    }

    /// The derivations it refers to, as inputs or as files among its sources, each once,
    /// in the order of their numbers.
    pub fn references(&self, node: NodeId) -> &[NodeId] {
        &self.references[self.nodes[node.index()].references.clone()]
    }

    /// The derivations of its inputs, in the order of the file, each with the list of
    /// what of it as the file spells it.
    pub(crate) fn inputs(&self, node: NodeId) -> impl Iterator<Item = (NodeId, &[u8])> {
        let nodes = &self.references[self.nodes[node.index()].in_file.clone()];
        nodes.iter().copied().zip(self.raw(node).wanted())
    }

    /// The nodes by their paths, for whoever looks for many.
    pub fn by_path(&self) -> HashMap<&str, NodeId> {
        let nodes = self.nodes();
        nodes
            .map(|node| (&*self.nodes[node.index()].path, node))
            .collect()
    }

    /// The node of a path.
    pub fn find(&self, path: &str) -> Option<NodeId> {
        self.nodes()
            .find(|node| &*self.nodes[node.index()].path == path)
    }
}
