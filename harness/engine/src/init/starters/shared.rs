//! What hosts have in common: options that the flake's own files set on several of them,
//! and that come out the same on each.

use std::collections::BTreeMap;

use nix_parity_core::host::Platform;
use nix_parity_core::value::Value;

use super::{Ground, is_telling};
use crate::init::draft::{Check, Draft, Suite};
use crate::init::found::is_system;
use crate::plain::plain;

/// So many groups of hosts of both platforms are looked at: the larger ones.
const MOST: usize = 4;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let mut cases = drafts(ground, is_system);
    cases.extend(drafts(ground, |platform| platform == Platform::Home));
    Suite {
        name: "shared",
        about: "What machines have in common. A path stands here because it is set by this flake and comes out the same on all of these hosts; take away what may differ.",
        cases,
    }
}

type Paths = Vec<Vec<String>>;

fn drafts(ground: &Ground<'_>, is_among: impl Fn(Platform) -> bool) -> Vec<Draft> {
    let mut values: BTreeMap<&Vec<String>, Vec<(usize, String)>> = BTreeMap::new();
    for (n, found, facts) in ground.facts() {
        if !is_among(found.host.platform) {
            continue;
        }
        for (path, value) in facts.own().filter(|(_, value)| says_something(value)) {
            // A store path of another system has another hash.
            let value = plain(value).to_string();
            values.entry(path).or_default().push((n, value));
        }
    }
    // The largest set of hosts that agree on a path, and the paths of each such set.
    let mut groups: BTreeMap<Vec<usize>, Paths> = BTreeMap::new();
    for (path, on) in values {
        let mut alike: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (host, value) in &on {
            alike.entry(value).or_default().push(*host);
        }
        let agree = alike
            .into_values()
            .max_by_key(|hosts| (platforms(ground, hosts), hosts.len()));
        let Some(hosts) = agree.filter(|hosts| hosts.len() > 1) else {
            continue;
        };
        let is_new = hosts.iter().any(|host| !ground.is_seen(*host, path));
        if is_new {
            groups.entry(hosts).or_default().push(path.clone());
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    // A set is looked at with its members where those are not all the flake's own.
    for (_, paths) in &mut groups {
        let all = paths.clone();
        paths.retain(|path| {
            !all.iter()
                .any(|o| o.len() < path.len() && path.starts_with(o))
        });
    }
    groups.sort_by_key(|(hosts, paths)| {
        std::cmp::Reverse((platforms(ground, hosts), hosts.len(), paths.len()))
    });
    // On hosts of one kind only what all of them share is meant to be shared.
    let is_whole = |hosts: &[usize]| {
        let of_kind = ground.facts().filter(|(_, found, _)| {
            let first = hosts.first().and_then(|n| ground.hosts.get(*n));
            first.is_some_and(|first| first.host.platform == found.host.platform)
        });
        of_kind.count() == hosts.len()
    };
    let (across, within): (Vec<_>, Vec<_>) = groups
        .into_iter()
        .partition(|(hosts, _)| platforms(ground, hosts) > 1);
    let within = within.into_iter().filter(|(hosts, _)| is_whole(hosts));
    let groups = across.into_iter().take(MOST).chain(within);
    let drafts = groups.map(|(hosts, paths)| draft(ground, hosts, paths));
    drafts.collect()
}

fn platforms(ground: &Ground<'_>, hosts: &[usize]) -> usize {
    let is_of = |platform: &Platform| {
        let mut hosts = hosts.iter().filter_map(|n| ground.hosts.get(*n));
        hosts.any(|found| found.host.platform == *platform)
    };
    Platform::ALL
        .iter()
        .filter(|platform| is_of(platform))
        .count()
}

fn draft(ground: &Ground<'_>, hosts: Vec<usize>, paths: Paths) -> Draft {
    let labels = hosts.iter().filter_map(|n| ground.hosts.get(*n));
    let labels: Vec<_> = labels.map(|found| found.label.as_str()).collect();
    let (name, why) = if platforms(ground, &hosts) > 1 {
        (
            "the same on the Mac and on NixOS",
            "Set once and meant for both: a module of one platform that overrides it makes this fail.",
        )
    } else {
        (
            "the same on machines of one kind",
            "Set once and meant for all of them: a host that overrides it makes this fail.",
        )
    };
    Draft {
        name: format!("{name}: {}", labels.join(", ")),
        why: why.to_owned(),
        hosts,
        check: Check::Parity(paths),
    }
}

/// Two empty values say little by being the same.
fn says_something(value: &Value) -> bool {
    let is_empty = match value {
        Value::List(items) => items.is_empty(),
        Value::Attrs(members) => members.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    !is_empty && is_telling(value)
}
