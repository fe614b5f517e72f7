//! How many processes a run costs: one evaluator per host, however many cases it
//! has and however many of them break, and none where nothing changed.

use std::fmt::Write as _;

use nix_parity_testkit::{CountingNix, Host, Platform};

use crate::support::{Fixture, Record};

/// Options that break when they are looked at, in all the ways that no `tryEval` stops.
const BREAKING: &str = r#"{ lib, config, ... }:
{
  options.breaking = lib.genAttrs [ "thrown" "typed" "missing" "endless" "aborted" ] (
    _: lib.mkOption { type = lib.types.raw; }
  );
  config.breaking = {
    thrown = throw "thrown on purpose";
    typed = 1 + "one";
    missing = config.breaking.nothing;
    endless = config.breaking.endless;
    aborted = abort "aborted on purpose";
  };
}
"#;

const KINDS: [(&str, &str); 5] = [
    ("thrown", "thrown on purpose"),
    ("typed", "cannot add a string to an integer"),
    ("missing", "attribute 'nothing' missing"),
    ("endless", "infinite recursion encountered"),
    ("aborted", "evaluation aborted"),
];

const HOSTS: [(Platform, &str); 5] = [
    (Platform::Darwin, "air"),
    (Platform::Darwin, "mini"),
    (Platform::NixOs, "pc"),
    (Platform::NixOs, "server"),
    (Platform::Home, "lars"),
];

/// 200 tests on five hosts: 36 cases that hold everywhere, and five that break on
/// four hosts each.
fn fixture() -> Fixture {
    let hosts: Vec<_> = HOSTS
        .iter()
        .map(|(platform, name)| {
            Host::new(*platform, name).with_module("{ imports = [ ../breaking.nix ]; }\n")
        })
        .collect();
    let mut cases = "suite: many\ncases:\n".to_owned();
    for n in 0..36 {
        writeln!(
            cases,
            "  - name: holds {n}\n    \
                 eval: '{{ host, ... }}: builtins.stringLength host.name * {n}'\n    \
                 is_on: {{ hosts: {{ air: {}, mini: {}, pc: {}, server: {}, lars: {} }} }}",
            3 * n,
            4 * n,
            2 * n,
            6 * n,
            4 * n
        )
        .unwrap();
    }
    for ((kind, _), (_, spared)) in KINDS.iter().zip(HOSTS) {
        writeln!(
            cases,
            "  - name: {kind}\n    hosts: not:{spared}\n    \
                 expect: {{ common: {{ breaking.{kind}: 1 }} }}"
        )
        .unwrap();
    }
    Fixture::with_hosts(
        &hosts,
        &[
            ("breaking.nix", BREAKING),
            ("cases/many.yaml", &cases),
            (
                "parity.yaml",
                "hosts: { darwin: [air, mini], nixos: [pc, server], home: [lars] }\n",
            ),
        ],
    )
}

fn run(fixture: &Fixture, nix: &CountingNix, arguments: &[&str]) -> Record {
    let nix = nix.path();
    fixture.record(&[&["--nix", nix.as_str()], arguments].concat())
}

#[test]
fn two_hundred_tests_on_five_hosts_cost_five_evaluators() {
    let (fixture, nix) = (fixture(), CountingNix::new());
    let first = run(&fixture, &nix, &[]);
    assert_eq!(first.results.len(), 200);
    assert_eq!(first.with("pass").len(), 180);
    assert_eq!(first.with("error").len(), 20, "{:?}", first.with("fail"));
    assert_eq!(first.code, Some(1));
    for (kind, message) in KINDS {
        for (_, host) in HOSTS {
            let test = format!("many::{kind}::{host}");
            if first.results.contains_key(&test) {
                let findings = first.findings(&test);
                assert!(findings.contains(message), "{test}: {findings}");
                assert!(findings.contains("breaking.nix"), "{test}: {findings}");
            }
        }
    }
    // Besides these, Nix is asked for its version once.
    assert_eq!(nix.calls().count_of("repl"), 5, "{}", nix.calls());
    assert!(nix.calls().count() <= 6, "{}", nix.calls());

    // Nothing has changed: nothing is started, and everything is as it was.
    let before = nix.calls().count();
    let second = run(&fixture, &nix, &[]);
    assert_eq!(nix.calls().count() - before, 0, "{}", nix.calls());
    assert_eq!(second.results, first.results);
    assert_eq!(second.code, first.code);
}

#[test]
fn without_named_hosts_the_flake_is_asked_once_more() {
    let (fixture, nix) = (fixture(), CountingNix::new());
    std::fs::remove_file(fixture.project.path("parity.yaml")).unwrap();
    let record = run(&fixture, &nix, &["holds 1"]);
    // `holds 1` and `holds 10` to `holds 19`, on five hosts.
    assert_eq!(record.with("pass").len(), 55);
    assert_eq!(nix.calls().count_of("repl"), 6, "{}", nix.calls());

    let before = nix.calls().count();
    let again = run(&fixture, &nix, &["holds 1"]);
    assert_eq!(again.with("pass").len(), 55);
    assert_eq!(nix.calls().count() - before, 0, "{}", nix.calls());
}

#[test]
fn without_a_cache_each_run_evaluates() {
    let (fixture, nix) = (fixture(), CountingNix::new());
    for runs in 1..=2 {
        let record = run(&fixture, &nix, &["--no-cache", "--host", "pc", "holds 2"]);
        assert_eq!(record.with("pass").len(), 11);
        assert_eq!(nix.calls().count_of("repl"), runs, "{}", nix.calls());
    }
}

#[test]
fn an_edit_is_never_answered_from_the_cache() {
    let (fixture, nix) = (fixture(), CountingNix::new());
    assert_eq!(run(&fixture, &nix, &["thrown::pc"]).with("error").len(), 1);
    let text = fixture.project.read("breaking.nix");
    fixture.project.write(
        "breaking.nix",
        &text.replace("throw \"thrown on purpose\"", "1"),
    );
    assert_eq!(run(&fixture, &nix, &["thrown::pc"]).with("pass").len(), 1);
    fixture.project.write("breaking.nix", &text);
    let before = nix.calls().count();
    assert_eq!(run(&fixture, &nix, &["thrown::pc"]).with("error").len(), 1);
    assert_eq!(nix.calls().count(), before, "that state has been seen");
}
