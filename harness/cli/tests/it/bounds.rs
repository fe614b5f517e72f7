//! Bounds on an evaluator: memory, time, and faults at a query that a test chooses.
//! Only that query is lost, whatever follows it is answered by a new evaluator,
//! nothing is left running, and the next run on the same cache is right.

use nix_parity_testkit::{
    CountingNix, FakeNix, FaultyNix, Host, Platform, Reply, assert_none_left, processes_with,
};

use crate::support::{Fixture, Record, assert_sound, marker, wait_until};

/// Two values of 160 MiB each, which the configuration keeps once they were looked
/// at, and one of some GiB. Lists of pointers: their size does not depend on the
/// version of Nix.
const BIG: &str = r"{ lib, ... }:
let
  twice = n: list: if n == 0 then list else twice (n - 1) (list ++ list);
  part = twice 20 [ 1 ];
  big = _: builtins.concatLists (lib.genList (_: part) 20);
in
{
  options.big = lib.mkOption { type = lib.types.raw; };
  config.big = {
    one = big 1;
    two = big 2;
    endless = lib.genList (n: n) 100000000;
  };
}
";

/// Takes a moment over each value, so that its size is seen, and allocates nothing.
const MEMORY: &str = r#"
cases:
  - name: before
    eval: "{ ... }: 1"
    is: 1
  - name: endless
    hosts: pc
    eval: "{ config, ... }: builtins.length config.big.endless"
    is: 100000000
  - name: after
    eval: "{ ... }: 2"
    is: 2
  - name: one
    hosts: pc
    eval: "{ config, ... }: map (n: builtins.elem n config.big.one) [ 2 3 ]"
    is: [ false, false ]
  - name: two
    hosts: pc
    eval: "{ config, ... }: map (n: builtins.elem n config.big.two) [ 2 3 ]"
    is: [ false, false ]
"#;

fn memory_fixture() -> Fixture {
    Fixture::with_hosts(
        &[
            Host::new(Platform::NixOs, "pc").with_module(BIG),
            Host::new(Platform::Darwin, "air"),
        ],
        &[
            (
                "parity.yaml",
                "hosts: { nixos: [pc], darwin: [air] }\nevaluation: { memory: 300MiB }\n",
            ),
            ("cases/a.yaml", MEMORY),
        ],
    )
}

#[track_caller]
fn assert_nothing_left(fixture: &Fixture) {
    assert_none_left(&marker(fixture));
}

#[test]
fn too_much_memory_costs_one_test() {
    let (fixture, nix) = (memory_fixture(), CountingNix::new());
    let (nix_path, tests) = (nix.path(), ["before", "endless", "after"]);
    let arguments = [["--nix", nix_path.as_str()].as_slice(), &tests].concat();
    let record = fixture.record(&arguments);
    assert_eq!(
        record.with("pass"),
        [
            "a::after::air",
            "a::after::pc",
            "a::before::air",
            "a::before::pc"
        ]
    );
    assert_eq!(record.with("error"), ["a::endless::pc"]);
    let findings = record.findings("a::endless::pc");
    assert!(
        findings.contains("more than the 300 MiB that a worker may have"),
        "{findings}"
    );
    assert_eq!(record.code, Some(3));
    // One for `air`; for `pc` one, one for another try, and one for what follows.
    assert_eq!(nix.calls().count_of("repl"), 4, "{}", nix.calls());
    assert_nothing_left(&fixture);

    // Only that one is asked again: with no more than it needs, once.
    let again = fixture.record(&arguments);
    assert_eq!(again.with("pass"), record.with("pass"));
    assert_eq!(again.with("error"), record.with("error"));
    assert_nothing_left(&fixture);
}

#[test]
fn what_was_held_for_others_costs_no_test() {
    let (fixture, nix) = (memory_fixture(), CountingNix::new());
    let record = fixture.record(&["--nix", nix.path().as_str(), "a::one", "a::two"]);
    assert_eq!(
        record.with("pass"),
        ["a::one::pc", "a::two::pc"],
        "{:?}",
        record.results
    );
    assert_eq!(nix.calls().count_of("repl"), 2, "{}", nix.calls());
    assert_eq!(record.code, Some(0));
    assert_nothing_left(&fixture);

    let again = fixture.record(&["--nix", nix.path().as_str(), "a::one", "a::two"]);
    assert_eq!(again.results, record.results);
    assert_eq!(nix.calls().count_of("repl"), 2, "all is known");
}

#[test]
fn a_nix_that_holds_too_much_from_the_start() {
    let nix = FakeNix::builder()
        .session([Reply::silence().then_grow()])
        .build();
    let fixture = Fixture::without_nix(&[
        (
            "parity.yaml",
            "hosts: { nixos: [pc] }\nevaluation: { memory: 100MiB }\n",
        ),
        ("cases/a.yaml", "cases: [{ name: one, eval: '1', is: 1 }]\n"),
    ]);
    let record = fixture.record(&["--nix", nix.path().as_str()]);
    assert_eq!(record.with("error"), ["a::one::pc"]);
    let findings = record.findings("a::one::pc");
    assert!(
        findings.contains("more than the 100 MiB that a worker may have"),
        "{findings}"
    );
    assert_none_left(nix.path().as_str());
}

/// One case that takes hours, between two that take nothing.
const TIME: &str = r#"
cases:
  - name: before
    eval: "{ ... }: 1"
    is: 1
  - name: long
    hosts: pc
    TIMEOUT
    eval: |
      { ... }:
      let
        count = f: builtins.foldl' (n: _: f n) 0 (builtins.genList (n: n) 2000);
      in
      count (_: count (_: count (_: count (_: 1))))
    is: 1
  - name: after
    eval: "{ ... }: 2"
    is: 2
"#;

/// Runs with a limit, and says what became of the tests after it has passed.
#[track_caller]
fn limited(evaluation: &str, timeout: &str, expected: &[(&str, &str)]) -> CountingNix {
    let fixture = Fixture::with_hosts(
        &[
            Host::new(Platform::NixOs, "pc"),
            Host::new(Platform::NixOs, "server"),
        ],
        &[
            (
                "parity.yaml",
                &format!("hosts: {{ nixos: [pc, server] }}\nevaluation: {{ {evaluation} }}\n"),
            ),
            ("cases/a.yaml", &TIME.replace("TIMEOUT", timeout)),
        ],
    );
    let nix = CountingNix::new();
    let record = fixture.record(&["--jobs", "1", "--nix", nix.path().as_str()]);
    let mut passes = vec!["a::before::pc"];
    for (test, limit) in expected {
        if limit.is_empty() {
            passes.push(test);
        } else {
            let findings = record.findings(test);
            let message = format!("the time limit of the {limit}");
            assert!(findings.contains(&message), "{test}: {findings}");
        }
    }
    passes.sort_unstable();
    assert_eq!(record.with("pass"), passes);
    assert_eq!(record.with("error").len() + passes.len(), 5);
    assert_eq!(record.code, Some(3));
    assert_nothing_left(&fixture);

    // No limit that has passed is taken for an answer.
    let again = fixture.record(&["before", "after"]);
    assert_eq!(again.with("pass").len(), 4, "{:?}", again.results);
    assert_eq!(again.code, Some(0));
    nix
}

#[test]
fn a_loop_ends_with_the_limit_of_its_case() {
    let nix = limited(
        "timeout: 10m",
        "timeout: 1s",
        &[
            ("a::long::pc", "case"),
            ("a::after::pc", ""),
            ("a::before::server", ""),
            ("a::after::server", ""),
        ],
    );
    assert_eq!(nix.calls().count_of("repl"), 3, "{}", nix.calls());
}

#[test]
fn a_loop_ends_with_the_limit_of_its_host() {
    let nix = limited(
        "host_timeout: 8s",
        "tags: [slow]",
        &[
            ("a::long::pc", "host"),
            ("a::after::pc", "host"),
            ("a::before::server", ""),
            ("a::after::server", ""),
        ],
    );
    // None is started for what there is no time to ask.
    assert_eq!(nix.calls().count_of("repl"), 2, "{}", nix.calls());
}

#[test]
fn a_loop_ends_with_the_limit_of_the_run() {
    let nix = limited(
        "run_timeout: 8s",
        "tags: [slow]",
        &[
            ("a::long::pc", "run"),
            ("a::after::pc", "run"),
            ("a::before::server", "run"),
            ("a::after::server", "run"),
        ],
    );
    assert_eq!(nix.calls().count_of("repl"), 1, "{}", nix.calls());
}

/// Cases with these expressions, each followed by one that holds.
fn each_with_a_neighbour(expressions: &[(&str, &str)]) -> Fixture {
    let mut cases = String::from("cases:\n");
    for (n, (name, expression)) in expressions.iter().enumerate() {
        let timeout = if *name == "hang" { "1s" } else { "60s" };
        cases.extend([format!(
            "  - {{ name: {name}, timeout: {timeout}, eval: \"{expression}\", is: 1 }}\n  \
             - {{ name: holds {n}, eval: \"{n}\", is: {n} }}\n"
        )]);
    }
    Fixture::with_hosts(
        &[Host::new(Platform::NixOs, "pc")],
        &[
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
            ("cases/a.yaml", &cases),
        ],
    )
}

/// Each of these is an error with its message, and each of their neighbours passes.
#[track_caller]
fn each_is_alone(record: &Record, messages: &[(&str, &str)], code: i32) {
    assert_eq!(record.with("pass").len(), messages.len());
    assert_eq!(record.with("error").len(), messages.len());
    for (name, message) in messages {
        let findings = record.findings(&format!("a::{name}::pc"));
        assert!(findings.contains(message), "{name}: {findings}");
    }
    assert_eq!(record.code, Some(code));
}

#[test]
fn a_nix_that_dies_at_a_query_costs_that_query() {
    let nix = FaultyNix::new();
    let faults = [
        ("segv", "segmentation fault (signal 11)"),
        ("abrt", "killed by signal 6"),
        ("kill", "killed (signal 9)"),
        ("words", "terminate called: bad_alloc"),
        ("exit", "exit code 7"),
        ("hang", "the time limit of the case"),
    ];
    let fixture = each_with_a_neighbour(&[
        ("segv", "''fault-SEGV''"),
        ("abrt", "''fault-ABRT''"),
        ("kill", "''fault-KILL''"),
        ("words", "''fault-words''"),
        ("exit", "''fault-exit''"),
        ("hang", "''fault-hang''"),
    ]);
    let record = fixture.record(&["--nix", nix.path().as_str()]);
    each_is_alone(&record, &faults, 3);
    assert_eq!(nix.calls().count_of("repl"), faults.len() + 1);
    assert_nothing_left(&fixture);

    // A death is no answer: what was lost is asked again, the rest is known.
    let again = fixture.record(&["--nix", nix.path().as_str(), "segv", "holds"]);
    assert_eq!(again.with("error"), ["a::segv::pc"]);
    assert_eq!(again.with("pass").len(), faults.len());
    assert_eq!(nix.calls().count_of("repl"), faults.len() + 2);
    assert_nothing_left(&fixture);
}

#[test]
fn an_evaluation_that_has_no_end_costs_its_query() {
    let nix = CountingNix::new();
    let fixture = each_with_a_neighbour(&[
        ("abort", "abort ''on purpose''"),
        ("recursion", "let x = x + 1; in x"),
        ("calls", "let f = n: 1 + f n; in f 1"),
        // Values that wait for each other use the stack, and no call is counted.
        (
            "stack",
            "(builtins.foldl' (a: n: { v = a.v + 1; }) { v = 0; } (builtins.genList (n: n) 2000000)).v",
        ),
    ]);
    let record = fixture.record(&["--nix", nix.path().as_str()]);
    each_is_alone(
        &record,
        &[
            ("abort", "evaluation aborted"),
            ("recursion", "infinite recursion encountered"),
            ("calls", "max-call-depth exceeded"),
            ("stack", "stack overflow"),
        ],
        1,
    );
    // Only the last one ends the process, and one test follows it.
    assert_eq!(nix.calls().count_of("repl"), 2, "{}", nix.calls());
    assert_nothing_left(&fixture);
    assert_eq!(
        fixture
            .record(&["--nix", nix.path().as_str()])
            .with("error"),
        record.with("error")
    );
}

#[test]
fn a_signal_ends_the_run_with_all_that_it_started() {
    for signal in ["INT", "TERM"] {
        // Nix is a grandchild here, and busy.
        let nix = FaultyNix::new();
        let fixture = Fixture::with_hosts(
            &[Host::new(Platform::NixOs, "pc")],
            &[
                ("parity.yaml", "hosts: { nixos: [pc] }\n"),
                ("cases/a.yaml", &TIME.replace("TIMEOUT", "timeout: 10m")),
            ],
        );
        let running = fixture
            .program(&["run", "--format", "jsonl", "--nix", nix.path().as_str()])
            .start();
        wait_until("the long case", || nix.was_sent("count (_:"));
        // The script, the process of its loop, and Nix.
        wait_until("all three", || processes_with(&marker(&fixture)).len() == 3);
        running.signal(signal);
        let ran = running.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(130), "{signal}: {}", ran.stdout);
        let record = Record::read(&ran);
        assert_eq!(record.with("pass"), ["a::before::pc"], "{signal}");
        assert_eq!(record.results.len(), 1, "what is not known is not told");
        assert_nothing_left(&fixture);

        let again = fixture.record(&["before", "after"]);
        assert_eq!(again.with("pass"), ["a::after::pc", "a::before::pc"]);
    }
}
