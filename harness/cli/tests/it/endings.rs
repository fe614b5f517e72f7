//! Runs that are ended from outside, by a terminal that is closed or by a kill: nothing
//! that they started is left, wherever they were.

use nix_parity_testkit::{FakeNix, Host, Platform, Program, Ran, Reply, processes_with};

use crate::support::{Fixture, LONG, assert_sound, marker, wait_until};

/// An evaluation of some seconds.
const SOME: &str = r"  - name: some
    eval: |
      { ... }:
      let
        count = f: builtins.foldl' (n: _: f n) 0 (builtins.genList (n: n) 3000);
      in
      count (_: count (_: 1))
    is: 1
";

fn evaluating(case: &str) -> Fixture {
    let host = Host::new(Platform::NixOs, "pc");
    let settings = ("parity.yaml", "hosts: { nixos: [pc] }\n");
    let cases = format!("cases:\n{case}");
    Fixture::with_hosts(&[host], &[settings, ("cases/a.yaml", &cases)])
}

/// Starts the program, and sends it a signal when a process with `marker` is there. Where
/// it may clean up, it leaves no temporary file.
#[track_caller]
fn ended_by(signal: &str, program: Program, marker: &str) -> Ran {
    let temporary = tempfile::tempdir().unwrap();
    let running = program.env("TMPDIR", temporary.path()).start();
    wait_until("what it starts", || !processes_with(marker).is_empty());
    running.signal(signal);
    let ran = running.finish();
    // Longer than processes are given to end by themselves.
    wait_until("the end of all that was started", || {
        processes_with(marker).is_empty()
    });
    if signal != "KILL" {
        let left: Vec<_> = temporary.path().read_dir().unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
    ran
}

#[test]
fn a_closed_terminal_ends_an_evaluation() {
    let fixture = evaluating(LONG);
    let ran = ended_by("HUP", fixture.program(&["run"]), &marker(&fixture));
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(130), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("interrupted"), "{}", ran.stdout);
}

#[test]
fn a_search_for_hosts_can_be_ended() {
    for signal in ["INT", "TERM", "HUP"] {
        let nix = FakeNix::builder()
            .session([Reply::silence().then_hang_stubbornly()])
            .build();
        let cases = (
            "cases/a.yaml",
            "cases: [{ name: a, eval: 'x: 1', is: 1 }]\n",
        );
        let fixture = Fixture::without_nix(&[cases, ("parity.yaml", "{}\n")]);
        for command in ["run", "list", "matrix", "gate"] {
            let program = fixture.program(&[command, "--nix", nix.path().as_str()]);
            // Of the program itself, and of the stand-in and what it starts.
            let marker = format!("{} repl", nix.path());
            let ran = ended_by(signal, program, &marker);
            assert_sound(&ran);
            assert_eq!(ran.code(), Some(130), "{signal} {command}: {}", ran.stderr);
        }
    }
}

#[test]
fn without_hangups_a_closed_terminal_changes_nothing() {
    let fixture = evaluating(SOME);
    let program = fixture.program(&["run"]).ignoring("HUP");
    let ran = ended_by("HUP", program, &marker(&fixture));
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
}

/// What `sudo nix-parity` would do to the files of whoever called sudo.
#[test]
fn root_leaves_nothing_where_a_user_keeps_files() {
    let fixture = Fixture::without_nix(&[("cases/a.yaml", "cases: []\n")]);
    let is_root = Program::new("id").arg("-u").run().stdout.trim() == "0";
    let user = "65534";
    if is_root {
        let owner = Some(65534);
        std::os::unix::fs::chown(fixture.project.root(), owner, owner).unwrap();
        std::os::unix::fs::chown(fixture.cache(), owner, owner).unwrap();
    }
    for command in [&["run"][..], &["gate", "--", "true"], &["cache", "stats"]] {
        let ran = fixture.program(command).env("SUDO_UID", user).run();
        let is_told = ran.stderr.contains("put sudo after `--`");
        // Without the rights of root it cannot do any harm.
        assert_eq!(is_told, is_root, "{command:?}: {}", ran.stderr);
        if is_root {
            assert_eq!(ran.code(), Some(2), "{command:?}: {}", ran.stderr);
            assert_eq!(fixture.cache().read_dir().unwrap().count(), 0);
        }
    }
    // As root without sudo, as in a container.
    let ran = fixture.program(&["cache", "stats"]).run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
}

/// What needs builds for this system, or its kernel.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod on_linux {
    use nix_parity_testkit::{DriverMode, StandInDriver, assert_none_left, processes_with};

    use super::{ended_by, evaluating};
    use crate::support::{LONG, marker, wait_until};
    use crate::vm::with_tests;

    const MACHINES: &str = "cases: [{ name: a script, vm: { script: \"pass\" } }]\n";

    #[test]
    fn a_closed_terminal_ends_machines() {
        for mode in [DriverMode::Endless, DriverMode::Stubborn] {
            let driver = StandInDriver::new(mode);
            let fixture = with_tests(MACHINES, driver.path().as_str());
            // The flake's own text names the driver, too, and no process but it does.
            let marker = format!("{} -o", driver.path());
            let ran = ended_by("HUP", fixture.program(&["run"]), &marker);
            assert_eq!(ran.code(), Some(130), "{}{}", ran.stdout, ran.stderr);
            assert_none_left(driver.path().as_str());
        }
    }

    #[test]
    fn without_a_death_signal_a_killed_run_leaves_no_evaluator() {
        let quick = "  - { name: quick, eval: '{ ... }: 1', is: 1 }\n";
        let fixture = evaluating(&format!("{quick}{LONG}"));
        let program = fixture.program(&["run", "--format", "jsonl"]);
        let running = program.without_death_signal().start();
        // While it loads the flake it logs much, and ends when nobody reads that.
        wait_until("the first result", || {
            running.stdout().contains("test_finished")
        });
        running.signal("KILL");
        assert_eq!(running.finish().signal(), Some(9));
        wait_until("the end of the evaluator", || {
            processes_with(&marker(&fixture)).is_empty()
        });
    }

    #[test]
    fn without_a_death_signal_a_killed_run_leaves_no_machine() {
        // Not of what has left the session: nobody is there to know it by its folder.
        let driver = StandInDriver::new(DriverMode::Endless);
        let fixture = with_tests(MACHINES, driver.path().as_str());
        let program = fixture.program(&["run"]).without_death_signal();
        let marker = driver.path();
        let marker = format!("{marker} -o");
        assert_eq!(ended_by("KILL", program, &marker).signal(), Some(9));
    }
}
