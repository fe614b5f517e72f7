//! `matrix`: every selected test in exactly one job, whatever a machine knows.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nix_parity_testkit::{Host, Platform, Program, Ran};
use serde_json::Value;

use crate::support::{Fixture, arguments, assert_sound};

const CASES: &str = r#"cases:
  - { name: it is there, tags: [fast], expect: { common: { networking.hostName: { present: true } } } }
  - { name: plain, hosts: ["nixos:*"], eval: "{ ... }: 1", is: 1 }
  - { name: built, hosts: [two, air], build: { attr: system } }
  - { name: built again, hosts: [two], build: { attr: system } }
  - { name: it boots, hosts: ["nixos:*"], vm: { steps: [{ succeed: "true" }] } }
  - { name: it answers, hosts: [one], vm: { steps: [{ succeed: "true" }] } }
  - { name: alike, parity: { paths: [networking.domain], across: [darwin, nixos] } }
  - { name: files, tree: { present: [flake.nix] } }
"#;
const SETTINGS: &str = "hosts: { darwin: { air: aarch64-darwin }, nixos: { one: x86_64-linux, two: x86_64-linux, arm: aarch64-linux } }\n";

/// Four hosts that are never evaluated.
fn fixture() -> Fixture {
    Fixture::without_nix(&[("cases/a.yaml", CASES), ("parity.yaml", SETTINGS)])
}

fn jobs(ran: &Ran) -> Vec<Value> {
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let matrix: Value = serde_json::from_str(&ran.stdout).unwrap();
    matrix["include"].as_array().unwrap().clone()
}

fn names(ran: &Ran) -> Vec<String> {
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout.lines().map(str::to_owned).collect()
}

/// Lists what each job takes, and checks that it is as much as it says, and together
/// what the selection is, each once.
#[track_caller]
fn assert_divided(
    program: &dyn Fn(&[&str]) -> Ran,
    elsewhere: &dyn Fn(&[&str]) -> Ran,
    selection: &[&str],
    how: &[&str],
) -> Vec<Value> {
    let jobs = jobs(&program(&[&["matrix"], how, selection].concat()));
    let mut taken = Vec::new();
    let mut ids = Vec::new();
    for job in &jobs {
        let listed = names(&elsewhere(&[&["list"][..], &arguments(job)].concat()));
        assert_eq!(job["tests"], listed.len(), "{job}");
        taken.extend(listed);
        ids.push(job["id"].as_str().unwrap());
    }
    let mut wanted = names(&program(&[&["list"], selection].concat()));
    wanted.sort();
    taken.sort();
    assert_eq!(taken, wanted, "{selection:?} {how:?}");
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), jobs.len(), "an id is there twice");
    jobs
}

#[test]
fn every_selected_test_is_in_one_job() {
    let fixture = fixture();
    let run = |arguments: &[&str]| fixture.run(arguments);
    let selections: [&[&str]; 8] = [
        &[],
        &["--host", "nixos:*"],
        &["--host", "not:air", "--host", "not:arm"],
        &["--platform", "darwin"],
        &["--kind", "not:vm"],
        &["--tag", "fast"],
        &["boots", "files"],
        &["--exact", "a::built::two", "a::alike::darwin+nixos"],
    ];
    for selection in selections {
        for shards in ["1", "2", "9"] {
            assert_divided(&run, &run, selection, &["--shards", shards]);
        }
        assert_divided(&run, &run, selection, &["--shard-time", "2m"]);
    }
}

#[test]
fn each_job_is_for_the_machine_that_can() {
    let fixture = fixture();
    let jobs = jobs(&fixture.run(&["matrix"]));
    let shown: Vec<String> = jobs
        .iter()
        .map(|job| {
            format!(
                "{} | {} | {} | vm {} | {}",
                job["id"].as_str().unwrap(),
                job["name"].as_str().unwrap(),
                job["runner"],
                job["vm"],
                job["tests"],
            )
        })
        .collect();
    // The darwin host is evaluated where all others are.
    assert_eq!(
        shown,
        [
            "evaluate-x86_64-linux-1-of-1 | evaluate air and 3 others | \"ubuntu-24.04\" | vm false | 9",
            "build-aarch64-darwin-1-of-1 | build air | \"macos-15\" | vm false | 1",
            "build-x86_64-linux-1-of-1 | build two | \"ubuntu-24.04\" | vm false | 2",
            "boot-aarch64-linux-1-of-1 | boot arm | \"ubuntu-24.04-arm\" | vm true | 1",
            "boot-x86_64-linux-1-of-1 | boot one, two | \"ubuntu-24.04\" | vm true | 3",
        ]
    );
    assert_eq!(
        arguments(&jobs[1]),
        ["--host=darwin:air", "--kind=build"],
        "{jobs:?}"
    );
}

#[test]
fn runners_are_those_of_the_project() {
    let fixture = fixture();
    let settings = "matrix: { shards: 2, runners: { aarch64-darwin: [self-hosted, mac] }, vm: { x86_64-linux: fast } }\n";
    fixture
        .project
        .write("parity.yaml", &format!("{SETTINGS}{settings}"));
    let jobs = jobs(&fixture.run(&["matrix"]));
    let runners = |work: &str| -> Vec<String> {
        let of = jobs.iter().filter(|job| job["work"] == work);
        of.map(|job| job["runner"].to_string()).collect()
    };
    assert_eq!(runners("evaluate").len(), 3, "two, and hosts together");
    assert_eq!(runners("build")[0], r#"["self-hosted","mac"]"#);
    assert_eq!(runners("boot")[1..], [r#""fast""#, r#""fast""#]);

    // One that nobody offers is said, and its tests are in the matrix all the same.
    let settings = SETTINGS.replace("aarch64-darwin", "vax-netbsd");
    fixture.project.write("parity.yaml", &settings);
    let ran = fixture.run(&["matrix"]);
    assert!(
        ran.stderr.contains(
            "air is built where it is evaluated, or skipped there: `runners` has none for `vax-netbsd`"
        ),
        "{}",
        ran.stderr
    );
    let run = |arguments: &[&str]| fixture.run(arguments);
    assert_divided(&run, &run, &[], &["--shards", "3"]);
}

#[test]
fn a_host_whose_name_is_a_pattern_is_taken_alone() {
    let names = r#""[ab]*": x86_64-linux, "a?": x86_64-linux, "{a,b}": x86_64-linux, "a,b": x86_64-linux, "a!b": x86_64-linux, "a b": x86_64-linux, b: x86_64-linux, ab: x86_64-linux, "x\\y": x86_64-linux"#;
    let fixture = Fixture::without_nix(&[
        (
            "cases/a.yaml",
            "cases: [{ name: plain, eval: '{ ... }: 1', is: 1 }]\n",
        ),
        (
            "parity.yaml",
            &format!("hosts: {{ nixos: {{ {names} }} }}\n"),
        ),
    ]);
    let run = |arguments: &[&str]| fixture.run(arguments);
    let jobs = assert_divided(&run, &run, &[], &["--shards", "256"]);
    assert_eq!(jobs.len(), 9);
    // A line break would end the argument of a script that reads lines.
    fixture.project.write(
        "parity.yaml",
        "hosts: { nixos: { \"a\\nb\": x86_64-linux, c: x86_64-linux } }\n",
    );
    let ran = fixture.run(&["matrix", "--shards", "2"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("cannot be handed to a job"),
        "{}",
        ran.stderr
    );
}

#[test]
fn there_are_never_more_jobs_than_github_takes() {
    let hosts: Vec<String> = (0..300).map(|n| format!("h{n}: x86_64-linux")).collect();
    let settings = format!("hosts: {{ nixos: {{ {} }} }}\n", hosts.join(", "));
    let cases = "cases:\n  - { name: plain, eval: '{ ... }: 1', is: 1 }\n  - { name: boots, vm: { steps: [{ succeed: 'true' }] } }\n  - { name: files, tree: { present: [flake.nix] } }\n";
    let fixture = Fixture::without_nix(&[("cases/a.yaml", cases), ("parity.yaml", &settings)]);
    let ran = fixture.run(&["matrix", "--shard-time", "1ms"]);
    assert!(
        ran.stderr.contains("GitHub takes 256 of a matrix"),
        "{}",
        ran.stderr
    );
    let jobs = jobs(&ran);
    assert!((200..=256).contains(&jobs.len()), "{}", jobs.len());
    let tests: u64 = jobs.iter().map(|job| job["tests"].as_u64().unwrap()).sum();
    assert_eq!(tests, 601);
    for wrong in ["0", "257", "-1", "many"] {
        let ran = fixture.run(&["matrix", &format!("--shards={wrong}")]);
        assert_eq!(ran.code(), Some(2));
        assert!(
            ran.stderr.contains("a number from 1 to 256"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn nothing_affected_is_an_empty_matrix_and_said_to_github() {
    let module = "{ networking.domain = \"lan\"; }\n";
    let host = |name| Host::new(Platform::NixOs, name).with_module(module);
    let cases =
        "cases: [{ name: domain, expect: { nixos: { networking.domain: { present: true } } } }]\n";
    let fixture = Fixture::with_inputs(
        &[host("one"), host("two")],
        &[
            ("cases/a.yaml", cases),
            ("cases/b.yaml", cases),
            (
                "cases/c.yaml",
                "cases: [{ name: alike, parity: { paths: [networking.domain], across: [nixos] } }]\n",
            ),
        ],
    );
    fixture.project.commit("first");
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    let output = fixture.project.path(".git/output");
    let matrix = |arguments: &[&str]| {
        let arguments = [&["matrix", "--github-output"], arguments].concat();
        let ran = fixture
            .program(&arguments)
            .env("GITHUB_OUTPUT", output.as_str())
            .run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        let written = std::fs::read_to_string(&output).unwrap();
        std::fs::remove_file(&output).unwrap();
        (ran, written)
    };
    let (ran, written) = matrix(&["--affected"]);
    assert_eq!(ran.stdout, "{\"include\":[]}\n");
    assert_eq!(
        written,
        "matrix={\"include\":[]}\nany=false\ncount=0\ntests=0\n"
    );
    let (ran, written) = matrix(&[]);
    let line = ran.stdout.trim_end();
    assert_eq!(
        written,
        format!("matrix={line}\nany=true\ncount=1\ntests=5\n")
    );

    // Another machine, which knows of no evaluation, takes what this one has found.
    fixture
        .project
        .write("hosts/two.nix", "{ networking.domain = \"home\"; }\n");
    fixture
        .project
        .write("cases/b.yaml", &cases.replace("domain,", "the domain,"));
    let here = |arguments: &[&str]| fixture.run(arguments);
    let there = |arguments: &[&str]| {
        fixture
            .program(arguments)
            .env("NIX_PARITY_CACHE_DIR", "")
            .run()
    };
    for shards in ["1", "2"] {
        let how = ["--shards", shards];
        let jobs = assert_divided(&here, &there, &["--affected"], &how);
        assert_eq!(arguments(&jobs[0])[0], "--changed-host=two");
        let tests: u64 = jobs.iter().map(|job| job["tests"].as_u64().unwrap()).sum();
        assert_eq!(tests, 4, "two of two, one of one, and both together");
    }
    // Without an output file there is nothing to write to.
    let ran = fixture
        .program(&["matrix", "--github-output"])
        .env("GITHUB_OUTPUT", "")
        .run();
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("GITHUB_OUTPUT"), "{}", ran.stderr);
    let ran = fixture
        .program(&["matrix", "--github-output"])
        .env("GITHUB_OUTPUT", "/no/such/file")
        .run();
    assert_eq!(ran.code(), Some(3));
}

#[test]
fn jobs_that_really_run_cover_what_one_run_does() {
    let hosts = [
        Host::new(Platform::Darwin, "air"),
        Host::new(Platform::NixOs, "one"),
        Host::new(Platform::Home, "lars"),
    ];
    let cases = r#"cases:
  - { name: here, eval: "{ host, ... }: host.name", is: { type: string } }
  - { name: wrong on one, hosts: [one], eval: "{ ... }: 1", is: 2 }
  - { name: alike, parity: { paths: [programs.fish.enable], across: [darwin, nixos] } }
  - { name: files, tree: { present: [flake.nix] } }
  - { name: built, hosts: ["nixos:*"], build: { attr: system } }
  - { name: elsewhere, hosts: ["darwin:*"], build: { attr: system } }
"#;
    let systems = "hosts: { darwin: { air: aarch64-darwin }, nixos: { one: x86_64-linux }, home: { lars: x86_64-linux } }\n";
    let fixture = Fixture::with_hosts(&hosts, &[("cases/a.yaml", cases), ("parity.yaml", systems)]);
    let whole = fixture.record(&[]);
    assert_eq!(whole.results.len(), 8);
    let outcomes = |results: &BTreeMap<String, Value>| -> BTreeMap<String, Value> {
        let outcome = |(name, result): (&String, &Value)| (name.clone(), result["outcome"].clone());
        results.iter().map(outcome).collect()
    };
    let jobs = jobs(&fixture.run(&["matrix", "--shards", "3"]));
    assert_eq!(jobs.len(), 6, "{jobs:?}");
    let mut all = BTreeMap::new();
    let mut codes = Vec::new();
    for job in &jobs {
        // Each on a machine of its own.
        let cache = tempfile::tempdir().unwrap();
        let arguments = [&["run", "--format", "jsonl"][..], &arguments(job)].concat();
        let ran = fixture
            .program(&arguments)
            .env("NIX_PARITY_CACHE_DIR", cache.path())
            .run();
        let record = crate::support::Record::read(&ran);
        codes.push(record.code);
        for (name, result) in record.results {
            assert!(
                all.insert(name.clone(), result).is_none(),
                "{name} ran twice"
            );
        }
    }
    assert_eq!(outcomes(&all), outcomes(&whole.results));
    codes.sort_unstable();
    assert_eq!(
        codes,
        [Some(0), Some(0), Some(0), Some(0), Some(0), Some(1)]
    );
}

#[test]
fn what_hosts_took_decides_which_go_together() {
    let fixture = Fixture::with_hosts(
        &[
            Host::new(Platform::NixOs, "slow"),
            Host::new(Platform::NixOs, "two"),
            Host::new(Platform::NixOs, "three"),
        ],
        &[(
            "cases/a.yaml",
            // Half a second of work that no other host has.
            "cases:\n  - { name: plain, eval: '{ ... }: 1', is: 1 }\n  - name: long\n    hosts: [slow]\n    eval: \"{ lib, ... }: builtins.foldl' (a: b: a + b) 0 (lib.range 1 3000000)\"\n    is: { gt: 1 }\n",
        )],
    );
    let groups = |fixture: &Fixture| -> Vec<Value> {
        let jobs = jobs(&fixture.run(&["matrix", "--shards", "2"]));
        jobs.iter().map(|job| job["hosts"].clone()).collect()
    };
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    let groups = groups(&fixture);
    assert!(groups.contains(&serde_json::json!(["slow"])), "{groups:?}");
}

#[test]
fn parts_of_a_selection_are_cut_host_by_host() {
    let fixture = fixture();
    let all = names(&fixture.run(&["list", "--kind", "expect"]));
    let mut parts: Vec<String> = Vec::new();
    for part in ["1/3", "2/3", "3/3"] {
        parts.extend(names(
            &fixture.run(&["list", "--kind", "expect", "--shard", part]),
        ));
    }
    parts.sort();
    let mut sorted = all;
    sorted.sort();
    assert_eq!(parts, sorted);
    let ran = fixture.run(&["run", "--shard", "9/9", "--exact", "a::files::project"]);
    assert_eq!(
        ran.code(),
        Some(0),
        "the last part of one test is that: {}",
        ran.stderr
    );
    let ran = fixture.run(&["run", "--shard", "1/9", "--exact", "a::files::project"]);
    assert_eq!(ran.code(), Some(4));
    assert!(ran.stderr.contains("none is in part 1/9"), "{}", ran.stderr);
    for (arguments, message) in [
        (
            ["list", "--shard", "4/3"],
            "`4/3` is not a part such as 2/5",
        ),
        (["list", "--kind", "vmm"], "did you mean `vm`"),
        (["list", "--changed-host", "no"], "no test is of host `no`"),
        (["list", "--changed-file", "../x"], "no test is in `../x`"),
    ] {
        let ran = fixture.run(&arguments);
        assert_eq!(ran.code(), Some(2), "{arguments:?}");
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
}

fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

#[test]
fn the_matrix_of_this_repository_covers_every_case_once() {
    let cache = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let ran = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
            .current_dir(repository())
            .env("NIX_PARITY_CACHE_DIR", cache.path())
            .args(arguments)
            .run();
        assert_sound(&ran);
        ran
    };
    for shards in ["1", "4", "16"] {
        let jobs = assert_divided(&run, &run, &[], &["--shards", shards]);
        let runners: Vec<&Value> = jobs.iter().map(|job| &job["runner"]).collect();
        let known = ["ubuntu-24.04", "macos-15"];
        assert!(
            runners.iter().all(|r| known.iter().any(|k| *r == k)),
            "{runners:?}"
        );
        // Whatever is built for a Mac is built on one, and nothing else runs there.
        for job in jobs.iter().filter(|job| job["runner"] == "macos-15") {
            assert_eq!(job["kinds"], serde_json::json!(["build"]));
        }
    }
}
