//! The record of a run, and readers that do not read it all.

use insta::assert_snapshot;
use nix_parity_testkit::{Host, Platform, Program, redact};

use crate::support::{Fixture, assert_sound, golden};

const CASES: &str = r#"
cases:
  - name: name
    expect:
      darwin: { networking.hostName: air }
      nixos: { networking.hostName: mac }
  - name: thrown
    hosts: pc
    eval: "{ ... }: throw ''no''"
    is: 1
  - name: later
    expected_failure: { until: later }
    expect: { common: { networking.hostName: other } }
"#;

fn fixture() -> Fixture {
    Fixture::with_hosts(
        &[
            Host::new(Platform::Darwin, "air"),
            Host::new(Platform::NixOs, "pc"),
        ],
        &[
            ("cases/a.yaml", CASES),
            ("parity.yaml", "hosts: { darwin: [air], nixos: [pc] }\n"),
        ],
    )
}

#[test]
fn the_record_tells_what_the_run_told() {
    let fixture = fixture();
    // Evaluated once; what follows is told from the same observations.
    fixture.run(&["run", "--jobs", "1"]);
    let told = fixture.run(&["run", "--jobs", "1"]);
    let record = fixture.run(&["run", "--jobs", "1", "--format", "jsonl"]);
    assert_eq!((told.code(), record.code()), (Some(1), Some(1)));

    let again = fixture
        .program(&["report", "--from", "-"])
        .input(record.stdout.clone())
        .run();
    assert_eq!(redact(&again.stdout), redact(&told.stdout));
    assert_eq!(again.code(), Some(1));

    fixture.project.write("run.jsonl", &record.stdout);
    let same = fixture.run(&["report", "--format", "jsonl", "--from", "run.jsonl"]);
    assert_eq!(same.stdout, record.stdout);
    assert_snapshot!("told", golden(&told.stdout));
}

#[test]
fn records_that_are_none() {
    let fixture = fixture();
    let record = fixture
        .run(&["run", "--jobs", "1", "--format", "jsonl"])
        .stdout;
    let without_end = record.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    let cut = record[..record.len() - 20].to_owned();
    let report = |text: String| {
        let ran = fixture
            .program(&["report", "--from", "-"])
            .input(text)
            .run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(2));
        redact(&ran.stderr)
    };
    assert_snapshot!("without its last event", report(without_end));
    assert_snapshot!("cut off within a line", report(cut));
    assert_snapshot!("empty", report(String::new()));
    assert_snapshot!("no record", report("hello\n".to_owned()));
    assert_snapshot!(
        "of a later format",
        report(record.replace("\"format\":1", "\"format\":999"))
    );
    let ran = fixture.run(&["report", "--from", "nowhere.jsonl"]);
    assert_eq!(ran.code(), Some(2));
    assert!(ran.stderr.contains("nowhere.jsonl"), "{}", ran.stderr);
}

/// The exit code of the program when the reader of its output goes away after the
/// first line, and what was written to standard error.
fn cut_short(fixture: &Fixture, arguments: &str) -> (String, String) {
    let script = format!("{{ \"$0\" {arguments}; echo \"$?\" >&2; }} | head -n 1");
    let ran = Program::new("/bin/sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_nix-parity")])
        .current_dir(fixture.project.root())
        .env("NIX_PARITY_CACHE_DIR", fixture.project.path(".cache"))
        .run();
    assert_sound(&ran);
    (ran.stdout, ran.stderr)
}

#[test]
fn a_reader_that_goes_away_changes_no_verdict() {
    let fixture = fixture();
    let mut many = CASES.to_owned();
    for n in 0..400 {
        // More than a pipe holds.
        many.extend([format!(
            "  - name: {n} {}\n    eval: '{{ ... }}: 1'\n    is: 2\n",
            "long ".repeat(100)
        )]);
    }
    fixture.project.write("cases/a.yaml", &many);
    for arguments in ["run", "run --format jsonl"] {
        let (out, errors) = cut_short(&fixture, arguments);
        assert_eq!(out.lines().count(), 1);
        assert_eq!(errors, "1\n", "{arguments}");
    }
    let record = fixture.run(&["run", "--format", "jsonl"]).stdout;
    fixture.project.write("record", &record);
    for arguments in [
        "report --from record",
        "report --from record --format jsonl",
    ] {
        let (out, errors) = cut_short(&fixture, arguments);
        assert_eq!(out.lines().count(), 1);
        assert_eq!(errors, "1\n", "{arguments}");
    }
    for arguments in ["list", "list --format jsonl", "schema case"] {
        let (out, errors) = cut_short(&fixture, arguments);
        assert_eq!(out.lines().count(), 1);
        assert_eq!(errors, "0\n", "{arguments}");
    }
}

#[test]
fn the_first_failure_can_end_a_run() {
    let fixture = fixture();
    let record = fixture.record(&["--fail-fast", "--jobs", "1", "--host", "pc"]);
    assert_eq!(record.with("fail"), ["a::name::pc"]);
    assert_eq!(record.results.len(), 1);
    assert_eq!(record.code, Some(1));
}
