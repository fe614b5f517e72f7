//! What is kept between runs: that it is said, bounded, removed, and that damage
//! costs an evaluation and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_testkit::{Host, Platform};
use serde_json::Value;

use crate::support::Fixture;

fn fixture() -> Fixture {
    let module = "{ networking.domain = \"lan\"; }\n";
    Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(module)],
        &[(
            "cases/a.yaml",
            "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n",
        )],
    )
}

/// What a run says of the cache, and of the test.
#[track_caller]
fn explained(fixture: &Fixture) -> String {
    let ran = fixture.run(&["run", "--explain-cache"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
    ran.stdout.lines().next().unwrap().to_owned()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

const KNOWN: &str = "pc not evaluated: nothing that it depends on has changed";
const UNKNOWN: &str = "pc evaluated: nothing is known of it";

#[test]
fn a_run_says_why_it_evaluates() {
    let fixture = fixture();
    let project = &fixture.project;
    assert_eq!(explained(&fixture), UNKNOWN);
    assert_eq!(explained(&fixture), KNOWN);

    project.write(
        "hosts/pc.nix",
        "# a comment\n{ networking.domain = \"lan\"; }\n",
    );
    assert_eq!(explained(&fixture), "pc evaluated: changed: hosts/pc.nix");
    let flake = project.read("flake.nix");
    project.write("flake.nix", &format!("{flake}# a comment\n"));
    assert_eq!(explained(&fixture), "pc evaluated: changed: flake.nix");
    // Back to a state that was seen before.
    project.write("flake.nix", &flake);
    assert_eq!(explained(&fixture), KNOWN);

    let ran = fixture.program(&["run", "--explain-cache"]);
    let ran = ran.env("NIX_CONFIG", "warn-dirty = false").run();
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(first, "pc evaluated: changed: Nix's settings");

    let cases = project.read("cases/a.yaml");
    let more = cases.replace(" }]", " }, { name: more, eval: \"_: 1\", is: 1 }]");
    project.write("cases/a.yaml", &more);
    let ran = fixture.run(&["run", "--explain-cache"]);
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(first, "pc evaluated: 1 test asks what was not asked before");
    let ran = fixture.run(&["run", "--explain-cache", "--no-cache"]);
    let first = ran.stdout.lines().next().unwrap();
    assert_eq!(first, "pc evaluated: nothing is read from the cache");
}

#[test]
fn what_is_kept_is_said_and_removed() {
    let fixture = fixture();
    let stats = |command: &str| -> Value {
        let ran = fixture.run(&["cache", command, "--format", "jsonl"]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    };
    assert_eq!(stats("stats")["hosts"], 0);
    explained(&fixture);
    let kept = stats("stats");
    // The host, and the list of hosts.
    assert_eq!(kept["hosts"], 2);
    assert_eq!(kept["traces"], 2);
    assert!(kept["bytes"].as_u64() > Some(0));
    assert!(kept["max_bytes"].as_u64() > kept["bytes"].as_u64());
    let text = fixture.run(&["cache", "stats"]).stdout;
    assert!(text.contains("2 hosts, 2 states"), "{text}");

    assert_eq!(stats("clear")["cleared"], true);
    assert_eq!(stats("stats")["bytes"], 0);
    assert_eq!(explained(&fixture), UNKNOWN);
    let text = fixture.run(&["cache", "clear"]).stdout;
    assert!(text.starts_with("removed: 2 hosts, 2 states"), "{text}");
    let off = fixture.program(&["cache", "stats"]);
    let off = off.env("NIX_PARITY_CACHE_DIR", "").run();
    assert_eq!(off.code(), Some(2));
    assert!(off.stderr.contains("there is no cache"), "{}", off.stderr);
}

#[test]
fn damage_and_other_formats_cost_an_evaluation() {
    let fixture = fixture();
    explained(&fixture);
    let traces = || -> Vec<PathBuf> {
        let all = files(fixture.cache()).into_iter();
        all.filter(|f| f.extension().is_some_and(|e| e == "trace"))
            .collect()
    };
    let damages: [fn(Vec<u8>) -> Vec<u8>; 4] = [
        |_| Vec::new(),
        |bytes| bytes[..bytes.len() / 2].to_vec(),
        |_| b"nix-parity 99\n{}\n".to_vec(),
        |mut bytes| {
            let last = bytes.len() - 9;
            bytes[last] ^= 4;
            bytes
        },
    ];
    for damage in damages {
        for trace in traces() {
            fs::write(&trace, damage(fs::read(&trace).unwrap())).unwrap();
        }
        assert_eq!(explained(&fixture), UNKNOWN);
        assert_eq!(explained(&fixture), KNOWN);
    }
}

#[test]
fn of_a_flake_that_takes_submodules_nothing_is_kept() {
    let fixture = fixture();
    let project = &fixture.project;
    project.write(".gitmodules", "");
    project.git_add_all();
    explained(&fixture);
    assert_eq!(explained(&fixture), KNOWN);
    let flake = project.read("flake.nix");
    project.write("flake.nix", &format!("# with submodules\n{flake}"));
    let unknowable = "pc evaluated: which files the flake has cannot be told";
    assert_eq!(explained(&fixture), unknowable);
    assert_eq!(explained(&fixture), unknowable);
}

/// Edits what the host depends on and what it does not.
#[track_caller]
fn assert_files_count(fixture: &Fixture, flake: &str) {
    let project = &fixture.project;
    assert_eq!(explained(fixture), UNKNOWN);
    assert_eq!(explained(fixture), KNOWN);
    project.write(&format!("{flake}unused.nix"), "{ }\n");
    project.write("unused.nix", "{ }\n");
    assert_eq!(explained(fixture), KNOWN);
    let file = format!("{flake}hosts/pc.nix");
    let text = project.read(&file);
    project.write(&file, &format!("# a comment\n{text}"));
    let inside = explained(fixture);
    assert!(inside.starts_with("pc evaluated: changed:"), "{inside}");
    assert!(inside.ends_with("hosts/pc.nix"), "{inside}");
    assert_eq!(explained(fixture), KNOWN);
}

#[test]
fn files_count_in_a_flake_below_the_top_of_its_repository() {
    let fixture = fixture();
    let project = &fixture.project;
    for file in ["flake.nix", "hosts/pc.nix"] {
        project.write(&format!("below/{file}"), &project.read(file));
        std::fs::remove_file(project.path(file)).unwrap();
    }
    // A file beside the flake, in the same tree.
    project.write("beside.nix", "{ networking.domain = \"lan\"; }\n");
    project.write(
        "below/hosts/pc.nix",
        "{ imports = [ ../../beside.nix ]; }\n",
    );
    let settings = project.read("parity.yaml");
    project.write("parity.yaml", &format!("flake: ./below\n{settings}"));
    project.git_add_all();
    assert_files_count(&fixture, "below/");
    project.write(
        "beside.nix",
        "# a comment\n{ networking.domain = \"lan\"; }\n",
    );
    assert_eq!(explained(&fixture), "pc evaluated: changed: beside.nix");
}

#[test]
fn files_count_in_a_flake_outside_of_git() {
    let fixture = fixture();
    std::fs::remove_dir_all(fixture.project.path(".git")).unwrap();
    assert_files_count(&fixture, "");
}
