//! A real boot: steps as people write them, on a real machine, under a driver. `ci/guest`
//! makes the machine.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong fails the test"
)]

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nix_parity_core::case::{CaseSteps, Check, LOADER, Suite, parse_suite, vm_program};
use nix_parity_engine::vm::{Accelerator, Limits, Results, Run, StepState, Supervision, Trouble};
use nix_parity_testkit::{Guest, Need, assert_none_left};

const CASES: &str = r#"
suite: guest
cases:
  - name: it answers
    vm:
      steps:
        - { succeed: "test \"$(hostname)\" = machine" }
        - { fail: "false" }
        - { expect: { command: "uname -s", is: Linux } }
        - { expect: { command: "printf 'a\\n\"\"\"b\\\\n'", is: x } }
        - { succeed: "echo 'it''s' >&2; exit 3" }
        - { fail: "true" }
        - { succeed: "(sleep 2; : > /tmp/late) > /dev/null 2>&1 &" }
        - { wait_for_file: /tmp/late, timeout: 20s }
        - { screenshot: screen }
        - { succeed: "echo kept > /tmp/note" }
        - { copy_from: /tmp/note }
  - name: it waits in vain
    vm:
      steps:
        - { wait_for_file: /not/there, timeout: 1s }
        - { succeed: "true" }
  - name: it comes back
    vm: { steps: [ { succeed: "test -e /tmp/note" }, { reboot: true }, { fail: "test -e /tmp/note" } ] }
"#;

/// Two machines on one network.
const NODES: &str = r#"
suite: nodes
cases:
  - name: they reach each other
    vm:
      nodes: { alpha: { host: pc }, be-ta: { host: pc } }
      steps:
        - { expect: { command: hostname, is: alpha }, on: alpha }
        - { expect: { command: hostname, is: be-ta }, on: be-ta }
        - { wait_until_succeeds: "ping -c 1 -W 1 be-ta", on: alpha, timeout: 20s }
        - { succeed: "(nc -l -p 8080 -e echo heard) > /dev/null 2>&1 &", on: be-ta }
        - { wait_until_succeeds: "nc be-ta 8080 < /dev/null | grep -q heard", on: alpha, timeout: 20s }
        - { fail: "nc -w 2 be-ta 8081 < /dev/null", on: alpha }
"#;

/// A text on the screen of a machine.
const SCREEN: &str = r#"
suite: screen
cases:
  - name: a screen is read
    vm:
      steps:
        - { succeed: "show 'parity of machines'" }
        - { ocr: "parity +of +machines" }
        - { ocr: "words that nobody wrote", timeout: 1s }
"#;

const NAMES: &[&str] = &["alpha", "be-ta"];

fn suite(text: &str) -> Suite {
    parse_suite("cases/guest.yaml", text).unwrap_or_else(|d| panic!("{d:#?}"))
}

/// The program of some cases.
fn program(suite: &Suite, names: &[&str]) -> String {
    let cases: Vec<_> = suite
        .cases
        .iter()
        .filter(|case| names.contains(&case.name.value.as_str()))
        .map(|case| match &case.check {
            Check::Vm(check) => CaseSteps {
                name: &case.name.value,
                prefix: "it",
                limit: Duration::from_secs(30),
                steps: check.steps(),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    vm_program(&cases)
}

/// Runs a script, and finds that nothing of it is left.
#[track_caller]
fn supervise(guest: &Guest, script: &str, program: Option<&str>) -> Run {
    let driver = guest.driver(script);
    let file = guest.artefacts().join("program.py");
    if let Some(text) = program {
        std::fs::write(&file, text).unwrap();
    }
    let run = Supervision {
        driver: driver.as_std_path(),
        arguments: &[],
        program: program.map(|_| file.as_std_path()),
        artefacts: guest.artefacts().as_std_path(),
        accelerator: Accelerator::Emulation,
        limits: Limits::for_tests_of(Duration::from_secs(120)),
        keep_state: false,
        interrupted: &AtomicBool::new(false),
    }
    .run()
    .unwrap();
    assert_none_left(guest.mark());
    run
}

fn check_steps(guest: &Guest) {
    let names = ["it answers", "it waits in vain", "it comes back"];
    let run = supervise(guest, LOADER, Some(&program(&suite(CASES), &names)));
    assert_eq!(run.verdict, Ok(()), "{:#?}", run.tail);
    let results = Results::read(&run.results);
    assert!(results.booted && results.ended, "{}", run.results);
    let output = |step| match results.of(0, step) {
        Some(StepState::Done { output, .. }) => output.clone(),
        other => panic!("step {step}: {other:?}"),
    };
    let error = |case, step| match results.of(case, step) {
        Some(StepState::Failed { error, .. }) => error.clone(),
        other => panic!("step {step}: {other:?}"),
    };
    for step in [0, 1, 6, 7, 8, 9, 10] {
        assert_eq!(output(step), None, "step {step}");
    }
    assert_eq!(output(2).as_deref(), Some("Linux"));
    assert_eq!(output(3).as_deref(), Some("a\n\"\"\"b\\n"));
    assert!(
        error(0, 4).contains("failed (exit code 3)"),
        "{}",
        error(0, 4)
    );
    assert!(error(0, 5).contains("succeeded"), "{}", error(0, 5));
    // A wait that fails ends its case, and not the next one.
    assert!(error(1, 0).contains("timed out"), "{}", error(1, 0));
    assert_eq!(results.of(1, 1), None);
    for step in 0..3 {
        let state = results.of(2, step);
        assert!(matches!(state, Some(StepState::Done { .. })), "{state:?}");
    }
    let files = std::fs::read_dir(guest.artefacts()).unwrap();
    let picture = files
        .map(|file| file.unwrap().path())
        .find(|path| path.file_name().is_some_and(|name| name == "it-screen.png"))
        .expect("a picture");
    let picture = std::fs::read(picture).unwrap();
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 500);
    let note = std::fs::read_to_string(guest.artefacts().join("it/note")).unwrap();
    assert_eq!(note, "kept\n");
    let log = std::fs::read_to_string(guest.artefacts().join("driver.log")).unwrap();
    assert!(
        log.contains("connecting to host"),
        "the console is in the log"
    );
}

fn check_panic(guest: &Guest) {
    // PID 1 is told to end, which the kernel does not survive.
    let script = "machine.execute('echo o > /proc/sysrq-trigger; sleep 60')";
    let run = supervise(guest, script, None);
    let trouble = run.verdict.unwrap_err();
    assert!(trouble.is_failure(), "{trouble}");
    let script = "machine.succeed('echo c > /proc/sysrq-trigger')";
    let run = supervise(guest, script, None);
    match run.verdict {
        Err(Trouble::Panic { node, text }) => {
            assert_eq!(node, "machine");
            assert!(text.contains("sysrq triggered crash"), "{text}");
        }
        other => panic!("{other:?}\n{:#?}", run.tail),
    }
}

fn check_subtests(guest: &Guest) {
    let script = "machine.start()\nwith subtest('works'):\n    machine.succeed('true')\n\
                  with subtest('does not'):\n    machine.succeed('exit 4')\n";
    let run = supervise(guest, script, None);
    let names: Vec<_> = run.subtests.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["works", "does not"]);
    assert!(run.subtests[0].took.is_some() && run.subtests[1].took.is_none());
    let trouble = run.verdict.unwrap_err();
    assert!(
        trouble.is_failure() && trouble.to_string().contains("exit code 4"),
        "{trouble}"
    );
}

fn check_nodes(guest: &Guest) {
    let suite = suite(NODES);
    let run = supervise(
        guest,
        LOADER,
        Some(&program(&suite, &["they reach each other"])),
    );
    assert_eq!(run.verdict, Ok(()), "{:#?}", run.tail);
    let results = Results::read(&run.results);
    for (step, expected) in ["alpha", "be-ta"].into_iter().enumerate() {
        match results.of(0, step) {
            Some(StepState::Done { output, .. }) => assert_eq!(output.as_deref(), Some(expected)),
            other => panic!("step {step}: {other:?}"),
        }
    }
    let done = |step| matches!(results.of(0, step), Some(StepState::Done { .. }));
    assert!((2..6).all(done), "{}", run.results);
}

fn check_screen(guest: &Guest) {
    Need::Ocr.require();
    let suite = suite(SCREEN);
    let run = supervise(guest, LOADER, Some(&program(&suite, &["a screen is read"])));
    assert_eq!(run.verdict, Ok(()), "{:#?}", run.tail);
    let results = Results::read(&run.results);
    let done = |step| matches!(results.of(0, step), Some(StepState::Done { .. }));
    assert!(done(0) && done(1), "{}", run.results);
    let state = results.of(0, 2);
    assert!(matches!(state, Some(StepState::Failed { .. })), "{state:?}");
}

mod needs_guest {
    use nix_parity_testkit::Guest;

    use super::{NAMES, check_nodes, check_panic, check_screen, check_steps, check_subtests};

    #[test]
    fn steps_pass_and_fail_as_written() {
        check_steps(&Guest::new());
    }

    #[test]
    fn a_machine_that_ends_fails() {
        check_panic(&Guest::new());
    }

    #[test]
    fn subtests_of_a_script_are_told() {
        check_subtests(&Guest::new());
    }

    #[test]
    fn machines_reach_each_other_needs_network_of_guests() {
        check_nodes(&Guest::of(NAMES));
    }

    #[test]
    fn a_screen_is_read_needs_ocr() {
        check_screen(&Guest::new());
    }

    mod needs_real_driver {
        use super::check_subtests;
        use super::{Guest, NAMES, check_nodes, check_panic, check_screen, check_steps};

        #[test]
        fn it_runs_the_same_steps() {
            check_steps(&Guest::with_real_driver(&["machine"]));
        }

        #[test]
        fn it_tells_the_end_of_a_machine() {
            check_panic(&Guest::with_real_driver(&["machine"]));
        }

        #[test]
        fn it_tells_of_subtests() {
            check_subtests(&Guest::with_real_driver(&["machine"]));
        }

        #[test]
        fn it_runs_several_machines_needs_network_of_guests() {
            let guest = Guest::with_real_driver(NAMES);
            check_nodes(&guest);
            let report = std::fs::read_to_string(guest.artefacts().join("junit.xml")).unwrap();
            assert!(report.contains("<testsuite"), "{report}");
        }

        #[test]
        fn it_reads_a_screen_needs_ocr() {
            check_screen(&Guest::with_real_driver(&["machine"]));
        }
    }
}
