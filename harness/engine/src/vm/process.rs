//! A process with all that it starts, in a session of its own, of which nothing is left
//! in the end.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

use crate::nix::{Guarded, Program, Watchdog};

/// How a process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With this exit code.
    Code(i32),
    /// By this signal.
    Signal(i32),
}

impl std::fmt::Display for Ending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit code {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
        }
    }
}

/// A process that leads a session.
#[derive(Debug)]
pub(super) struct Session {
    child: Child,
    lines: Receiver<String>,
    ended: Option<Ending>,
    /// A variable of the environment that all it starts has, as `NAME=VALUE`.
    mark: Option<String>,
    /// Dropped last, when the process is reaped.
    _watchdog: Watchdog,
}

/// How often a process is looked at.
const POLL: Duration = Duration::from_millis(20);

/// How long streams may take to close when all processes have ended.
const CLOSING: Duration = Duration::from_secs(5);

/// A longer line is cut into several: a machine may print without line breaks.
const LONGEST_LINE: u64 = 64 << 10;

/// How often what is left is looked for, until there is nothing or no hope.
const SWEEPS: usize = 50;

impl Session {
    /// Starts it, with this text on standard input or nothing.
    pub(super) fn start(program: &Program, input: Option<&str>) -> io::Result<Self> {
        let stdin = match input {
            Some(_) => Stdio::piped(),
            // An interactive driver with nobody to talk to would end well.
            None => Stdio::null(),
        };
        let Guarded {
            mut child,
            watchdog,
        } = program.spawn_session(stdin)?;
        let (sender, lines) = sync_channel(4096);
        if let Some(stderr) = child.stderr.take() {
            read_lines(stderr, sender.clone());
        }
        if let Some(stdout) = child.stdout.take() {
            // Nothing that decides is said there.
            read_lines(stdout, sender);
        }
        if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
            // Closed at the end of this block. A process that reads nothing says why.
            let _ = stdin.write_all(input.as_bytes());
        }
        Ok(Self {
            child,
            lines,
            ended: None,
            mark: None,
            _watchdog: watchdog,
        })
    }

    /// Says by which variable of the environment all that it starts can be known.
    pub(super) fn marked(mut self, name: &str, value: &str) -> Self {
        self.mark = Some(format!("{name}={value}"));
        self
    }

    /// The next line that it prints, if one comes soon.
    pub(super) fn line(&self) -> Option<String> {
        match self.lines.recv_timeout(POLL) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => {
                // It has closed its streams, and may go on.
                std::thread::sleep(POLL);
                None
            }
        }
    }

    /// What it has printed and nobody has read, when all of it has ended. The streams
    /// close then; what cannot be ended might hold them open.
    pub(super) fn rest(&self) -> impl Iterator<Item = String> {
        let until = Instant::now() + CLOSING;
        std::iter::from_fn(move || {
            let left = until.saturating_duration_since(Instant::now());
            self.lines.recv_timeout(left).ok()
        })
    }

    /// How it ended, if it has.
    pub(super) fn ended(&mut self) -> Option<Ending> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten().map(ending);
        }
        self.ended
    }

    /// Waits for its end until this moment; what it prints is thrown away.
    pub(super) fn wait(&mut self, until: Instant) -> Option<Ending> {
        while self.ended().is_none() && Instant::now() < until {
            let _ = self.line();
        }
        self.ended
    }

    /// Asks it to end, as Ctrl-C does. What it started is its own to end: were it asked
    /// as well, machines would die before the driver has cleaned up.
    pub(super) fn interrupt(&self) {
        if let Some(pid) = pid(self.child.id()) {
            let _ = kill_process(pid, Signal::INT);
        }
    }

    /// Ends what is left of the session and of all that was started in it, also what
    /// has left it, and reaps. Says what had to be ended besides the process itself.
    pub(super) fn sweep(&mut self) -> Vec<String> {
        let leader = self.child.id();
        let mut left = Vec::new();
        for _ in 0..SWEEPS {
            let found = self.members(leader);
            if self.ended().is_none()
                && let Some(pid) = pid(leader)
            {
                let _ = kill_process_group(pid, Signal::KILL);
                let _ = self.child.wait().map(|s| self.ended = Some(ending(s)));
            }
            if found.is_empty() {
                break;
            }
            for (member, name) in found {
                if let Some(pid) = pid(member) {
                    let _ = kill_process(pid, Signal::KILL);
                }
                if !left.contains(&name) {
                    left.push(name);
                }
            }
            std::thread::sleep(POLL);
        }
        left
    }

    /// The living processes of the session, those that descend from its leader, and
    /// those that carry its mark.
    fn members(&self, leader: u32) -> Vec<(u32, String)> {
        let mut system = System::new();
        let kind = ProcessRefreshKind::nothing().with_environ(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::All, true, kind);
        let leader = sysinfo::Pid::from_u32(leader);
        let descends = |process: &sysinfo::Process| {
            let mut at = process.parent();
            // Bounded: the table is a moment's, and may hold a circle.
            for _ in 0..64 {
                match at {
                    Some(pid) if pid == leader => return true,
                    Some(pid) => at = system.process(pid).and_then(sysinfo::Process::parent),
                    None => return false,
                }
            }
            false
        };
        let is_marked = |process: &sysinfo::Process| {
            let mark = self.mark.as_ref();
            mark.is_some_and(|mark| process.environ().iter().any(|v| *v == **mark))
        };
        let is_dead = |process: &sysinfo::Process| {
            matches!(
                process.status(),
                sysinfo::ProcessStatus::Zombie | sysinfo::ProcessStatus::Dead
            )
        };
        system
            .processes()
            .values()
            .filter(|p| p.pid() != leader && p.thread_kind().is_none() && !is_dead(p))
            .filter(|p| p.session_id() == Some(leader) || is_marked(p) || descends(p))
            .map(|p| (p.pid().as_u32(), p.name().to_string_lossy().into_owned()))
            .collect()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.sweep();
    }
}

/// Runs a program that is a means to an end, until this moment at the latest. Says why
/// it did not do its work: the last lines that it printed.
pub fn run_tool(program: &Program, until: Instant, interrupted: &AtomicBool) -> Result<(), String> {
    let mut session = Session::start(program, None).map_err(|e| e.to_string())?;
    let mut said = Vec::new();
    while session.ended().is_none() {
        if interrupted.load(Ordering::Relaxed) {
            return Err("interrupted".to_owned());
        }
        if Instant::now() >= until {
            return Err("it took too long".to_owned());
        }
        said.extend(session.line());
        let from = said.len().saturating_sub(SHOWN);
        said.drain(..from);
    }
    said.extend(session.rest());
    match session.ended() {
        Some(Ending::Code(0)) => Ok(()),
        ended => {
            let ended = ended.map(|ending| ending.to_string());
            let from = said.len().saturating_sub(SHOWN);
            said.drain(..from);
            said.insert(0, ended.unwrap_or_default());
            Err(said.join("\n"))
        }
    }
}

/// So many lines are shown of a tool that failed.
const SHOWN: usize = 20;

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

pub(super) fn ending(status: ExitStatus) -> Ending {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ending::Code(code),
        (None, signal) => Ending::Signal(signal.unwrap_or(0)),
    }
}

/// Sends lines until the stream closes or nobody wants them. The thread is not waited
/// for: what a process left behind may hold the stream open.
fn read_lines(stream: impl Read + Send + 'static, sender: SyncSender<String>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut part = reader.by_ref().take(LONGEST_LINE);
            match part.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_end_matches(['\n', '\r']).to_owned();
            if sender.send(text).is_err() {
                return;
            }
        }
    });
}
