//! `diff`: what differs between two sides, at three levels.

use nix_parity_testkit::{FaultyNix, Host, Platform, Ran};
use serde_json::Value;

use crate::support::Fixture;

const MODULE: &str = r#"{ lib, pkgs, ... }:
{
  imports = [ ../modules/one.nix ../modules/two.nix ];
  environment.etc."motd-of-test".text = "welcome to lantern\n";
}
"#;
const ONE: &str = "{ networking.domain = \"lan.example\"; }\n";
const TWO: &str = "{ environment.variables.GREETING = \"hello-there\"; }\n";

/// A host whose module and imports are committed.
fn fixture(platform: Platform) -> Fixture {
    let host = Host::new(platform, "one").with_module(MODULE);
    let one = match platform {
        Platform::NixOs => ONE,
        _ => "{ }\n",
    };
    let files = [("modules/one.nix", one), ("modules/two.nix", TWO)];
    let fixture = Fixture::with_inputs(&[host], &files);
    fixture.project.commit("first");
    fixture
}

fn diff(fixture: &Fixture, sides: [&str; 2]) -> Ran {
    fixture.run(&["diff", sides[0], sides[1]])
}

/// The comparison of the commit with the work tree, as JSON.
#[track_caller]
fn compared(fixture: &Fixture, code: i32) -> Value {
    let ran = fixture.run(&["diff", "HEAD:one", "one", "--format", "jsonl"]);
    assert_eq!(ran.code(), Some(code), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1);
    serde_json::from_str(&ran.stdout).unwrap()
}

fn list<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    value.pointer(path).unwrap().as_array().unwrap()
}

#[test]
fn a_refactoring_that_changes_nothing_is_no_difference() {
    let fixture = fixture(Platform::NixOs);
    let project = &fixture.project;
    let moved = MODULE
        .replace(
            "../modules/one.nix ../modules/two.nix",
            "../modules/two.nix ../modules/three.nix",
        )
        .replace("{ lib", "# A comment.\n{ lib");
    project.write("hosts/one.nix", &moved);
    project.write("modules/three.nix", ONE);
    std::fs::remove_file(project.path("modules/one.nix")).unwrap();
    project.git_add_all();
    let found = compared(&fixture, 0);
    for level in ["/options", "/derivations/causes", "/closure/versions"] {
        assert_eq!(list(&found, level), &[] as &[Value], "{level}");
    }
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(
        (ran.code(), ran.stdout.as_str()),
        (Some(0), "no difference\n")
    );
    let ran = diff(&fixture, ["one", "nixos:one"]);
    assert_eq!(
        (ran.code(), ran.stdout.as_str()),
        (Some(0), "no difference\n")
    );
}

#[test]
fn an_option_shows_at_all_levels_and_is_tied_to_its_cause() {
    let fixture = fixture(Platform::NixOs);
    let module = MODULE.replace("lantern", "lighthouse");
    fixture.project.write("hosts/one.nix", &module);
    let found = compared(&fixture, 1);
    let [option] = list(&found, "/options") else {
        panic!("{found:#}");
    };
    assert_eq!(option["path"], "environment.etc.motd-of-test.text");
    assert_eq!(option["old"]["value"], "\"welcome to lantern\\n\"");
    assert_eq!(option["origins"][0]["location"]["file"], "hosts/one.nix");
    assert_eq!(option["origins"][0]["location"]["line"], 4);
    assert_eq!(
        (&option["derived"], &option["causes"]),
        (&false.into(), &vec![0].into())
    );
    let [cause] = list(&found, "/derivations/causes") else {
        panic!("{found:#}");
    };
    assert_eq!(cause["name"], "etc-motd-of-test");
    assert!(cause["followers"].as_u64() >= Some(2), "{cause}");

    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert!(
        ran.stdout.starts_with("1 option, 1 root cause, "),
        "{}",
        ran.stdout
    );
    for line in [
        "environment.etc.motd-of-test.text  ",
        "hosts/one.nix:4",
        "└─ probably etc-motd-of-test   env.text",
        "└─ follows: etc, nixos-system-one",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    // The other way round it is said of the old text.
    let ran = diff(&fixture, ["one", "HEAD:one"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stdout.contains("lighthouse") && ran.stdout.contains("hosts/one.nix:4"));
}

#[test]
fn a_version_an_addition_and_a_service_are_named() {
    let fixture = fixture(Platform::NixOs);
    let tool = |version: &str| {
        MODULE.replace(
            "environment.etc",
            &format!(
                "environment.systemPackages = [ (pkgs.stdenv.mkDerivation {{ pname = \"lamp\"; version = \"{version}\"; buildCommand = \"mkdir $out\"; }}) ];\n  environment.etc"
            ),
        )
    };
    fixture.project.write("hosts/one.nix", &tool("1.0"));
    let found = compared(&fixture, 1);
    assert_eq!(found["closure"]["added"][0], "lamp-1.0", "{found:#}");
    fixture.project.commit("second");

    fixture.project.write("hosts/one.nix", &tool("1.1"));
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("version  lamp 1.0 → 1.1"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("lamp-1.0"), "{}", ran.stdout);

    let service = "{ systemd.services.beacon = { wantedBy = [ \"multi-user.target\" ]; script = \"true\"; }; }\n";
    fixture.project.write("hosts/one.nix", &tool("1.0"));
    fixture.project.write("modules/two.nix", service);
    let found = compared(&fixture, 1);
    let text = found.to_string();
    assert!(text.contains("systemd.services.beacon"), "{found:#}");
    assert!(text.contains("unit-beacon.service"), "{found:#}");
    assert!(text.contains("environment.variables.GREETING"), "{found:#}");
}

#[test]
fn a_mac_is_compared_on_linux_and_inputs_are_those_of_the_commit() {
    let host = Host::new(Platform::Darwin, "one").with_module("{ }\n");
    let fixture = Fixture::with_inputs(&[host], &[]);
    let project = &fixture.project;
    project.copy_offline_base();
    let settings = project.read("parity.yaml");
    let base = settings.split("path:").nth(1).unwrap();
    let base = base.split("/nixpkgs").next().unwrap();
    project.write("parity.yaml", &settings.replace(base, "./offline"));
    project.commit("first");
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.stdout, "no difference\n", "{}", ran.stderr);

    project.write(
        "hosts/one.nix",
        "{ environment.variables.PLACE = \"harbour\"; }\n",
    );
    // A work tree of inputs that differs from the commit does not change the commit.
    let file = "offline/nix-darwin/modules/system/toplevel.nix";
    let text = project
        .read(file)
        .replace("$out/darwin-version", "$out/other-version");
    project.write(file, &text);
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout
            .contains("+ printf %s \"$label\" > \"$out/other-version\""),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("environment.variables.PLACE  "),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_cannot_be_evaluated_loses_nothing_else() {
    let fixture = fixture(Platform::NixOs);
    // Neither a type error nor endless recursion is caught by `tryEval`.
    let broken = "{ config, lib, ... }: { options.broken = { a = lib.mkOption { type = lib.types.raw; }; b = lib.mkOption { type = lib.types.raw; }; }; config = { broken = { a = 1 + \"x\"; b = let x = x; in x; }; networking.domain = \"new.example\"; }; }\n";
    fixture.project.write("modules/one.nix", broken);
    let found = compared(&fixture, 1);
    let options = list(&found, "/options");
    let of = |path: &str| options.iter().find(|o| o["path"] == path).unwrap();
    let message = of("broken.a")["new"]["failed"].as_str().unwrap();
    assert!(
        message.contains("cannot add a string to an integer"),
        "{message}"
    );
    let message = of("broken.b")["new"]["failed"].as_str().unwrap();
    assert!(message.contains("infinite recursion"), "{message}");
    assert_eq!(of("networking.domain")["new"]["value"], "\"new.example\"");
    // What cannot be evaluated on either side is no difference.
    fixture.project.commit("second");
    assert_eq!(list(&compared(&fixture, 0), "/options"), &[] as &[Value]);
}

#[test]
fn what_could_not_be_asked_is_no_agreement() {
    let fixture = fixture(Platform::NixOs);
    for (word, timeout) in [("fault-KILL", "10m"), ("fault-hang", "3s")] {
        let nix = FaultyNix::at("np.settings 0 ", word);
        let compare = || {
            let settings = fixture.project.read("parity.yaml");
            let timed = format!("evaluation: {{ timeout: {timeout} }}\n{settings}");
            fixture.project.write("parity.yaml", &timed);
            let path = nix.path();
            let sides = ["diff", "HEAD:one", "one", "--nix", path.as_str()];
            let ran = fixture
                .program(&[&sides[..], &["--format", "jsonl"]].concat())
                .env("NIX_PARITY_CACHE_DIR", "")
                .run();
            fixture.project.write("parity.yaml", &settings);
            let found: Value = serde_json::from_str(&ran.stdout).unwrap();
            (ran.code(), found)
        };
        let (code, found) = compare();
        assert_eq!(code, Some(3), "{word}: {found:#}");
        assert_eq!(list(&found, "/derivations/causes"), &[] as &[Value]);
        let unknown = found["unknown"].to_string();
        for side in ["old", "new"] {
            let told = format!("not compared on the {side} side: options 0 to 400: ");
            assert!(unknown.contains(&told), "{word}: {unknown}");
        }
        // What differs all the same is a difference.
        let module = MODULE.replace("lantern", "lighthouse");
        fixture.project.write("hosts/one.nix", &module);
        assert_eq!(compare().0, Some(1), "{word}");
        fixture.project.write("hosts/one.nix", MODULE);
    }
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.stdout, "no difference\n", "{}", ran.stderr);
}

#[test]
fn a_structured_attribute_is_named() {
    let module = |flag: &str| {
        format!(
            "{{ pkgs, ... }}: {{ environment.systemPackages = [ (pkgs.stdenv.mkDerivation {{ name = \"lamp\"; __structuredAttrs = true; flags = [ \"{flag}\" ]; lamps = 2; buildCommand = \"mkdir $out\"; }}) ]; }}\n"
        )
    };
    let host = Host::new(Platform::NixOs, "one").with_module(&module("red"));
    let cases = "suite: s\ncases: [{ name: all, snapshot: { derivation: system } }]\n";
    let fixture = Fixture::with_inputs(&[host], &[("cases/s.yaml", cases)]);
    fixture.project.commit("first");
    fixture.run(&["run"]);
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    fixture.project.write("hosts/one.nix", &module("green"));
    let found = compared(&fixture, 1);
    let [cause] = list(&found, "/derivations/causes") else {
        panic!("{found:#}");
    };
    let told: Vec<_> = list(cause, "/changes").iter().map(|c| &c["what"]).collect();
    assert_eq!(told, ["env.flags"], "{found:#}");
    let ran = fixture.run(&["run"]);
    assert!(ran.stdout.contains("lamp: env.flags, "), "{}", ran.stdout);
}

#[test]
fn hostile_and_huge_values_do_not_reach_the_terminal() {
    let fixture = fixture(Platform::NixOs);
    let module = "{ lib, ... }: { environment.variables.GREETING = builtins.fromJSON ''\"\\u001b[31m::error::x\"''; environment.etc.big.text = lib.concatStrings (lib.genList (n: \"${toString n} \") 60000); }\n";
    fixture.project.write("modules/two.nix", module);
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    assert!(!ran.stdout.contains('\u{1b}'));
    assert!(ran.stdout.contains("\\u{1b}[31m"), "{}", ran.stdout);
    assert!(ran.stdout.len() < 40_000, "{}", ran.stdout.len());
    let found = compared(&fixture, 1).to_string();
    assert!(found.contains("more characters)"));
    assert!(found.len() < 80_000, "{}", found.len());
}

#[test]
fn derivations_are_sides_and_rules_leave_noise_out() {
    let fixture = fixture(Platform::NixOs);
    let found = compared(&fixture, 0);
    assert_eq!(found["new"], "one");
    fixture
        .project
        .write("hosts/one.nix", &MODULE.replace("lantern", "lighthouse"));
    let found = compared(&fixture, 1);
    let cause = &found["derivations"]["causes"][0];
    let [old, new] = ["old", "new"].map(|side| cause[side].as_str().unwrap());
    let ran = diff(&fixture, [old, new]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("1 root cause, 0 derivations follow"),
        "{}",
        ran.stdout
    );
    let ran = diff(&fixture, [new, new]);
    assert_eq!(
        (ran.code(), ran.stdout.as_str()),
        (Some(0), "no difference\n")
    );

    let settings = fixture.project.read("parity.yaml");
    let noise = "noise: [{ derivation: etc-motd-*, env: text }]\n";
    fixture
        .project
        .write("parity.yaml", &format!("{noise}{settings}"));
    let ran = diff(&fixture, [old, new]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("what `noise` leaves out"),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_is_no_side_is_said_with_the_nearest_right_one() {
    let fixture = fixture(Platform::NixOs);
    fixture.project.git(&["branch", "harbour"]);
    for (side, messages) in [
        ("onee", ["unknown host `onee`", "did you mean `one`?"]),
        ("HEAD:onee", ["unknown host `onee`", "did you mean `one`?"]),
        (
            "harbuor:one",
            ["`harbuor` is no commit", "did you mean `harbour`?"],
        ),
        (
            "--output=x:one",
            ["`--output=x` is no commit", "single revision"],
        ),
        (
            "./flake.nxi",
            ["no path `./flake.nxi`", "did you mean `flake.nix`?"],
        ),
        ("./flake.nix", ["is not in a Nix store", "flake.nix"]),
        ("generation:one", ["no generation `one`", "there"]),
    ] {
        let ran = fixture.run(&["diff", "--", side, "one"]);
        assert_eq!(ran.code(), Some(2), "{side}: {}", ran.stderr);
        for message in messages {
            assert!(ran.stderr.contains(message), "{side}: {}", ran.stderr);
        }
    }
    fixture.project.write(
        "modules/two.nix",
        "{ assertions = [ { assertion = false; message = \"not so\"; } ]; }\n",
    );
    let ran = diff(&fixture, ["HEAD:one", "one"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stderr.contains("one could not be evaluated"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("not so"), "{}", ran.stderr);
}

#[test]
fn a_flake_below_the_top_of_its_repository_names_files_as_in_the_work_tree() {
    let fixture = fixture(Platform::NixOs);
    let project = &fixture.project;
    for path in ["flake.nix", "hosts", "modules", "parity.yaml"] {
        std::fs::create_dir_all(project.path("nix")).unwrap();
        std::fs::rename(project.path(path), project.path("nix").join(path)).unwrap();
    }
    project.commit("below");
    let module = MODULE.replace("lantern", "lighthouse");
    project.write("nix/hosts/one.nix", &module);
    for sides in [["HEAD:one", "one"], ["one", "HEAD:one"]] {
        let ran = fixture.run(&["-C", "nix", "diff", sides[0], sides[1]]);
        assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
        assert!(ran.stdout.contains("  hosts/one.nix:4\n"), "{}", ran.stdout);
    }
}
