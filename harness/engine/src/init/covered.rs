//! What the cases that there are look at already.

use std::collections::BTreeSet;

use nix_parity_core::case::{Check, SnapshotPart};

use super::found::FoundHost;
use super::starters::Ground;
use crate::coverage::{Look, looks};
use crate::plan::Plan;

/// The ground for new cases beside those of a plan.
pub(super) fn ground<'a>(plan: &Plan<'_>, hosts: &'a [FoundHost]) -> Ground<'a> {
    let (mut seen, mut recorded) = (Vec::new(), Vec::new());
    for found in hosts {
        let planned = plan
            .hosts
            .iter()
            .find(|plan| plan.host.key() == found.host.key());
        let tests = planned
            .into_iter()
            .flat_map(|planned| planned.tests.iter().chain(&planned.joint));
        let tests: Vec<_> = tests.collect();
        let looks: Vec<Look> = tests
            .iter()
            .flat_map(|test| looks(test.case, &found.host))
            .collect();
        seen.push(seen_of(found, &looks));
        recorded.push(tests.iter().any(|test| match &test.case.check {
            Check::Snapshot(check) => {
                let mut parts = check.parts.iter();
                parts.any(|part| matches!(part.value, SnapshotPart::Derivation(_)))
            }
            _ => false,
        }));
    }
    Ground {
        hosts,
        seen,
        recorded,
    }
}

fn seen_of(found: &FoundHost, looks: &[Look]) -> BTreeSet<Vec<String>> {
    let Ok(facts) = &found.facts else {
        return BTreeSet::new();
    };
    let mut paths: Vec<Vec<String>> = facts.options.keys().cloned().collect();
    paths.extend(["assertions", "warnings"].map(|name| vec![name.to_owned()]));
    // Looked at below options that are sets, too.
    paths.extend(looks.iter().map(|look| look.path.clone()));
    let is_seen = |path: &Vec<String>| looks.iter().any(|look| look.is_at(path));
    paths.into_iter().filter(is_seen).collect()
}
