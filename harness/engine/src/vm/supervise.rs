//! Runs a NixOS test driver to its end, within limits, and leaves no process.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::accelerator::Accelerator;
use super::limits::Limits;
use super::process::{Ending, Session};
use super::transcript::{Stage, Subtest, Transcript};
use super::trouble::Trouble;
use crate::nix::Program;

/// A driver, and how it is to be run.
#[derive(Debug)]
pub struct Supervision<'a> {
    /// The driver: `bin/nixos-test-driver`.
    pub driver: &'a Path,
    /// Arguments before ours.
    pub arguments: &'a [String],
    /// The program that a driver of ours runs, where it is one.
    pub program: Option<&'a Path>,
    /// Where pictures, copied files, the log and the test report are put; is there.
    pub artefacts: &'a Path,
    /// What runs the processors.
    pub accelerator: Accelerator,
    /// How long what may take, as without emulation.
    pub limits: Limits,
    /// Whether the machines' disks and sockets are kept.
    pub keep_state: bool,
    /// Set when the user interrupts.
    pub interrupted: &'a AtomicBool,
}

/// A driver that has ended.
#[derive(Debug)]
pub struct Run {
    /// Whether the script ran to its end, and nothing went wrong.
    pub verdict: Result<(), Trouble>,
    /// Subtests, in their order.
    pub subtests: Vec<Subtest>,
    /// What the steps of our program told, one JSON object per line.
    pub results: String,
    /// The last lines of the driver, or of the consoles where those say more.
    pub tail: Vec<String>,
    /// The names of processes that had to be ended.
    pub left_behind: Vec<String>,
    /// Where the machines' state is, if it was to be kept.
    pub state: Option<PathBuf>,
    /// How long it took.
    pub took: Duration,
}

impl Run {
    /// A driver that ran within a build which succeeded.
    pub const fn of_build() -> Self {
        Self {
            verdict: Ok(()),
            subtests: Vec::new(),
            results: String::new(),
            tail: Vec::new(),
            left_behind: Vec::new(),
            state: None,
            took: Duration::ZERO,
        }
    }
}

/// The file of what the driver has said, beside the other artefacts.
pub const LOG: &str = "driver.log";

/// What the driver's own report is called.
const JUNIT: &str = "junit.xml";

/// What our program tells, in the driver's own folder.
const RESULTS: &str = "results.jsonl";

/// No log is longer than this.
const LONGEST_LOG: u64 = 64 << 20;

impl Supervision<'_> {
    /// Runs the driver.
    ///
    /// # Errors
    /// It cannot be started, or the folders that it needs cannot be made.
    pub fn run(&self) -> io::Result<Run> {
        // Sockets are put there, whose paths may not be long; what the variables of the
        // environment name often is.
        let folder = tempfile::Builder::new().prefix("np").tempdir_in("/tmp")?;
        let limits = self.limits.scaled(self.accelerator.slowdown());
        let began = Instant::now();
        let program = self.command(folder.path());
        let session = Session::start(&program, None)?;
        let mut watch = Watch {
            session: session.marked("TMPDIR", &folder.path().to_string_lossy()),
            transcript: Transcript::default(),
            log: Log::create(&self.artefacts.join(LOG))?,
            limits,
            began,
            stages: Vec::new(),
            cleaning_since: None,
            panic_since: None,
        };
        let (stopped, ended) = watch.follow(self.interrupted);
        let left_behind = watch.session.sweep();
        let rest: Vec<_> = watch.session.rest().collect();
        for line in rest {
            watch.take(&line);
        }
        let verdict = match (stopped, ended) {
            (Some(trouble), _) => Err(trouble),
            (None, Some(ending)) => Trouble::of(ending, &watch.transcript),
            // Without a reason to stop there is an end.
            (None, None) => Err(Trouble::Interrupted),
        };
        let tail = match &verdict {
            Err(trouble) if trouble.is_of_machine() => watch.transcript.last_on_consoles(15),
            _ => watch.transcript.last_said(15),
        };
        Ok(Run {
            verdict,
            tail,
            left_behind,
            subtests: std::mem::take(&mut watch.transcript.subtests),
            results: std::fs::read_to_string(folder.path().join(RESULTS)).unwrap_or_default(),
            state: self.keep_state.then(|| TempDir::keep(folder)),
            took: began.elapsed(),
        })
    }

    fn command(&self, folder: &Path) -> Program {
        let mut program = Program::new(self.driver)
            .args(self.arguments)
            .arg("-o")
            .arg(self.artefacts)
            .args(["--junit-xml", JUNIT, "--no-interactive"])
            .env("TMPDIR", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .env("PYTHONUNBUFFERED", "1")
            .env("NIX_PARITY_RESULTS", folder.join(RESULTS))
            .env("NIX_PARITY_SCALE", self.accelerator.slowdown().to_string())
            .current_dir(folder);
        if let Some(text) = self.program {
            program = program.env("NIX_PARITY_PROGRAM", text);
        }
        if let Some(options) = self.accelerator.qemu_options() {
            program = program.env("QEMU_OPTS", options);
        }
        program
    }
}

/// A driver that runs.
struct Watch {
    session: Session,
    transcript: Transcript,
    log: Log,
    limits: Limits,
    began: Instant,
    /// Since when machines are where they are.
    stages: Vec<(String, Stage, Instant)>,
    cleaning_since: Option<Instant>,
    panic_since: Option<Instant>,
}

impl Watch {
    /// Follows the driver until it ends, or until there is a reason to end it: that one,
    /// and how the driver ended by itself.
    fn follow(&mut self, interrupted: &AtomicBool) -> (Option<Trouble>, Option<Ending>) {
        loop {
            self.read();
            if let Some(ending) = self.session.ended() {
                return (None, Some(ending));
            }
            if let Some(trouble) = self.overdue(interrupted) {
                self.session.interrupt();
                let until = Instant::now() + self.limits.grace;
                while self.session.ended().is_none() && Instant::now() < until {
                    self.read();
                }
                return (Some(trouble), None);
            }
        }
    }

    /// Takes in what has been said, waiting a moment for it.
    fn read(&mut self) {
        // Bounded, so that a flood of lines does not keep the limits from being looked at.
        for _ in 0..1_000 {
            let Some(line) = self.session.line() else {
                break;
            };
            self.take(&line);
        }
        let now = Instant::now();
        for (node, stage) in &self.transcript.nodes {
            match self.stages.iter_mut().find(|(name, ..)| name == node) {
                Some((_, at, since)) if at != stage => (*at, *since) = (*stage, now),
                Some(_) => {}
                None => self.stages.push((node.clone(), *stage, now)),
            }
        }
        if self.transcript.cleaning {
            self.cleaning_since.get_or_insert(now);
        }
        if self.transcript.panic.is_some() {
            self.panic_since.get_or_insert(now);
        }
    }

    fn take(&mut self, line: &str) {
        self.log.write(line);
        self.transcript.read(line);
    }

    /// Why the driver is to be ended, if it is.
    fn overdue(&self, interrupted: &AtomicBool) -> Option<Trouble> {
        let now = Instant::now();
        if interrupted.load(Ordering::Relaxed) {
            return Some(Trouble::Interrupted);
        }
        if let Some(since) = self.cleaning_since {
            // The script has ended; what it was does not count any more.
            let limit = self.limits.cleanup;
            return (now > since + limit).then_some(Trouble::NoEnd { limit });
        }
        if let (Some((node, text)), Some(since)) = (&self.transcript.panic, self.panic_since) {
            // Of a machine whose shell it has, the driver notices by itself.
            let grace = if self.transcript.is_up(node) {
                self.limits.grace
            } else {
                Duration::ZERO
            };
            if now >= since + grace {
                let (node, text) = (node.clone(), text.clone());
                return Some(Trouble::Panic { node, text });
            }
        }
        for (node, stage, since) in &self.stages {
            let node = || node.clone();
            match stage {
                Stage::Starting if now > *since + self.limits.start => {
                    let limit = self.limits.start;
                    return Some(Trouble::NoQemu {
                        node: node(),
                        limit,
                    });
                }
                Stage::Booting if now > *since + self.limits.start + self.limits.boot => {
                    let limit = self.limits.start + self.limits.boot;
                    return Some(Trouble::NoShell {
                        node: node(),
                        limit,
                    });
                }
                _ => {}
            }
        }
        let limit = self.limits.whole;
        (now > self.began + limit).then_some(Trouble::TooLong { limit })
    }
}

/// The log on disk, up to a size.
struct Log {
    file: File,
    left: u64,
}

impl Log {
    fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: File::create(path)?,
            left: LONGEST_LOG,
        })
    }

    /// A log that cannot be written decides nothing.
    fn write(&mut self, line: &str) {
        let length = line.len() as u64 + 1;
        if length <= self.left {
            self.left -= length;
            let _ = writeln!(self.file, "{line}");
        }
    }
}
