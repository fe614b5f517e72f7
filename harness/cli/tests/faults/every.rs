//! Every command of the program, on a project in which each finds something to say: for
//! what happens to streams and terminals, which is the same whatever is told.

use std::sync::{Arc, Mutex, PoisonError};

use nix_parity_testkit::Program;

use crate::projects::{LEDGER, modular};
use crate::support::Fixture;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_nix-parity");

/// Commands, and what they exit with.
pub(crate) const EVERY: [(&[&str], i32); 23] = [
    (&["run"], 1),
    (&["run", "--format", "jsonl"], 1),
    (&["run", "--junit", "j.xml", "--markdown", "m.md"], 1),
    (&["list"], 0),
    (&["matrix"], 0),
    (&["diff", "pc", "pc"], 0),
    (&["explain", "networking.domain", "--host", "pc"], 0),
    // Nobody is there to be asked.
    (&["review"], 2),
    (&["gap"], 0),
    (&["gap", "--format", "jsonl"], 0),
    (&["coverage"], 0),
    (&["gate", "--host", "pc"], 1),
    (&["init", "--dry-run"], 0),
    (&["schema", "case"], 0),
    (&["doctor"], 0),
    (&["vm", "--interactive", "none"], 2),
    (&["report", "--from", "run.jsonl"], 1),
    (&["cache", "stats"], 0),
    (&["completions", "bash"], 0),
    (&["man"], 0),
    (&["help", "run"], 0),
    (&["--help"], 0),
    (&["--version"], 0),
];

/// Whether it is told on standard error, what is wrong with the command line itself.
pub(crate) const fn is_refused(code: i32) -> bool {
    matches!(code, 2 | 4)
}

static SHARED: Mutex<Option<Arc<Fixture>>> = Mutex::new(None);

/// The project: each command has been there once, so that what it evaluates is known.
/// All rows have the same one.
pub(crate) fn prepared() -> Arc<Fixture> {
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.get_or_insert_with(|| Arc::new(prepare())).clone()
}

/// Removes the project.
pub(crate) fn forget() {
    *SHARED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}

fn prepare() -> Fixture {
    let fixture = modular();
    fixture.project.write("ledger.yaml", LEDGER);
    let record = fixture.run(&["run", "--format", "jsonl"]).stdout;
    fixture.project.write("run.jsonl", &record);
    for (arguments, code) in EVERY {
        let ran = fixture.run(arguments);
        assert_eq!(ran.code(), Some(code), "{arguments:?}: {}", ran.stderr);
    }
    let help = fixture.run(&["--help"]).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 15, "{help}");
    for command in commands {
        let is_there = EVERY.iter().any(|(arguments, _)| arguments[0] == command);
        assert!(is_there, "no row runs `{command}`");
    }
    fixture
}

/// The program on it, by a shell that does this with its streams.
pub(crate) fn by_shell(fixture: &Fixture, redirection: &str, arguments: &[&str]) -> Program {
    Program::new("/bin/sh")
        .args(["-c", &format!("exec \"$@\" {redirection}"), "sh", BINARY])
        .args(arguments)
        .env("NIX_PARITY_CACHE_DIR", fixture.cache())
        .current_dir(fixture.project.root())
}
