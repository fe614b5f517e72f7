//! Every way in which a driver has been seen to end, by a stand-in: the verdict, its
//! words, and that nothing is left.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix_parity_testkit::{DriverMode, StandInDriver, assert_none_left, write_executable};

use super::{Accelerator, Limits, Run, Supervision, Trouble};

/// Limits that a stand-in passes soon.
const LIMITS: Limits = Limits {
    start: Duration::from_millis(600),
    boot: Duration::from_millis(600),
    whole: Duration::from_millis(2_500),
    cleanup: Duration::from_millis(600),
    grace: Duration::from_millis(600),
};

fn supervise(driver: &StandInDriver, limits: Limits, interrupted: &AtomicBool) -> Run {
    Supervision {
        driver: driver.path().as_std_path(),
        arguments: &[],
        program: None,
        artefacts: driver.artefacts().as_std_path(),
        accelerator: Accelerator::Kvm,
        limits,
        keep_state: false,
        interrupted,
    }
    .run()
    .unwrap()
}

/// Runs a mode, and finds that nothing of it is left.
#[track_caller]
fn run(mode: DriverMode) -> (Run, StandInDriver) {
    let driver = StandInDriver::new(mode);
    let run = supervise(&driver, LIMITS, &AtomicBool::new(false));
    assert_none_left(driver.path().as_str());
    (run, driver)
}

/// What went wrong, and whether the configuration is to blame.
#[track_caller]
fn trouble(mode: DriverMode) -> (String, bool) {
    let trouble = run(mode).0.verdict.unwrap_err();
    (trouble.to_string(), trouble.is_failure())
}

#[test]
fn a_script_that_finishes_passes() {
    let (run, driver) = run(DriverMode::Pass);
    assert_eq!(run.verdict, Ok(()));
    assert!(run.left_behind.is_empty(), "{:?}", run.left_behind);
    let log = std::fs::read_to_string(driver.artefacts().join(super::LOG)).unwrap();
    assert!(log.contains("test script finished in"), "{log}");
}

#[test]
fn what_a_script_fails_with_is_said() {
    assert_eq!(
        trouble(DriverMode::Failure),
        (
            "the script failed: Exception: command `false` failed (exit code 1)".to_owned(),
            true
        )
    );
    assert_eq!(
        trouble(DriverMode::MachineDies),
        (
            "the machine went away while a command ran on it: BrokenPipeError: [Errno 32] Broken pipe"
                .to_owned(),
            true
        )
    );
}

#[test]
fn all_failing_subtests_are_reported() {
    let (run, _driver) = run(DriverMode::SubtestFailures);
    let errors: Vec<_> = run
        .subtests
        .iter()
        .map(|s| (s.name.as_str(), s.error.as_deref()))
        .collect();
    assert_eq!(
        errors,
        [
            ("first", Some("one")),
            ("second", None),
            ("third", Some("three"))
        ]
    );
    assert_eq!(run.subtests[1].took, Some(Duration::from_millis(250)));
    assert_eq!(run.verdict, Err(Trouble::Script("third: three".to_owned())));
}

#[test]
fn what_says_nothing_of_the_configuration_is_an_error() {
    for (mode, words) in [
        (
            DriverMode::SyntaxError,
            "the script is not valid Python: SyntaxError: '(' was never closed",
        ),
        (
            DriverMode::Exit42,
            "the driver ended with exit code 42 before the script had finished",
        ),
        (
            DriverMode::BadFolder,
            "the driver ended with exit code 2 before the script had finished",
        ),
        (
            DriverMode::OwnLimit,
            "the driver's own time limit passed; it is `globalTimeout` of the test",
        ),
        (
            DriverMode::QemuAborts,
            "QEMU ended as soon as it was started: ConnectionResetError: [Errno 104] Connection reset by peer",
        ),
        (
            DriverMode::NotRun,
            "the driver ended well without having run the script",
        ),
        (
            DriverMode::ForgedConsole,
            "the driver ended well without having run the script",
        ),
    ] {
        assert_eq!(trouble(mode), (words.to_owned(), false), "{mode:?}");
    }
}

#[test]
fn a_driver_that_waits_for_ever_is_ended() {
    for (mode, words, blames) in [
        (DriverMode::Endless, "the test took more than 3 s", false),
        (
            DriverMode::NoStartScript,
            "QEMU of machine did not run within 1 s",
            false,
        ),
        (
            DriverMode::NoShell,
            "machine offered no shell within 2 s",
            false,
        ),
        (
            DriverMode::EndlessCleanup,
            "the driver did not end within 1 s of cleaning up",
            false,
        ),
        (
            DriverMode::Panic,
            "the kernel of machine gave up: Kernel panic - not syncing: VFS: Unable to mount root fs",
            true,
        ),
    ] {
        assert_eq!(trouble(mode), (words.to_owned(), blames), "{mode:?}");
    }
}

#[test]
fn a_driver_may_clean_up_when_its_time_is_over() {
    let (run, driver) = run(DriverMode::Endless);
    assert!(run.verdict.is_err() && driver.wrote("cleaned"));
}

#[test]
fn a_panic_is_not_waited_out() {
    let driver = StandInDriver::new(DriverMode::Panic);
    let limits = Limits::for_tests_of(Duration::from_secs(3600));
    let limits = Limits {
        grace: LIMITS.grace,
        ..limits
    };
    let run = supervise(&driver, limits, &AtomicBool::new(false));
    assert!(run.took < limits.start, "{:?}", run.took);
    assert!(
        run.tail
            .iter()
            .any(|line| line.contains("Rebooting in 1 seconds"))
    );
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_what_has_left_the_session() {
    for (mode, passes) in [
        (DriverMode::Stubborn, false),
        (DriverMode::LeavesQemu, true),
    ] {
        let (run, _driver) = run(mode);
        assert_eq!(run.verdict.is_ok(), passes, "{mode:?}");
        assert!(
            run.left_behind.contains(&"sh".to_owned()),
            "{mode:?}: {:?}",
            run.left_behind
        );
    }
}

#[test]
fn an_interrupt_ends_it() {
    let driver = StandInDriver::new(DriverMode::Endless);
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&interrupted);
    let thread = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        flag.store(true, Ordering::Relaxed);
        Instant::now()
    });
    let limits = Limits {
        whole: Duration::from_secs(3600),
        ..LIMITS
    };
    let run = supervise(&driver, limits, &interrupted);
    assert_eq!(run.verdict, Err(Trouble::Interrupted));
    assert!(driver.wrote("cleaned"));
    thread.join().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_driver_is_started_as_it_needs_to_be() {
    let driver = StandInDriver::new(DriverMode::Inspects);
    let run = Supervision {
        driver: driver.path().as_std_path(),
        arguments: &[],
        program: None,
        artefacts: driver.artefacts().as_std_path(),
        accelerator: Accelerator::Emulation,
        limits: LIMITS,
        keep_state: true,
        interrupted: &AtomicBool::new(false),
    }
    .run()
    .unwrap();
    assert_eq!(run.verdict, Ok(()));
    let state = run.state.unwrap();
    assert!(state.is_dir());
    std::fs::remove_dir_all(state).unwrap();
}

#[test]
fn what_cannot_be_started_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let supervision = Supervision {
        driver: &folder.path().join("not there"),
        arguments: &[],
        program: None,
        artefacts: folder.path(),
        accelerator: Accelerator::Kvm,
        limits: LIMITS,
        keep_state: false,
        interrupted: &AtomicBool::new(false),
    };
    assert!(supervision.run().is_err());
}

#[test]
fn without_kvm_the_probe_says_so() {
    // No QEMU at all is no KVM either.
    let folder = tempfile::tempdir().unwrap();
    let probed = Accelerator::probe(&folder.path().join("qemu-system-x86_64"));
    assert_eq!(probed, Accelerator::Emulation);
    assert!(probed.note().unwrap().contains("emulated") && probed.slowdown() > 1);
}

/// A stand-in of QEMU ends as a machine does that ran, as one that could not be made, and
/// not in time.
#[test]
fn what_is_slower_than_emulation_is_no_kvm() {
    let folder = tempfile::tempdir().unwrap();
    for (script, wanted) in [
        ("exit 33", Accelerator::Kvm),
        ("exit 1", Accelerator::Emulation),
        ("exit 0", Accelerator::Emulation),
        ("sleep 60; exit 33", Accelerator::Emulation),
    ] {
        // On other processors it is only made, and told to quit.
        let script = match std::env::consts::ARCH {
            "x86_64" => script.to_owned(),
            _ => script.replace("exit 0", "exit 2").replace("33", "0"),
        };
        let qemu = folder.path().join("qemu");
        let text = format!("#!/bin/sh\n{script}\n");
        write_executable(qemu.to_str().unwrap().as_ref(), &text);
        assert_eq!(Accelerator::probe(&qemu), wanted, "{script}");
    }
}
