//! Accepted snapshots as sides of `diff`.

use nix_parity_testkit::{Host, Platform, Ran};
use serde_json::Value;

use crate::support::Fixture;

const MODULE: &str = r#"{ imports = [ ../modules/one.nix ]; environment.etc."motd-of-test".text = "welcome to lantern\n"; }
"#;
const ONE: &str = "{ networking.domain = \"lan.example\"; }\n";
const CASES: &str = "suite: s
cases:
  - name: all
    snapshot: { derivation: system, closure: system, options: [networking.domain, environment.variables], files: etc/motd-of-test }
";

/// A committed host, all of it accepted.
fn fixture() -> Fixture {
    let host = Host::new(Platform::NixOs, "one").with_module(MODULE);
    let files = [("modules/one.nix", ONE), ("cases/s.yaml", CASES)];
    let fixture = Fixture::with_inputs(&[host], &files);
    fixture.project.commit("first");
    fixture.run(&["run"]);
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    fixture
}

/// The same after changes that show at each level.
fn changed() -> Fixture {
    let fixture = fixture();
    let one = r#"{ pkgs, ... }: {
  networking.domain = "wan.example";
  environment.systemPackages = [
    (pkgs.stdenv.mkDerivation { pname = "lamp"; version = "1.0"; buildCommand = "mkdir $out"; })
  ];
}
"#;
    fixture.project.write("modules/one.nix", one);
    let module = MODULE.replace("lantern", "lighthouse");
    fixture.project.write("hosts/one.nix", &module);
    fixture
}

fn file(kind: &str) -> String {
    format!("snapshots/one/s__all@{kind}.snap")
}

fn diff(fixture: &Fixture, sides: [&str; 2]) -> Ran {
    fixture.run(&["diff", sides[0], sides[1]])
}

#[track_caller]
fn compared(fixture: &Fixture, sides: [&str; 2]) -> Value {
    let ran = fixture.run(&["diff", sides[0], sides[1], "--format", "jsonl"]);
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn what_is_as_accepted_is_no_difference() {
    let fixture = fixture();
    let ran = diff(&fixture, ["snapshot:one", "one"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    assert_eq!(
        ran.stdout,
        "no difference\nof the options, snapshot:one holds only networking.domain, environment.variables\n"
    );
}

#[test]
fn each_level_shows_a_change_and_the_option_who_made_it() {
    let fixture = changed();
    let ran = diff(&fixture, ["snapshot:nixos:one", "one"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    for told in [
        "networking.domain  \"lan.example\" → \"wan.example\"",
        "modules/one.nix:2",
        "etc-motd-of-test   env.text",
        "packages added    lamp-1.0",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let found = compared(&fixture, ["one", "snapshot:one"]);
    assert_eq!(found["options"][0]["old"]["value"], "\"wan.example\"");
    let place = &found["options"][0]["origins"][0]["location"];
    assert_eq!(place["file"], "modules/one.nix");
    assert_eq!(found["closure"]["removed"][0], "lamp-1.0");
    assert_eq!(found["derivations"]["removed"][0], "lamp-1.0");
    // At the commit all is as it was accepted.
    let ran = diff(&fixture, ["snapshot:one", "HEAD:one"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    // What waits is a side too.
    fixture.run(&["run"]);
    let pending = format!("{}.new", file("options"));
    assert_eq!(diff(&fixture, [&pending, "one"]).code(), Some(0));
    let found = compared(&fixture, [&file("options"), &pending]);
    assert_eq!(found["options"][0]["new"]["value"], "\"wan.example\"");
}

#[test]
fn a_part_is_compared_as_a_part() {
    let fixture = changed();
    let [closure, derivation, options] = ["closure", "derivation", "options"].map(file);
    let found = compared(&fixture, [&options, "one"]);
    assert_eq!(found["derivations"], Value::Null);
    assert_eq!(found["closure"], Value::Null);
    let ran = diff(&fixture, [&options, "one"]);
    let told = format!("derivations are not compared: {options} holds none");
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    let ran = diff(&fixture, [&closure, &derivation]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    for level in ["options", "derivations"] {
        let told = format!("{level} are not compared");
        assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    }
    // A derivation in the store has no options.
    let found = compared(&fixture, ["HEAD:one", "one"]);
    let mut causes = found["derivations"]["causes"].as_array().unwrap().iter();
    let motd = causes.find(|c| c["name"] == "etc-motd-of-test").unwrap();
    let found = compared(&fixture, [&derivation, motd["new"].as_str().unwrap()]);
    assert_eq!(found["options"], Value::Null);
    let notes = found["notes"].to_string();
    assert!(notes.contains("options are not compared"), "{notes}");
}

#[test]
fn what_is_no_snapshot_is_said() {
    let fixture = fixture();
    let [closure, options, motd] = ["closure", "options", "files"].map(file);
    for (sides, told) in [
        ([options.as_str(), &closure], "nothing that both have"),
        ([&motd, "one"], "no options, derivations or packages"),
        (["snapshot:onee", "one"], "did you mean `snapshot:one`?"),
        (
            [&file("closuer"), "one"],
            "did you mean `s__all@closure.snap`?",
        ),
    ] {
        let ran = diff(&fixture, sides);
        assert_eq!(ran.code(), Some(2), "{told}: {}", ran.stdout);
        assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
    }
    let text = fixture.project.read(&file("derivation"));
    for (broken, told) in [
        (text.replace("# format 2\n", ""), "an older format"),
        (text.replace("expression:", "expresion:"), "no snapshot"),
        (String::new(), "no snapshot"),
    ] {
        fixture.project.write(&file("derivation"), &broken);
        let ran = diff(&fixture, ["snapshot:one", "one"]);
        assert_eq!(ran.code(), Some(2), "{told}: {}", ran.stdout);
        for told in [told, "s__all@derivation.snap"] {
            assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
        }
    }
    fixture.project.write(&file("derivation"), &text);
    let ran = fixture.run(&["explain", "etc", "--between", "snapshot:one", "one"]);
    assert_eq!(ran.code(), Some(2));
    assert!(
        ran.stderr.contains("`snapshot:one` is a snapshot"),
        "{}",
        ran.stderr
    );
    std::fs::remove_dir_all(fixture.project.path("snapshots")).unwrap();
    let ran = diff(&fixture, ["snapshot:one", "one"]);
    assert_eq!(ran.code(), Some(2));
    assert!(
        ran.stderr.contains("this project has no snapshots"),
        "{}",
        ran.stderr
    );
}
