//! The order in which hosts are evaluated and told, and hosts that nobody names.

use nix_parity_testkit::{Host, Platform};
use serde_json::Value;

use crate::support::Fixture;

/// The second host takes many times as long as the first.
fn fixture() -> Fixture {
    let long = "{\n  networking.domain = builtins.seq (builtins.foldl' (a: b: a + b) 0 \
                (builtins.genList (n: n) 3000000)) \"long\";\n}\n";
    Fixture::with_hosts(
        &[
            Host::new(Platform::NixOs, "brief"),
            Host::new(Platform::NixOs, "long").with_module(long),
        ],
        &[
            ("parity.yaml", "hosts: { nixos: [brief, long] }\n"),
            (
                "cases/a.yaml",
                "cases: [{ name: domain, expect: { nixos: { networking.domain: { present: true } } } }]\n",
            ),
        ],
    )
}

/// Whether each host came from the cache, in the order in which they began.
fn begun(fixture: &Fixture) -> Vec<(String, bool)> {
    let ran = fixture.run(&["run", "--format", "jsonl", "--jobs", "1"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    ran.stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|event| event["event"] == "host_started")
        .map(|event| {
            let host = event["host"].as_str().unwrap().to_owned();
            (host, event["cached"].as_bool().unwrap())
        })
        .collect()
}

fn hosts(order: [(&str, bool); 2]) -> Vec<(String, bool)> {
    order.map(|(host, cached)| (host.to_owned(), cached)).into()
}

#[test]
fn hosts_that_took_long_start_first_and_what_is_known_keeps_its_place() {
    let fixture = fixture();
    let planned = |cached| hosts([("brief", cached), ("long", cached)]);
    assert_eq!(begun(&fixture), planned(false));
    assert_eq!(begun(&fixture), planned(true));
    fixture.project.write("unrelated", "a change of the tree\n");
    fixture.project.git_add_all();
    assert_eq!(begun(&fixture), hosts([("long", false), ("brief", false)]));
}

#[test]
fn a_host_that_is_named_nowhere_is_told() {
    let fixture = fixture();
    fixture
        .project
        .write("parity.yaml", "hosts: { nixos: [brief] }\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0));
    assert!(
        ran.stdout.contains("no case sees nixosConfigurations.long"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_host_that_is_not_there_fails_nothing_as_expected() {
    let fixture = fixture();
    fixture
        .project
        .write("parity.yaml", "hosts: { nixos: [absent] }\n");
    fixture.project.write(
        "cases/a.yaml",
        "cases: [{ name: later, expected_failure: { until: then }, expect: { nixos: { networking.domain: x } } }]\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("the flake has no `nixosConfigurations.absent`; it has brief, long"),
        "{}",
        ran.stdout
    );
}
