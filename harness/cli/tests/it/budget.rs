//! `budget`: what evaluating a host costs, in what Nix counts.

use nix_parity_testkit::{CountingNix, Host, Platform};

use crate::support::Fixture;

const MORE: &str = "{ lib, ... }: { environment.etc = lib.genAttrs (map toString (lib.range 1 400)) (n: { text = n; }); }\n";

fn fixture(cases: &str) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc");
    Fixture::with_hosts(&[host], &[("cases/s.yaml", cases)])
}

#[test]
fn a_limit_is_kept_or_not() {
    let fixture = fixture(
        "cases:
  - { name: plenty, budget: { thunks: 100M, function_calls: 1G, values: 50000000 } }
  - { name: tight, budget: { thunks: 0.1k, tolerance: 50% } }
  - { name: not yet, expected_failure: { until: it is fast }, budget: { sets: 1 } }
",
    );
    let nix = CountingNix::new();
    let run = || {
        let ran = fixture.run(&["--nix", nix.path().as_str(), "run"]);
        assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
        for said in [
            "3 tests on 1 host: 2 passed, 1 failed",
            "expected  at most 150: 100 and 50%",
        ] {
            assert!(ran.stdout.contains(said), "{}", ran.stdout);
        }
        nix.calls().to_string()
    };
    let first = run();
    assert_eq!(run(), first, "counted once");
}

#[test]
fn a_recorded_base_is_accepted_kept_and_exceeded() {
    let fixture = fixture(
        "cases: [{ name: cheap, budget: { recorded: [thunks, function_calls], tolerance: 5% } }]\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("budget was not accepted yet"),
        "{}",
        ran.stdout
    );
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    // The numbers are those of any run: little more is let through, less is welcome.
    let file = "snapshots/pc/s__cheap@budget.snap";
    let base = fixture.project.read(file);
    assert!(
        base.contains("\nthunks ") && base.contains("\nnix 2."),
        "{base}"
    );
    assert_eq!(fixture.run(&["run", "--no-cache"]).code(), Some(0));

    let module = fixture.project.read("hosts/pc.nix");
    fixture.project.write("hosts/pc.nix", MORE);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("more; 5% more is let through"),
        "{}",
        ran.stdout
    );
    fixture.run(&["review", "--accept"]);
    fixture.project.write("hosts/pc.nix", &module);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "less is welcome: {}", ran.stdout);
}

#[test]
fn a_base_of_another_nix_is_not_compared_with() {
    let fixture = fixture("cases: [{ name: cheap, budget: { recorded: [thunks] } }]\n");
    fixture.project.write(
        "snapshots/pc/s__cheap@budget.snap",
        "---\nsource: cases/s.yaml\n---\nnix 2.3.1\nthunks 1\n",
    );
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    assert!(ran.stdout.contains("1 skipped"), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("recorded with Nix 2.3.1"),
        "{}",
        ran.stdout
    );
    // One that is damaged is no base: nor is there none, which what there is would replace.
    let file = "snapshots/pc/s__cheap@budget.snap";
    fixture
        .project
        .write(file, "---\nsource: cases/s.yaml\n---\nthunks many\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    let told = ["is damaged", file, "put it back"];
    assert!(
        told.iter().all(|t| ran.stdout.contains(t)),
        "{}",
        ran.stdout
    );
    assert!(!fixture.project.path(&format!("{file}.new")).exists());
}

#[test]
fn a_host_that_cannot_be_evaluated_has_no_numbers() {
    let fixture = fixture("cases: [{ name: cheap, budget: { thunks: 1G } }]\n");
    fixture
        .project
        .write("hosts/pc.nix", "{ networking.hostNam = 1; }\n");
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("budget could not be evaluated"),
        "{}",
        ran.stdout
    );
}
