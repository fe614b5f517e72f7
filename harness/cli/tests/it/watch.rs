//! `run --watch`: what is run again after which edit, by which evaluator, and what
//! is left at the end.

use nix_parity_testkit::{CountingNix, Host, Platform, Running, assert_none_left, processes_with};

use crate::support::{Fixture, LONG, assert_sound, marker, wait_until};

/// A host with an option whose file is read only where somebody asks for it.
const MODULE: &str = r#"{ lib, ... }:
{
  options.word = lib.mkOption { default = import ../word.nix; };
  config.networking.domain = "lan";
}
"#;

const DOMAIN: &str =
    "cases:\n  - name: domain\n    expect: { common: { networking.domain: lan } }\n";

fn fixture(cases: &str) -> Fixture {
    let host = |name| Host::new(Platform::NixOs, name).with_module(MODULE);
    Fixture::with_inputs(
        &[host("one"), host("two")],
        &[
            ("cases/a.yaml", cases),
            ("word.nix", "\"old\"\n"),
            ("README.md", "Hosts.\n"),
        ],
    )
}

/// A run that watches.
struct Watching {
    fixture: Fixture,
    nix: CountingNix,
    running: Running,
    /// How much of its output was looked at.
    seen: usize,
}

impl Watching {
    fn start(fixture: Fixture, arguments: &[&str]) -> Self {
        let nix = CountingNix::new();
        let path = nix.path();
        let all = [&["run", "--watch", "--nix", path.as_str()], arguments].concat();
        let running = fixture.program(&all).start();
        Self {
            fixture,
            nix,
            running,
            seen: 0,
        }
    }

    /// Waits until it waits, and returns what it wrote since it last did.
    #[track_caller]
    fn turn(&mut self) -> String {
        self.until("Ctrl-C ends\n")
    }

    #[track_caller]
    fn until(&mut self, what: &str) -> String {
        let find = || self.running.stdout()[self.seen..].find(what);
        wait_until(what, || find().is_some());
        let end = self.seen + find().unwrap() + what.len();
        let text = self.running.stdout()[self.seen..end].to_owned();
        self.seen = end;
        text
    }

    fn write(&self, path: &str, text: &str) {
        self.fixture.project.write(path, text);
    }

    /// How many evaluators were started.
    fn evaluators(&self) -> usize {
        self.nix.calls().count_of("repl")
    }

    /// Ends it as users do. What it wrote to standard error.
    #[track_caller]
    fn end(self) -> String {
        self.running.signal("INT");
        let ran = self.running.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(130), "{}", ran.stdout);
        assert_none_left(&marker(&self.fixture));
        ran.stderr
    }
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

#[test]
fn an_edit_of_a_host_runs_that_host_again() {
    let mut watching = Watching::start(fixture(DOMAIN), &[]);
    assert_has(&watching.turn(), &["2 tests on 2 hosts: 2 passed"]);
    let before = watching.evaluators();

    watching.write("hosts/one.nix", &MODULE.replace("lan", "wan"));
    let text = watching.turn();
    assert_has(
        &text,
        &[
            "── hosts/one.nix changed ─",
            "1 host cached: two",
            "a::domain::one",
            "1 passed, 1 failed",
        ],
    );
    assert_eq!(watching.evaluators(), before + 1);

    // That state has been seen.
    watching.write("hosts/one.nix", MODULE);
    assert_has(&watching.turn(), &["2 hosts cached: one, two", "2 passed"]);
    assert_eq!(watching.evaluators(), before + 1);
    assert_eq!(watching.end(), "");
}

#[test]
fn a_new_question_is_answered_by_the_worker_that_holds_the_host() {
    let mut watching = Watching::start(fixture(DOMAIN), &[]);
    watching.turn();
    let before = watching.evaluators();

    let more = format!(
        "{DOMAIN}  - name: name\n    hosts: two\n    expect: {{ common: {{ networking.hostName: one }} }}\n"
    );
    watching.write("cases/a.yaml", &more);
    let text = watching.turn();
    assert_has(
        &text,
        &["cases/a.yaml changed", "a::name::two", "2 passed, 1 failed"],
    );
    watching.write(
        "cases/a.yaml",
        &more.replace("hostName: one", "hostName: two"),
    );
    assert_has(&watching.turn(), &["3 passed"]);
    assert_eq!(watching.evaluators(), before, "nothing was started");
    assert_eq!(watching.end(), "");
}

#[test]
fn a_worker_does_not_answer_for_a_file_that_was_changed_since_it_was_started() {
    let mut watching = Watching::start(fixture(DOMAIN), &["--host", "one"]);
    watching.turn();
    let before = watching.evaluators();

    // Nobody has read it yet, and the worker would read it as it was.
    watching.write("word.nix", "\"new\"\n");
    assert_has(
        &watching.turn(),
        &["word.nix changed; every result is what it was"],
    );
    let word = DOMAIN.replace("networking.domain: lan", "word: new");
    watching.write("cases/a.yaml", &word);
    assert_has(&watching.turn(), &["1 passed"]);
    assert_eq!(watching.evaluators(), before + 1);
    assert_eq!(watching.end(), "");
}

#[test]
fn a_wrong_case_file_is_told_and_waits_to_be_put_right() {
    let mut watching = Watching::start(fixture("cases: [ { nmae: domain } ]\n"), &[]);
    assert!(!watching.turn().contains("passed"));
    let told = watching.running.stderr();
    assert_has(&told, &["cases/a.yaml", "nmae"]);

    watching.write("cases/a.yaml", DOMAIN);
    assert_has(&watching.turn(), &["cases/a.yaml changed", "2 passed"]);
    watching.write("cases/a.yaml", "cases: 1\n");
    assert_has(&watching.turn(), &["cases/a.yaml changed"]);
    watching.write("cases/a.yaml", DOMAIN);
    assert_has(&watching.turn(), &["2 hosts cached", "2 passed"]);
    let told = watching.end();
    assert!(told.matches("error").count() >= 2, "{told}");
}

#[test]
fn what_nothing_depends_on_runs_nothing() {
    let mut watching = Watching::start(fixture(DOMAIN), &[]);
    watching.turn();
    let before = watching.nix.calls().count();

    // Not known to git, so that no evaluation can see it.
    watching.write("target/output", "1");
    watching.write("README.md", "Two hosts.\n");
    let text = watching.turn();
    assert!(
        text.starts_with("README.md changed; every result is what it was\n"),
        "{text}"
    );
    // From now on evaluations can.
    watching
        .fixture
        .project
        .git(&["add", "--force", "target/output"]);
    let text = watching.turn();
    assert!(text.starts_with("target/output changed; every"), "{text}");
    assert_eq!(watching.nix.calls().count(), before);
    assert_eq!(watching.end(), "");
}

#[test]
fn an_edit_during_a_run_starts_it_over() {
    let mut watching = Watching::start(fixture(&format!("cases:\n{LONG}")), &["--host", "one"]);
    wait_until("an evaluator", || watching.evaluators() > 0);
    wait_until("its process", || {
        !processes_with(&marker(&watching.fixture)).is_empty()
    });
    watching.write("cases/a.yaml", DOMAIN);
    let text = watching.turn();
    assert_has(
        &text,
        &["cases/a.yaml changed meanwhile, starting over", "1 passed"],
    );
    assert_eq!(watching.end(), "");
}

#[test]
fn each_run_is_a_record_and_the_last_leaves_nothing() {
    let mut watching = Watching::start(fixture(DOMAIN), &["--format", "jsonl"]);
    watching.until("\"run_finished\"");
    wait_until("a worker that waits", || {
        !processes_with(&marker(&watching.fixture)).is_empty()
    });
    watching.write("hosts/two.nix", &MODULE.replace("lan", "wan"));
    let second = watching.until("\"run_finished\"");
    assert_has(&second, &["\"run_started\"", "\"outcome\":\"fail\""]);
    assert_eq!(second.matches("\"test_finished\"").count(), 2);
    assert_eq!(watching.end(), "");
}
