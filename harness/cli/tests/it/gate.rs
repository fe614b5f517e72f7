//! `gate`: what it refuses, and what it runs. A command that touches a file shows whether
//! it was run.

use std::path::PathBuf;

use nix_parity_testkit::{
    FaultyNix, Host, Platform, Program, Ran, assert_none_left, processes_with,
};

use crate::support::{Fixture, assert_sound, wait_until};

pub(crate) const GREEN: &str =
    "cases: [{ name: name, hosts: pc, expect: { common: { networking.hostName: pc } } }]\n";

/// A project of two hosts with these cases.
pub(crate) fn fixture(cases: &str) -> Fixture {
    Fixture::with_hosts(
        &[
            Host::new(Platform::NixOs, "pc"),
            Host::new(Platform::Darwin, "air"),
        ],
        &[
            ("parity.yaml", "hosts: { nixos: [pc], darwin: [air] }\n"),
            ("cases/s.yaml", cases),
        ],
    )
}

/// A gate before a command that touches a file, and that file.
pub(crate) struct Gate<'f> {
    fixture: &'f Fixture,
    touched: PathBuf,
}

impl<'f> Gate<'f> {
    pub(crate) fn of(fixture: &'f Fixture) -> Self {
        Self {
            fixture,
            touched: fixture.cache().join("touched"),
        }
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Program {
        let program = self.fixture.program(&["gate"]).args(arguments);
        let script = ["--", "/bin/sh", "-c", "touch \"$1\"; echo switched", "sh"];
        program.args(script).arg(&self.touched)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let ran = self.program(arguments).run();
        assert_sound(&ran);
        ran
    }

    #[track_caller]
    pub(crate) fn assert_refused(&self, ran: &Ran, code: i32, why: &str) {
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(told.contains(why), "{told}");
        assert_eq!(ran.code(), Some(code), "{told}");
        assert!(!self.touched.exists(), "the command was run: {told}");
        assert!(!told.contains("switched\n"), "{told}");
    }

    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str], code: i32, why: &str) {
        self.assert_refused(&self.run(arguments), code, why);
    }

    #[track_caller]
    pub(crate) fn passes(&self, arguments: &[&str]) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(self.touched.exists(), "{}{}", ran.stdout, ran.stderr);
        std::fs::remove_file(&self.touched).unwrap();
        ran
    }
}

const YES: [&str; 3] = ["--host", "pc", "--yes"];

#[test]
fn cases_that_do_not_pass_are_refused() {
    let wrong = GREEN.replace(": pc }", ": tower }");
    let fixture = fixture(&wrong);
    let gate = Gate::of(&fixture);
    gate.refuses(&YES, 1, "the gate says no: 1 of 1 cases did not pass");
    let ran = gate.run(&YES);
    assert!(ran.stdout.contains("expected  \"tower\""), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("`/bin/sh` was not run"),
        "{}",
        ran.stderr
    );

    let write = |cases: &str| {
        fixture.project.write("cases/s.yaml", cases);
        fixture.project.git_add_all();
    };
    write("cases: [{ name: odd, hosts: pc, eval: '{ ... }: throw \"no\"', is: 1 }]\n");
    gate.refuses(&YES, 1, "0 of 1 case");
    write(
        "cases: [{ name: name, hosts: air, expect: { common: { networking.hostName: air } } }]\n",
    );
    gate.refuses(&YES, 4, "no case is about nixos:pc");
    // Of several hosts this one is another, and what fails there fails here.
    write(
        "cases: [{ name: both, parity: { paths: [networking.hostName], across: [darwin, nixos] } }]\n",
    );
    gate.refuses(&YES, 1, "1 of 1 cases did not pass");
    write("cases: [{ name: name, hosts: pc, expekt: {} }]\n");
    gate.refuses(&YES, 2, "unknown key");
    // What nobody could try is no proof.
    write("cases: [{ name: built, hosts: air, build: { attr: system } }]\n");
    let air = ["--host", "air", "--yes"];
    gate.refuses(&air, 1, "every case was skipped, so nothing is proven");
    write(GREEN);
    gate.passes(&YES);
}

#[test]
fn what_stops_a_run_stops_the_gate() {
    let fixture = fixture(GREEN);
    let gate = Gate::of(&fixture);
    let missing = [&YES[..], &["--nix", "/nowhere/nix"]].concat();
    gate.refuses(&missing, 3, "/nowhere/nix");
    gate.refuses(&["--host", "pd", "--yes"], 2, "did you mean `pc`?");
    fixture.project.commit("all");
    let of_commit = ["--host", "HEAD:pc", "--yes"];
    gate.refuses(&of_commit, 2, "`HEAD:pc` is no host of the work tree");
    gate.refuses(
        &["--running-system", "/nowhere", "--host", "pc", "--yes"],
        2,
        "/nowhere",
    );
    gate.refuses(
        &["--running-system", "/tmp", "--host", "pc", "--yes"],
        2,
        "no system in a Nix store",
    );
    let ran = fixture.run(&["gate", "--host", "pc", "--yes", "--", "no-such-program"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    assert!(ran.stderr.contains("no program `no-such-program`"));

    fixture.project.write(
        "snapshots/pc/s__gone@files.snap",
        "---\nsource: x\n---\nx\n",
    );
    gate.refuses(&YES, 2, "no case takes the snapshot");
    std::fs::remove_dir_all(fixture.project.path("snapshots")).unwrap();

    fixture
        .project
        .write("hosts/pc.nix", "{ networking.domain = 1 + ; }\n");
    gate.refuses(&YES, 1, "the gate says no");
    fixture.project.write("hosts/pc.nix", "{ }\n");
    // The cases are about names alone; that the system evaluates is asked besides.
    fixture.project.write(
        "hosts/pc.nix",
        "{ assertions = [ { assertion = false; message = \"never\"; } ]; }\n",
    );
    gate.refuses(&YES, 1, "never");
}

#[test]
fn who_cannot_be_asked_is_not_taken_to_agree() {
    let fixture = fixture(GREEN);
    let gate = Gate::of(&fixture);
    let pc = ["--host", "pc"];
    gate.refuses(&pc, 1, "standard input is not a terminal");
    let ran = gate
        .program(&["--host", "pc", "--no-ask"])
        .at_terminal()
        .run();
    gate.assert_refused(&ran, 1, "--yes switches without asking");
    for answer in ["n\n", "\n", "\u{4}", "yikes\n"] {
        let running = gate.program(&pc).at_terminal().start();
        wait_until("the question", || running.stderr().contains("Switch?"));
        running.type_in(answer);
        gate.assert_refused(&running.finish(), 1, "the answer was no");
    }
    let running = gate.program(&pc).at_terminal().start();
    wait_until("the question", || running.stderr().contains("Switch?"));
    running.signal("INT");
    gate.assert_refused(&running.finish(), 130, "");

    let running = gate.program(&pc).at_terminal().start();
    wait_until("the question", || running.stderr().contains("Switch?"));
    running.type_in("y\n");
    let ran = running.finish();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.ends_with("switched\n"), "{}", ran.stdout);
}

#[test]
fn what_changes_between_test_and_switch_is_refused() {
    let fixture = fixture(GREEN);
    let gate = Gate::of(&fixture);
    let project = &fixture.project;
    // Also what is no part of the flake, and what is put back is as it was.
    let edits = [
        ("hosts/pc.nix", "{ networking.domain = \"x\"; }\n"),
        ("cases/s.yaml", "cases: []\n"),
        ("cases/new.yaml", "cases: []\n"),
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("snapshots/pc/s__x@files.snap", "---\nsource: x\n---\nx\n"),
    ];
    for (file, text) in edits {
        let before = std::fs::read_to_string(project.path(file)).ok();
        let running = gate.program(&["--host", "pc"]).at_terminal().start();
        wait_until("the question", || running.stderr().contains("Switch?"));
        project.write(file, text);
        running.type_in("y\n");
        let why = "changed between the test and the switch: ";
        let ran = running.finish();
        gate.assert_refused(&ran, 1, why);
        assert!(ran.stderr.contains(file), "{}", ran.stderr);
        match before {
            Some(text) => project.write(file, &text),
            None => std::fs::remove_file(project.path(file)).unwrap(),
        }
    }
    let running = gate.program(&["--host", "pc"]).at_terminal().start();
    wait_until("the question", || running.stderr().contains("Switch?"));
    let text = project.read("hosts/pc.nix");
    project.write("hosts/pc.nix", "{ }\n\n");
    project.write("hosts/pc.nix", &text);
    running.type_in("yes\n");
    assert_eq!(running.finish().code(), Some(0));
}

#[test]
fn a_gate_that_is_ended_in_the_middle_runs_nothing() {
    let fixture = fixture(
        "cases: [{ name: hangs, hosts: pc, eval: '{ ... }: \"fault-hang\"', is: fault-hang }]\n",
    );
    let gate = Gate::of(&fixture);
    let nix = FaultyNix::new();
    let path = nix.path();
    let arguments = [&YES[..], &["--nix", path.as_str()]].concat();
    let marker = format!("git+file://{}#", fixture.project.root());
    for (signal, code) in [("INT", Some(130)), ("TERM", Some(130)), ("KILL", None)] {
        let running = gate.program(&arguments).start();
        wait_until("an evaluator", || !processes_with(&marker).is_empty());
        running.signal(signal);
        let ran = running.finish();
        assert_eq!(ran.code(), code, "{signal}: {}", ran.stderr);
        assert!(!gate.touched.exists(), "{signal}");
        assert_none_left(&marker);
    }
}

#[test]
fn the_command_is_run_as_it_is() {
    let fixture = fixture(GREEN);
    let shell = |verify: bool, script: &str, arguments: &[&str]| {
        let mut options = YES.to_vec();
        if verify {
            options.push("--verify");
        }
        let program = fixture.program(&["gate"]).args(options);
        let program = program.args(["--", "/bin/sh", "-c", script, "sh"]);
        program.args(arguments).env("OF_THE_USER", "a b")
    };
    let ran = shell(false, "exit 7", &[]).run();
    assert_eq!(ran.code(), Some(7), "{}", ran.stderr);
    let ran = shell(true, "exit 7", &[]).run();
    assert_eq!(ran.code(), Some(7), "{}", ran.stderr);

    let script = "for a; do printf '[%s]' \"$a\"; done; printf '%s|%s' \"$OF_THE_USER\" \"$PWD\"";
    let arguments = ["a b", "c\nd", "", "*", "$(id)", "--yes"];
    let ran = shell(false, script, &arguments).run();
    let expected = format!(
        "[a b][c\nd][][*][$(id)][--yes]a b|{}",
        fixture.project.root()
    );
    assert!(ran.stdout.ends_with(&expected), "{}", ran.stdout);

    let ran = shell(false, "kill -TERM $$", &[]).run();
    assert_eq!(ran.signal(), Some(15));
    let ran = shell(true, "kill -TERM $$", &[]).run();
    assert_eq!(ran.code(), Some(128 + 15));
    for verify in [false, true] {
        for (signal, code) in [("INT", 5), ("TERM", 6)] {
            let script =
                "trap 'exit 5' INT; trap 'exit 6' TERM; echo ready; while :; do sleep 0.05; done";
            let running = shell(verify, script, &[]).start();
            wait_until("the command", || running.stdout().contains("ready\n"));
            running.signal(signal);
            assert_eq!(running.finish().code(), Some(code), "{verify} {signal}");
        }
    }
}

#[test]
fn without_a_command_it_only_says_what_it_found() {
    let fixture = fixture(GREEN);
    let ran = fixture.run(&["gate", "--host", "pc"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("pc: 1 of 1 case passes\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("pc does not run here"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .ends_with("no command was given, so nothing is switched\n")
    );
    let ran = fixture.run(&["gate", "--host", "pc"]);
    assert!(ran.stdout.contains("(from evidence of "), "{}", ran.stdout);
    // Nothing is known of what the switch does, so that no limit is kept.
    let limited = fixture.run(&["gate", "--host", "pc", "--max-risk", "medium"]);
    assert_eq!(limited.code(), Some(1), "{}", limited.stdout);
    assert!(
        limited.stderr.contains("not all known"),
        "{}",
        limited.stderr
    );
    let wrong = fixture.run(&["gate", "--host", "pc", "--max-risk", "some"]);
    assert_eq!(wrong.code(), Some(2), "{}", wrong.stderr);
}

#[test]
fn the_host_is_the_one_that_this_machine_is() {
    let cases = "cases: [{ name: name, expect: { home: { home.username: lars } } }]\n";
    let fixture = Fixture::with_hosts(
        &[Host::new(Platform::Home, "lars")],
        &[
            ("parity.yaml", "hosts: { home: [lars] }\n"),
            ("cases/s.yaml", cases),
        ],
    );
    let of = |user: &str| {
        let program = fixture.program(&["gate"]).env("USER", user);
        program.env("HOME", fixture.cache()).run()
    };
    let ran = of("lars");
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(
        ran.stdout.starts_with("lars: 1 of 1 case passes"),
        "{}",
        ran.stdout
    );
    let ran = of("nobody");
    assert_eq!(ran.code(), Some(2), "{}", ran.stdout);
    assert!(
        ran.stderr
            .contains("the flake has lars; choose one with --host"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.contains("home:nobody"), "{}", ran.stderr);
}
