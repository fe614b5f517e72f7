//! No terminal, one of a column, and inputs that are closed.

use nix_parity_testkit::{Need, Program};

use crate::every::{BINARY, EVERY, by_shell, prepared};
use crate::projects::real;
use crate::support::assert_sound;
use crate::table::{Row, Seen, elsewhere, row};

const NO_TERMINAL: &str = "no terminal";
const NARROW: &str = "1-column terminal";
const INPUT: &str = "standard input closed";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(
            NO_TERMINAL,
            "every command, in a session of its own",
            no_terminal,
        ),
        elsewhere(
            NO_TERMINAL,
            "gate, which asks",
            "it/gate.rs",
            "who_cannot_be_asked_is_not_taken_to_agree",
        ),
        elsewhere(
            NO_TERMINAL,
            "review, which asks",
            "it/snapshots.rs",
            "a_snapshot_is_pending_until_it_is_accepted",
        ),
        elsewhere(
            NO_TERMINAL,
            "init, which asks",
            "it/init.rs",
            "a_first_suite_is_shown_written_and_passes",
        ),
        row(NARROW, "every command", narrow),
        row(INPUT, "every command", || closed("<&-")),
        row(INPUT, "every command, with all three streams", || {
            closed("<&- >&- 2>&-")
        }),
    ]
}

fn no_terminal() -> Seen {
    if Need::Setsid.missing().is_some() {
        return Seen::Lacks(Need::Setsid);
    }
    let fixture = prepared();
    for (arguments, code) in EVERY {
        let ran = Program::new("setsid")
            .args(["--wait", BINARY])
            .args(arguments)
            .env("NIX_PARITY_CACHE_DIR", fixture.cache())
            .env("TERM", "")
            .current_dir(fixture.project.root())
            .run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(code), "{arguments:?}: {}", ran.stderr);
        assert!(
            ran.stderr.is_empty() || code != 0,
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    Seen::Held(format!("{} commands", EVERY.len()))
}

fn narrow() -> Seen {
    let fixture = prepared();
    // What a terminal lets the program tell in another way than where there is none.
    let besides: [(&[&str], i32); 2] = [
        (&["run", "--no-cache", "domain"], 0),
        (&["review", "--reject", "no-such"], 4),
    ];
    for columns in [1, 2, 0] {
        for (arguments, code) in EVERY.into_iter().chain(besides) {
            let is_looked_at_everywhere = ["run", "list", "--help"].contains(&arguments[0]);
            // Both would wait for an answer.
            let asks = arguments == ["review"];
            if asks || columns != 1 && (!is_looked_at_everywhere || arguments.len() > 1) {
                continue;
            }
            let ran = fixture
                .program(arguments)
                .env("TERM", "xterm")
                .on_screen(columns)
                .run();
            assert!(
                !ran.stdout.contains("panicked"),
                "{arguments:?}: {}",
                ran.stdout
            );
            assert_eq!(
                ran.code(),
                Some(code),
                "{columns} columns: {arguments:?}: {}",
                ran.stdout
            );
            assert!(!ran.stdout.trim().is_empty(), "{arguments:?}");
        }
    }
    Seen::Held(format!(
        "{} commands at width 1, some at 2 and unknown",
        EVERY.len() + 1
    ))
}

fn closed(redirection: &str) -> Seen {
    let fixture = prepared();
    for (arguments, code) in EVERY {
        let ran = by_shell(&fixture, redirection, arguments).run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(code), "{arguments:?}: {}", ran.stderr);
    }
    // With Nix to start, whose streams are given to it.
    let fixture = real();
    let arguments = ["run", "domain", "--junit", "junit.xml"];
    let ran = by_shell(&fixture, redirection, &arguments).run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let report = fixture.project.read("junit.xml");
    assert!(report.trim_end().ends_with("</testsuites>"), "{report}");
    assert_eq!(
        fixture.project.git(&["status", "--porcelain"]).trim(),
        "?? junit.xml"
    );
    Seen::Held(format!("{} commands, and a run with Nix", EVERY.len()))
}
