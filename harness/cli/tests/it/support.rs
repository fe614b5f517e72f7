//! A project, a cache of its own, and the program run on it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use nix_parity_testkit::{Host, Program, Project, Ran, offline_inputs, redact};
use serde_json::Value;
use tempfile::TempDir;

/// A project and a cache that nobody else uses.
pub(crate) struct Fixture {
    pub(crate) project: Project,
    cache: TempDir,
}

impl Fixture {
    pub(crate) fn new(project: Project) -> Self {
        Self {
            project,
            cache: tempfile::tempdir().unwrap(),
        }
    }

    /// A project of real hosts with these further files.
    pub(crate) fn with_hosts(hosts: &[Host], files: &[(&str, &str)]) -> Self {
        let project = Project::with_hosts(hosts);
        for (path, text) in files {
            project.write(path, text);
        }
        project.git_add_all();
        Self::new(project)
    }

    /// A project of real hosts whose base is inputs of its flake, as real
    /// configurations have it.
    pub(crate) fn with_inputs(hosts: &[Host], files: &[(&str, &str)]) -> Self {
        let project = Project::with_inputs(hosts);
        let profiles = format!(
            "profile: offline\nprofiles: {{ offline: {{ override_inputs: {} }} }}\n",
            offline_inputs()
        );
        for (path, text) in files {
            project.write(path, text);
        }
        let settings = files.iter().find(|(path, _)| *path == "parity.yaml");
        let settings = settings.map_or("", |(_, text)| text);
        project.write("parity.yaml", &format!("{settings}{profiles}"));
        project.git_add_all();
        Self::new(project)
    }

    /// A project in which no Nix is to be started: its flake is no flake, but the
    /// hosts are named in `parity.yaml`.
    pub(crate) fn without_nix(files: &[(&str, &str)]) -> Self {
        let project = Project::new(&[
            ("flake.nix", "{ outputs = _: throw \"evaluated\"; }\n"),
            (
                "parity.yaml",
                "hosts: { darwin: [air], nixos: [pc], home: [lars] }\n",
            ),
        ]);
        for (path, text) in files {
            project.write(path, text);
        }
        project.git_add_all();
        Self::new(project)
    }

    /// The folder of its cache.
    pub(crate) fn cache(&self) -> &std::path::Path {
        self.cache.path()
    }

    /// The program in the project's folder, without colours.
    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        Program::new(under_test())
            .current_dir(self.project.root())
            .env("NIX_PARITY_CACHE_DIR", self.cache.path())
            .args(arguments)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self.program(arguments).run();
        assert_sound(&ran);
        ran
    }

    /// Runs all cases and returns what became of each.
    pub(crate) fn record(&self, arguments: &[&str]) -> Record {
        let ran = self.run(&[&["run", "--format", "jsonl"], arguments].concat());
        Record::read(&ran)
    }
}

/// The program: the one that was built with the tests, or another one that
/// `NIX_PARITY_TEST_PROGRAM` names, such as an older one that is to be seen to fail.
#[expect(clippy::disallowed_methods, reason = "this is of the tests alone")]
fn under_test() -> std::path::PathBuf {
    std::env::var_os("NIX_PARITY_TEST_PROGRAM")
        .map_or_else(|| env!("CARGO_BIN_EXE_nix-parity").into(), Into::into)
}

/// A case that takes minutes.
pub(crate) const LONG: &str = r"  - name: long
    eval: |
      { ... }:
      let
        count = f: builtins.foldl' (n: _: f n) 0 (builtins.genList (n: n) 2000);
      in
      count (_: count (_: count (_: 1)))
    is: 1
";

/// What the evaluators of this project have in their command lines.
pub(crate) fn marker(fixture: &Fixture) -> String {
    format!("git+file://{}#", fixture.project.root())
}

/// Waits until something holds, at most for a minute.
#[track_caller]
pub(crate) fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{what} never came"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What holds of every run: no panic, nothing that acts on a terminal.
#[track_caller]
pub(crate) fn assert_sound(ran: &Ran) {
    assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    for text in [&ran.stdout, &ran.stderr] {
        let acting = text
            .chars()
            .find(|c| c.is_control() && !matches!(c, '\n' | '\t'));
        assert_eq!(acting, None, "{text}");
    }
}

/// What a job of a matrix hands to `run`.
pub(crate) fn arguments(job: &Value) -> Vec<&str> {
    let arguments = job["args"].as_array().unwrap();
    arguments.iter().map(|a| a.as_str().unwrap()).collect()
}

/// A report with what may change from one version of Nix or of the offline base
/// to the next left out: the steps of a trace outside of the project's own files,
/// and line numbers in the base.
pub(crate) fn golden(report: &str) -> String {
    let own = ["modules/", "hosts/", "cases/"].map(|folder| format!("  {folder}"));
    let foreign = |line: &&str| {
        let text = line.trim_start();
        let step = ["… while ", "… from ", "… in "]
            .iter()
            .any(|start| text.starts_with(start));
        step && !own.iter().any(|folder| text.contains(folder))
            || text.ends_with("more frames")
            || text.ends_with("more frame")
    };
    let lines: Vec<_> = redact(report)
        .lines()
        .filter(|l| !foreign(l))
        .map(without_line)
        .collect();
    lines.join("\n") + "\n"
}

/// `offline/FILE.nix:12:3` without its numbers.
fn without_line(line: &str) -> String {
    let Some((before, after)) = line.split_once("offline/") else {
        return line.to_owned();
    };
    let Some((file, rest)) = after.split_once(".nix:") else {
        return line.to_owned();
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':');
    format!("{before}offline/{file}.nix{rest}")
}

/// Exit code, standard output and standard error, redacted, for a golden text.
pub(crate) fn transcript(ran: &Ran) -> String {
    let code = ran
        .code()
        .map_or("signal".to_owned(), |code| code.to_string());
    let mut text = format!("exit {code}\n");
    for (name, stream) in [("stdout", &ran.stdout), ("stderr", &ran.stderr)] {
        if !stream.is_empty() {
            text.extend([format!("--- {name}\n"), redact(stream)]);
        }
    }
    text
}

/// The record of a run, read again.
pub(crate) struct Record {
    pub(crate) code: Option<i32>,
    pub(crate) results: BTreeMap<String, Value>,
}

impl Record {
    #[track_caller]
    pub(crate) fn read(ran: &Ran) -> Self {
        assert_eq!(ran.stderr, "", "a run that begins says all in its record");
        let results = ran
            .stdout
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .filter(|event| event["event"] == "test_finished")
            .map(|event| {
                let id = &event["id"];
                let name = [&id["suite"], &id["case"], &id["host"]].map(|v| v.as_str().unwrap());
                (name.join("::"), event["result"].clone())
            })
            .collect();
        Self {
            code: ran.code(),
            results,
        }
    }

    /// The tests with this outcome, in order.
    pub(crate) fn with(&self, outcome: &str) -> Vec<&str> {
        self.results
            .iter()
            .filter(|(_, result)| result["outcome"] == outcome)
            .map(|(name, _)| name.as_str())
            .collect()
    }

    /// All that was found of one test, as text.
    #[track_caller]
    pub(crate) fn findings(&self, test: &str) -> String {
        let result = self.results.get(test);
        result.expect("a test of this name").to_string()
    }
}
