//! The paths of what differs, wherever texts mention them, and which of the old ones
//! correspond to which of the new.

use std::collections::HashMap;

use memchr::{memchr, memchr2_iter};

use crate::derivation::Format;
use crate::graph::{Graph, NodeId};
use crate::placeholder::{DIGITS, Placeholder};
use crate::store_path::{HASH, StorePath, is_base32};

/// What of a derivation a path is: its outputs by name, those of derivations that are
/// outputs as `out^dev`, and its file, which has no name.
type Part = Vec<u8>;

/// A number of a known path. Old and new paths have one another's class once their
/// derivations are a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Class(usize);

/// The paths of all derivations that only one side has.
///
/// Paths of what both sides have need no entry: they are the same text on both.
pub(super) struct Paths<'g> {
    hashes: HashMap<[u8; HASH], usize>,
    placeholders: HashMap<[u8; DIGITS], usize>,
    known: Vec<Known<'g>>,
    parts: HashMap<NodeId, Vec<(Part, usize)>>,
}

struct Known<'g> {
    // `/nix/store/` and what follows the hash; empty for placeholders.
    folder: &'g [u8],
    name: &'g [u8],
    // Several derivations can have one fixed output.
    nodes: Vec<NodeId>,
    // Another of its class, or itself.
    next: usize,
    // Whether folder and name are those of the next.
    like_next: bool,
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Segment<'t> {
    /// Mentions nothing that is known.
    Plain(&'t [u8]),
    /// Mentions a path by its hash, with or without the folder in front and the name
    /// behind.
    Path {
        class: Class,
        folder: bool,
        name: bool,
    },
}

#[expect(
    clippy::indexing_slicing,
    reason = "numbers of paths come from this list only"
)]
impl<'g> Paths<'g> {
    /// The paths of these derivations.
    pub(super) fn new(graph: &'g Graph, nodes: impl Iterator<Item = NodeId>) -> Self {
        let mut paths = Self {
            hashes: HashMap::new(),
            placeholders: HashMap::new(),
            known: Vec::new(),
            parts: HashMap::new(),
        };
        let mut dynamic = Vec::new();
        for node in nodes {
            let path = graph.path(node);
            paths.add_path(node, Part::new(), path);
            let (format, outputs) = graph.outputs(node);
            if format == Format::Dynamic {
                dynamic.push(node);
            }
            for output in outputs {
                let part = output.name.to_vec();
                match output.path {
                    Some(path) => paths.add_path(node, part, path),
                    None => {
                        let placeholder = Placeholder::of_output(path, &part);
                        paths.add_placeholder(node, part, placeholder);
                    }
                }
            }
        }
        // What these name has its number by now.
        for node in dynamic {
            paths.add_dynamic(graph, node);
        }
        paths
    }

    fn add_path(&mut self, node: NodeId, part: Part, path: StorePath<'g>) {
        let Ok(hash) = path.hash_part().as_bytes().try_into() else {
            return;
        };
        let new = self.known.len();
        let number = *self.hashes.entry(hash).or_insert(new);
        let folder = path.as_str().len() - path.base_name().len();
        self.add(
            node,
            part,
            number,
            [&path.as_str().as_bytes()[..folder], path.name().as_bytes()],
        );
    }

    fn add_placeholder(&mut self, node: NodeId, part: Part, placeholder: Placeholder) {
        let new = self.known.len();
        let number = *self.placeholders.entry(placeholder.digits()).or_insert(new);
        self.add(node, part, number, [b"", b""]);
    }

    fn add(&mut self, node: NodeId, part: Part, number: usize, [folder, name]: [&'g [u8]; 2]) {
        if number == self.known.len() {
            self.known.push(Known {
                folder,
                name,
                nodes: Vec::new(),
                next: number,
                like_next: true,
            });
        }
        let parts = self.parts.entry(node).or_default();
        // Each of several that need a dynamic output names it.
        if !parts.contains(&(part.clone(), number)) {
            parts.push((part, number));
            self.known[number].nodes.push(node);
        }
    }

    /// The placeholders of outputs of derivations that are themselves built, which only
    /// what needs them names.
    fn add_dynamic(&mut self, graph: &'g Graph, node: NodeId) {
        for input in graph.derivation(node).inputs {
            let Some(made_by) = self.derivation(input.path.hash_part()) else {
                continue;
            };
            // The placeholders and names of the nodes above the one at hand.
            let mut above: Vec<(Placeholder, Part)> = Vec::new();
            for dynamic in &input.dynamic {
                above.truncate(dynamic.depth.saturating_sub(1) as usize);
                let this = match above.last() {
                    None => (
                        Placeholder::of_output(input.path, &dynamic.name),
                        dynamic.name.to_vec(),
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
        let hash: [u8; HASH] = hash.as_bytes().try_into().ok()?;
        self.known[*self.hashes.get(&hash)?].nodes.first().copied()
    }

    /// Makes corresponding paths of these derivations one class.
    pub(super) fn unite(&mut self, old: NodeId, new: NodeId) {
        let (Some(old), Some(new)) = (self.parts.get(&old), self.parts.get(&new)) else {
            return;
        };
        let pairs: Vec<[usize; 2]> = old
            .iter()
            .filter_map(|(part, number)| {
                let (_, other) = new.iter().find(|(other, _)| other == part)?;
                Some([*number, *other])
            })
            .collect();
        for [old, new] in pairs {
            let (Class(old), Class(new)) = (self.class(old), self.class(new));
            let (this, next) = (old.max(new), old.min(new));
            let looks = [this, next].map(|n| (self.known[n].folder, self.known[n].name));
            self.known[this].like_next = looks[0] == looks[1];
            self.known[this].next = next;
        }
    }

    fn class(&self, mut number: usize) -> Class {
        while self.known[number].next != number {
            number = self.known[number].next;
        }
        Class(number)
    }

    /// The class of a store path, if it is a known one.
    pub(super) fn class_of(&self, path: StorePath<'_>) -> Option<Class> {
        let hash: [u8; HASH] = path.hash_part().as_bytes().try_into().ok()?;
        Some(self.class(*self.hashes.get(&hash)?))
    }

    /// Whether two texts are the same, where they mention paths by their classes.
    pub(super) fn same(&self, old: &[u8], new: &[u8]) -> bool {
        old == new || self.segments(old).eq(self.segments(new))
    }

    /// Whether two texts are the same but for hashes of paths that have one class and one
    /// name. Quicker than [`same`](Self::same), and says no where only that can tell.
    pub(super) fn alike(&self, old: &[u8], new: &[u8]) -> bool {
        if old.len() != new.len() {
            return false;
        }
        let mut at = 0;
        while let Some(length) = mismatch(&old[at..], &new[at..]) {
            at += length;
            let Some(dash) = memchr(b'-', &old[at..]) else {
                return false;
            };
            at += dash;
            // The last letter of an escape is no digit.
            let start = at.checked_sub(HASH).filter(|_| dash <= HASH);
            let escaped = |start: &usize| *start > 0 && old[start - 1] == b'\\';
            let Some(start) = start.filter(|start| !escaped(start)) else {
                return false;
            };
            let [old, new] = [old, new].map(|text| self.class_with_name(&text[start..at]));
            if old.is_none() || old != new {
                return false;
            }
        }
        true
    }

    /// The class of a hash, unless the path has another name than the class.
    fn class_with_name(&self, hash: &[u8]) -> Option<Class> {
        let hash: [u8; HASH] = digits(hash)?;
        let mut number = *self.hashes.get(&hash)?;
        while self.known[number].next != number {
            if !self.known[number].like_next {
                return None;
            }
            number = self.known[number].next;
        }
        Some(Class(number))
    }

    /// A text in pieces.
    pub(super) fn segments<'t>(&self, text: &'t [u8]) -> impl Iterator<Item = Segment<'t>> {
        let mut end = 0;
        let mut mentions = self.mentions(text).peekable();
        std::iter::from_fn(move || {
            let Some(mention) = mentions.peek() else {
                let rest = text.get(end..).filter(|rest| !rest.is_empty())?;
                end = text.len();
                return Some(Segment::Plain(rest));
            };
            if end < mention.start {
                let plain = &text[end..mention.start];
                end = mention.start;
                return Some(Segment::Plain(plain));
            }
            end = mention.end;
            let segment = Segment::Path {
                class: self.class(mention.number),
                folder: mention.folder,
                name: mention.name,
            };
            mentions.next();
            Some(segment)
        })
    }

    /// The derivations whose paths a text mentions, with repetitions, in its order.
    pub(super) fn mentioned(&self, text: &[u8]) -> impl Iterator<Item = NodeId> {
        self.mentions(text)
            .flat_map(|mention| self.known[mention.number].nodes.iter().copied())
    }

    fn mentions(&self, text: &[u8]) -> impl Iterator<Item = Mention> {
        let mut end = 0;
        memchr2_iter(b'-', b'/', text).filter_map(move |at| {
            let found = if text[at] == b'-' {
                self.path_at(text, at)
            } else {
                self.placeholder_at(text, at)
            };
            // What was found last may reach over this.
            let mention = found.filter(|mention| mention.start >= end)?;
            end = mention.end;
            Some(mention)
        })
    }

    /// The path whose hash ends at this dash.
    fn path_at(&self, text: &[u8], dash: usize) -> Option<Mention> {
        let start = dash.checked_sub(HASH)?;
        let hash: [u8; HASH] = digits(&text[start..dash])?;
        let number = *self.hashes.get(&hash)?;
        let known = &self.known[number];
        let folder = text[..start].ends_with(known.folder);
        let name = text[dash + 1..].starts_with(known.name);
        Some(Mention {
            start: if folder {
                start - known.folder.len()
            } else {
                start
            },
            end: if name {
                dash + 1 + known.name.len()
            } else {
                dash
            },
            number,
            folder,
            name,
        })
    }

    /// The placeholder that begins with this slash.
    fn placeholder_at(&self, text: &[u8], slash: usize) -> Option<Mention> {
        if self.placeholders.is_empty() {
            return None;
        }
        let end = slash + 1 + DIGITS;
        let hash: [u8; DIGITS] = digits(text.get(slash + 1..end)?)?;
        Some(Mention {
            start: slash,
            end,
            number: *self.placeholders.get(&hash)?,
            folder: true,
            name: true,
        })
    }
}

struct Mention {
    start: usize,
    end: usize,
    number: usize,
    folder: bool,
    name: bool,
}

fn below((placeholder, part): &(Placeholder, Part), output: &[u8]) -> (Placeholder, Part) {
    let part = [part.as_slice(), b"^", output].concat();
    (placeholder.output(output), part)
}

/// Where two texts of one length begin to differ, if they do.
fn mismatch(old: &[u8], new: &[u8]) -> Option<usize> {
    // Words at a time, of which most are the same.
    let words = |text| <[u8]>::as_chunks::<16>(text).0;
    let same = words(old).iter().zip(words(new));
    let same = same.take_while(|(old, new)| old == new).count() * 16;
    let mut rest = old.iter().zip(new).skip(same);
    let differs = rest.position(|(old, new)| old != new)?;
    Some(same + differs)
}

/// The bytes as digits of base 32. Most dashes follow a word, so the last is judged
/// first.
fn digits<const N: usize>(bytes: &[u8]) -> Option<[u8; N]> {
    bytes
        .iter()
        .rev()
        .all(|&b| is_base32(b))
        .then(|| bytes.try_into().ok())
        .flatten()
}
