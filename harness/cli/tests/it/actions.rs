//! The scripts of the actions, run as a runner runs them: on a project, with the
//! variables and files of a step.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use nix_parity_testkit::{Host, Platform, Program, Ran, find};
use serde_json::Value;

use crate::support::{Fixture, arguments};

fn script(path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap().join("ci/actions").join(path)
}

/// A runner: a project, and the folders and files of its steps.
pub(crate) struct Runner {
    pub(crate) fixture: Fixture,
    folder: tempfile::TempDir,
}

impl Runner {
    pub(crate) fn new(fixture: Fixture) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { fixture, folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// Runs a step in a bash as that of GitHub, with `nix-parity` on `PATH`.
    pub(crate) fn step(&self, path: &str, variables: &[(&str, &str)]) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_nix-parity"))
            .parent()
            .unwrap();
        self.step_with(program, path, variables)
    }

    fn step_with(&self, program: &Path, path: &str, variables: &[(&str, &str)]) -> Ran {
        let mut search = vec![program.to_path_buf()];
        search.extend(std::env::split_paths(&search_path()));
        let mut step = Program::new(find("bash").expect("a runner has bash"))
            .args(["--noprofile", "--norc", "-eo", "pipefail"])
            .arg(script(path))
            .current_dir(self.fixture.project.root())
            .env("PATH", std::env::join_paths(search).unwrap())
            .env("NIX_PARITY_CACHE_DIR", self.fixture.cache())
            .env("RUNNER_TEMP", self.folder.path())
            .env("RUNNER_TOOL_CACHE", self.path("tools"))
            .env("GITHUB_OUTPUT", self.path("output"))
            .env("GITHUB_ENV", self.path("env"))
            .env("GITHUB_PATH", self.path("path"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"));
        for (name, value) in variables {
            step = step.env(name, value);
        }
        step.run()
    }
}

/// Where programs are: found by one that there always is.
fn search_path() -> std::ffi::OsString {
    let shell = find("sh").expect("there is a shell");
    let ran = Program::new(shell)
        .args(["-c", "printf %s \"$PATH\""])
        .run();
    ran.stdout.into()
}

pub(crate) fn output<'o>(outputs: &'o str, name: &str) -> &'o str {
    let mut lines = outputs.lines();
    lines
        .find_map(|line| line.strip_prefix(name)?.strip_prefix('='))
        .expect(outputs)
}

const CASES: &str = r#"suite: "a b"
cases:
  - { name: "it's $(touch hacked) `here` \"*\"", eval: "{ ... }: 1", is: 1 }
  - { name: wrong on two, hosts: [two], eval: "{ ... }: 1", is: 2 }
  - { name: files, tree: { present: [flake.nix] } }
"#;

#[test]
fn a_suite_is_divided_and_run_and_what_fails_fails_its_job() {
    let hosts = ["one", "two"].map(|name| Host::new(Platform::NixOs, name));
    let runner = Runner::new(Fixture::with_hosts(&hosts, &[("cases/a.yaml", CASES)]));
    let ran = runner.step("divide/divide", &[("SELECTION", "--shards=3\n\n")]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let outputs = runner.read("output");
    assert_eq!(output(&outputs, "any"), "true");
    assert_eq!(output(&outputs, "tests"), "4");
    let matrix: Value = serde_json::from_str(output(&outputs, "matrix")).unwrap();

    let mut codes = Vec::new();
    let mut decided = 0;
    for job in matrix["include"].as_array().unwrap() {
        let id = job["id"].as_str().unwrap();
        let record = runner.path(&format!("records/{id}.jsonl"));
        let ran = runner.step(
            "shard/run",
            &[
                // As `join(matrix.args, …)` makes them.
                ("ARGS", &arguments(job).join("\n")),
                ("OPTIONS", "--jobs=1\n"),
                ("RECORD", record.to_str().unwrap()),
            ],
        );
        codes.push(ran.code());
        // What it says is the report, and the record is whole.
        assert!(ran.stdout.contains(" passed"), "{}", ran.stdout);
        let record = fs::read_to_string(record).unwrap();
        assert!(record.lines().last().unwrap().contains("run_finished"));
        decided += record.matches("{\"event\":\"test_finished\"").count();
    }
    codes.sort_unstable();
    assert_eq!(codes, [Some(0), Some(0), Some(1)]);
    assert_eq!(decided, 4);
    assert!(!runner.fixture.project.path("hacked").exists());

    // A name with all that a shell would read is taken as it is.
    let ran = runner.step(
        "shard/run",
        &[
            ("ARGS", "--\n$(touch hacked) `here` \"*\""),
            ("RECORD", runner.path("r/one").to_str().unwrap()),
        ],
    );
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(
        ran.stdout.contains("2 tests on 2 hosts: 2 passed"),
        "{}",
        ran.stdout
    );
    assert!(!runner.fixture.project.path("hacked").exists());
}

#[test]
fn a_step_that_is_told_nonsense_fails_as_the_program_does() {
    let hosts = [Host::new(Platform::NixOs, "one")];
    let runner = Runner::new(Fixture::with_hosts(
        &hosts,
        &[(
            "cases/a.yaml",
            "cases: [{ name: a, eval: '{ ... }: 1', is: 1 }]\n",
        )],
    ));
    let ran = runner.step("divide/divide", &[("SELECTION", "--shards=0")]);
    assert_eq!(ran.code(), Some(2));
    let ran = runner.step("divide/divide", &[("SINCE", "--all")]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("`--all` is no commit"),
        "{}",
        ran.stderr
    );
    let record = runner.path("records/a");
    let record = ("RECORD", record.to_str().unwrap());
    let ran = runner.step("shard/run", &[("ARGS", "--tag=none"), record]);
    assert_eq!(ran.code(), Some(4), "{}", ran.stderr);
    let ran = runner.step("setup/use-nix", &[("ATTRIBUTE", "lix; touch hacked")]);
    assert_eq!(ran.code(), Some(1));
    assert!(
        ran.stdout.contains("no name of a package"),
        "{}",
        ran.stdout
    );
}

#[test]
fn nothing_affected_is_no_job() {
    let hosts = [Host::new(Platform::NixOs, "one")];
    let cases = "cases: [{ name: a, eval: '{ ... }: 1', is: 1 }]\n";
    let fixture = Fixture::with_inputs(&hosts, &[("cases/a.yaml", cases)]);
    fixture.project.commit("first");
    assert_eq!(fixture.run(&["run"]).code(), Some(0));
    let runner = Runner::new(fixture);
    let ran = runner.step("divide/divide", &[("SINCE", "HEAD")]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert_eq!(output(&runner.read("output"), "any"), "false");
}

#[test]
fn the_program_is_built_once_for_the_same_sources() {
    let runner = Runner::new(Fixture::without_nix(&[]));
    let home = runner.folder.path().to_str().unwrap().to_owned();
    for _ in 0..2 {
        let ran = runner.step("setup/prepare", &[("HOME", &home)]);
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    }
    let outputs = runner.read("output");
    let digests: Vec<_> = outputs
        .lines()
        .filter(|l| l.starts_with("digest="))
        .collect();
    assert_eq!(digests[0], digests[1]);
    assert_eq!(digests[0].len(), "digest=".len() + 16);
    // What a cache has brought is not built again, and found by later steps.
    let program = PathBuf::from(output(&outputs, "program"));
    fs::create_dir_all(&program).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_nix-parity"), program.join("nix-parity")).unwrap();
    let ran = runner.step("setup/build", &[("PROGRAM", program.to_str().unwrap())]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.starts_with("nix-parity"), "{}", ran.stdout);
    assert_eq!(runner.read("path").trim_end(), program.to_str().unwrap());
}

#[test]
fn a_report_of_all_jobs_fails_where_one_left_nothing() {
    let runner = Runner::new(Fixture::without_nix(&[]));
    // A stand-in for the program: says what it was given, and ends as it is told.
    let stand_in = runner.path("bin");
    fs::create_dir_all(&stand_in).unwrap();
    let program = stand_in.join("nix-parity");
    fs::write(
        &program,
        "#!/bin/sh\nprintf '%s\\n' \"$@\"\nwhile [ $# -gt 0 ]; do\n  [ \"$1\" != --markdown ] || echo '# report' > \"$2\"\n  shift\ndone\nexit \"${STAND_IN_EXIT:-0}\"\n",
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let records = runner.path("records");
    let reports = runner.path("reports");
    let merge = |tests: &str, exit: &str| {
        runner.step_with(
            &stand_in,
            "merge/report",
            &[
                ("RECORDS", records.to_str().unwrap()),
                ("REPORTS", reports.to_str().unwrap()),
                ("TESTS", tests),
                ("STAND_IN_EXIT", exit),
            ],
        )
    };
    let ran = merge("2", "0");
    assert_eq!(ran.code(), Some(3));
    assert!(
        ran.stdout.contains("::error::no job has left a record"),
        "{}",
        ran.stdout
    );

    fs::create_dir_all(&records).unwrap();
    let result =
        "{\"event\":\"test_finished\",\"note\":\"{\\\"event\\\":\\\"test_finished\\\"\"}\n";
    fs::write(records.join("a b.jsonl"), result).unwrap();
    fs::write(records.join("c.jsonl"), result).unwrap();
    let ran = merge("2", "0");
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(lines[..2], ["report", "--from"]);
    assert!(lines[2].ends_with("records/a b.jsonl"), "{}", ran.stdout);
    assert!(runner.read("summary").contains("# report"));
    assert_eq!(merge("2", "1").code(), Some(1));
    let ran = merge("3", "0");
    assert_eq!(ran.code(), Some(3));
    assert!(
        ran.stdout.contains("2 tests were decided of the 3"),
        "{}",
        ran.stdout
    );
    assert_eq!(merge("3", "1").code(), Some(1), "a failure is certain");
    // What an earlier step says is a number, or no part of a log.
    let ran = merge("3\n::error::owned", "0");
    assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
    assert_eq!(ran.stdout, "::error::TESTS is no number\n");
}
