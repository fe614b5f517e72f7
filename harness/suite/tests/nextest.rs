//! The cases as tests: what a test runner sees of the binary `cases`, when it
//! lists, when it starts one process per test, and when one of them is killed.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix_parity_testkit::{
    CountingNix, Host, Need, Platform, Program, Project, Ran, assert_none_left,
};
use serde_json::{Value, json};
use tempfile::TempDir;

const CASES: &str = r"
suite: names
cases:
  - name: host name
    expect:
      darwin: { networking.hostName: air }
      nixos: { networking.hostName: pc }
  - name: a shell
    expect: { common: { programs.fish.enable: true } }
  - name: a wrong name
    hosts: pc
    expect: { nixos: { networking.hostName: other } }
";

/// A project, a cache of its own, and a Nix whose starts are counted.
struct Fixture {
    project: Project,
    cache: TempDir,
    nix: CountingNix,
}

impl Fixture {
    fn new() -> Self {
        let fish = "{\n  programs.fish.enable = true;\n}\n";
        let project = Project::with_hosts(&[
            Host::new(Platform::Darwin, "air").with_module(fish),
            Host::new(Platform::NixOs, "pc").with_module(fish),
        ]);
        project.write("cases/names.yaml", CASES);
        project.write("parity.yaml", "hosts: { darwin: [air], nixos: [pc] }\n");
        project.git_add_all();
        Self {
            project,
            cache: tempfile::tempdir().unwrap(),
            nix: CountingNix::new(),
        }
    }

    /// Without the case that fails.
    fn green() -> Self {
        let fixture = Self::new();
        let (right, _) = CASES.split_once("  - name: a wrong name").unwrap();
        fixture.project.write("cases/names.yaml", right);
        fixture
    }

    fn given(&self, program: Program) -> Program {
        program
            .env("NIX_PARITY_DIR", self.project.root())
            .env("NIX_PARITY_CACHE_DIR", self.cache.path())
            .env("NIX_PARITY_NIX", self.nix.path())
    }

    fn program(&self, arguments: &[&str]) -> Program {
        self.given(Program::new(cases_binary()).args(arguments))
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self.program(arguments).run();
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        ran
    }

    /// One test as nextest starts it.
    fn one(&self, test: &str) -> Program {
        self.program(&[test, "--exact", "--nocapture"])
            .env("NEXTEST", "1")
    }
}

/// The binary of the target `cases`, which Cargo builds beside this one. Of
/// several the newest.
fn cases_binary() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let entries = here.parent().unwrap().read_dir().unwrap();
    let newest = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_none())
        .filter(|path| {
            path.file_name()
                .is_some_and(|n| n.to_string_lossy().starts_with("cases-"))
        })
        .max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    newest.expect("Cargo builds all tests of a package before it runs one")
}

#[test]
fn listing_starts_no_nix() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["--list", "--format", "terse"]);
    assert_eq!(
        ran.stdout,
        "names::host name::air: test\n\
         names::host name::pc: test\n\
         names::a shell::air: test\n\
         names::a shell::pc: test\n\
         names::a wrong name::pc: test\n"
    );
    assert_eq!(ran.code(), Some(0));
    let ignored = fixture.run(&["--list", "--format", "terse", "--ignored"]);
    assert_eq!((ignored.stdout.as_str(), ignored.code()), ("", Some(0)));
    assert_eq!(fixture.nix.calls().to_string(), "");
}

#[test]
fn a_failing_case_fails_the_run_and_says_why() {
    let fixture = Fixture::new();
    let ran = fixture.run(&[]);
    assert_eq!(ran.code(), Some(101));
    assert!(ran.stdout.contains("4 passed; 1 failed"), "{}", ran.stdout);
    for part in [
        "cases/names.yaml:",
        "expected  \"other\"",
        "got       \"pc\"",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }
    assert_eq!(
        fixture.nix.calls().count_of("repl"),
        2,
        "{}",
        fixture.nix.calls()
    );

    let green = Fixture::green();
    assert_eq!(green.run(&[]).code(), Some(0));
    // Nothing changed, nothing is evaluated.
    let before = green.nix.calls().count();
    assert_eq!(green.run(&[]).code(), Some(0));
    assert_eq!(green.nix.calls().count(), before);
}

#[test]
fn one_test_is_run_alone() {
    let fixture = Fixture::new();
    let ran = fixture.run(&["names::a shell::air", "--exact"]);
    assert!(ran.stdout.contains("1 passed; 0 failed"), "{}", ran.stdout);
    assert_eq!(ran.code(), Some(0));
    let ran = fixture.run(&["names::a wrong name::pc", "--exact"]);
    assert!(ran.stdout.contains("0 passed; 1 failed"), "{}", ran.stdout);
    assert_eq!(ran.code(), Some(101));
    // The second host was not evaluated for the first one's test.
    assert_eq!(fixture.nix.calls().count_of("repl"), 2);
}

#[test]
fn a_broken_file_is_one_failing_test() {
    let fixture = Fixture::new();
    fixture
        .project
        .write("cases/broken.yaml", "cases:\n  - nmae: x\n    warns: y\n");
    fixture.project.write(
        "cases/lost.yaml",
        "cases:\n  - name: x\n    hosts: nobody\n    warns: y\n",
    );
    fixture.project.write(
        "ledger.yaml",
        "rows: [{ id: shell, proposed: a shell, wanted: required }]\n",
    );
    fixture.project.write(
        "cases/proof.yaml",
        "proves: shells\ncases:\n  - name: x\n    warns: y\n",
    );
    let list = fixture.run(&["--list", "--format", "terse"]).stdout;
    for file in ["broken", "lost", "proof"] {
        let test = format!("cases/{file}.yaml: test\n");
        assert!(list.contains(&test), "{list}");
    }
    assert_eq!(list.lines().count(), 8, "{list}");

    let ran = fixture.run(&[]);
    assert!(ran.stdout.contains("4 passed; 4 failed"), "{}", ran.stdout);
    // Nor is it found when it alone is asked for.
    let one = fixture.run(&["proof::x::pc", "--exact"]);
    assert!(one.stdout.contains("0 passed; 0 failed"), "{}", one.stdout);
    for part in [
        "the ledger has no row `shells`",
        "unknown key `nmae`",
        "did you mean `name`?",
        "unknown host `nobody`",
    ] {
        assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
    }
    assert_eq!(ran.code(), Some(101));
}

#[test]
fn an_orphaned_snapshot_fails_a_test_of_its_own() {
    let fixture = Fixture::green();
    let snapshot = |case: &str| format!("snapshots/pc/names__{case}@options.snap");
    let cases = fixture.project.read("cases/names.yaml");
    let taking = "  - name: taken\n    hosts: pc\n    snapshot: { options: networking.hostName }\n";
    fixture
        .project
        .write("cases/names.yaml", &format!("{cases}{taking}"));
    let text = "---\nsource: x\nexpression: options of networking.hostName\n---\nnetworking.hostName = \"pc\";\n";
    fixture.project.write(&snapshot("taken"), text);
    let name = "snapshots::no orphan";
    let listed = fixture.run(&["--list", "--format", "terse"]).stdout;
    assert!(listed.ends_with(&format!("{name}: test\n")), "{listed}");
    let ran = fixture.one(name).run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);

    fixture
        .project
        .write("snapshots/pc/names__gone@options.snap", text);
    let ran = fixture.one(name).run();
    assert_eq!(ran.code(), Some(101), "{}", ran.stdout);
    let told = format!("no case takes the snapshot {}", snapshot("gone"));
    assert!(ran.stdout.contains(&told), "{}", ran.stdout);
    assert!(!ran.stdout.contains(&snapshot("taken")), "{}", ran.stdout);
    assert_eq!(fixture.nix.calls().to_string(), "");
    // A whole run fails by nothing else.
    let ran = fixture.run(&[]);
    assert!(ran.stdout.contains("5 passed; 1 failed"), "{}", ran.stdout);
}

#[test]
fn no_test_is_no_success() {
    let fixture = Fixture::new();
    std::fs::remove_dir_all(fixture.project.path("cases")).unwrap();
    let ran = fixture.run(&[]);
    assert!(
        ran.stdout.contains("there is no folder `cases`"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.code(), Some(101));
    assert_eq!(fixture.nix.calls().count(), 0);
}

#[test]
fn processes_of_one_run_share_one_evaluation() {
    let fixture = Fixture::new();
    let tests = [
        ("names::host name::pc", Some(0)),
        ("names::a shell::pc", Some(0)),
        ("names::a wrong name::pc", Some(101)),
    ];
    // All at once, and each twice.
    let running: Vec<_> = tests
        .iter()
        .chain(&tests)
        .map(|(test, code)| (fixture.one(test).start(), *code))
        .collect();
    for (process, code) in running {
        let ran = process.finish();
        assert_eq!(ran.code(), code, "{}", ran.stdout);
    }
    assert_eq!(
        fixture.nix.calls().count_of("repl"),
        1,
        "{}",
        fixture.nix.calls()
    );
}

#[test]
fn the_death_of_the_one_that_evaluates_is_made_good() {
    let fixture = Fixture::green();
    // Takes a few seconds, so that there is time to kill the one that is at it.
    fixture.project.write(
        "hosts/pc.nix",
        "{\n  programs.fish.enable =\n    let numbers = builtins.genList (n: n) 3000;\n    \
         in builtins.foldl' (n: _: builtins.foldl' (n: _: n) n numbers) true numbers;\n}\n",
    );
    let test = "names::a shell::pc";
    let evaluates = fixture.one(test).start();
    let began = Instant::now();
    while fixture.nix.calls().count_of("repl") == 0 {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "no evaluator was started"
        );
        std::thread::sleep(Duration::from_millis(10));
    }
    let waiting = [
        fixture.one(test).start(),
        fixture.one("names::host name::pc").start(),
    ];
    std::thread::sleep(Duration::from_millis(300));
    evaluates.kill();
    assert_eq!(evaluates.finish().signal(), Some(9));
    for process in waiting {
        let ran = process.finish();
        assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    }
    assert_eq!(
        fixture.nix.calls().count_of("repl"),
        2,
        "{}",
        fixture.nix.calls()
    );
    assert_none_left("names::a shell::pc");
}

#[test]
fn a_run_looks_at_one_state_of_the_tree_and_the_next_run_at_the_next() {
    let fixture = Fixture::green();
    let in_run = |run: &str, test: &str| {
        let ran = fixture.one(test).env("NEXTEST_RUN_ID", run).run();
        ran.code()
    };
    assert_eq!(in_run("first", "names::a shell::pc"), Some(0));
    let module = fixture.project.read("hosts/pc.nix");
    let edited = module.replace(
        "programs.fish.enable = true;",
        "programs.fish.enable = false;",
    );
    assert_ne!(edited, module);
    fixture.project.write("hosts/pc.nix", &edited);
    // Of the host that this run has evaluated already.
    assert_eq!(in_run("first", "names::a shell::pc"), Some(0));
    assert_eq!(in_run("second", "names::a shell::pc"), Some(101));
    // What is evaluated after the edit is never taken for what was before it.
    assert_eq!(in_run("first", "names::a shell::air"), Some(0));
    fixture.project.write("hosts/pc.nix", &module);
    assert_eq!(in_run("third", "names::a shell::pc"), Some(0));
    assert_eq!(fixture.nix.calls().count_of("repl"), 3);
}

/// nextest itself on the binary, without building anything.
fn nextest(fixture: &Fixture, arguments: &[&str]) -> Ran {
    Need::Nextest.require();
    let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    // Of the platform that this runs on: crates of others may not be here.
    let version = Program::new("rustc").args(["-vV"]).run().stdout;
    let host = version
        .lines()
        .find_map(|l| l.strip_prefix("host: "))
        .unwrap();
    let metadata = Program::new("cargo")
        .args(["metadata", "--format-version", "1", "--offline"])
        .args(["--filter-platform", host])
        .current_dir(workspace)
        .run()
        .stdout;
    let parsed: Value = serde_json::from_str(&metadata).unwrap();
    let package = parsed["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == env!("CARGO_PKG_NAME"))
        .unwrap();
    let binary = cases_binary();
    let target = binary.ancestors().nth(3).unwrap();
    let binaries = json!({
        "rust-build-meta": {
            "target-directory": target,
            "base-output-directories": [],
            "non-test-binaries": {},
            "build-script-out-dirs": {},
            "linked-paths": [],
            "platforms": null,
            "target-platforms": [],
            "target-platform": null,
        },
        "rust-binaries": {
            "nix-parity-suite::cases": {
                "binary-id": "nix-parity-suite::cases",
                "binary-name": "cases",
                "package-id": package["id"],
                "kind": "test",
                "binary-path": binary,
                "build-platform": "target",
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let (of_cargo, of_binaries) = (
        folder.path().join("cargo.json"),
        folder.path().join("binaries.json"),
    );
    std::fs::write(&of_cargo, metadata).unwrap();
    std::fs::write(&of_binaries, binaries.to_string()).unwrap();
    let program = Program::new("cargo")
        .args(["nextest", "run", "--cargo-metadata"])
        .arg(&of_cargo)
        .arg("--binaries-metadata")
        .arg(&of_binaries)
        .args(["--no-fail-fast", "--color", "never"])
        .args(arguments)
        .current_dir(workspace);
    fixture.given(program).run()
}

#[test]
fn it_runs_a_process_per_case_and_one_evaluator_per_host_needs_nextest() {
    let fixture = Fixture::new();
    let ran = nextest(&fixture, &[]);
    assert_eq!(ran.code(), Some(100), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("5 tests run: 4 passed, 1 failed"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("names::a wrong name::pc"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("expected  \"other\""), "{}", ran.stderr);
    assert_eq!(
        fixture.nix.calls().count_of("repl"),
        2,
        "{}",
        fixture.nix.calls()
    );
}

#[test]
fn it_is_content_with_what_is_right_and_not_with_nothing_needs_nextest() {
    let fixture = Fixture::green();
    let ran = nextest(&fixture, &[]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let before = fixture.nix.calls().count();
    let ran = nextest(&fixture, &["names::a shell"]);
    assert!(
        ran.stderr.contains("2 tests run: 2 passed"),
        "{}",
        ran.stderr
    );
    assert_eq!(fixture.nix.calls().count(), before);
    let ran = nextest(&fixture, &["nothing is called this"]);
    assert_eq!(ran.code(), Some(4), "{}", ran.stderr);
}
