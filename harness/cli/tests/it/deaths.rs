//! A Nix that dies, hangs or is interrupted: only what was being asked is lost,
//! and nothing is left running.

use std::time::{Duration, Instant};

use nix_parity_testkit::{
    CountingNix, FakeNix, Host, Platform, Program, Reply, Running, assert_none_left, processes_with,
};

use crate::support::{Fixture, LONG, Record, assert_sound, marker, wait_until};

/// One case that takes minutes, between two that take nothing.
fn cases() -> String {
    let quick =
        |name: &str, n: u8| format!("  - {{ name: {name}, eval: '{{ ... }}: {n}', is: {n} }}\n");
    format!("cases:\n{}{LONG}{}", quick("before", 1), quick("after", 2))
}
fn fixture(hosts: &[(Platform, &str)]) -> Fixture {
    let hosts: Vec<_> = hosts
        .iter()
        .map(|(platform, name)| Host::new(*platform, name))
        .collect();
    Fixture::with_hosts(&hosts, &[("cases/a.yaml", &cases())])
}

/// Waits until an evaluator of the project has worked for a while: then it is at
/// the long case.
#[track_caller]
fn wait_until_busy(fixture: &Fixture) {
    wait_until("an evaluator", || {
        !processes_with(&marker(fixture)).is_empty()
    });
    std::thread::sleep(Duration::from_secs(2));
}

fn start(fixture: &Fixture, arguments: &[&str]) -> Running {
    fixture.program(&[&["run"], arguments].concat()).start()
}

/// On the same cache, of all but the case that takes minutes.
#[track_caller]
fn the_next_run_is_right(fixture: &Fixture) {
    let record = fixture.record(&["before", "after"]);
    assert_eq!(record.with("pass"), ["a::after::pc", "a::before::pc"]);
    assert_eq!(record.code, Some(0));
}

/// Kills the evaluator of the only host: `/proc` lists processes, and where there is none `ps`.
/// The brackets keep the expression from finding itself.
fn end_evaluator_of(fixture: &Fixture) {
    let kill = "if [ -d /proc/self ]; then \
                for p in /proc/[0-9]*; do echo \"${p#/proc/} $(tr '\\0' ' ' < $p/cmdline)\"; done; \
                else ps -A -o pid=,args=; fi 2> /dev/null | grep \"[r]epl .*$1\" \
                | while read -r process _; do kill -9 $process; done";
    Program::new("/bin/sh")
        .args(["-c", kill, "sh", &marker(fixture)])
        .run();
}

#[test]
fn an_evaluator_that_is_killed_costs_one_test() {
    let fixture = fixture(&[(Platform::NixOs, "pc")]);
    let nix = CountingNix::new();
    let running = start(
        &fixture,
        &["--format", "jsonl", "--nix", nix.path().as_str()],
    );
    // The evaluator with the host; the one that named the hosts is gone by then.
    wait_until("two evaluators", || nix.calls().count_of("repl") == 2);
    wait_until_busy(&fixture);
    end_evaluator_of(&fixture);

    let ran = running.finish();
    assert_sound(&ran);
    let record = Record::read(&ran);
    assert_eq!(record.with("pass"), ["a::after::pc", "a::before::pc"]);
    assert_eq!(record.with("error"), ["a::long::pc"]);
    let findings = record.findings("a::long::pc");
    assert!(findings.contains("killed (signal 9)"), "{findings}");
    assert_eq!(record.code, Some(3));
    assert_eq!(
        nix.calls().count_of("repl"),
        3,
        "a second one for what follows"
    );
    assert_none_left(&marker(&fixture));
    the_next_run_is_right(&fixture);
}

#[test]
fn an_interrupted_run_says_what_it_knows_and_leaves_nothing() {
    let fixture = fixture(&[(Platform::NixOs, "pc"), (Platform::Darwin, "air")]);
    let running = start(&fixture, &["--junit", "junit.xml"]);
    wait_until_busy(&fixture);
    let began = Instant::now();
    running.signal("INT");
    let ran = running.finish();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(130));
    assert!(ran.stdout.contains("2 passed"), "{}", ran.stdout);
    assert!(ran.stdout.contains("interrupted"), "{}", ran.stdout);
    let report = fixture.project.read("junit.xml");
    assert!(report.contains("the run was interrupted: "), "{report}");
    assert_none_left(&marker(&fixture));
}

#[test]
fn a_run_that_is_killed_leaves_no_evaluator() {
    let fixture = fixture(&[(Platform::NixOs, "pc")]);
    let running = start(&fixture, &[]);
    wait_until_busy(&fixture);
    running.signal("KILL");
    assert_eq!(running.finish().signal(), Some(9));
    assert_none_left(&marker(&fixture));
    the_next_run_is_right(&fixture);
}

/// Runs on a stand-in, and returns the record and how long it took.
fn stand_in(reply: Reply) -> (Record, FakeNix, Duration) {
    let nix = FakeNix::builder().session([reply]).build();
    let fixture = Fixture::without_nix(&[
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("cases/a.yaml", &cases()),
    ]);
    let began = Instant::now();
    let record = fixture.record(&["--nix", nix.path().as_str()]);
    (record, nix, began.elapsed())
}

#[test]
fn a_nix_that_always_dies_is_given_up() {
    for (reply, message) in [
        (Reply::silence().then_die_of("SEGV"), "segmentation fault"),
        (Reply::silence().then_exit(7), "exit code 7"),
        (
            Reply::lines(["terminate called", "std::bad_alloc"]).then_die_of("ABRT"),
            "std::bad_alloc",
        ),
    ] {
        let (record, nix, _) = stand_in(reply);
        assert_eq!(
            record.with("error"),
            ["a::after::pc", "a::before::pc", "a::long::pc"]
        );
        assert_eq!(record.code, Some(3));
        let all = record.findings("a::before::pc") + &record.findings("a::after::pc");
        assert!(all.contains("nix ended unexpectedly"), "{all}");
        assert!(all.contains(message) || all.contains("given up"), "{all}");
        assert!(nix.calls().count_of("repl") <= 3, "{}", nix.calls());
    }
}

#[test]
fn a_process_that_nix_left_behind_holds_nobody_up() {
    // It keeps the log open for half a minute after Nix itself is gone.
    let (record, _, took) = stand_in(Reply::silence().then_leave_grandchild());
    assert_eq!(record.with("error").len(), 3);
    assert!(took < Duration::from_secs(20), "{took:?}");
}

#[test]
fn a_nix_that_hangs_can_be_interrupted() {
    let nix = FakeNix::builder()
        .session([Reply::silence().then_hang_stubbornly()])
        .build();
    let fixture = Fixture::without_nix(&[("cases/a.yaml", &cases())]);
    let running = start(&fixture, &["--nix", nix.path().as_str()]);
    wait_until("the first line to Nix", || !nix.received().is_empty());
    running.signal("INT");
    let ran = running.finish();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(130));
    // The script starts processes of its own, whose end nobody can wait for.
    assert_none_left(nix.path().as_str());
}
