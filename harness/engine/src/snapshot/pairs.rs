//! Derivations of two snapshots that belong together, and which of them others follow.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use nix_parity_core::comparison::{Change, Derivations, RootCause, VersionChange};

use super::reduced::{Entry, Reduced};

/// With more causes than this, nobody asks what each of them explains.
const COUNTED: usize = 200;

/// The facts that are no digests.
const WORDS: [&str; 3] = ["builder", "outputs", "system"];

/// What two lists of derivations do not have in common, each with its counterpart.
#[derive(Default)]
pub(super) struct Pairs<'e> {
    pub(super) both: Vec<[&'e Entry; 2]>,
    pub(super) gone: Vec<&'e Entry>,
    pub(super) new: Vec<&'e Entry>,
    /// How many are in both.
    pub(super) same: usize,
}

/// A derivation that something of its own changed in.
pub(super) struct Cause<'e> {
    /// As it was and as it is.
    pub(super) pair: [&'e Entry; 2],
    /// How many follow it; 0 where there are too many causes to ask.
    pub(super) followers: usize,
}

impl<'e> Pairs<'e> {
    /// Pairs by name: first what is the same, then what has the same version, then the
    /// rest in order.
    pub(super) fn new(old: &'e Reduced, new: &'e Reduced) -> Self {
        let mut names: BTreeMap<&str, [Vec<&Entry>; 2]> = BTreeMap::new();
        for (side, reduced) in [old, new].into_iter().enumerate() {
            for entry in &reduced.entries {
                if let Some(list) = names.entry(&entry.name).or_default().get_mut(side) {
                    list.push(entry);
                }
            }
        }
        let mut found = Self::default();
        for [mut old, mut new] in names.into_values() {
            found.same += pair(&mut old, &mut new, |entry| entry).len();
            found
                .both
                .extend(pair(&mut old, &mut new, |entry| &entry.version));
            found.both.extend(pair(&mut old, &mut new, |_| ()));
            found.gone.extend(old);
            found.new.extend(new);
        }
        found
    }

    /// The causes, those that most follow first, and how many follow any of them.
    pub(super) fn causes(&self, new: &Reduced) -> (Vec<Cause<'e>>, usize) {
        let names: HashSet<&str> = self.both.iter().map(|[_, new]| &*new.name).collect();
        let mut needed_by: HashMap<&str, Vec<&str>> = HashMap::new();
        for entry in &new.entries {
            for need in &entry.needs {
                needed_by.entry(need).or_default().push(&entry.name);
            }
        }
        let followers = |starts: Vec<&str>| {
            let mut seen: HashSet<&str> = HashSet::new();
            let mut left = starts;
            while let Some(name) = left.pop() {
                for &above in needed_by.get(name).into_iter().flatten() {
                    if !names.contains(above) && seen.insert(above) {
                        left.push(above);
                    }
                }
            }
            seen.len()
        };
        let counted = self.both.len() <= COUNTED;
        let causes = self.both.iter().map(|&pair| Cause {
            pair,
            followers: if counted {
                followers(vec![&pair[1].name])
            } else {
                0
            },
        });
        let mut causes: Vec<_> = causes.collect();
        causes.sort_by_key(|cause| Reverse(cause.followers));
        (causes, followers(names.iter().copied().collect()))
    }
}

impl Cause<'_> {
    /// What of its own changed. Of most of it a snapshot only knows that it did.
    pub(super) fn changes(&self) -> Vec<Change> {
        let [old, new] = self.pair;
        let change = |what: &str, old: Option<&str>, new: Option<&str>| Change {
            what: what.to_owned(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
        };
        let mut changes = Vec::new();
        if old.version != new.version {
            changes.push(change("version", Some(&old.version), Some(&new.version)));
        }
        let only = |of: &Entry, not_of: &Entry| -> Vec<String> {
            let others: HashSet<&String> = not_of.needs.iter().collect();
            let needs = of.needs.iter().filter(|need| !others.contains(need));
            needs.map(|need| format!("input {need}")).collect()
        };
        let came = only(new, old);
        changes.extend(came.iter().map(|what| change(what, None, Some(""))));
        let gone = only(old, new);
        changes.extend(gone.iter().map(|what| change(what, Some(""), None)));
        let facts: BTreeSet<_> = old.facts.keys().chain(new.facts.keys()).collect();
        for fact in facts {
            let [old, new] = [old, new].map(|entry| entry.facts.get(fact).map(String::as_str));
            if old != new {
                let told = WORDS.contains(&fact.as_str());
                changes.push(change(fact, old.filter(|_| told), new.filter(|_| told)));
            }
        }
        if changes.is_empty() {
            changes.push(change("what no other line says", None, None));
        }
        changes
    }
}

/// What differs between two graphs, as far as their snapshots know.
pub(crate) fn derivations(old: &Reduced, new: &Reduced) -> Derivations {
    let found = Pairs::new(old, new);
    let (causes, followers) = found.causes(new);
    let names = |entries: &[&Entry]| entries.iter().map(|e| e.full_name()).collect();
    let versions = causes.iter().filter_map(|cause| {
        let [old, new] = cause.pair;
        (old.version != new.version).then(|| VersionChange {
            name: new.name.clone(),
            old: vec![old.version.clone()],
            new: vec![new.version.clone()],
        })
    });
    Derivations {
        versions: versions.collect(),
        causes: causes
            .iter()
            .map(|cause| RootCause {
                name: cause.pair[1].full_name(),
                old: None,
                new: None,
                changes: cause.changes(),
                followers: cause.followers,
                way_up: Vec::new(),
            })
            .collect(),
        added: names(&found.new),
        removed: names(&found.gone),
        renamed: Vec::new(),
        followers,
        ignored: 0,
        unchanged: found.same.saturating_sub(followers),
    }
}

/// Takes out of two lists what has the same key: the first of the one with the first of the
/// other, and so on. Hundreds of sources have one name.
fn pair<'e, K: Ord>(
    old: &mut Vec<&'e Entry>,
    new: &mut Vec<&'e Entry>,
    key: impl Fn(&'e Entry) -> K,
) -> Vec<[&'e Entry; 2]> {
    let mut by_key: BTreeMap<K, VecDeque<usize>> = BTreeMap::new();
    for (at, entry) in new.iter().enumerate() {
        by_key.entry(key(entry)).or_default().push_back(at);
    }
    let mut pairs = Vec::new();
    let mut is_paired = vec![false; new.len()];
    old.retain(|entry| {
        let found = by_key.get_mut(&key(entry)).and_then(VecDeque::pop_front);
        let Some((at, other)) = found.and_then(|at| Some((at, *new.get(at)?))) else {
            return true;
        };
        pairs.push([*entry, other]);
        if let Some(paired) = is_paired.get_mut(at) {
            *paired = true;
        }
        false
    });
    let mut paired = is_paired.into_iter();
    new.retain(|_| paired.next() != Some(true));
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Pairs, Reduced};

    #[test]
    fn derivations_of_one_name_are_paired_in_order() {
        let text = |digests: &[&str]| {
            let lines = digests.iter().map(|digest| {
                let (version, digest) = digest.split_once(' ').unwrap_or(("", digest));
                format!("source {version}\n  digest {digest}\n").replace(" \n", "\n")
            });
            let text = format!("# format 2\n{}", lines.collect::<String>());
            Reduced::parse(&text).unwrap()
        };
        let (old, new) = (
            text(&["1 a", "1 b", "2 c", "2 c", "3 d", "4 e"]),
            text(&["1 x", "2 c", "3 y", "1 a", "5 z", "3 w"]),
        );
        let found = Pairs::new(&old, &new);
        assert_eq!(found.same, 2);
        let both: Vec<_> = found.both.iter().map(|p| p.map(|e| &*e.digest)).collect();
        // By version, then what is left: `c` and `e` with what has another version.
        assert_eq!(both, [["b", "x"], ["d", "y"], ["c", "z"], ["e", "w"]]);
        assert_eq!((found.gone.len(), found.new.len()), (0, 0));
    }
}
