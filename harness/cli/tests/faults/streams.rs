//! Somebody who stops reading.

use nix_parity_testkit::Program;

use crate::every::{BINARY, EVERY, prepared};
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, row};

const PIPE: &str = "closed pipe";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(PIPE, "commands | head -n 1", head),
        row(PIPE, "commands | true", nobody),
        row(PIPE, "2>&1 | true", both),
    ]
}

/// What a command exits with when its output goes here, and what it says of that.
#[track_caller]
fn piped(fixture: &Fixture, arguments: &[&str], to: &str) -> (i32, String) {
    let script = format!("\"$@\" {to}; echo \"code ${{PIPESTATUS[0]}}\" >&2");
    let ran = Program::new("bash")
        .args(["-c", &script, "bash", BINARY])
        .args(arguments)
        .env("NIX_PARITY_CACHE_DIR", fixture.cache())
        .current_dir(fixture.project.root())
        .run();
    assert_sound(&ran);
    let code = ran
        .stderr
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("code "));
    let said = ran
        .stderr
        .replace(&format!("code {}\n", code.unwrap_or_default()), "");
    (code.unwrap_or_default().parse().unwrap_or(-1), said)
}

fn each(to: &str) -> Seen {
    let fixture = prepared();
    for (arguments, code) in EVERY {
        let (ended, said) = piped(&fixture, arguments, to);
        assert_eq!(ended, code, "{arguments:?} {to}");
        // Somebody who stops reading wants no words of that; why something is wrong is told.
        assert!(
            said.is_empty() || code != 0 && !said.to_lowercase().contains("pipe"),
            "{arguments:?} {to}: {said}"
        );
    }
    let report = fixture.project.read("j.xml");
    assert!(report.trim_end().ends_with("</testsuites>"), "{report}");
    let commands = EVERY.len();
    Seen::Held(format!("{commands} commands keep their exit codes"))
}

fn head() -> Seen {
    each("| head -n 1 > /dev/null")
}

fn nobody() -> Seen {
    // It is gone before anything is written.
    each("| exec true")
}

fn both() -> Seen {
    each("2>&1 | exec true")
}
