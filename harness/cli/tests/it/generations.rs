//! What is built as a side of `diff`: generations of a profile, and links.

use nix_parity_testkit::{Program, Ran};
use serde_json::Value;

use crate::support::{Fixture, assert_sound};

/// A project beside a state folder of Nix in which the system has two generations.
fn fixture() -> Fixture {
    let fixture = Fixture::without_nix(&[]);
    let project = &fixture.project;
    let state = project.path("state");
    std::fs::create_dir_all(state.join("profiles")).unwrap();
    // All but the profiles is what it is.
    for entry in std::fs::read_dir("/nix/var/nix").unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "profiles" {
            let link = state.as_std_path().join(entry.file_name());
            std::os::unix::fs::symlink(entry.path(), link).unwrap();
        }
    }
    for (generation, version) in [(7, "1.0"), (8, "1.1")] {
        let link = format!("profiles/system-{generation}-link");
        std::os::unix::fs::symlink(built(version), state.join(link)).unwrap();
    }
    let current = project.path("current-system");
    std::os::unix::fs::symlink("state/profiles/system-8-link", current).unwrap();
    fixture
}

/// The store path of a small package, built.
fn built(version: &str) -> String {
    let expression = format!(
        "derivation {{ name = \"lamp-{version}\"; system = builtins.currentSystem; builder = \"/bin/sh\"; args = [ \"-c\" \"echo {version} > $out\" ]; }}"
    );
    let ran = Program::new("nix")
        .args(["--extra-experimental-features", "nix-command"])
        .args(["build", "--impure", "--no-link", "--print-out-paths"])
        .args(["--option", "sandbox", "false", "--expr", &expression])
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout.trim().to_owned()
}

fn diff(fixture: &Fixture, sides: [&str; 2]) -> Ran {
    let ran = fixture
        .program(&["diff", sides[0], sides[1], "--format", "jsonl"])
        .env("NIX_STATE_DIR", fixture.project.path("state"))
        .run();
    assert_sound(&ran);
    ran
}

#[test]
fn generations_and_links_are_what_made_them() {
    let fixture = fixture();
    for old in ["generation:7", "./state/profiles/system-7-link"] {
        for new in ["generation:8", "./current-system"] {
            let ran = diff(&fixture, [old, new]);
            assert_eq!(ran.code(), Some(1), "{old} {new}: {}", ran.stderr);
            let found: Value = serde_json::from_str(&ran.stdout).unwrap();
            let version = &found["derivations"]["versions"][0];
            assert_eq!(version["name"], "lamp", "{found:#}");
            assert_eq!(
                (&version["old"][0], &version["new"][0]),
                (&"1.0".into(), &"1.1".into())
            );
            assert_eq!(found["closure"]["built"], true);
        }
    }
    let ran = diff(&fixture, ["./current-system", "generation:8"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let ran = diff(&fixture, ["generation:9", "generation:8"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("there are 7 to 8"), "{}", ran.stderr);
}
