//! Whole runs, as people read them.

use nix_parity_core::event::Event;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, Frame, NixError};
use nix_parity_core::outcome::{OriginRole, Outcome, Problem};
use nix_parity_report::{Between, Shown, Style, between, failure_text};

use crate::samples::{
    end, error, evaluation, fail, finding, finished, fish_is_off, mismatch, origin, passes, plan,
    recursion, result, run_of, shown, shown_in, shown_of, start,
};

const PC: &str = "future-nixos-pc";

/// The screen that the design aims at: three hosts side by side, one failure, one
/// error, two skipped.
fn three_hosts() -> Vec<Event> {
    let mut events = vec![plan([4, 5, 2])];
    events.extend(start("macbook-air", "aarch64-darwin", false));
    events.extend(start(PC, "x86_64-linux", false));
    events.extend(start("lars", "x86_64-linux", true));
    events.extend(passes("lars", 2));
    events.push(end("lars", 3));
    events.extend(passes("macbook-air", 4));
    events.push(end("macbook-air", 4_900));
    let security = evaluation("security.sudo.wheelNeedsPassword", 21, recursion());
    events.push(result(
        "security",
        "wheel needs a password",
        21,
        PC,
        error(vec![security]),
    ));
    events.push(result("shell", "login shell", 7, PC, fish_is_off()));
    let reason = "needs aarch64-darwin to build".to_owned();
    for case in ["etc", "closure"] {
        let outcome = Outcome::Skip {
            reason: reason.clone(),
        };
        events.push(result("built", case, 3, PC, outcome));
    }
    events.extend(passes(PC, 1));
    events.push(end(PC, 8_700));
    events.push(finished(&events, false));
    events
}

#[test]
fn cached_hosts_share_a_line_in_a_run_that_follows_another() {
    let style = Style::plain(80);
    let all = shown_of(&three_hosts(), style, Shown::All);
    let evaluated = shown_of(&three_hosts(), style, Shown::Evaluated);
    let only = |a: &str, b: &str| -> Vec<String> {
        let lines = a.lines().filter(|line| !b.lines().any(|l| l == *line));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(only(&evaluated, &all), ["1 host cached: lars"]);
    let listed = only(&all, &evaluated);
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert!(listed[0].contains("lars"), "{listed:?}");
}

#[test]
fn what_stands_between_runs() {
    let files: Vec<_> = ["hosts/pc.nix", "a\u{1b}[31m"].map(str::to_owned).into();
    let mut out = Vec::new();
    for what in [
        Between::Changed(&files),
        Between::StartsOver(&files),
        Between::Same(&files),
        Between::Watching("/etc/nixos"),
    ] {
        between(what, &mut out, &Style::plain(60)).unwrap();
    }
    insta::assert_snapshot!(String::from_utf8(out).unwrap());
}

#[test]
fn green() {
    let mut events = vec![plan([84, 0, 40])];
    events.extend(start("macbook-air", "aarch64-darwin", false));
    events.extend(start("lars", "x86_64-linux", true));
    events.extend(passes("lars", 40));
    events.push(end("lars", 3));
    events.extend(passes("macbook-air", 84));
    events.push(end("macbook-air", 4_900));
    events.push(finished(&events, false));
    insta::assert_snapshot!(shown(&events, 80));
}

#[test]
fn three_hosts_with_a_failure_and_an_error() {
    insta::assert_snapshot!(shown(&three_hosts(), 100));
}

#[test]
fn forty_columns() {
    insta::assert_snapshot!(shown(&three_hosts(), 40));
}

#[test]
fn one_column_loses_nothing() {
    let narrow = shown(&three_hosts(), 1);
    insta::assert_snapshot!(narrow);
    // The lines of hosts leave out what is there for orientation only.
    let words = |text: &str| -> Vec<String> {
        let (_, rest) = text.split_once("\n\n").unwrap();
        rest.split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(words(&narrow), words(&shown(&three_hosts(), 1_000)));
}

#[test]
fn colour_says_nothing_that_words_do_not() {
    let style = Style {
        colour: true,
        width: 100,
    };
    let coloured = shown_in(&three_hosts(), style);
    assert!(coloured.contains("\u{1b}[31mFAIL\u{1b}[0m"), "{coloured}");
    let mut plain = String::new();
    for (number, part) in coloured.split("\u{1b}[").enumerate() {
        let text = if number == 0 {
            part
        } else {
            part.split_once('m').unwrap().1
        };
        plain.push_str(text);
    }
    assert_eq!(plain, shown(&three_hosts(), 100));
}

#[test]
fn every_kind_of_failure() {
    let mut undeclared = finding("programs.fsh.enable", 12, mismatch("", "true", "nothing"));
    undeclared.notes = vec!["did you mean programs.fish.enable?".to_owned()];
    let mut default = finding(
        "environment.variables",
        13,
        mismatch(".EDITOR", "\"vim\"", "\"nano\""),
    );
    default.origins = vec![
        origin(
            OriginRole::Declaration,
            "/nix/store/source/shells.nix",
            40,
            None,
        ),
        origin(
            OriginRole::Declaration,
            "config/lib/types/system.nix",
            0,
            None,
        ),
    ];
    let timeout = Problem::Machine {
        message: "no answer within 60 s\nthe worker was stopped".to_owned(),
    };
    let until = Problem::UnexpectedPass {
        until: "wayland lands".to_owned(),
    };
    let foreign = NixError {
        cause: Cause::Configuration,
        message: "attribute 'foo' missing\nat level two".to_owned(),
        location: None,
        trace: ["a", "b", "c", "d"]
            .map(|text| Frame {
                text: format!("while calling {text}"),
                location: Some(Location::point("/nix/store/source/lib.nix", 3, 1)),
            })
            .into(),
    };
    let mut events = vec![
        result("kinds", "several", 10, PC, fail(vec![undeclared, default])),
        result(
            "kinds",
            "machine",
            20,
            PC,
            error(vec![finding("eval", 20, timeout)]),
        ),
        result(
            "kinds",
            "expected",
            30,
            PC,
            fail(vec![finding("expected failure", 31, until)]),
        ),
        result(
            "kinds",
            "twice the same error",
            40,
            PC,
            error(vec![
                evaluation("a.b", 41, foreign.clone()),
                evaluation("a.c", 42, foreign),
            ]),
        ),
    ];
    let note = |event: &mut Event, text: &str| {
        if let Event::TestFinished(result) = event {
            result.note = Some(text.to_owned());
        }
    };
    note(&mut events[0], "a note on the test");
    let mut noted = passes(PC, 7);
    for event in &mut noted {
        note(event, "expected failure until wayland lands");
    }
    events.extend(noted);
    for (case, reason) in [
        ("x", "no kvm"),
        ("y", "needs aarch64-darwin"),
        ("z", "no kvm"),
    ] {
        let reason = reason.to_owned();
        events.push(result("skips", case, 1, PC, Outcome::Skip { reason }));
    }
    events.insert(
        0,
        Event::Warning {
            message: "the tree is dirty\nand old".to_owned(),
        },
    );
    let events = run_of(events);
    insta::assert_snapshot!(shown(&events, 80));
}

#[test]
fn values_of_several_lines_are_a_diff() {
    let lines = |changed: &str| -> String {
        let mut lines: Vec<_> = (0..30).map(|n| format!("  \"{n}\"")).collect();
        lines[4] = format!("  \"{changed}\"");
        lines[25] = format!("  \"{changed}\tend\"");
        format!("[\n{}\n]", lines.join("\n"))
    };
    let problem = mismatch("", &lines("old"), &lines("new"));
    let outcome = fail(vec![finding("environment.shells", 9, problem)]);
    let events = run_of(vec![result("shell", "shells", 7, PC, outcome)]);
    insta::assert_snapshot!(shown(&events, 80));
}

#[test]
fn hostile_strings_are_shown_and_do_nothing() {
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\n::error file=x::\u{202e}gpj.exe\r##[error]x";
    let mut outcome = fail(vec![finding(
        evil,
        9,
        mismatch(evil, evil, "::stop-commands::a"),
    )]);
    if let Outcome::Fail { findings } = &mut outcome {
        findings[0].notes = vec!["::set-output name=a::b".to_owned(), evil.to_owned()];
        findings[0].origins = vec![origin(OriginRole::Definition, evil, 1, Some(evil))];
    }
    let broken = NixError {
        cause: Cause::Configuration,
        message: evil.to_owned(),
        location: Some(Location::point(evil, 1, 1)),
        trace: vec![Frame {
            text: evil.to_owned(),
            location: None,
        }],
    };
    let reason = evil.to_owned();
    let mut events = run_of(vec![
        result(evil, evil, 7, evil, outcome),
        result("::a", "b", 8, PC, error(vec![evaluation("::x", 1, broken)])),
        result("c", "d", 9, PC, Outcome::Skip { reason }),
    ]);
    let message = evil.to_owned();
    events.insert(1, Event::Warning { message });
    let text = shown(&events, 80);
    insta::assert_snapshot!(text);
    for line in text.lines() {
        assert!(!line.trim_start().starts_with("::"), "{line}");
        assert!(!line.contains("##["), "{line}");
        assert!(!line.chars().any(char::is_control), "{line:?}");
        assert!(!line.contains('\u{202e}'), "{line:?}");
    }
}

#[test]
fn an_interrupted_run_says_what_is_open() {
    let mut events = vec![plan([4, 9, 2])];
    events.extend(start("macbook-air", "aarch64-darwin", false));
    events.extend(start(PC, "x86_64-linux", false));
    events.extend(passes("macbook-air", 4));
    events.push(end("macbook-air", 4_900));
    events.push(result("shell", "login shell", 7, PC, fish_is_off()));
    events.extend(passes(PC, 2));
    let killed = shown(&events, 80);
    events.push(end(PC, 5_000));
    events.push(finished(&events, true));
    insta::assert_snapshot!("interrupted", shown(&events, 80));
    insta::assert_snapshot!("killed", killed);
}

#[test]
fn one_error_of_many_tests_is_told_once() {
    let broken = |subject: &str| error(vec![evaluation(subject, 3, recursion())]);
    let mut other = recursion();
    other.message = "attribute 'lars' missing".to_owned();
    let mut events: Vec<_> = (1..=9)
        .map(|n| {
            result(
                "users",
                &format!("case {n}"),
                n * 10,
                PC,
                broken("users.users"),
            )
        })
        .collect();
    events.push(result(
        "users",
        "case 10",
        55,
        PC,
        error(vec![evaluation("a", 1, other)]),
    ));
    // Events come in any order; the report does not.
    events.reverse();
    events.push(result("users", "case 1", 10, "lars", broken("users.users")));
    let events = run_of(events);
    insta::assert_snapshot!(shown(&events, 100));
}

#[test]
fn runs_that_prove_nothing_say_so() {
    let empty = vec![plan([0, 0, 0]), finished(&[], false)];
    let reason = "no kvm".to_owned();
    let skipped = run_of(vec![result("a", "b", 1, PC, Outcome::Skip { reason })]);
    insta::assert_snapshot!(format!("{}---\n{}", shown(&empty, 80), shown(&skipped, 80)));
    assert_eq!(shown(&[], 80), "");
}

#[test]
fn one_test_alone_for_a_test_runner() {
    let events = three_hosts();
    let texts: Vec<_> = events
        .iter()
        .filter_map(|e| match e {
            Event::TestFinished(r) if !r.outcome.findings().is_empty() => Some(failure_text(r)),
            _ => None,
        })
        .collect();
    assert_eq!(texts.len(), 2);
    insta::assert_snapshot!(texts.join("---\n"));
}
