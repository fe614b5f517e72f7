//! The laws of what differs between two snapshots: nothing from itself, and the way back
//! is the inverse of the way there. How many follow a cause is left aside, since only the
//! new side is asked for it.

use nix_parity_core::comparison::{Change, Derivations};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::reduced::{Entry, Reduced};
use super::{changes, derivations};

/// Few names, so that two sides have some in common, and some more than once.
pub(super) fn graphs() -> impl Strategy<Value = Reduced> {
    let facts = btree_map("(env\\.)?[a-c]|output [ab]|system", "[xy]", 0..4);
    let needs = vec("[a-d]", 0..3);
    let entry = ("[a-d]", "|1\\.[0-2]", "[0-2]", facts, needs);
    let entry = entry.prop_map(|(name, version, digest, facts, needs)| Entry {
        name,
        version,
        digest,
        facts,
        needs,
    });
    vec(entry, 0..7).prop_map(|mut entries| {
        entries.sort();
        Reduced { entries }
    })
}

/// The texts of other kinds, with few names likewise.
fn texts() -> impl Strategy<Value = String> {
    btree_map("[a-d]", "[0-2]", 0..4).prop_map(|entries| {
        let lines = entries
            .iter()
            .map(|(name, value)| format!("{name} = {value};\n"));
        lines.collect()
    })
}

fn backwards(found: Derivations) -> Derivations {
    let change = |change: Change| Change {
        old: change.new,
        new: change.old,
        ..change
    };
    let mut back = Derivations {
        added: found.removed,
        removed: found.added,
        ..found
    };
    for version in &mut back.versions {
        std::mem::swap(&mut version.old, &mut version.new);
    }
    for cause in &mut back.causes {
        cause.changes = std::mem::take(&mut cause.changes)
            .into_iter()
            .map(change)
            .collect();
    }
    back
}

/// Without what is asked of one side only, and without the order that comes of it.
fn plain(mut found: Derivations) -> Derivations {
    for cause in &mut found.causes {
        // As it is called on the new side.
        cause.name = cause.name.split('-').next().unwrap_or_default().to_owned();
        cause.followers = 0;
        cause
            .changes
            .sort_by(|a, b| (&a.what, &a.old).cmp(&(&b.what, &b.old)));
    }
    found.causes.sort_by_key(|cause| format!("{cause:?}"));
    found.versions.sort();
    found.added.sort();
    found.removed.sort();
    Derivations {
        followers: 0,
        unchanged: 0,
        ..found
    }
}

/// What is told, with what is new called gone and the other way round.
fn told_backwards(lines: Vec<String>) -> Vec<String> {
    let turn = |line: String| {
        if let Some(name) = line.strip_suffix(" is new") {
            return format!("{name} is gone");
        }
        if let Some(name) = line.strip_suffix(" is gone") {
            return format!("{name} is new");
        }
        let change = line.split_once(' ');
        let change = change.and_then(|(name, rest)| Some((name, rest.split_once(" → ")?)));
        match change {
            Some((name, (old, new))) => format!("{name} {new} → {old}"),
            None => line,
        }
    };
    let mut lines: Vec<_> = lines.into_iter().map(turn).collect();
    lines.sort();
    lines
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

proptest! {
    #[test]
    fn a_graph_does_not_differ_from_itself(graph in graphs()) {
        let found = derivations(&graph, &graph);
        let unchanged = graph.entries.len();
        prop_assert_eq!(found, Derivations { unchanged, ..Derivations::default() });
        let [text, closure] = [graph.to_string(), graph.closure()];
        let told = changes("derivation", &text, &text);
        let same = format!("root causes: 0, followers: 0, new: 0, gone: 0, the same otherwise: {unchanged}");
        prop_assert_eq!(told, [same]);
        prop_assert_eq!(changes("closure", &closure, &closure), Vec::<String>::new());
    }

    #[test]
    fn from_graph_to_graph_the_way_back_is_the_inverse(old in graphs(), new in graphs()) {
        let [there, back] = [derivations(&old, &new), derivations(&new, &old)];
        prop_assert_eq!(plain(backwards(back)), plain(there));
        let [old, new] = [old.closure(), new.closure()];
        prop_assert_eq!(
            told_backwards(changes("closure", &new, &old)),
            sorted(changes("closure", &old, &new))
        );
    }

    #[test]
    fn from_text_to_text_the_way_back_is_the_inverse(old in texts(), new in texts()) {
        prop_assert_eq!(changes("options", &old, &old), Vec::<String>::new());
        prop_assert_eq!(
            told_backwards(changes("options", &new, &old)),
            sorted(changes("options", &old, &new))
        );
    }
}
