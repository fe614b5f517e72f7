//! The process of a worker: lines in, lines of its log out, within bounds.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Child, ChildStdin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use super::failure::{Failure, LimitOf, describe};
use crate::memory;
use crate::nix::command::Program;
use crate::nix::log::LogLine;

/// What bounds a worker.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Set when the user interrupts the run.
    pub interrupted: Arc<AtomicBool>,
    /// How long loading the flake may take.
    pub start: Duration,
    /// How much memory the process may hold, in bytes.
    pub memory: Option<u64>,
}

/// Until when something must be answered.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// The point in time.
    pub at: Instant,
    /// The limit that leads to it.
    pub limit: Duration,
    /// Whose limit it is.
    pub of: LimitOf,
}

impl Deadline {
    /// A limit that starts now.
    pub fn after(limit: Duration, of: LimitOf) -> Self {
        Self {
            at: Instant::now() + limit,
            limit,
            of,
        }
    }

    /// The earlier one.
    #[must_use]
    pub fn or(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.at < self.at => other,
            _ => self,
        }
    }

    /// The failure of having passed it.
    pub const fn passed(self) -> Failure {
        Failure::TimedOut {
            limit: self.limit,
            of: self.of,
        }
    }
}

/// How often the bounds are looked at.
const POLL: Duration = Duration::from_millis(50);

/// A running process.
pub(super) struct Process {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<LogLine>,
    limits: Limits,
    next_check: Instant,
    gone: bool,
}

/// What comes next.
pub(super) enum Next {
    /// A line of the log.
    Line(LogLine),
    /// Nothing more will come.
    End,
}

impl Process {
    pub(super) fn start(program: &Program, limits: Limits) -> Result<Self, Failure> {
        let mut child = program
            .spawn_worker()
            .map_err(|e| Failure::Start(e.to_string()))?;
        let (Some(stdin), Some(stderr)) = (child.stdin.take(), child.stderr.take()) else {
            return Err(Failure::Start("no pipes".to_owned()));
        };
        let (sender, lines) = sync_channel(1024);
        // Ends when the pipe closes or the process is dropped.
        std::thread::spawn(move || {
            let mut reader = BufReader::with_capacity(64 * 1024, stderr);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
                if sender.send(LogLine::parse(&line)).is_err() {
                    break;
                }
                line.clear();
            }
        });
        Ok(Self {
            child,
            stdin,
            lines,
            limits,
            next_check: Instant::now() + POLL,
            gone: false,
        })
    }

    /// Writes lines. A broken pipe shows as the end of the log, which says more.
    pub(super) fn send(&mut self, lines: &[&str]) {
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        let _ = self.stdin.write_all(text.as_bytes());
        let _ = self.stdin.flush();
    }

    /// Waits for the next line. Where a bound is passed the process is killed.
    pub(super) fn next(&mut self, deadline: Deadline) -> Result<Next, Failure> {
        loop {
            match self.lines.recv_timeout(POLL) {
                Ok(line) => {
                    // A configuration that traces without end is bounded too.
                    if Instant::now() >= self.next_check {
                        self.check(deadline)?;
                    }
                    return Ok(Next::Line(line));
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.check(deadline)?;
                    // What Nix left behind may hold the log open for as long as it
                    // likes. Once more round for lines on their way.
                    if self.gone {
                        return Ok(Next::End);
                    }
                    self.gone = matches!(self.child.try_wait(), Ok(Some(_)));
                }
                Err(RecvTimeoutError::Disconnected) => return Ok(Next::End),
            }
        }
    }

    fn check(&mut self, deadline: Deadline) -> Result<(), Failure> {
        self.next_check = Instant::now() + POLL;
        let failure = if self.limits.interrupted.load(Ordering::Relaxed) {
            Failure::Interrupted
        } else if Instant::now() > deadline.at {
            deadline.passed()
        } else if let Some((used, limit)) = self.over_memory() {
            Failure::Memory { used, limit }
        } else {
            return Ok(());
        };
        self.kill();
        Err(failure)
    }

    /// What the process holds and what it may, where that is too much.
    fn over_memory(&self) -> Option<(u64, u64)> {
        let limit = self.limits.memory?;
        let used = memory::resident(self.child.id())?;
        (used > limit).then_some((used, limit))
    }

    /// Waits for the end of the process, and says how it ended.
    pub(super) fn end(&mut self) -> String {
        match self.child.wait() {
            Ok(status) => describe(status),
            Err(error) => error.to_string(),
        }
    }

    /// Kills the process with all that it started, and reaps it.
    fn kill(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An evaluator has nothing to finish: what it could write, it has written.
        self.kill();
    }
}
