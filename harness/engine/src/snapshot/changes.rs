//! What differs between an accepted text and a new one, in a few lines: what explains
//! most comes first.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use nix_parity_core::text::shorten;

use super::body::entries;
use super::graph::{Entry, Reduced};

/// How many differences are told one by one.
const MOST: usize = 12;
/// How much of a value is told.
const VALUE: usize = 60;
/// With more causes than this, nobody asks what each of them explains.
const COUNTED: usize = 200;

/// What differs between two texts of a kind of snapshot.
pub fn changes(kind: &str, old: &str, new: &str) -> Vec<String> {
    match kind {
        "derivation" => match (Reduced::parse(old), Reduced::parse(new)) {
            (Some(old), Some(new)) => of_graphs(&old, &new),
            _ => vec!["what was accepted is no snapshot of derivations".to_owned()],
        },
        "closure" => {
            let packages = |text: &str| Reduced::parse(text).unwrap_or_default();
            let [old, new] = [old, new].map(packages);
            let found = Compared::new(&old, &new);
            let mut lines: Vec<_> = found
                .pairs
                .iter()
                .map(|[old, new]| versions(old, new))
                .collect();
            lines.extend(found.alone());
            first(lines)
        }
        "files" => of_entries(old, new, |old, new| {
            let count = |lines: usize| {
                if lines == 1 {
                    "1 line".to_owned()
                } else {
                    format!("{lines} lines")
                }
            };
            let [gone, more] = [missing(old, new), missing(new, old)].map(count);
            format!(": {more} new, {gone} gone")
        }),
        _ => of_entries(old, new, |old, new| match (old, new) {
            ([old], [new]) => {
                let [old, new] = [old, new].map(|v| shorten(v.trim_end_matches(';'), VALUE));
                format!(": {old} → {new}")
            }
            _ => " has another value".to_owned(),
        }),
    }
}

/// The first few lines, and how many there are besides.
fn first(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST + 1 {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("… and {more} more"));
    }
    lines
}

/// How many of some lines the others do not have.
fn missing(lines: &[&str], others: &[&str]) -> usize {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in others {
        *left.entry(line).or_default() += 1;
    }
    let is_missing = |line: &&&str| match left.get_mut(**line) {
        Some(n) if *n > 0 => {
            *n -= 1;
            false
        }
        _ => true,
    };
    lines.iter().filter(is_missing).count()
}

fn of_entries(old: &str, new: &str, describe: impl Fn(&[&str], &[&str]) -> String) -> Vec<String> {
    let [old, new] = [old, new].map(|text| entries(text).into_iter().collect::<BTreeMap<_, _>>());
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    let lines = names
        .into_iter()
        .filter_map(|name| match (old.get(name), new.get(name)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(format!("{name}{}", describe(old, new))),
            (None, _) => Some(format!("{name} is new")),
            (_, None) => Some(format!("{name} is gone")),
        });
    first(lines.collect())
}

/// What two lists of derivations do not have in common, each with its counterpart.
#[derive(Default)]
struct Compared<'e> {
    pairs: Vec<[&'e Entry; 2]>,
    gone: Vec<&'e Entry>,
    new: Vec<&'e Entry>,
    /// How many are in both.
    same: usize,
}

impl<'e> Compared<'e> {
    /// Pairs by name: first what is the same, then what has the same version, then the
    /// rest in order.
    fn new(old: &'e Reduced, new: &'e Reduced) -> Self {
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
            found.same += pair(&mut old, &mut new, |a, b| a == b).len();
            found
                .pairs
                .extend(pair(&mut old, &mut new, |a, b| a.version == b.version));
            found.pairs.extend(pair(&mut old, &mut new, |_, _| true));
            found.gone.extend(old);
            found.new.extend(new);
        }
        found
    }

    fn alone(&self) -> impl Iterator<Item = String> {
        let gone = self.gone.iter().map(|e| format!("{} is gone", e.title()));
        self.new
            .iter()
            .map(|e| format!("{} is new", e.title()))
            .chain(gone)
    }
}

/// Takes out of two lists what belongs together.
fn pair<'e>(
    old: &mut Vec<&'e Entry>,
    new: &mut Vec<&'e Entry>,
    belong: impl Fn(&Entry, &Entry) -> bool,
) -> Vec<[&'e Entry; 2]> {
    let mut pairs = Vec::new();
    old.retain(|entry| {
        let at = new.iter().position(|other| belong(entry, other));
        if let Some(at) = at {
            pairs.push([*entry, new.remove(at)]);
        }
        at.is_none()
    });
    pairs
}

fn of_graphs(old: &Reduced, new: &Reduced) -> Vec<String> {
    let found = Compared::new(old, new);
    let causes: HashSet<&str> = found.pairs.iter().map(|[_, new]| &*new.name).collect();
    let mut needed_by: HashMap<&str, Vec<&str>> = HashMap::new();
    for entry in &new.entries {
        for need in &entry.needs {
            needed_by.entry(need).or_default().push(&entry.name);
        }
    }
    let followers = |starts: &[&str]| {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut left = starts.to_vec();
        while let Some(name) = left.pop() {
            for &above in needed_by.get(name).into_iter().flatten() {
                if !causes.contains(above) && seen.insert(above) {
                    left.push(above);
                }
            }
        }
        seen.len()
    };
    let counted = found.pairs.len() <= COUNTED;
    let mut lines: Vec<(usize, String)> = found
        .pairs
        .iter()
        .map(|[old, new]| {
            let follow = if counted { followers(&[&*new.name]) } else { 0 };
            let more = match follow {
                0 => String::new(),
                1 => ", 1 follows".to_owned(),
                n => format!(", {n} follow"),
            };
            (follow, format!("{}{more}", cause(old, new)))
        })
        .collect();
    lines.sort_by_key(|(follow, _)| Reverse(*follow));
    let mut lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
    lines.extend(found.alone());
    let mut lines = first(lines);
    let all: Vec<&str> = causes.iter().copied().collect();
    lines.push(format!(
        "root causes: {}, followers: {}, new: {}, gone: {}, the same otherwise: {}",
        found.pairs.len(),
        followers(&all),
        found.new.len(),
        found.gone.len(),
        found.same
    ));
    lines
}

fn versions(old: &Entry, new: &Entry) -> String {
    let version = |entry: &Entry| match entry.version.as_str() {
        "" => "no version".to_owned(),
        version => version.to_owned(),
    };
    format!("{} {} → {}", new.name, version(old), version(new))
}

/// What of its own changed in a derivation.
fn cause(old: &Entry, new: &Entry) -> String {
    if old.version != new.version {
        return versions(old, new);
    }
    let mut what = Vec::new();
    for (name, old, new) in [
        ("system", &old.system, &new.system),
        ("builder", &old.builder, &new.builder),
        ("outputs", &old.outputs, &new.outputs),
    ] {
        if old != new {
            what.push(format!("{name} {old} → {new}"));
        }
    }
    let names = |some: &[String], others: &[String]| {
        let names = some.iter().filter(|need| !others.contains(need));
        names.cloned().collect::<Vec<_>>().join(", ")
    };
    for (word, names) in [
        ("needs", names(&new.needs, &old.needs)),
        ("no longer needs", names(&old.needs, &new.needs)),
    ] {
        if !names.is_empty() {
            what.push(format!("{word} {}", shorten(&names, VALUE)));
        }
    }
    // Other needs show in the arguments too.
    if old.digest != new.digest && what.is_empty() {
        what.push("its arguments or environment".to_owned());
    }
    format!("{}: {}", new.title(), what.join(", "))
}

#[cfg(test)]
mod tests {
    use super::changes;

    const OLD: &str = "app 1\n  digest 1\n  needs lib\nlib 1.0\n  digest 1\nold\n  digest 1\nsystem\n  digest 1\n  needs app\n";

    #[test]
    fn a_cause_is_told_with_what_follows_it() {
        let new = "app 1\n  digest 1\n  needs lib\nlib 1.1\n  digest 2\nnew 3\n  digest 1\nsystem\n  digest 1\n  needs app\n";
        assert_eq!(
            changes("derivation", OLD, new),
            [
                "lib 1.0 → 1.1, 2 follow",
                "new 3 is new",
                "old is gone",
                "root causes: 1, followers: 2, new: 1, gone: 1, the same otherwise: 2"
            ]
        );
        assert_eq!(
            changes("closure", OLD, new),
            ["lib 1.0 → 1.1", "new 3 is new", "old is gone"]
        );
    }

    #[test]
    fn what_of_its_own_changed_is_told() {
        let new = OLD.replace(
            "system\n  digest 1\n  needs app",
            "system\n  digest 2\n  needs lib",
        );
        assert_eq!(
            changes("derivation", OLD, &new).first().map(String::as_str),
            Some("system: needs lib, no longer needs app")
        );
        let new = OLD.replace("system\n  digest 1", "system\n  digest 2");
        assert_eq!(
            changes("derivation", OLD, &new).first().map(String::as_str),
            Some("system: its arguments or environment")
        );
    }

    #[test]
    fn options_and_files_are_told_by_name() {
        let (old, new) = (
            "a.b = true;\nc = [\n  1\n];\nd = 1;",
            "a.b = false;\nc = [\n  2\n];\ne = 1;",
        );
        assert_eq!(
            changes("options", old, new),
            [
                "a.b: true → false",
                "c has another value",
                "d is gone",
                "e is new"
            ]
        );
        let (old, new) = (
            "\"f\" = ''\n  1\n  2\n'';",
            "\"f\" = ''\n  1\n  3\n  4\n'';",
        );
        assert_eq!(
            changes("files", old, new),
            ["\"f\": 2 lines new, 1 line gone"]
        );
    }
}
