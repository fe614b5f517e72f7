//! The laws of a comparison: nothing differs from itself, and the way back is the inverse
//! of the way there. How many follow each cause is left aside, for which only the new
//! side is looked at.

use std::collections::BTreeMap;

use nix_parity_drv::{Cause, Change, Diff, Renamed, VersionChange};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::edits::{apply_all, compare, worlds};

/// A difference seen from the other side.
fn backwards(found: Diff) -> Diff {
    let swapped = |change: Change| match change {
        Change::Name { old, new } => Change::Name { old: new, new: old },
        Change::System { old, new } => Change::System { old: new, new: old },
        Change::Builder { old, new } => Change::Builder { old: new, new: old },
        Change::Args { old, new } => Change::Args { old: new, new: old },
        Change::Env { key, old, new } => Change::Env {
            key,
            old: new,
            new: old,
        },
        Change::Output { name, old, new } => Change::Output {
            name,
            old: new,
            new: old,
        },
        Change::Sources { added, removed } => Change::Sources {
            added: removed,
            removed: added,
        },
        Change::Input { old, new } => Change::Input { old: new, new: old },
    };
    let causes = found.causes.into_iter().map(|cause| Cause {
        old: cause.new,
        new: cause.old,
        what: cause.what.into_iter().map(swapped).collect(),
        ..cause
    });
    let renamed = found
        .renamed
        .into_iter()
        .map(|Renamed { old, new }| Renamed { old: new, new: old });
    let versions = found
        .version_changes
        .into_iter()
        .map(|change| VersionChange {
            old: change.new,
            new: change.old,
            name: change.name,
        });
    Diff {
        causes: causes.collect(),
        added: found.removed,
        removed: found.added,
        renamed: renamed.collect(),
        version_changes: versions.collect(),
        ..found
    }
}

/// Without what only the new side decides: the order, and how many follow each cause.
fn plain(mut found: Diff) -> Diff {
    for cause in &mut found.causes {
        cause.followers = 0;
        cause.what.sort_by_key(|change| format!("{change:?}"));
    }
    found.causes.sort_by(|a, b| a.new.cmp(&b.new));
    found.renamed.sort();
    found.version_changes.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn nothing_differs_from_itself(world in worlds()) {
        let (_, found) = compare(&world, &world.clone());
        let unchanged = world.reachable().len();
        prop_assert_eq!(found, Diff { unchanged, ..Diff::default() });
    }

    #[test]
    fn the_way_back_is_the_inverse_of_the_way_there(
        old in worlds(),
        edits in proptest::collection::vec((any::<Index>(), any::<Index>()), 1..6),
    ) {
        let mut new = old.clone();
        apply_all(&mut new, &edits, &mut BTreeMap::new());
        let (_, there) = compare(&old, &new);
        let (_, back) = compare(&new, &old);
        prop_assert_eq!(plain(backwards(back)), plain(there));
    }
}
