//! The paths of what differs, wherever texts mention them, and which of the old ones
//! correspond to which of the new.

use memchr::{memchr, memchr2_iter};
use rayon::prelude::*;

use super::hashes::{Hash, Hashes};
use crate::derivation::{Format, Text};
use crate::graph::{Graph, NodeId};
use crate::hash::TextMap;
use crate::placeholder::{DIGITS, Placeholder};
use crate::store_path::{HASH, StorePath, USUAL, are_base32, is_base32};

/// What of a derivation a path is: its outputs by name, those of derivations that are
/// outputs as `out^dev`, and its file, which has no name.
type Part<'g> = Text<'g>;

/// A number of a known path. Old and new paths have one another's class once their
/// derivations are a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Class(u32);

/// The paths of all derivations that only one side has.
///
/// Paths of what both sides have need no entry: they are the same text on both.
pub(super) struct Paths<'g> {
    hashes: Hashes,
    placeholders: TextMap<[u8; DIGITS], u32>,
    known: Vec<Known<'g>>,
    // The last path of each node of the graph.
    last: Vec<Option<u32>>,
}

struct Known<'g> {
    // `/nix/store/`, and what follows the hash with its dash; empty for placeholders.
    folder: &'g [u8],
    name: &'g [u8],
    node: NodeId,
    part: Part<'g>,
    // The path of its node that was added before.
    before: Option<u32>,
    // Several derivations can have one fixed output. Each has a number, by which this one
    // is not found: they have its class.
    others: Vec<NodeId>,
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

    fn known(&self, number: u32) -> &Known<'g> {
        &self.known[number as usize]
    }

    fn class(&self, mut number: u32) -> Class {
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
            let [old, new] = [old, new].map(|text| {
                let hash: Hash = digits(&text[start..at])?;
                self.hashes.get(&hash)?.alike
            });
            if old.is_none() || old != new {
                return false;
            }
        }
        true
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
            let name = self.name_behind(text, mention);
            end = mention.end + name.unwrap_or(0);
            let segment = Segment::Path {
                class: self.class(mention.number),
                folder: mention.folder,
                name: name.is_some(),
            };
            mentions.next();
            Some(segment)
        })
    }

    /// The derivations whose paths a text mentions, with repetitions, in its order.
    pub(super) fn mentioned(&self, text: &[u8]) -> impl Iterator<Item = NodeId> {
        self.mentions(text)
            .flat_map(|mention| self.nodes(mention.number))
    }

    fn nodes(&self, number: u32) -> impl Iterator<Item = NodeId> {
        let known = self.known(number);
        std::iter::once(known.node).chain(known.others.iter().copied())
    }

    fn mentions(&self, text: &[u8]) -> impl Iterator<Item = Mention> {
        // Slashes are many, and mean nothing where there are no placeholders.
        let slash = if self.placeholders.is_empty() {
            b'-'
        } else {
            b'/'
        };
        let mut last: Option<Mention> = None;
        memchr2_iter(b'-', slash, text).filter_map(move |at| {
            let found = if text[at] == b'-' {
                self.path_at(text, at)
            } else {
                self.placeholder_at(text, at)
            };
            // What was found last may reach over this.
            let mention =
                found.filter(|this| !last.is_some_and(|last| self.hides(text, last, *this)))?;
            last = Some(mention);
            found
        })
    }

    /// Whether a mention reaches over the beginning of a later one.
    fn hides(&self, text: &[u8], earlier: Mention, later: Mention) -> bool {
        // No name has a slash. To compare names means to look at what is not at hand.
        later.start < earlier.end
            || !later.folder
                && self
                    .name_behind(text, &earlier)
                    .is_some_and(|name| later.start < earlier.end + name)
    }

    /// The path whose hash ends at this dash.
    fn path_at(&self, text: &[u8], dash: usize) -> Option<Mention> {
        let start = dash.checked_sub(HASH)?;
        let hash: Hash = digits(&text[start..dash])?;
        let number = self.hashes.get(&hash)?.number;
        let known = self.known(number).folder;
        let folder = text[..start].ends_with(known);
        Some(Mention {
            start: if folder { start - known.len() } else { start },
            end: dash,
            number,
            folder,
        })
    }

    /// How long what follows the hash is, if it does.
    fn name_behind(&self, text: &[u8], mention: &Mention) -> Option<usize> {
        let name = self.known(mention.number).name;
        text[mention.end..].starts_with(name).then_some(name.len())
    }

    /// The placeholder that begins with this slash.
    fn placeholder_at(&self, text: &[u8], slash: usize) -> Option<Mention> {
        let end = slash + 1 + DIGITS;
        let hash: [u8; DIGITS] = digits(text.get(slash + 1..end)?)?;
        Some(Mention {
            start: slash,
            end,
            number: *self.placeholders.get(&hash)?,
            folder: true,
        })
    }
}

/// Where a text mentions something: its hash with the folder if that is in front.
#[derive(Clone, Copy)]
struct Mention {
    start: usize,
    end: usize,
    number: u32,
    folder: bool,
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
    let last = bytes.last().is_some_and(|&b| is_base32(b));
    (last && are_base32(bytes))
        .then(|| bytes.try_into().ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::Paths;
    use crate::graph::{Graph, NodeId};
    use crate::source::Memory;
    use crate::store_path::StorePath;

    /// The hashes of derivations: a pair, a pair with another name, and one alone.
    const A: [&str; 2] = [
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1",
    ];
    const B: [&str; 2] = [
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb0",
        "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb1",
    ];
    const ALONE: &str = "ccccccccccccccccccccccccccccccc0";
    const UNKNOWN: &str = "ddddddddddddddddddddddddddddddd0";

    fn path(hash: &str) -> String {
        let name = match hash {
            hash if A.contains(&hash) => "a",
            hash if hash == B[1] => "renamed",
            _ => "b",
        };
        format!("/nix/store/{hash}-{name}.drv")
    }

    fn with_paths<T>(check: impl FnOnce(&Paths<'_>) -> T) -> T {
        let mut store = Memory::default();
        let all = [A[0], A[1], B[0], B[1], ALONE].map(path);
        for path in &all {
            store.insert(path, "Derive([],[],[],\"\",\"\",[],[])");
        }
        let roots = all.each_ref().map(|path| StorePath::parse(path).unwrap());
        let graph = Graph::read(&store, &roots).unwrap();
        let nodes: Vec<NodeId> = graph.nodes().collect();
        let mut paths = Paths::new(&graph, &nodes);
        paths.unite(&[[nodes[0], nodes[1]], [nodes[2], nodes[3]]]);
        check(&paths)
    }

    #[test]
    fn what_differs_by_nothing_but_hashes_of_pairs_is_alike() {
        let [a0, a1] = A;
        let [b0, b1] = B;
        with_paths(|paths| {
            for (old, new, alike) in [
                (String::new(), String::new(), true),
                (
                    format!("-I{a0}-a/lib {a0}-"),
                    format!("-I{a1}-a/lib {a1}-"),
                    true,
                ),
                // The same on both sides, known or not.
                (
                    format!("{UNKNOWN}-x {b0}-b"),
                    format!("{UNKNOWN}-x {b0}-b"),
                    true,
                ),
                // Something else differs as well.
                (format!("{a0}-a 1"), format!("{a1}-a 2"), false),
                (format!("{a0}-a"), format!("{a1}-a "), false),
                (format!("x{a0}"), format!("x{a1}"), false),
                ("old-".into(), "new-".into(), false),
                // Not one pair.
                (format!("{a0}-a"), format!("{ALONE}-a"), false),
                (format!("{ALONE}-a"), format!("{UNKNOWN}-a"), false),
                (format!("{a0}-{a0}-"), format!("{a1}-{b1}-"), false),
                // A pair whose name differs is left to what compares names.
                (format!("{b0}-b"), format!("{b1}-b"), false),
                // The first digit may be the letter of an escape.
                (format!(r"\{a0}-a"), format!(r"\{a1}-a"), false),
            ] {
                assert_eq!(
                    paths.alike(old.as_bytes(), new.as_bytes()),
                    alike,
                    "{old} {new}"
                );
            }
        });
    }

    /// Pairs of old and new pieces.
    fn pieces() -> impl Strategy<Value = Vec<[String; 2]>> {
        let [a, b] = [A, B].map(|pair| pair.map(path));
        let both = |text: &str| [text.to_owned(), text.to_owned()];
        let pieces = vec![
            a.clone(),
            a.each_ref().map(|path| path[11..].to_owned()),
            A.map(|hash| format!("{hash}-")),
            A.map(str::to_owned),
            [a[0].clone(), path(ALONE)],
            b,
            B.map(|hash| format!("{hash}-")),
            both(&path(UNKNOWN)),
            both(A[0]),
            both("-"),
            both(" "),
            both("a"),
            ["x".to_owned(), "y".to_owned()],
        ];
        proptest::collection::vec(select(pieces), 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

        #[test]
        fn what_is_alike_is_the_same(pieces in pieces()) {
            let [old, new] = [0, 1].map(|side| {
                let texts = pieces.iter().map(|piece| piece[side].as_str());
                texts.collect::<String>().into_bytes()
            });
            with_paths(|paths| {
                prop_assert!(!paths.alike(&old, &new) || paths.same(&old, &new));
                Ok(())
            })?;
        }
    }
}
