//! A command of Nix that is run to its end: its answer on standard output, its log as
//! it comes, within the same bounds as a worker.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::time::Duration;

use super::log::BuildLine;
use crate::nix::command::Program;
use crate::nix::worker::process::{Next, Process};
use crate::nix::{Deadline, Failure, Limits, Nix};

/// How long a build has to end its builders, once it is told to. Nix kills them with
/// all that they started, which nobody else can.
const GRACE: Duration = Duration::from_secs(5);

/// What became of a command.
pub(super) struct Done {
    /// Whether it succeeded.
    pub(super) ok: bool,
    /// How it ended, for people.
    pub(super) ended: String,
    /// What it wrote to standard output.
    pub(super) answer: String,
}

/// A command of Nix that says what it does in JSON.
pub(super) fn command(nix: &Nix, words: &[&str]) -> Program {
    Program::new(&nix.program)
        .args(words)
        .args(["--extra-experimental-features", "nix-command flakes"])
        .args(["--log-format", "internal-json"])
}

/// Runs a command, and hands on each line of its log.
pub(super) fn run(
    program: &Program,
    limits: &Limits,
    deadline: Deadline,
    mut each: impl FnMut(BuildLine),
) -> Result<Done, Failure> {
    let no_file = |e: std::io::Error| Failure::Start(format!("no temporary file: {e}"));
    let mut stdout = tempfile::tempfile().map_err(no_file)?;
    let answers = stdout.try_clone().map_err(no_file)?;
    let child = program
        .spawn_command(answers)
        .map_err(|e| Failure::Start(e.to_string()))?;
    // The bound is for evaluators; what a build holds, its builders hold.
    let limits = Limits {
        memory: None,
        ..limits.clone()
    };
    let mut process = Process::of(child, limits, BuildLine::parse, GRACE)?;
    while let Next::Line(line) = process.next(deadline)? {
        each(line);
    }
    let (ok, ended) = process.end();
    Ok(Done {
        ok,
        ended,
        answer: read(&mut stdout).map_err(|e| Failure::Unreadable(e.to_string()))?,
    })
}

/// The same for a command of which only the answer is of interest.
pub(super) fn ask(
    program: &Program,
    limits: &Limits,
    deadline: Deadline,
) -> Result<String, Failure> {
    let mut last = None;
    let done = run(program, limits, deadline, |line| match line {
        BuildLine::Error(text) | BuildLine::Message(text) => last = Some(text),
        BuildLine::Started { .. } | BuildLine::Said { .. } | BuildLine::Other => {}
    })?;
    if done.ok {
        return Ok(done.answer);
    }
    let said = last.map(|text| format!(": {text}")).unwrap_or_default();
    Err(Failure::Died(format!("{}{said}", done.ended)))
}

fn read(file: &mut File) -> std::io::Result<String> {
    file.rewind()?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
