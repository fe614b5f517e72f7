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
use crate::nix::watchdog::{Guarded, Watchdog};

/// What bounds a worker.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Set when the user interrupts the run.
    pub interrupted: Arc<AtomicBool>,
    /// How long loading the flake may take.
    pub start: Duration,
    /// What ends sooner: the limit of the host or of the run.
    pub until: Option<Deadline>,
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
pub(in crate::nix) struct Process<L = LogLine> {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<L>,
    limits: Limits,
    /// How long it has to end by itself, once it is told to.
    grace: Duration,
    next_check: Instant,
    gone: bool,
    /// Dropped last, when the process is reaped.
    _watchdog: Watchdog,
}

/// What comes next.
pub(in crate::nix) enum Next<L = LogLine> {
    /// A line of the log.
    Line(L),
    /// Nothing more will come.
    End,
}

impl Process {
    pub(super) fn start(program: &Program, limits: Limits) -> Result<Self, Failure> {
        let child = program
            .spawn_worker()
            .map_err(|e| Failure::Start(e.to_string()))?;
        // An evaluator has nothing to finish: what it could write, it has written.
        Self::of(child, limits, LogLine::parse, Duration::ZERO)
    }

    /// Writes lines. A broken pipe shows as the end of the log, which says more.
    pub(super) fn send(&mut self, lines: &[&str]) {
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        if let Some(stdin) = &mut self.stdin {
            let _ = stdin.write_all(text.as_bytes());
            let _ = stdin.flush();
        }
    }
}

impl<L: Send + 'static> Process<L> {
    /// A process that was started, whose log is read by `parse`. Where it has to end, it
    /// is told so and given `grace` before it is killed.
    pub(in crate::nix) fn of(
        started: Guarded,
        limits: Limits,
        parse: fn(&[u8]) -> L,
        grace: Duration,
    ) -> Result<Self, Failure> {
        let Guarded {
            mut child,
            watchdog,
        } = started;
        let stdin = child.stdin.take();
        let Some(stderr) = child.stderr.take() else {
            return Err(Failure::Start("no pipes".to_owned()));
        };
        let (sender, lines) = sync_channel(1024);
        // Ends when the pipe closes or the process is dropped.
        std::thread::spawn(move || {
            let mut reader = BufReader::with_capacity(64 * 1024, stderr);
            let mut line = Vec::new();
            while matches!(reader.read_until(b'\n', &mut line), Ok(n) if n > 0) {
                if sender.send(parse(&line)).is_err() {
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
            grace,
            next_check: Instant::now() + POLL,
            gone: false,
            _watchdog: watchdog,
        })
    }

    /// Waits for the next line. Where a bound is passed the process is killed.
    pub(in crate::nix) fn next(&mut self, deadline: Deadline) -> Result<Next<L>, Failure> {
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

    /// Waits for the end of the process, and says whether it succeeded and how it ended.
    pub(in crate::nix) fn end(&mut self) -> (bool, String) {
        match self.child.wait() {
            Ok(status) => (status.success(), describe(status)),
            Err(error) => (false, error.to_string()),
        }
    }
}

impl<L> Process<L> {
    /// Kills the process with all that it started, and reaps it.
    fn kill(&mut self) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if !self.grace.is_zero() && matches!(self.child.try_wait(), Ok(None)) {
            if let Some(pid) = pid {
                let _ = kill_process_group(pid, Signal::TERM);
            }
            let until = Instant::now() + self.grace;
            while Instant::now() < until && matches!(self.child.try_wait(), Ok(None)) {
                std::thread::sleep(POLL);
            }
        }
        if let Some(pid) = pid {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

impl<L> Drop for Process<L> {
    fn drop(&mut self) {
        self.kill();
    }
}
