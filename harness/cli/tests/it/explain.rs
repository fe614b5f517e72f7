//! `explain`: who set an option, and how a derivation comes into a system.

use nix_parity_testkit::{Host, Platform};

use crate::support::Fixture;

fn fixture() -> Fixture {
    let one = "{ lib, ... }:\n{\n  networking.domain = lib.mkForce \"harbour.example\";\n}\n";
    let two = "{ networking.domain = \"lan.example\"; }\n";
    let fixture = Fixture::with_inputs(
        &[
            Host::new(Platform::NixOs, "one").with_module(one),
            Host::new(Platform::NixOs, "two").with_module(two),
            Host::new(Platform::Home, "lars"),
        ],
        &[],
    );
    fixture.project.commit("first");
    fixture
}

#[track_caller]
fn explained(fixture: &Fixture, arguments: &[&str]) -> String {
    let ran = fixture.run(&[&["explain"], arguments].concat());
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout
}

#[test]
fn an_option_has_a_value_a_place_a_priority_and_a_type_on_each_host() {
    let fixture = fixture();
    let text = explained(&fixture, &["networking.domain"]);
    for line in [
        "networking.domain  differs between the hosts",
        "one  \"harbour.example\"",
        "set by    hosts/one.nix:3    lib.mkForce \"harbour.example\"",
        "priority  50 (mkForce)",
        "two  \"lan.example\"",
        "set by    hosts/two.nix:1    \"lan.example\"",
        "declared  <input>/",
        "one and two differ: hosts/one.nix:3:3 is for one only, hosts/two.nix:1:3 is for two only",
        "no such option on lars",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    let text = explained(&fixture, &["networking.domain", "--host", "two"]);
    assert!(text.starts_with("networking.domain  on two\n"), "{text}");
    assert!(!text.contains("priority"), "{text}");
    let text = explained(&fixture, &["networking.domain", "--format", "jsonl"]);
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["hosts"][0]["priority"], 50);
    assert_eq!(found["hosts"][1]["value"]["value"], "\"lan.example\"");
}

#[test]
fn an_option_of_a_home_within_a_system_is_that_homes() {
    let pc = "\
{ ... }: {
  imports = [ ../offline/home-manager/nixos ];
  users.users.lars = { isNormalUser = true; home = \"/home/lars\"; };
  home-manager.users.lars = { imports = [ ../modules/home.nix ]; home.stateVersion = \"25.05\"; };
}
";
    let home = "{ lib, ... }: {\n  programs.bat.enable = lib.mkForce true;\n}\n";
    let fixture = Fixture::with_hosts(
        &[Host::new(Platform::NixOs, "pc").with_module(pc)],
        &[("modules/home.nix", home)],
    );
    let option = "home-manager.users.lars.programs.bat.enable";
    let text = explained(&fixture, &[option]);
    for line in [
        "set by    modules/home.nix:2    lib.mkForce true",
        "priority  50 (mkForce)",
        "type      boolean",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    // What a home has no option for is asked of the system.
    let text = explained(&fixture, &["home-manager.users.lars"]);
    assert!(text.contains("hosts/pc.nix"), "{text}");
}

#[test]
fn a_derivation_has_a_way_from_the_toplevel_and_a_cause() {
    let fixture = fixture();
    let text = explained(&fixture, &["etc", "--host", "one"]);
    assert!(
        text.contains("nixos-system-one") && text.contains("└─ etc"),
        "{text}"
    );

    let module = "{ environment.etc.motd.text = \"one\"; }\n";
    fixture.project.write("hosts/two.nix", module);
    fixture.project.commit("second");
    fixture
        .project
        .write("hosts/two.nix", &module.replace("one", "other"));
    let between = |name: &str| explained(&fixture, &[name, "--between", "HEAD:two", "two"]);
    let text = between("etc");
    assert!(text.contains("etc  merely follows"), "{text}");
    assert!(
        text.contains("└─ etc-motd") && text.contains("env.text"),
        "{text}"
    );
    let text = between("etc-motd");
    assert!(text.contains("was itself changed"), "{text}");
}

#[test]
fn what_is_neither_is_said_with_the_nearest_right_one() {
    let fixture = fixture();
    for (what, messages) in [
        (
            "networking.domian",
            ["no host has an option", "did you mean `networking.domain`?"],
        ),
        ("networking", ["is a set of options", "it has "]),
        ("a..b", ["an empty name in an option path", "quote it"]),
    ] {
        let ran = fixture.run(&["explain", what]);
        assert_eq!(ran.code(), Some(2), "{what}: {}", ran.stdout);
        for message in messages {
            assert!(ran.stderr.contains(message), "{what}: {}", ran.stderr);
        }
    }
    let ran = fixture.run(&["explain", "ect", "--host", "one"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("no derivation `ect`"), "{}", ran.stderr);
    let ran = fixture.run(&["explain", "networking.domain", "--host", "onee"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("matches no host"), "{}", ran.stderr);
}
