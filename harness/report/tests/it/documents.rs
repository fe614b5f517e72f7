//! Reports that are documents: JUnit, annotations, Markdown.

use nix_parity_core::comparison::{
    Change, Closure, Comparison, Derivations, FORMAT, Found, HostComparison, OptionChange,
    RootCause, Setting,
};
use nix_parity_core::event::Event;
use nix_parity_core::host::Platform;
use nix_parity_core::observation::{Cause, Frame, NixError};
use nix_parity_core::outcome::{OriginRole, Outcome};
use nix_parity_report::{Places, WholeRun, comment, diff_markdown, github, job_summary, junit};
use proptest::prelude::*;

use crate::samples::{
    end, error, evaluation, fail, finding, finished, fish_is_off, mismatch, origin, passes, plan,
    recursion, result, run_of, start,
};
use crate::strategies::run;

const PC: &str = "future-nixos-pc";

/// Words that mean something to some reader of some report.
const EVIL: &str = "a]]>b\u{1b}[31mc\u{0}\u{b}\u{fffe}\n::error file=x::y\n##[group]z\n<!-- nix-parity:run --><script>x</script></code></details>\n```\n| `` ` @octocat #1 https://evil.example \\| \u{202e}%0A%25";

pub(crate) fn whole(events: &[Event]) -> WholeRun {
    let mut whole = WholeRun::default();
    for event in events {
        whole.take(event);
    }
    whole
}

fn places() -> Places {
    Places {
        project: "machines".to_owned(),
        flake: "machines/nix".to_owned(),
    }
}

/// A failure on two hosts, an error of two tests, skips, a note, files, and a warning.
fn mixed() -> Vec<Event> {
    let mut events = vec![plan([2, 6, 1])];
    events.push(Event::Warning {
        message: "the tree is dirty".to_owned(),
    });
    events.extend(start("macbook-air", "aarch64-darwin", false));
    events.extend(start(PC, "x86_64-linux", false));
    events.extend(start("lars", "x86_64-linux", true));
    events.push(result(
        "shell",
        "login shell",
        7,
        "macbook-air",
        fish_is_off(),
    ));
    let skip = Outcome::Skip {
        reason: "needs aarch64-darwin to build".to_owned(),
    };
    events.push(result("built", "etc", 3, "macbook-air", skip));
    events.push(result("shell", "login shell", 7, PC, fish_is_off()));
    for (case, line) in [("wheel", 21), ("sudo", 31)] {
        let found = evaluation("security.sudo.wheelNeedsPassword", line, recursion());
        events.push(result("security", case, line, PC, error(vec![found])));
    }
    let mut booted = result("vm", "it boots", 9, PC, Outcome::Pass);
    if let Event::TestFinished(booted) = &mut booted {
        booted.booted = true;
        booted.note = Some("under emulation".to_owned());
        booted.details = vec!["passed after 4.0 s: wait_for_unit sshd.service".to_owned()];
        booted.artefacts = vec![
            "vm/pc/login.png".to_owned(),
            "/nix/store/x-log/log".to_owned(),
            "../outside".to_owned(),
            "odd]].png".to_owned(),
        ];
    }
    events.push(booted);
    events.extend(passes(PC, 2));
    events.extend(passes("lars", 1));
    events.push(end("macbook-air", 4_900));
    events.push(end(PC, 8_700));
    events.push(end("lars", 3));
    events.push(finished(&events, false));
    events
}

/// Hostile words everywhere that a run has words.
fn hostile() -> Vec<Event> {
    let evil = || EVIL.to_owned();
    let mut found = finding(EVIL, 9, mismatch(EVIL, EVIL, EVIL));
    found.notes = vec![evil()];
    found.origins = vec![origin(OriginRole::Definition, EVIL, 1, Some(EVIL))];
    let broken = NixError {
        cause: Cause::Configuration,
        message: evil(),
        location: None,
        trace: vec![Frame {
            text: evil(),
            location: None,
        }],
    };
    let mut events = vec![
        Event::Warning { message: evil() },
        result(EVIL, EVIL, 7, EVIL, fail(vec![found])),
        result("e", EVIL, 8, EVIL, error(vec![evaluation(EVIL, 1, broken)])),
        result("s", EVIL, 9, EVIL, Outcome::Skip { reason: evil() }),
    ];
    let mut noted = result("n", EVIL, 9, EVIL, Outcome::Pass);
    if let Event::TestFinished(noted) = &mut noted {
        noted.note = Some(evil());
        noted.details = vec![evil()];
        noted.artefacts = vec![evil()];
    }
    events.push(noted);
    events.push(Event::HostSystem {
        host: evil(),
        system: evil(),
    });
    let mut events = run_of(events);
    if let Event::RunStarted { nix, profile, .. } = &mut events[0] {
        *nix = Some(evil());
        *profile = Some(evil());
    }
    events
}

/// How many test cases are read back of a file.
fn read(xml: &str) -> (usize, usize, usize, usize) {
    let report = quick_junit::Report::deserialize_from_str(xml).expect(xml);
    let cases = report.test_suites.iter().map(|s| s.test_cases.len()).sum();
    (cases, report.failures, report.errors, report.skipped)
}

/// What holds of the log of a step, whatever is in a run.
pub(crate) fn assert_commands(log: &str) {
    for line in log.lines() {
        let kinds = ["::error ", "::warning ", "::notice "];
        let kind = kinds.iter().find(|kind| line.starts_with(**kind));
        let rest = kind.map(|kind| &line[kind.len()..]).expect(line);
        let (properties, data) = rest.split_once("::").expect(line);
        for property in properties.split(',') {
            let key = property.split_once('=').map(|(key, _)| key);
            assert!(
                matches!(key, Some("file" | "line" | "col" | "title")),
                "{line}"
            );
        }
        assert!(!line.contains("##["), "{line}");
        let commands = data
            .split("%0A")
            .filter(|l| l.trim_start().starts_with("::"));
        assert_eq!(commands.count(), 0, "{line}");
    }
    for kind in ["::error ", "::warning ", "::notice "] {
        assert!(log.lines().filter(|l| l.starts_with(kind)).count() <= 10);
    }
    assert_inert(log);
}

pub(crate) fn assert_inert(text: &str) {
    let acting = text
        .chars()
        .find(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || *c == '\u{202e}');
    assert_eq!(acting, None, "{text}");
}

/// A page without its code: what is left is nobody's but ours.
pub(crate) fn without_code(page: &str) -> String {
    let mut fence: Option<String> = None;
    let mut out = String::new();
    for line in page.lines() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &fence {
            Some(open) => {
                if line == open {
                    fence = None;
                }
            }
            None if ticks.len() >= 3 && line.ends_with("text") => fence = Some(ticks),
            None if line.starts_with("<details>") => {
                let mut rest = line;
                while let Some((before, after)) = rest.split_once("<code>") {
                    out.push_str(before);
                    rest = after.split_once("</code>").expect("code ends").1;
                }
                out.push_str(rest);
                out.push('\n');
            }
            None => {
                out.push_str(&without_spans(line));
                out.push('\n');
            }
        }
    }
    assert_eq!(fence, None, "a block ends");
    out
}

/// By the rule of Markdown: a span ends at as many backticks as it begins with.
fn without_spans(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let open = rest[at..].chars().take_while(|c| *c == '`').count();
        let mut body = &rest[at + open..];
        rest = loop {
            let Some(next) = body.find('`') else {
                panic!("a span without an end: {line}");
            };
            let run = body[next..].chars().take_while(|c| *c == '`').count();
            body = &body[next + run..];
            if run == open {
                break body;
            }
        };
    }
    out + rest
}

#[test]
fn a_run_as_junit() {
    let xml = junit(&whole(&mixed()), &places());
    insta::assert_snapshot!(xml);
    assert_eq!(read(&xml), (9, 2, 2, 1));
}

#[test]
fn a_run_as_annotations() {
    let log = github(&whole(&mixed()), &places());
    insta::assert_snapshot!(log);
    assert_commands(&log);
}

#[test]
fn a_run_as_a_comment() {
    let page = comment(&whole(&mixed()), &places());
    insta::assert_snapshot!(page);
    let summary = job_summary(&whole(&mixed()), 0);
    assert_eq!(page, format!("<!-- nix-parity:run -->\n{summary}"));
}

#[test]
fn hostile_strings_are_words_in_every_document() {
    let run = whole(&hostile());
    let xml = junit(&run, &Places::default());
    insta::assert_snapshot!("hostile_junit", xml);
    assert_eq!(read(&xml), (4, 1, 1, 1));
    assert_inert(&xml);
    assert!(!xml.contains("]]>") && !xml.contains('\u{fffe}'));

    let log = github(&run, &Places::default());
    insta::assert_snapshot!("hostile_annotations", log);
    assert_commands(&log);

    let page = comment(&run, &Places::default());
    insta::assert_snapshot!("hostile_comment", page);
    assert_inert(&page);
    let ours = without_code(&page);
    for word in [
        "octocat",
        "script",
        "evil.example",
        "::error",
        "<!-- nix-parity:run -->",
    ] {
        let at_start = usize::from(word.starts_with("<!--"));
        assert_eq!(ours.matches(word).count(), at_start, "{word}: {ours}");
    }
    assert_eq!(page.matches("<details>").count(), 2);
}

#[test]
fn what_is_not_known_is_an_error() {
    let mut events = mixed();
    events.truncate(9);
    let killed = whole(&events);
    let xml = junit(&killed, &places());
    assert_eq!(read(&xml), (2, 1, 1, 0));
    let open = "the run ended without a result: 8 tests not decided";
    assert!(xml.contains(open), "{xml}");
    assert!(github(&killed, &places()).starts_with("::error title=nix-parity::the run ended"));
    let page = comment(&killed, &places());
    assert!(
        page.contains(open) && page.contains("## nix-parity: failed"),
        "{page}"
    );

    // Nothing failed, and still it is not green.
    events.retain(|e| !matches!(e, Event::TestFinished(_)));
    events.push(finished(&events, true));
    let interrupted = whole(&events);
    assert_eq!(read(&junit(&interrupted, &places())), (1, 0, 1, 0));
    let page = comment(&interrupted, &places());
    assert!(page.contains("## nix-parity: interrupted"), "{page}");
}

#[test]
fn what_proves_nothing_is_no_success() {
    let reason = "no kvm".to_owned();
    let skipped = whole(&run_of(vec![result(
        "a",
        "b",
        1,
        PC,
        Outcome::Skip { reason },
    )]));
    let log = github(&skipped, &places());
    assert!(
        log.starts_with("::warning title=nix-parity::every test was skipped"),
        "{log}"
    );
    let page = comment(&skipped, &places());
    assert!(
        page.contains("## nix-parity: every test was skipped"),
        "{page}"
    );
    assert!(!page.contains("What passed"), "{page}");
}

/// This many tests that fail, each at a line of its own of the configuration.
fn failing(tests: usize) -> WholeRun {
    let failures = (1..=tests).map(|n| {
        let line = u32::try_from(n).unwrap();
        let mut found = finding("a.b", line, mismatch("", &"x".repeat(300), "y"));
        let file = format!("modules/{n}.nix");
        found.origins = vec![origin(OriginRole::Definition, &file, 1, None)];
        result("many", &format!("case {n}"), line, PC, fail(vec![found]))
    });
    whole(&run_of(failures.collect()))
}

#[test]
fn the_limits_of_those_who_read_are_kept() {
    let many = failing(2_000);
    let log = github(&many, &places());
    assert_commands(&log);
    let errors = log.lines().filter(|l| l.starts_with("::error")).count();
    assert_eq!(errors, 10);
    let rest =
        "::notice title=nix-parity::3990 lines with errors beside those annotated: see the log";
    assert!(log.contains(rest), "{log}");

    let page = comment(&many, &places());
    assert!(
        page.len() <= 65_536 && page.len() > 60_000,
        "{}",
        page.len()
    );
    assert!(page.contains("more failures that this page has no room for: see the log"));
    without_code(&page);

    let summary = job_summary(&many, 0);
    assert!(summary.len() <= 1 << 20 && summary.len() > 900_000);
    let little = job_summary(&many, (1 << 20) - 5_000);
    assert!(little.len() <= 5_000 && little.contains("## nix-parity: failed"));
    assert_eq!(job_summary(&many, (1 << 20) - 100), "");
    assert_eq!(job_summary(&many, usize::MAX), "");
}

#[test]
fn lines_that_most_tests_fail_of_come_first() {
    let mut events: Vec<_> = (1..=15)
        .map(|n| {
            let mut found = finding("a", n, mismatch("", "1", "2"));
            found.origins = vec![origin(OriginRole::Definition, "shared.nix", 3, None)];
            result("many", &format!("case {n}"), n, PC, fail(vec![found]))
        })
        .collect();
    let broken = evaluation("b", 99, recursion());
    events.insert(0, result("a", "first of all", 99, PC, error(vec![broken])));
    let log = github(&whole(&run_of(events)), &Places::default());
    let first = log.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("::error file=shared.nix,line=3,"),
        "{log}"
    );
    assert!(first.contains("title=15 cases fail::"), "{log}");
    assert!(
        !log.contains("first of all"),
        "what is certain comes first: {log}"
    );
}

fn compared(options: Vec<OptionChange>, unknown: &[&str]) -> Found {
    let causes = options.iter().map(|option| RootCause {
        name: option.path.clone(),
        old: None,
        new: None,
        changes: vec![Change {
            what: "env.text".to_owned(),
            old: Some(EVIL.to_owned()),
            new: Some("new".to_owned()),
        }],
        followers: 2,
        way_up: vec![EVIL.to_owned(), "system".to_owned()],
    });
    Found::Compared(Box::new(Comparison {
        format: FORMAT,
        old: "main:pc".to_owned(),
        new: "pc".to_owned(),
        derivations: Some(Derivations {
            causes: causes.collect(),
            followers: 2 * options.len(),
            ..Derivations::default()
        }),
        options: Some(options),
        closure: Some(Closure::default()),
        notes: Vec::new(),
        unknown: unknown.iter().map(|text| (*text).to_owned()).collect(),
    }))
}

fn option(path: &str) -> OptionChange {
    OptionChange {
        path: path.to_owned(),
        old: Setting::Value(EVIL.to_owned()),
        new: Setting::Value("short".to_owned()),
        origins: vec![origin(OriginRole::Definition, "modules/a.nix", 3, None)],
        derived: false,
        causes: Vec::new(),
    }
}

fn host(name: &str, found: Found) -> HostComparison {
    HostComparison {
        host: name.to_owned(),
        platform: Some(Platform::Nixos),
        found,
    }
}

#[test]
fn a_diff_of_all_hosts_as_a_comment() {
    let hosts = [
        host("pc", compared(vec![option("a.b")], &[])),
        host("same", compared(Vec::new(), &[])),
        host("also same", compared(Vec::new(), &[])),
        host("partly", compared(Vec::new(), &["options: it is too deep"])),
        host("new", Found::Added),
        host("old", Found::Removed),
        host(EVIL, Found::Failed(EVIL.to_owned())),
    ];
    let page = diff_markdown("main", None, &hosts);
    insta::assert_snapshot!(page);
    assert_inert(&page);
    let ours = without_code(&page);
    for word in ["octocat", "script", "evil.example", "nix-parity:run"] {
        assert!(!ours.contains(word), "{word}: {ours}");
    }
}

#[test]
fn a_long_diff_is_cut_and_says_so() {
    let options = (0..5_000).map(|n| option(&format!("a.{n}")));
    let options: Vec<_> = options.collect();
    let hosts: Vec<_> = (0..300)
        .map(|n| host(&format!("host-{n}"), compared(options[..50].to_vec(), &[])))
        .chain([host("large", compared(options.clone(), &[]))])
        .collect();
    let page = diff_markdown(EVIL, Some(EVIL), &hosts);
    assert!(page.len() <= 65_536, "{}", page.len());
    assert!(page.contains("has no room for what differs of"), "{page}");
    assert!(without_code(&page).contains("301 of 301 hosts differ"));
}

#[test]
fn no_difference_is_one_line() {
    let hosts = [
        host("a", compared(Vec::new(), &[])),
        host("b", compared(Vec::new(), &[])),
    ];
    let page = diff_markdown("main", None, &hosts);
    assert_eq!(
        page,
        "<!-- nix-parity:diff -->\n## nix-parity: what differs since `main`\n\nAll hosts are the same.\n\nNo difference: `a`, `b`\n"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn documents_hold_each_result_and_nothing_acts(events in run()) {
        let run = whole(&events);
        let results = events.iter().filter(|e| matches!(e, Event::TestFinished(_))).count();
        let xml = junit(&run, &Places::default());
        let (cases, ..) = read(&xml);
        prop_assert!(cases == results || cases == results + 1);
        assert_inert(&xml);
        assert_commands(&github(&run, &Places::default()));
        let page = comment(&run, &Places::default());
        assert_inert(&page);
        without_code(&page);
        prop_assert!(page.len() <= 65_536);
    }
}
