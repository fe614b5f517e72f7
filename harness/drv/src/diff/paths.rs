//! The paths of what differs, and which of the old ones correspond to which of the new.

use rayon::prelude::*;

use super::hashes::{Class, Hash, Hashes};
use crate::derivation::{Format, Text};
use crate::graph::{Graph, NodeId};
use crate::hash::TextMap;
use crate::placeholder::{DIGITS, Placeholder};
use crate::store_path::{HASH, StorePath, USUAL};

/// What of a derivation a path is: its outputs by name, those of derivations that are
/// outputs as `out^dev`, and its file, which has no name.
type Part<'g> = Text<'g>;

/// The paths of all derivations that only one side has.
///
/// Paths of what both sides have need no entry: they are the same text on both.
pub(super) struct Paths<'g> {
    pub(super) hashes: Hashes,
    pub(super) placeholders: TextMap<[u8; DIGITS], u32>,
    known: Vec<Known<'g>>,
    // The last path of each node of the graph.
    last: Vec<Option<u32>>,
}

pub(super) struct Known<'g> {
    // `/nix/store/`, and what follows the hash with its dash; empty for placeholders.
    pub(super) folder: &'g [u8],
    pub(super) name: &'g [u8],
    pub(super) node: NodeId,
    part: Part<'g>,
    // The path of its node that was added before.
    before: Option<u32>,
    // Several derivations can have one fixed output. Each has a number, by which this one
    // is not found: they have its class.
    pub(super) others: Vec<NodeId>,
    // Another of its class, or itself.
    next: u32,
    // Whether folder and name are those of the next.
    like_next: bool,
}

impl<'g> Known<'g> {
    fn new(node: NodeId, part: Part<'g>, path: StorePath<'g>) -> Self {
        let folder = path.as_str().len() - path.base_name().len();
        let (mut folder, base) = path.as_str().as_bytes().split_at(folder);
        // Nearly all are in one folder: that its text is one too keeps it at hand.
        if folder == USUAL.as_bytes() {
            folder = USUAL.as_bytes();
        }
        Self {
            folder,
            name: base.get(HASH..).unwrap_or_default(),
            node,
            part,
            before: None,
            others: Vec::new(),
            next: 0,
            like_next: true,
        }
    }
}

#[expect(
    clippy::indexing_slicing,
    reason = "numbers of paths come from this list only"
)]
impl<'g> Paths<'g> {
    /// The paths of these derivations.
    pub(super) fn new(graph: &'g Graph, nodes: &[NodeId]) -> Self {
        let outputs: Vec<_> = nodes.par_iter().map(|&node| graph.outputs(node)).collect();
        let (known, hashes): (Vec<_>, Vec<_>) = nodes
            .par_iter()
            .zip(&outputs)
            .flat_map_iter(|(&node, (_, outputs))| {
                let file = (Part::default(), graph.path(node));
                let outputs = outputs.iter();
                let outputs =
                    outputs.filter_map(|output| Some((output.name.clone(), output.path?)));
                let all = std::iter::once(file).chain(outputs);
                all.filter_map(move |(part, path)| {
                    let hash: Hash = path.hash_part().as_bytes().try_into().ok()?;
                    Some((Known::new(node, part, path), hash))
                })
            })
            .unzip();
        let (hashes, again) = Hashes::new(&hashes);
        let mut paths = Self {
            hashes,
            placeholders: TextMap::default(),
            known,
            last: vec![None; graph.len()],
        };
        for (number, known) in (0..).zip(&mut paths.known) {
            known.next = number;
            known.before = paths.last[known.node.index()].replace(number);
        }
        for again in again {
            paths.join(again.number, again.first);
        }
        for (&node, (_, outputs)) in nodes.iter().zip(&outputs) {
            for output in outputs.iter().filter(|output| output.path.is_none()) {
                let placeholder = Placeholder::of_output(graph.path(node), &output.name);
                paths.add_placeholder(node, output.name.clone(), placeholder);
            }
        }
        // What these name has its number by now.
        for (&node, (format, _)) in nodes.iter().zip(&outputs) {
            if *format == Format::Dynamic {
                paths.add_dynamic(graph, node);
            }
        }
        paths
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "four billion paths do not fit into memory"
    )]
    fn add_placeholder(&mut self, node: NodeId, part: Part<'g>, placeholder: Placeholder) {
        let new = self.known.len() as u32;
        let first = *self.placeholders.entry(placeholder.digits()).or_insert(new);
        // Each of several that need a dynamic output names it.
        if self
            .parts(node)
            .any(|(_, known)| known.next == first && known.part == part)
        {
            return;
        }
        self.known.push(Known {
            folder: b"",
            name: b"",
            node,
            part,
            before: self.last[node.index()].replace(new),
            others: Vec::new(),
            next: new,
            like_next: true,
        });
        if first != new {
            self.join(new, first);
        }
    }

    /// Makes a number one of those of a path that has a number.
    fn join(&mut self, number: u32, first: u32) {
        let this = &mut self.known[number as usize];
        this.next = first;
        let node = this.node;
        self.known[first as usize].others.push(node);
    }

    /// The paths of a derivation.
    fn parts(&self, node: NodeId) -> impl Iterator<Item = (u32, &Known<'g>)> {
        std::iter::successors(self.last[node.index()], |&n| self.known(n).before)
            .map(|n| (n, self.known(n)))
    }

    /// The placeholders of outputs of derivations that are themselves built, which only
    /// what needs them names.
    fn add_dynamic(&mut self, graph: &'g Graph, node: NodeId) {
        for input in graph.derivation(node).inputs {
            let Some(made_by) = self.derivation(input.path.hash_part()) else {
                continue;
            };
            // The placeholders and names of the nodes above the one at hand.
            let mut above: Vec<(Placeholder, Part<'g>)> = Vec::new();
            for dynamic in &input.dynamic {
                above.truncate(dynamic.depth.saturating_sub(1) as usize);
                let this = match above.last() {
                    None => (
                        Placeholder::of_output(input.path, &dynamic.name),
                        dynamic.name.clone(),
                    ),
                    Some(above) => below(above, &dynamic.name),
                };
                for output in &dynamic.outputs {
                    let (placeholder, part) = below(&this, output);
                    self.add_placeholder(made_by, part, placeholder);
                }
                above.push(this);
            }
        }
    }

    fn derivation(&self, hash: &str) -> Option<NodeId> {
        let hash: Hash = hash.as_bytes().try_into().ok()?;
        Some(self.known(self.hashes.get(&hash)?.number).node)
    }

    /// Makes corresponding paths of the derivations of each pair one class.
    pub(super) fn unite(&mut self, pairs: &[[NodeId; 2]]) {
        for &[old, new] in pairs {
            let mut at = self.last[old.index()];
            while let Some(number) = at {
                let this = self.known(number);
                at = this.before;
                let other = self.parts(new).find(|(_, other)| other.part == this.part);
                let other = other.map(|(number, _)| number);
                if let Some(other) = other {
                    self.unite_paths(number, other);
                }
            }
        }
        let known = &self.known;
        self.hashes.settle(|number| class_with_name(known, number));
    }

    fn unite_paths(&mut self, old: u32, new: u32) {
        let (Class(old), Class(new)) = (self.class(old), self.class(new));
        let (this, next) = (old.max(new), old.min(new));
        let looks = [this, next].map(|n| (self.known(n).folder, self.known(n).name));
        let this = &mut self.known[this as usize];
        this.like_next = looks[0] == looks[1];
        this.next = next;
    }

    pub(super) fn known(&self, number: u32) -> &Known<'g> {
        &self.known[number as usize]
    }

    pub(super) fn class(&self, mut number: u32) -> Class {
        while self.known(number).next != number {
            number = self.known(number).next;
        }
        Class(number)
    }

    /// The class of a store path, if it is a known one.
    pub(super) fn class_of(&self, path: StorePath<'_>) -> Option<Class> {
        let hash: Hash = path.hash_part().as_bytes().try_into().ok()?;
        Some(self.class(self.hashes.get(&hash)?.number))
    }
}

fn below<'g>(
    (placeholder, part): &(Placeholder, Part<'g>),
    output: &[u8],
) -> (Placeholder, Part<'g>) {
    let part = [&**part, b"^", output].concat();
    (placeholder.output(output), part.into())
}

/// The class of a path, unless the path has another name than the class.
#[expect(clippy::indexing_slicing, reason = "numbers come from this list only")]
fn class_with_name(known: &[Known<'_>], mut number: u32) -> Option<Class> {
    loop {
        let this = &known[number as usize];
        if this.next == number {
            return Some(Class(number));
        }
        if !this.like_next {
            return None;
        }
        number = this.next;
    }
}
