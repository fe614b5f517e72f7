//! Reports that are files, and what GitHub Actions is told.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use nix_parity_testkit::{Host, Platform, Program, Ran};

use crate::support::{Fixture, assert_sound, golden};

const CASES: &str = r#"
cases:
  - name: name
    expect:
      darwin: { networking.hostName: air }
      nixos: { networking.hostName: mac }
  - name: greeting
    hosts: pc
    expect: { common: { environment.variables.GREETING: "100% ##[group]\n::error::x" } }
  - name: thrown
    hosts: pc
    eval: "{ ... }: throw ''no''"
    is: 1
  - name: later
    expected_failure: { until: later }
    expect: { common: { networking.hostName: other } }
"#;

const MODULE: &str = r#"{
  environment.variables.GREETING = "]]> <b> ::warning::y";
}
"#;

fn fixture() -> Fixture {
    Fixture::with_hosts(
        &[
            Host::new(Platform::Darwin, "air"),
            Host::new(Platform::NixOs, "pc").with_module(MODULE),
        ],
        &[
            ("cases/a.yaml", CASES),
            ("parity.yaml", "hosts: { darwin: [air], nixos: [pc] }\n"),
        ],
    )
}

/// As a step of GitHub Actions has it.
fn in_actions(fixture: &Fixture, arguments: &[&str]) -> Program {
    fixture
        .program(arguments)
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_STEP_SUMMARY", fixture.project.path("summary.md"))
}

fn commands(text: &str) -> Vec<&str> {
    text.lines().filter(|l| l.starts_with("::")).collect()
}

fn ran(program: Program, code: i32) -> Ran {
    let ran = program.run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(code), "{}{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn a_step_of_actions_is_told_where_it_looks() {
    let fixture = fixture();
    // Evaluated once; what follows is told from the same observations.
    ran(fixture.program(&["run", "--jobs", "1"]), 1);
    let step = [
        "run",
        "--jobs",
        "1",
        "--junit",
        "out/junit.xml",
        "--markdown",
        "out/run.md",
    ];
    let told = ran(in_actions(&fixture, &step), 1);
    insta::assert_snapshot!("a step", golden(&told.stdout));
    assert_eq!(told.stderr, "");
    let errors = commands(&told.stdout);
    assert!(
        errors
            .iter()
            .any(|e| e.starts_with("::error file=hosts/pc.nix,line=2,col=")),
        "the line that set the value: {errors:?}"
    );
    // All that begins with `::` is ours.
    assert!(
        errors
            .iter()
            .all(|e| e.contains(",title=") || e.starts_with("::notice title="))
    );

    let page = fixture.project.read("out/run.md");
    let (marker, page) = page.split_once('\n').unwrap();
    assert_eq!(marker, "<!-- nix-parity:run -->");
    assert_eq!(fixture.project.read("summary.md"), page);
    insta::assert_snapshot!("a page", golden(page));
    let xml = fixture.project.read("out/junit.xml");
    assert!(xml.contains("]]&gt; &lt;b&gt; ::warning::y"), "{xml}");

    // What other commands of the step have written stays.
    let again = ran(
        in_actions(&fixture, &["run", "--jobs", "1", "--format", "jsonl"]),
        1,
    );
    assert_eq!(
        fixture
            .project
            .read("summary.md")
            .matches("## nix-parity: failed")
            .count(),
        2
    );
    // Where the record is on one stream, annotations are on the other.
    assert_eq!(commands(&again.stdout), Vec::<&str>::new());
    assert_eq!(commands(&again.stderr), errors);

    let silent = ran(
        in_actions(&fixture, &["run", "--jobs", "1", "--github=never"]),
        1,
    );
    assert_eq!(commands(&silent.stdout), Vec::<&str>::new());
    assert_eq!(
        fixture
            .project
            .read("summary.md")
            .matches("## nix-parity: failed")
            .count(),
        2
    );
    let asked = ran(fixture.program(&["run", "--jobs", "1", "--github"]), 1);
    assert_eq!(commands(&asked.stdout), errors);
}

#[test]
fn a_record_gives_the_reports_of_its_run() {
    let fixture = fixture();
    let files = ["--junit", "a.xml", "--markdown", "a.md"];
    let record =
        fixture.run(&[&["run", "--format", "jsonl", "--github=always"], &files[..]].concat());
    fixture.project.write("run.jsonl", &record.stdout);
    fs::create_dir(fixture.project.path("sub")).unwrap();
    let again = [
        "report",
        "--from",
        "run.jsonl",
        "--junit",
        "b.xml",
        "--markdown",
        "b.md",
    ];
    let again = ran(in_actions(&fixture, &again), 1);
    for kind in ["xml", "md"] {
        let [a, b] = ["a", "b"].map(|name| fixture.project.read(&format!("{name}.{kind}")));
        assert_eq!(a, b);
    }
    // GitHub was told when the run was made.
    assert_eq!(commands(&again.stdout), Vec::<&str>::new());
    let asked = ran(
        fixture.program(&["report", "--from", "run.jsonl", "--github"]),
        1,
    );
    assert_eq!(commands(&asked.stdout), commands(&record.stderr));

    // A project that is a folder of its repository.
    let below = [
        "-C",
        "sub",
        "report",
        "--from",
        "run.jsonl",
        "--github",
        "--junit",
        "c.xml",
    ];
    let below = ran(fixture.program(&below), 1);
    for error in commands(&below.stdout) {
        assert!(error.contains(" file=sub/"), "{error}");
    }
    assert!(
        fixture
            .project
            .read("c.xml")
            .contains("file=\"sub/cases/a.yaml\"")
    );
}

#[test]
fn what_cannot_be_written_is_said_and_the_verdict_too() {
    let fixture = fixture();
    let to = |file: &str| ran(fixture.program(&["run", "name", "--junit", file]), 3);
    for file in ["flake.nix/junit.xml", "."] {
        let told = to(file);
        assert!(told.stdout.contains("1 failed"), "{}", told.stdout);
        let message = format!("the JUnit report cannot be written to {file}: ");
        assert!(told.stderr.contains(&message), "{}", told.stderr);
    }
    let summary = fixture.program(&["run", "name", "--github"]);
    let told = ran(summary.env("GITHUB_STEP_SUMMARY", "/nowhere/at/all"), 3);
    assert!(
        told.stderr
            .contains("the summary of the step cannot be written")
    );
    assert!(!commands(&told.stdout).is_empty());

    // What was there is replaced as a whole, and nothing is left beside it.
    let folder = fixture.project.path("out");
    fs::create_dir(&folder).unwrap();
    fixture.project.write("out/junit.xml", "old");
    ran(
        fixture.program(&["run", "name", "--junit", "out/junit.xml"]),
        1,
    );
    assert!(fixture.project.read("out/junit.xml").starts_with("<?xml"));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    let mode = fs::metadata(folder.join("junit.xml"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o444, 0o444 & !umask(), "others may read it");
}

/// The bits that new files do not get.
fn umask() -> u32 {
    let probe = tempfile::tempdir().unwrap();
    let file = probe.path().join("x");
    fs::write(&file, "").unwrap();
    !fs::metadata(file).unwrap().permissions().mode() & 0o666
}

#[test]
fn a_run_of_nothing_has_its_files() {
    let fixture = fixture();
    fixture.project.commit("first");
    ran(fixture.program(&["run"]), 1);
    let told = ran(
        fixture.program(&["run", "--affected", "--junit", "junit.xml"]),
        0,
    );
    assert_eq!(told.stdout, "");
    assert!(fixture.project.read("junit.xml").contains("tests=\"0\""));
}

#[test]
fn the_run_of_a_gap_has_reports() {
    let fixture = fixture();
    fixture.project.write(
        "ledger.yaml",
        "rows: [{ id: one, proposed: it, gap: small, weight: 1, wanted: required }]\n",
    );
    let told = fixture.run(&["gap", "--junit", "junit.xml"]);
    assert!(
        fixture.project.path("junit.xml").exists(),
        "{}{}",
        told.stdout,
        told.stderr
    );
    let told = ran(fixture.program(&["gap", "--junit", "flake.nix/x"]), 3);
    assert!(told.stderr.contains("cannot be written") && !told.stdout.is_empty());
    let told = ran(fixture.program(&["gap", "--from", "x", "--junit", "y"]), 2);
    assert!(
        told.stderr.contains("cannot be used with"),
        "{}",
        told.stderr
    );
}

#[test]
fn shards_are_put_together() {
    let fixture = fixture();
    for host in ["air", "pc"] {
        let shard = fixture.run(&["run", "--format", "jsonl", "--host", host]);
        fixture
            .project
            .write(&format!("{host}.jsonl"), &shard.stdout);
    }
    let all = fixture.record(&[]);
    let merged = [
        "report",
        "--from",
        "air.jsonl",
        "pc.jsonl",
        "--format",
        "jsonl",
        "--junit",
        "m.xml",
    ];
    let merged = ran(fixture.program(&merged), 1);
    let summary = merged.stdout.lines().last().unwrap().to_owned();
    let counts = format!(
        "\"passed\":{},\"failed\":{},\"errors\":{},\"unevaluable\":1,\"skipped\":0,\"hosts\":2,",
        all.with("pass").len(),
        all.with("fail").len(),
        all.with("error").len(),
    );
    assert!(summary.contains(&counts), "{summary}");
    assert!(fixture.project.read("m.xml").contains("tests=\"6\""));

    // Written once more, it is a record like any other.
    fixture.project.write("all.jsonl", &merged.stdout);
    ran(fixture.program(&["report", "--from", "all.jsonl"]), 1);

    // Twice is said, and counts once.
    let twice = [
        "report",
        "--from",
        "air.jsonl",
        "--from",
        "pc.jsonl",
        "--from",
        "pc.jsonl",
    ];
    let twice = ran(fixture.program(&twice), 1);
    let said = "warning: 4 tests are in several records and counted once, by what says most: ";
    assert!(twice.stdout.contains(said), "{}", twice.stdout);
    assert!(
        twice.stdout.contains("6 tests on 2 hosts: "),
        "{}",
        twice.stdout
    );

    // A shard that is not whole leaves no verdict.
    let air = fixture.project.read("air.jsonl");
    for (name, text, message) in [
        ("cut", &air[..air.len() - 9], "cut.jsonl: line "),
        (
            "ended",
            air.trim_end().rsplit_once('\n').unwrap().0,
            "ended.jsonl: the record ends",
        ),
        ("empty", "", "empty.jsonl: the record is empty"),
    ] {
        let file = format!("{name}.jsonl");
        fixture.project.write(&file, text);
        let arguments = [
            "report",
            "--from",
            &file,
            "pc.jsonl",
            "--markdown",
            "m.md",
            "--junit",
            "m.xml",
        ];
        let told = ran(fixture.program(&arguments), 2);
        assert!(told.stderr.contains(message), "{name}: {}", told.stderr);
        let page = fixture.project.read("m.md");
        assert!(
            page.contains("**the run ended without a result: "),
            "{name}: {page}"
        );
        assert!(
            fixture
                .project
                .read("m.xml")
                .contains("every test is decided"),
            "{name}"
        );
    }
    let other = fixture.project.read("pc.jsonl").replacen(
        "\"platform\":\"nixos\"",
        "\"platform\":\"home\"",
        1,
    );
    fixture.project.write("other.jsonl", &other);
    let told = ran(
        fixture.program(&["report", "--from", "pc.jsonl", "other.jsonl"]),
        2,
    );
    assert!(
        told.stderr
            .contains("no shards of one run: host nixos:pc, and home:pc"),
        "{}",
        told.stderr
    );
}

#[test]
fn names_of_hosts_give_no_commands() {
    let name = "::error::x";
    let flake = format!(
        "{{ outputs = _: {{ nixosConfigurations.\"{name}\" = {{ config.name = \"y\"; options = {{ }}; pkgs.stdenv.hostPlatform.system = \"x86_64-linux\"; }}; }}; }}\n"
    );
    let fixture = Fixture::without_nix(&[
        ("flake.nix", &flake),
        ("parity.yaml", "{}\n"),
        (
            "cases/a.yaml",
            "cases: [{ name: n, expect: { common: { name: x } } }]\n",
        ),
    ]);
    fixture.project.commit("first");
    for arguments in [
        vec!["run"],
        vec!["run", "--affected"],
        vec!["run", "--explain-cache"],
        vec!["list"],
        vec!["explain", "name"],
        vec!["diff", "--since", "HEAD"],
        vec!["doctor"],
    ] {
        let told = fixture.run(&arguments);
        for stream in [&told.stdout, &told.stderr] {
            let obeyed = stream.lines().find(|l| l.trim_start().starts_with("::"));
            assert_eq!(obeyed, None, "{arguments:?}");
        }
    }
}
