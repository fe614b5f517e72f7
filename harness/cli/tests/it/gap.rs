//! `gap`: what cases prove of a ledger, and that it only gets better.

use insta::assert_snapshot;
use nix_parity_testkit::{CountingNix, Host, Platform, Ran, redact};
use serde_json::{Value, json};

use crate::support::{Fixture, assert_sound, transcript};

const LEDGER: &str = "\
rows:
  - { id: shell, proposed: one shell everywhere, gap: total, weight: 3, wanted: required }
  - { id: editor, proposed: an editor, gap: small, weight: 2, wanted: required }
  - { id: desktop, proposed: a desktop, gap: major, wanted: optional }
  - { id: cloud, proposed: the cloud, gap: total, weight: 2, wanted: optional }
  - { id: space, proposed: satellites, wanted: declined, reason: no rocket }
";

const CASES: &str = "\
suite: s
proves: [shell]
cases:
  - name: one
    hosts: [air, pc]
    expect: { common: { a.b: 1 } }
  - name: two
    hosts: pc
    proves: [editor]
    expect: { common: { a.c: 1 } }
  - name: later
    hosts: pc
    expected_failure: { until: there is a desktop, ledger: desktop }
    expect: { common: { a.d: 1 } }
";

const ALL: [&str; 4] = ["s::one::air", "s::one::pc", "s::two::pc", "s::later::pc"];

/// A project whose tests are never run.
fn fixture() -> Fixture {
    let fixture = Fixture::without_nix(&[("ledger.yaml", LEDGER), ("cases/a.yaml", CASES)]);
    fixture.project.git_add_all();
    fixture
}

/// The record of a run in which all tests pass but these.
fn record(tests: &[&str], others: &[(&str, Value)]) -> String {
    let mut lines = vec![json!({
        "event": "run_started", "format": 1, "version": "0", "flake": ".", "hosts": [],
    })];
    let mut counts = [("pass", 0), ("fail", 0), ("error", 0), ("skip", 0)];
    for test in tests {
        let other = others.iter().find(|(name, _)| name == test);
        let result = other.map_or(json!({"outcome": "pass"}), |(_, result)| result.clone());
        for (outcome, count) in &mut counts {
            *count += i32::from(result["outcome"] == *outcome);
        }
        let id: Vec<_> = test.split("::").collect();
        lines.push(json!({
            "event": "test_finished",
            "id": {"suite": id[0], "case": id[1], "host": id[2]},
            "platform": "nixos",
            "location": {"file": "cases/a.yaml", "line": 4, "column": 11},
            "result": result,
            "millis": 1,
        }));
    }
    let [passed, failed, errors, skipped] = counts.map(|(_, count)| count);
    lines.push(json!({"event": "run_finished", "summary": {
        "passed": passed, "failed": failed, "errors": errors, "skipped": skipped,
        "hosts": 2, "millis": 1,
    }}));
    let lines: Vec<_> = lines.iter().map(Value::to_string).collect();
    lines.join("\n") + "\n"
}

fn fails() -> Value {
    json!({"outcome": "fail", "findings": []})
}

/// `gap` of a record, with no Nix to start.
#[track_caller]
fn gap(fixture: &Fixture, record: &str, arguments: &[&str]) -> Ran {
    let nix = CountingNix::new();
    let ran = fixture
        .program(&["gap", "--from", "-", "--nix", nix.path().as_str()])
        .args(arguments)
        .env("CI", "false")
        .input(record)
        .run();
    assert_sound(&ran);
    assert_eq!(nix.calls().to_string(), "", "a record needs no Nix");
    ran
}

#[test]
fn a_table_says_what_is_proven() {
    let fixture = fixture();
    assert_snapshot!(
        "all pass",
        transcript(&gap(&fixture, &record(&ALL, &[]), &[]))
    );

    let skips = json!({"outcome": "skip", "reason": "no builder for aarch64-darwin"});
    let mixed = record(&ALL, &[("s::one::air", skips), ("s::two::pc", fails())]);
    assert_snapshot!("some do not", transcript(&gap(&fixture, &mixed, &[])));

    let partial = record(&ALL[..2], &[]);
    assert_snapshot!(
        "not all are there",
        transcript(&gap(&fixture, &partial, &[]))
    );
}

#[test]
fn the_same_as_json() {
    let fixture = fixture();
    let text = record(&ALL, &[("s::two::pc", fails())]);
    let ran = gap(&fixture, &text, &["--format", "jsonl"]);
    assert_eq!((ran.code(), ran.stdout.lines().count()), (Some(0), 1));
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&found["format"], &found["score"]), (&json!(1), &json!(0)));
    assert_eq!(found.get("was"), None);
    assert_eq!(
        found["rows"][0],
        json!({
            "id": "shell", "proposed": "one shell everywhere", "gap": "total", "weight": 3,
            "status": {"wanted": "required"}, "reality": "partly",
            "passed": 2, "tests": 3, "cases": 2, "hosts": 2,
            "open": [{"test": "s::two::pc", "why": "fails"}],
        })
    );
    assert_eq!(found["rows"][4]["reality"], "declined");
    // The same record says the same, to the byte.
    let again = gap(&fixture, &text, &["--format", "jsonl"]);
    assert_eq!(again.stdout, ran.stdout);
}

#[test]
fn what_was_proven_stays_proven() {
    let fixture = fixture();
    let all = record(&ALL, &[]);
    let missing = gap(&fixture, &all, &["--ratchet"]);
    assert_snapshot!("nothing accepted yet", transcript(&missing));

    assert_eq!(gap(&fixture, &all, &["--accept"]).code(), Some(0));
    let lock = fixture.project.read("ledger.lock");
    assert_snapshot!("a lock", lock);
    assert_eq!(gap(&fixture, &all, &["--ratchet"]).code(), Some(0));

    let less = record(&ALL, &[("s::one::pc", fails())]);
    let ran = gap(&fixture, &less, &["--ratchet"]);
    assert_snapshot!("worse", transcript(&ran));
    let ran = gap(&fixture, &less, &[]);
    assert_eq!(ran.code(), Some(0), "only the ratchet fails for it");
    let ran = gap(&fixture, &less, &["--ratchet", "--format", "jsonl"]);
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code(), &found["was"]), (Some(1), &json!(62)));
    assert_eq!(
        found["worse"],
        json!([{"id": "shell", "was": {"passed": 3, "tests": 3}, "now": {"passed": 2, "tests": 3}}])
    );
    assert_eq!(fixture.project.read("ledger.lock"), lock);

    // A case that is taken away takes its proof along.
    let fewer = CASES.replace("hosts: [air, pc]", "hosts: [air]");
    fixture.project.write("cases/a.yaml", &fewer);
    let without = record(&["s::one::air", "s::two::pc", "s::later::pc"], &[]);
    let ran = gap(&fixture, &without, &["--ratchet"]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout
            .contains("WORSE  shell: 3 of 3 tests passed, 2 of 2 tests now")
    );
    fixture.project.write("cases/a.yaml", CASES);

    // And a row that is declined instead.
    let declined = "{ id: editor, proposed: an editor, wanted: declined, reason: tired }";
    let ledger = LEDGER.replace(
        "{ id: editor, proposed: an editor, gap: small, weight: 2, wanted: required }",
        declined,
    );
    fixture.project.write("ledger.yaml", &ledger);
    let cases = CASES.replace("    proves: [editor]\n", "");
    fixture.project.write("cases/a.yaml", &cases);
    let ran = gap(&fixture, &all, &["--ratchet"]);
    assert_eq!(ran.code(), Some(1));
    assert!(ran.stdout.contains("WORSE  editor"), "{}", ran.stdout);
}

#[test]
fn what_is_better_is_kept_when_somebody_says_so() {
    let fixture = fixture();
    let less = record(&ALL, &[("s::one::pc", fails())]);
    gap(&fixture, &less, &["--accept"]);
    let lock = fixture.project.read("ledger.lock");
    let ran = gap(&fixture, &record(&ALL, &[]), &["--ratchet"]);
    assert_eq!(ran.code(), Some(0));
    assert!(
        ran.stdout.ends_with("Proven 62 of 100 (was 25). Planned is not counted.\nledger.lock says less: nix-parity gap --accept\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(fixture.project.read("ledger.lock"), lock);
    gap(&fixture, &record(&ALL, &[]), &["--accept"]);
    assert!(
        fixture
            .project
            .read("ledger.lock")
            .contains("\"shell\": { passed: 3, tests: 3 }")
    );

    let ran = fixture
        .program(&["gap", "--from", "-", "--accept"])
        .env("CI", "true")
        .input(less)
        .run();
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("nothing is accepted where CI is set"));
    assert!(
        fixture
            .project
            .read("ledger.lock")
            .contains("\"shell\": { passed: 3, tests: 3 }")
    );
}

#[test]
fn what_could_not_be_decided_is_not_written_down() {
    let fixture = fixture();
    let error = json!({"outcome": "error", "findings": []});
    let doubt = record(&ALL, &[("s::one::pc", error)]);
    for arguments in [&["--accept"], &["--history=h.jsonl"] as &[_]] {
        let ran = gap(&fixture, &doubt, arguments);
        assert_eq!(ran.code(), Some(3), "{}", ran.stderr);
        assert!(ran.stdout.contains("s::one::pc could not be decided"));
        assert!(
            ran.stderr.contains("nothing is written down"),
            "{}",
            ran.stderr
        );
    }
    for file in ["ledger.lock", "h.jsonl"] {
        assert!(!fixture.project.path(file).exists());
    }
    assert_eq!(gap(&fixture, &doubt, &[]).code(), Some(3));
    // A row that got worse is certain.
    gap(&fixture, &record(&ALL, &[]), &["--accept"]);
    assert_eq!(gap(&fixture, &doubt, &["--ratchet"]).code(), Some(1));
}

#[test]
fn locks_that_are_none() {
    for (name, text) in [
        ("cut off", "format: 1\nrows:\n  \"shell\": { passed: 3"),
        ("of a later format", "format: 2\nrows: {}\n"),
        (
            "with an unknown key",
            "format: 1\nrows:\n  shell: { passt: 1, tests: 1 }\n",
        ),
        ("empty", ""),
    ] {
        let fixture = fixture();
        fixture.project.write("ledger.lock", text);
        for arguments in [&["--ratchet"] as &[_], &[]] {
            let ran = gap(&fixture, &record(&ALL, &[]), arguments);
            assert_eq!((ran.code(), ran.stdout.as_str()), (Some(2), ""));
            insta::allow_duplicates! {
                assert_snapshot!(format!("a lock that is {name}"), redact(&ran.stderr));
            }
        }
    }
}

#[test]
fn a_history_has_a_line_per_state() {
    let fixture = fixture();
    let all = record(&ALL, &[]);
    let history = |record: &str| {
        let ran = gap(&fixture, record, &["--history", "history.jsonl"]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        let text = fixture.project.read("history.jsonl");
        let lines = text
            .lines()
            .map(|l| serde_json::from_str::<Value>(l).unwrap());
        lines.collect::<Vec<_>>()
    };
    let commit = fixture.project.commit("first");
    let first = history(&all);
    assert_eq!(first.len(), 1);
    assert_eq!(first[0]["commit"], commit.trim());
    assert_eq!(
        (&first[0]["score"], &first[0]["uncommitted"]),
        (&json!(62), &json!(false))
    );
    let date = first[0]["date"].as_str().unwrap();
    assert!(date.ends_with('Z') && date.contains('T'), "{date}");
    let shell = &first[0]["rows"]["shell"];
    assert_eq!(*shell, json!({"passed": 3, "tests": 3}));

    assert_eq!(history(&all), first, "nothing has changed");
    fixture.project.write("hosts/new.nix", "{ }");
    fixture.project.git_add_all();
    let second = history(&record(&ALL, &[("s::two::pc", fails())]));
    assert_eq!(second.len(), 2);
    assert_eq!(
        (&second[1]["score"], &second[1]["uncommitted"]),
        (&json!(0), &json!(true))
    );
    assert_eq!(history(&all).len(), 3);

    for (text, says) in [
        ("hello\n", "line 1 is not one of a history"),
        ("{\"format\":1", "cut off"),
        (
            "{\"format\":9,\"commit\":\"\",\"date\":\"\",\"uncommitted\":false,\"score\":1,\"rows\":{}}\n",
            "line 1 is of format 9",
        ),
    ] {
        fixture.project.write("history.jsonl", text);
        let ran = gap(&fixture, &all, &["--history", "history.jsonl"]);
        assert_eq!(ran.code(), Some(2));
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
        assert_eq!(fixture.project.read("history.jsonl"), text);
    }
}

#[test]
fn a_record_of_something_else_proves_nothing() {
    let fixture = fixture();
    let ran = gap(&fixture, &record(&["s::other::pc"], &[]), &[]);
    assert_snapshot!("a record of other cases", transcript(&ran));
    let whole = record(&ALL, &[]);
    let cut = &whole[..whole.len() - 200];
    let end = &whole[..=whole.trim_end().rfind('\n').unwrap()];
    let interrupted = whole.replace("\"skipped\":", "\"interrupted\":true,\"skipped\":");
    for (text, says) in [
        (cut, "cut off"),
        (end, "ends before its run did"),
        ("", "the record is empty"),
        (&interrupted, "the run was interrupted"),
    ] {
        let ran = gap(&fixture, text, &["--accept"]);
        assert_eq!((ran.code(), ran.stdout.as_str()), (Some(2), ""));
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
    assert!(!fixture.project.path("ledger.lock").exists());
}

#[test]
fn rows_that_there_are_not() {
    let cases = "\
proves: [shel]
cases:
  - { name: a, proves: space, warns: x }
  - { name: b, expected_failure: { until: y, ledger: edtor }, warns: x }
  - { name: c, proves: [rockets], warns: x }
";
    let fixture = Fixture::without_nix(&[("ledger.yaml", LEDGER), ("cases/a.yaml", cases)]);
    let nix = CountingNix::new();
    let mut said = Vec::new();
    for command in ["run", "list", "gap", "coverage"] {
        let ran = fixture.run(&["--nix", nix.path().as_str(), command]);
        assert_eq!(
            (ran.code(), ran.stdout.as_str()),
            (Some(2), ""),
            "{command}"
        );
        said.push(ran.stderr);
    }
    said.dedup();
    assert_eq!((said.len(), nix.calls().to_string()), (1, String::new()));
    assert_snapshot!("rows that there are not", redact(&said[0]));

    // Without a ledger they are words.
    std::fs::remove_file(fixture.project.path("ledger.yaml")).unwrap();
    assert_eq!(fixture.run(&["list"]).code(), Some(0));
    let ran = fixture.run(&["gap"]);
    assert_snapshot!("no ledger", transcript(&ran));
    let settings = fixture.project.read("parity.yaml") + "ledger: promises.yaml\n";
    fixture.project.write("parity.yaml", &settings);
    let ran = fixture.run(&["list"]);
    assert_eq!(ran.code(), Some(2));
    assert!(
        ran.stderr.contains("`ledger` of parity.yaml names it"),
        "{}",
        ran.stderr
    );
    fixture.project.write("promises.yaml", "rows:\n  - id: a\n");
    let ran = fixture.run(&["list"]);
    assert_snapshot!("a wrong ledger", transcript(&ran));
}

#[test]
fn what_a_ledger_says_acts_on_no_terminal() {
    let fixture = fixture();
    let hostile = "\"\\e[2J::error::\\n##[error]\"";
    let ledger = LEDGER
        .replace("one shell everywhere", hostile)
        .replace("no rocket", hostile);
    fixture.project.write("ledger.yaml", &ledger);
    for format in ["human", "jsonl"] {
        // That nothing of it acts is looked at for every run.
        let ran = gap(&fixture, &record(&ALL, &[]), &["--format", format]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        assert!(ran.stdout.contains("[2J::error::"), "{}", ran.stdout);
        assert!(!ran.stdout.contains("##["), "{}", ran.stdout);
    }
}

#[test]
fn real_hosts_are_run_and_remembered() {
    let ledger = "rows:\n  - { id: names, proposed: names, wanted: required }\n  - { id: rest, proposed: the rest, wanted: required }\n";
    let cases = "cases:\n  - name: name\n    proves: names\n    expect: { darwin: { networking.hostName: air }, nixos: { networking.hostName: pc } }\n";
    let hosts = [
        Host::new(Platform::Darwin, "air"),
        Host::new(Platform::NixOs, "pc"),
    ];
    let settings = "hosts: { darwin: [air], nixos: [pc] }\nledger: plan/promised.yaml\n";
    let files = [
        ("plan/promised.yaml", ledger),
        ("cases/a.yaml", cases),
        ("parity.yaml", settings),
    ];
    let fixture = Fixture::with_hosts(&hosts, &files);
    let ran = fixture.program(&["gap", "--accept"]).env("CI", "").run();
    assert_eq!((ran.code(), ran.stderr.as_str()), (Some(0), ""));
    assert!(
        ran.stdout.contains("proven    –    1 case on 2 hosts"),
        "{}",
        ran.stdout
    );
    assert!(ran.stdout.contains("Proven 50 of 100"), "{}", ran.stdout);
    assert!(fixture.project.path("plan/promised.lock").exists());

    let nix = CountingNix::new();
    let ran = fixture.run(&["gap", "--ratchet", "--nix", nix.path().as_str()]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    // The program is another one, so the first run is not remembered; the second is.
    let calls = nix.calls().to_string();
    fixture.run(&["gap", "--ratchet", "--nix", nix.path().as_str()]);
    assert_eq!(nix.calls().to_string(), calls);

    fixture.project.write(
        "hosts/pc.nix",
        "{ lib, ... }: { networking.hostName = lib.mkForce \"x\"; }\n",
    );
    let ran = fixture.run(&["gap", "--ratchet"]);
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    assert!(ran.stdout.contains("a::name::pc fails"), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("WORSE  names: 2 of 2 tests passed, 1 of 2 tests now"),
        "{}",
        ran.stdout
    );

    // What keeps a host from being evaluated is not proof, and not known either.
    fixture
        .project
        .write("hosts/pc.nix", "{ networking = 1 + ; }\n");
    let ran = fixture.run(&["gap"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    assert!(
        ran.stdout.contains("could not be decided"),
        "{}",
        ran.stdout
    );
}
