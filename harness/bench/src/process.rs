//! The programs that are measured, and the one place of this crate where processes
//! are started.
#![expect(
    clippy::disallowed_methods,
    reason = "what is measured is what a user types; this module is this crate's home for it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_testkit::Program;
use tempfile::TempDir;

use crate::questions::Question;
use crate::statistics::Sample;
use crate::weigh::{self, Cost};

/// How wide the terminal is that live lines are drawn on.
const COLUMNS: u16 = 120;

/// What a program left.
pub(crate) struct Done {
    pub(crate) success: bool,
    /// Its exit code; absent where a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The programs that are measured.
pub(crate) struct Tools {
    pub(crate) nix_parity: PathBuf,
    /// What nextest needs to know to start without asking cargo, in two files of a folder;
    /// absent where it is not measured.
    pub(crate) nextest: Option<TempDir>,
}

impl Tools {
    /// `nix-parity run` with a record on standard output.
    pub(crate) fn run(
        &self,
        project: &Utf8Path,
        cache: Option<&Path>,
        more: &[&str],
    ) -> Result<Done, String> {
        output(self.command(project, cache).args(more))
    }

    /// The same with a Nix whose starts are counted.
    pub(crate) fn run_with(
        &self,
        nix: &Utf8Path,
        project: &Utf8Path,
        cache: &Path,
    ) -> Result<Done, String> {
        output(self.command(project, Some(cache)).arg("--nix").arg(nix))
    }

    /// Runs `nix-parity` in a project and weighs it. Both streams are read, and neither is a
    /// terminal.
    pub(crate) fn weigh(
        &self,
        project: &Utf8Path,
        cache: &Path,
        arguments: &[&str],
    ) -> Result<(Done, Cost), String> {
        self.weigh_with(project, cache, arguments, None)
    }

    /// The same with one more variable.
    pub(crate) fn weigh_with(
        &self,
        project: &Utf8Path,
        cache: &Path,
        arguments: &[&str],
        variable: Option<(&str, &str)>,
    ) -> Result<(Done, Cost), String> {
        let mut command = Command::new(&self.nix_parity);
        command
            .current_dir(project)
            .args(arguments)
            .envs(variable)
            .env("NIX_PARITY_CACHE_DIR", cache);
        let (output, cost) = weigh::weigh(&mut command)?;
        Ok((done(&output), cost))
    }

    /// The same at a terminal, where live lines are drawn: the time only.
    pub(crate) fn weigh_at_terminal(
        &self,
        project: &Utf8Path,
        cache: &Path,
        arguments: &[&str],
    ) -> Result<(Option<i32>, Cost), String> {
        let before = weigh::children()?;
        let ran = Program::new(&self.nix_parity)
            .on_screen(COLUMNS)
            .current_dir(project)
            .args(arguments)
            .env("NIX_PARITY_CACHE_DIR", cache)
            .run();
        let all = weigh::children()?.saturating_sub(before).as_secs_f64();
        let cost = Cost {
            all,
            ..Cost::default()
        };
        Ok((ran.code(), cost))
    }

    fn command(&self, project: &Utf8Path, cache: Option<&Path>) -> Command {
        let mut command = Command::new(&self.nix_parity);
        command
            .args(["run", "--format=jsonl", "-C", project.as_str()])
            .args(["--jobs", &cores().to_string()]);
        match cache {
            Some(dir) => command.env("NIX_PARITY_CACHE_DIR", dir),
            None => command.arg("--no-cache"),
        };
        command
    }

    /// `cargo nextest run` of a project's cases, with nothing to build.
    pub(crate) fn nextest(&self, project: &Utf8Path, cache: &Path) -> Result<Done, String> {
        let metadata = self.nextest.as_ref().ok_or("nextest was not built")?;
        let path = |name: &str| metadata.path().join(name);
        output(
            Command::new("cargo")
                .current_dir(repository()?)
                .args(["nextest", "run", "--status-level=none", "--cargo-metadata"])
                .arg(path("cargo.json"))
                .arg("--binaries-metadata")
                .arg(path("binaries.json"))
                .env("NIX_PARITY_DIR", project.as_str())
                .env("NIX_PARITY_CACHE_DIR", cache),
        )
    }
}

/// This repository, which the programs are built from.
pub(crate) fn repository() -> Result<Utf8PathBuf, String> {
    let root = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize_utf8().map_err(|e| e.to_string())
}

/// What cargo prints when it is run in this repository.
pub(crate) fn cargo(arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new("cargo");
    let done = finish(command.current_dir(repository()?).args(arguments))?;
    Ok(done.stdout)
}

/// What Nix says it is.
pub(crate) fn nix_version() -> Result<String, String> {
    let done = finish(Command::new("nix").arg("--version"))?;
    Ok(done.stdout.trim().to_owned())
}

/// How many processors there are, and so how many hosts are evaluated at once.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Evaluates what is asked, as often as it is asked: Nix keeps no result.
pub(crate) fn nix_eval(question: &Question) -> Result<(), String> {
    let Question {
        flake,
        attribute,
        function,
    } = question;
    let mut command = Command::new("nix");
    command
        .args(["eval", "--json", "--no-write-lock-file"])
        .arg(format!("{}#{attribute}", flake.reference))
        .args(["--option", "eval-cache", "false"])
        .args(["--apply", function]);
    for replaced in &flake.overrides {
        command.args(["--override-input", &replaced.input, &replaced.reference]);
    }
    finish(&mut command).map(drop)
}

/// Measures what is done.
pub(crate) fn measure(work: impl FnOnce() -> Result<(), String>) -> Result<Sample, String> {
    let (began, before) = (Instant::now(), weigh::children()?);
    work()?;
    Ok(Sample {
        wall: began.elapsed(),
        processor: weigh::children()?.checked_sub(before),
    })
}

fn output(command: &mut Command) -> Result<Done, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot start {}: {e}", command.get_program().display()))?;
    Ok(done(&output))
}

fn done(output: &Output) -> Done {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done {
        success: output.status.success(),
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

/// Runs a program that must succeed.
fn finish(command: &mut Command) -> Result<Done, String> {
    let done = output(command)?;
    if done.success {
        return Ok(done);
    }
    Err(format!("{command:?} failed:\n{}", done.stderr))
}

impl Done {
    /// Makes sure that a program came out as it should have.
    pub(crate) fn exited(&self, wanted: i32, arguments: &[&str]) -> Result<(), String> {
        if self.code == Some(wanted) {
            return Ok(());
        }
        Err(format!(
            "{arguments:?} exited with {:?} and not with {wanted}:\n{}",
            self.code, self.stderr
        ))
    }
}
