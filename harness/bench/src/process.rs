//! The programs that are measured, and the one place of this crate where processes
//! are started.
#![expect(
    clippy::disallowed_methods,
    reason = "what is measured is what a user types; this module is this crate's home for it"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::memory;
use crate::questions::Question;
use crate::statistics::Sample;

/// What a program left.
pub(crate) struct Done {
    pub(crate) success: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The programs, built.
pub(crate) struct Tools {
    nix_parity: PathBuf,
    /// The repository that they are built from.
    pub(crate) repository: Utf8PathBuf,
    // What nextest needs to know to start without asking cargo.
    metadata: TempDir,
}

impl Tools {
    /// Builds all that is measured, so that no build is.
    pub(crate) fn build() -> Result<Self, String> {
        let repository = Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize_utf8()
            .map_err(|e| e.to_string())?;
        let metadata = tempfile::tempdir().map_err(|e| e.to_string())?;
        let cargo = |arguments: &[&str]| {
            finish(
                Command::new("cargo")
                    .current_dir(&repository)
                    .args(arguments),
            )
        };
        let built = cargo(&[
            "build",
            "--release",
            "--locked",
            "--package=nix-parity-cli",
            "--message-format=json",
        ])?;
        let nix_parity = built
            .stdout
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .find_map(|message| message["executable"].as_str().map(PathBuf::from))
            .ok_or("cargo built no program")?;
        let write = |name: &str, text: &str| {
            std::fs::write(metadata.path().join(name), text).map_err(|e| e.to_string())
        };
        let workspace = cargo(&["metadata", "--format-version=1", "--locked"])?;
        write("cargo.json", &workspace.stdout)?;
        let binaries = cargo(&[
            "nextest",
            "list",
            "--cargo-profile=release",
            "--locked",
            "--package=nix-parity-suite",
            "--test=cases",
            "--list-type=binaries-only",
            "--message-format=json",
        ])?;
        write("binaries.json", &binaries.stdout)?;
        Ok(Self {
            nix_parity,
            repository,
            metadata,
        })
    }

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

    /// The same with the most memory that it held itself, in bytes, where the
    /// system tells.
    pub(crate) fn run_and_weigh(
        &self,
        project: &Utf8Path,
        cache: &Path,
    ) -> Result<(Done, Option<u64>), String> {
        let mut command = self.command(project, Some(cache));
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| format!("cannot start nix-parity: {e}"))?;
        let (process, ended) = (child.id(), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let watch = scope.spawn(|| {
                let mut peak = None;
                while !ended.load(Ordering::Relaxed) {
                    // A process that has ended holds nothing, and says so.
                    peak = memory::peak(process).max(peak);
                    std::thread::sleep(Duration::from_millis(2));
                }
                peak
            });
            let output = child.wait_with_output();
            ended.store(true, Ordering::Relaxed);
            let peak = watch.join().map_err(|_| "a thread died".to_owned())?;
            Ok((done(&output.map_err(|e| e.to_string())?), peak))
        })
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
        let path = |name: &str| self.metadata.path().join(name);
        output(
            Command::new("cargo")
                .current_dir(&self.repository)
                .args(["nextest", "run", "--status-level=none", "--cargo-metadata"])
                .arg(path("cargo.json"))
                .arg("--binaries-metadata")
                .arg(path("binaries.json"))
                .env("NIX_PARITY_DIR", project.as_str())
                .env("NIX_PARITY_CACHE_DIR", cache),
        )
    }
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
    let (began, before) = (Instant::now(), processor());
    work()?;
    Ok(Sample {
        wall: began.elapsed(),
        processor: processor()
            .zip(before)
            .and_then(|(after, before)| after.checked_sub(before)),
    })
}

/// The processor time of all processes that this one started and that have ended,
/// with all that they started. Only Linux tells without a system call of its own.
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<u64>().ok();
    // Fields 16 and 17 of proc(5), a hundred ticks a second on every Linux.
    Some(Duration::from_millis((ticks(13)? + ticks(14)?) * 10))
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
