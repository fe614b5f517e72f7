//! Snapshots: what nobody wrote an expectation for, as it is now.

use super::{Ground, is_telling};
use crate::init::draft::{Check, Draft, Suite};
use crate::init::found::has_packages;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let mut cases = Vec::new();
    for (n, found, facts) in ground.facts() {
        let own = facts.own().filter(|(path, value)| {
            let above = (1..path.len()).filter_map(|end| path.get(..end));
            let is_seen = above.chain([path.as_slice()]).any(|p| ground.is_seen(n, p));
            // What changes with every update is in the derivations below.
            !is_seen && is_telling(value) && !has_packages(value)
        });
        let all: Vec<_> = own.map(|(path, _)| path.clone()).collect();
        // Of a set of which this flake sets some members, those are meant.
        let is_outer = |path: &Vec<String>| {
            let mut others = facts.own().map(|(other, _)| other);
            others.any(|other| other.len() > path.len() && other.starts_with(path))
        };
        let paths: Vec<_> = all.iter().filter(|path| !is_outer(path)).cloned().collect();
        if !paths.is_empty() {
            cases.push(Draft {
                name: format!("what else this flake sets on {}", found.label),
                why: "Accepted as it was when this was written. `nix-parity review` shows a change, and accepts it.".to_owned(),
                hosts: vec![n],
                check: Check::Options(paths),
            });
        }
    }
    let open = ground.facts().map(|(n, ..)| n);
    let open: Vec<_> = open
        .filter(|n| ground.recorded.get(*n) == Some(&false))
        .collect();
    if !open.is_empty() {
        cases.push(Draft {
            name: "what the systems are built of".to_owned(),
            why: "Every derivation that a system is built of. After an update `nix-parity review` shows what has really changed, and what merely follows.".to_owned(),
            hosts: open,
            check: Check::Derivation,
        });
    }
    Suite {
        name: "records",
        about: "Records of what there is, accepted and compared from then on.",
        cases,
    }
}
