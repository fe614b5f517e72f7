//! Where texts mention the paths of what differs, and whether two texts are the same but
//! for that.

use memchr::{memchr, memchr2_iter};

use super::hashes::{Class, Hash};
use super::paths::Paths;
use crate::graph::NodeId;
use crate::placeholder::DIGITS;
use crate::store_path::{HASH, are_base32, is_base32};

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
    reason = "places in a text are where something was found in it"
)]
impl Paths<'_> {
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

    use super::super::paths::Paths;
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
