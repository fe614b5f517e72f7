//! Hosts and cases of any kind, for the properties of what chooses among tests and
//! divides them.

use nix_parity_core::case::{Suite, parse_suite};
use nix_parity_core::host::{Host, Platform};
use proptest::prelude::*;

use super::Plan;

/// What cases can look at; some are for all hosts, some for a few, some for several
/// together.
const CHECKS: [&str; 8] = [
    "eval: '{ ... }: 1', is: 1",
    "expect: { common: { a.b: 1 } }",
    "hosts: ['*1', '*2'], build: { attr: system }",
    "build: { attr: system }",
    "vm: { steps: [{ succeed: 'true' }] }",
    "hosts: ['nixos:*'], vm: { steps: [{ succeed: 'true' }] }",
    "parity: { paths: [a.b], across: [darwin, nixos] }",
    "tree: { present: [flake.nix] }",
];

/// The tags of cases, by their numbers.
const TAGS: [&str; 3] = ["", "a", "a, b"];

pub(crate) fn hosts() -> impl Strategy<Value = Vec<Host>> {
    let systems = [
        None,
        Some("x86_64-linux"),
        Some("aarch64-linux"),
        Some("aarch64-darwin"),
        Some("vax-netbsd"),
    ];
    let host = (
        prop::sample::select(&Platform::ALL[..]),
        prop::sample::select(systems.to_vec()),
    );
    prop::collection::vec(host, 0..7).prop_map(|hosts| {
        let numbered = hosts.into_iter().enumerate();
        let mut hosts: Vec<Host> = numbered
            .map(|(n, (platform, system))| Host {
                // Two of a name on different platforms are told apart by their labels; and
                // names begin with other names.
                system: system.map(str::to_owned),
                ..Host::new(platform, format!("h[{}", "1".repeat(n / 2)))
            })
            .collect();
        // What all cases need to be for somebody.
        hosts.push(Host::new(Platform::Nixos, "n1"));
        hosts.push(Host::new(Platform::Darwin, "d2"));
        hosts.sort();
        hosts.dedup_by(|a, b| a.key() == b.key());
        hosts
    })
}

pub(crate) fn suites() -> impl Strategy<Value = Vec<Suite>> {
    let suite = prop::collection::vec(prop::sample::select(&CHECKS[..]), 1..6);
    prop::collection::vec(suite, 1..4).prop_map(|suites| {
        let numbered = suites.into_iter().enumerate();
        let texts = numbered.map(|(n, checks)| {
            let cases = checks.iter().enumerate();
            let cases: Vec<_> = cases
                .map(|(n, check)| {
                    let tags = TAGS[n % TAGS.len()];
                    format!("{{ name: c{n}, tags: [{tags}], {check} }}")
                })
                .collect();
            let text = format!("suite: s{n}\ncases: [{}]\n", cases.join(", "));
            parse_suite(&format!("s{n}.yaml"), &text).unwrap()
        });
        texts.collect()
    })
}

/// The names of the tests, in their order.
pub(crate) fn names(plan: &Plan<'_>) -> Vec<String> {
    plan.tests()
        .iter()
        .map(|test| test.id().to_string())
        .collect()
}
