//! Names that are right on one kind of disk only are told, also from the cache, and two
//! snapshots that would be one file there are refused.

use nix_parity_testkit::{Host, Platform};

use crate::support::Fixture;

const CASES: &str = "cases: [{ name: a, expect: { nixos: { networking.hostName: pc } } }]\n";

fn fixture(module: &str, files: &[(&str, &str)]) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc").with_module(module);
    let mut all = vec![
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("cases/a.yaml", CASES),
    ];
    all.extend(files);
    Fixture::with_inputs(&[host], &all)
}

#[test]
fn a_path_in_another_spelling_is_told_when_it_is_evaluated_and_from_the_cache() {
    let wrong = "# One line more.\n{ environment.etc.a.text = if builtins.pathExists ./Name.txt then \"a\" else \"b\"; }\n";
    let told = "hosts/pc.nix:2 names hosts/Name.txt, which is called hosts/name.txt";
    let fixture = fixture(wrong, &[("hosts/name.txt", "")]);
    for arguments in [&["run"][..], &["run"], &["run", "--no-cache"]] {
        let ran = fixture.run(arguments);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        let text = ran.stdout + &ran.stderr;
        let expected = !arguments.contains(&"--no-cache");
        assert_eq!(text.contains(told), expected, "{text}");
    }
    let gate = ["gate", "--host", "pc", "--yes", "--", "echo", "switched"];
    let ran = fixture.run(&gate);
    let text = ran.stdout + &ran.stderr;
    assert!(text.contains(told), "{text}");
    let right = wrong.replace("Name.txt", "name.txt");
    fixture.project.write("hosts/pc.nix", &right);
    for _ in 0..2 {
        let ran = fixture.run(&["run"]);
        let text = ran.stdout + &ran.stderr;
        assert!(!text.contains("which is called"), "{text}");
    }
}

#[test]
fn files_that_a_mac_takes_for_one_are_told() {
    let fixture = fixture("{ }\n", &[("data/a.txt", ""), ("data/A.txt", "")]);
    for _ in 0..2 {
        let ran = fixture.run(&["run"]);
        let text = ran.stdout + &ran.stderr;
        let told = "one file on a Mac, where git cannot check out both: data/A.txt and data/a.txt";
        assert!(text.contains(told), "{text}");
    }
}

#[test]
fn snapshots_that_a_mac_takes_for_one_are_refused() {
    let cases = "cases:\n\
                 \x20 - { name: names, hosts: pc, snapshot: { derivation: system } }\n\
                 \x20 - { name: Names, hosts: pc, snapshot: { derivation: system } }\n";
    let fixture = fixture("{ }\n", &[("cases/b.yaml", cases)]);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(2), "{}{}", ran.stdout, ran.stderr);
    let text = ran.stderr;
    assert!(
        text.contains("the snapshots of `b::names::pc` and `b::Names::pc` differ in case only"),
        "{text}"
    );
}
