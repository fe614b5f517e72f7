//! What differs between an accepted text and a new one, in a few lines: what explains
//! most comes first.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use nix_parity_core::text::shorten;

use super::body::entries;
use super::pairs::{Cause, Pairs};
use super::reduced::{Entry, Reduced};

/// How many differences are told one by one.
const MOST: usize = 12;
/// How much of a value is told.
const VALUE: usize = 60;

/// What differs between two texts of a kind of snapshot.
pub fn changes(kind: &str, old: &str, new: &str) -> Vec<String> {
    match kind {
        "derivation" => match (Reduced::parse(old), Reduced::parse(new)) {
            (Ok(old), Ok(new)) => of_graphs(&old, &new),
            (Err(unlike), _) | (_, Err(unlike)) => vec![unlike.to_string()],
        },
        "closure" => {
            let [old, new] = [old, new].map(Reduced::of_closure);
            let found = Pairs::new(&old, &new);
            let mut lines: Vec<_> = found
                .both
                .iter()
                .map(|[old, new]| versions(old, new))
                .collect();
            lines.extend(alone(&found));
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

fn of_graphs(old: &Reduced, new: &Reduced) -> Vec<String> {
    let found = Pairs::new(old, new);
    let (causes, total) = found.causes(new);
    let lines = causes.iter().map(|cause| {
        let more = match cause.followers {
            0 => String::new(),
            1 => ", 1 follows".to_owned(),
            n => format!(", {n} follow"),
        };
        format!("{}{more}", told(cause))
    });
    let mut lines = first(lines.chain(alone(&found)).collect());
    lines.push(format!(
        "root causes: {}, followers: {total}, new: {}, gone: {}, the same otherwise: {}",
        found.both.len(),
        found.new.len(),
        found.gone.len(),
        found.same
    ));
    lines
}

fn alone<'a>(found: &'a Pairs<'_>) -> impl Iterator<Item = String> + 'a {
    let gone = found.gone.iter().map(|e| format!("{} is gone", e.title()));
    let new = found.new.iter().map(|e| format!("{} is new", e.title()));
    new.chain(gone)
}

fn versions(old: &Entry, new: &Entry) -> String {
    let version = |entry: &Entry| match entry.version.as_str() {
        "" => "no version".to_owned(),
        version => version.to_owned(),
    };
    format!("{} {} → {}", new.name, version(old), version(new))
}

/// What of its own changed in a derivation, in a line.
fn told(cause: &Cause<'_>) -> String {
    let [old, new] = cause.pair;
    if old.version != new.version {
        return versions(old, new);
    }
    let what: Vec<_> = cause
        .changes()
        .into_iter()
        .map(|change| match (&change.old, &change.new) {
            (Some(old), Some(new)) => format!("{} {old} → {new}", change.what),
            (Some(_), None) => change.what.replacen("input", "no longer needs", 1),
            (None, Some(_)) => change.what.replacen("input", "needs", 1),
            (None, None) => change.what,
        })
        .collect();
    format!("{}: {}", new.title(), some_of(what))
}

/// As many of some words as fit into a line.
fn some_of(words: Vec<String>) -> String {
    const FIT: usize = 6;
    let more = words.len().saturating_sub(FIT);
    let mut words: Vec<_> = words.into_iter().take(FIT).collect();
    if more > 0 {
        words.push(format!("… and {more} more"));
    }
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::changes;

    const OLD: &str = "# format 2\napp 1\n  digest 1\n  needs lib\nlib 1.0\n  digest 1\nold\n  digest 1\nsystem\n  digest 1\n  args 1\n  env.a b 1\n  needs app\n";

    #[test]
    fn a_cause_is_told_with_what_follows_it() {
        let new = &OLD.replace("lib 1.0\n  digest 1\nold", "lib 1.1\n  digest 2\nnew 3");
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
        let first = |new: &str| changes("derivation", OLD, new).swap_remove(0);
        let new = OLD.replace("needs app", "needs lib");
        assert_eq!(first(&new), "system: needs lib, no longer needs app");
        let new = OLD.replace("env.a b 1", "env.a b 2\n  env.c 1");
        assert_eq!(first(&new), "system: env.a b, env.c");
        let new = OLD.replace("env.a b 1", "env.a b 2\n  system x");
        assert_eq!(first(&new), "system: env.a b, system");
        let new = OLD.replace("system\n  digest 1", "system\n  digest 2");
        assert_eq!(first(&new), "system: what no other line says");
    }

    #[test]
    fn what_was_accepted_in_an_older_format_is_said_to_be() {
        let older = OLD.replace("# format 2\n", "");
        for (text, told) in [
            (older.as_str(), "an older format"),
            ("x\n  y", "no snapshot"),
        ] {
            let lines = changes("derivation", text, OLD);
            assert!(
                matches!(&lines[..], [line] if line.contains(told)),
                "{lines:?}"
            );
        }
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
