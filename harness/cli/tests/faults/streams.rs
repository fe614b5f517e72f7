//! Somebody who stops reading.

use nix_parity_testkit::{Program, find};

use crate::scenario::{evaluated, tree};
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

/// What a command exits with when its output goes here, and what is read of it.
#[track_caller]
fn piped(fixture: &Fixture, arguments: &[&str], to: &str) -> (i32, String) {
    let script = format!("\"$@\" {to}; echo \"code ${{PIPESTATUS[0]}}\" >&2");
    let ran = Program::new("bash")
        .args(["-c", &script, "bash", env!("CARGO_BIN_EXE_nix-parity")])
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
    assert_eq!(
        said, "",
        "{arguments:?}: somebody who stops reading wants no words"
    );
    (code.unwrap_or_default().parse().unwrap_or(-1), ran.stdout)
}

const COMMANDS: [(&[&str], i32); 11] = [
    (&["run"], 1),
    (&["run", "--format", "jsonl"], 1),
    (&["run", "--junit", "j.xml", "--markdown", "m.md"], 1),
    (&["list"], 0),
    (&["gap"], 0),
    (&["gap", "--format", "jsonl"], 0),
    (&["matrix"], 0),
    (&["schema", "case"], 0),
    (&["man"], 0),
    (&["completions", "bash"], 0),
    (&["--help"], 0),
];

/// With a host that was evaluated.
const REAL: [(&[&str], i32); 4] = [
    (&["run"], 1),
    (&["diff", "pc", "pc"], 0),
    (&["explain", "networking.domain", "--host", "pc"], 0),
    (&["doctor"], 0),
];

fn each(to: &str) -> Result<usize, String> {
    if find("bash").is_none() {
        return Err("bash is not there".to_owned());
    }
    let (tree, real) = (tree(), evaluated());
    for (fixture, commands) in [(&tree, &COMMANDS[..]), (&real, &REAL[..])] {
        for (arguments, code) in commands {
            let (ended, _) = piped(fixture, arguments, to);
            assert_eq!(ended, *code, "{arguments:?} {to}");
        }
    }
    let report = tree.project.read("j.xml");
    assert!(report.trim_end().ends_with("</testsuites>"), "{report}");
    Ok(COMMANDS.len() + REAL.len())
}

fn seen(looked: Result<usize, String>) -> Seen {
    match looked {
        Ok(commands) => Seen::Held(format!("{commands} commands keep their exit codes")),
        Err(reason) => Seen::Skipped(reason),
    }
}

fn head() -> Seen {
    seen(each("| head -n 1 > /dev/null"))
}

fn nobody() -> Seen {
    // It is gone before anything is written.
    seen(each("| exec true"))
}

fn both() -> Seen {
    seen(each("2>&1 | exec true"))
}
