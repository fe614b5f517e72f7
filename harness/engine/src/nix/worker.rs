//! A worker: one `nix repl` process that holds one host, forced as far as it has
//! been asked for. An error of one request leaves it alive for the next.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ExitStatus};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use nix_parity_core::host::{Host, Platform};
use nix_parity_core::location::Location;
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::value::Value;
use rustix::process::{Pid, Signal, kill_process_group};

use super::Nix;
use super::command::Flake;
use super::error::parse_error;
use super::log::LogLine;
use super::paths::Paths;
use super::protocol::{self, Reply};
use super::request::{Request, Subject, Variant};

/// Why a request was not answered. Each is about that request only; after all
/// but [`Failure::Unreadable`] the worker is gone and a new one must be started.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Failure {
    /// The process could not be started.
    #[error("cannot start nix: {0}")]
    Start(String),
    /// The flake could not be loaded.
    #[error("the flake could not be loaded: {}", .0.message)]
    Flake(NixError),
    /// The process ended.
    #[error("nix ended unexpectedly: {0}")]
    Died(String),
    /// The time limit passed.
    #[error("no answer within {}", seconds(.0))]
    TimedOut(Duration),
    /// The user interrupted the run.
    #[error("interrupted")]
    Interrupted,
    /// The answer makes no sense: a mistake of the harness.
    #[error("an unreadable answer from nix: {0}")]
    Unreadable(String),
}

fn seconds(limit: &Duration) -> String {
    if limit.as_secs() >= 1 {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}

/// What bounds a worker.
#[derive(Clone, Copy, Debug)]
pub struct Limits<'a> {
    /// Set when the user interrupts the run.
    pub interrupted: &'a AtomicBool,
    /// How long loading the flake may take.
    pub start: Duration,
}

/// A running evaluator of one host.
pub struct Worker<'a> {
    child: Child,
    stdin: ChildStdin,
    lines: Receiver<LogLine>,
    marker: String,
    next_id: u64,
    variants: HashMap<Variant, usize>,
    limits: Limits<'a>,
    paths: Paths,
    evaluating: Option<String>,
}

/// How often a waiting worker looks whether the run was interrupted.
const POLL: Duration = Duration::from_millis(50);

impl<'a> Worker<'a> {
    /// Starts a worker and waits until the flake is loaded.
    pub fn start(nix: &Nix, flake: &Flake, limits: Limits<'a>) -> Result<Self, Failure> {
        let mut child = flake
            .worker(&nix.program)
            .spawn_worker()
            .map_err(|e| Failure::Start(e.to_string()))?;
        let (Some(stdin), Some(stderr)) = (child.stdin.take(), child.stderr.take()) else {
            return Err(Failure::Start("no pipes".to_owned()));
        };
        let (sender, lines) = sync_channel(1024);
        // Ends when the pipe closes or the worker is dropped.
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
        let mut worker = Self {
            child,
            stdin,
            lines,
            marker: fresh_marker(),
            next_id: 0,
            variants: HashMap::new(),
            limits,
            paths: Paths::default(),
            evaluating: None,
        };
        let start = protocol::load_prelude(&worker.marker);
        worker.send(&[
            &start,
            "np.ready 0",
            protocol::RESET,
            &protocol::done(&worker.marker, 0),
        ]);
        match worker.wait(0, Instant::now() + limits.start, limits.start, true)? {
            Observation::Value(_) => {}
            Observation::Failed(error) | Observation::Threw(error) => {
                return Err(Failure::Flake(error));
            }
            Observation::Missing(_) => return Err(Failure::Unreadable("start".to_owned())),
        }
        Ok(worker)
    }

    /// The names of a platform's hosts, or nothing where the flake has no such output.
    pub fn hosts(&mut self, platform: Platform) -> Result<Vec<String>, Failure> {
        self.next_id += 1;
        let (id, limit) = (self.next_id, self.limits.start);
        let done = protocol::done(&self.marker, id);
        self.send(&[&protocol::ask_hosts(id, platform), protocol::RESET, &done]);
        match self.wait(id, Instant::now() + limit, limit, false)? {
            Observation::Value(Value::List(names)) => Ok(names
                .into_iter()
                .filter_map(|name| match name {
                    Value::String(name) => Some(name),
                    _ => None,
                })
                .collect()),
            Observation::Failed(error) if error.message.starts_with("undefined variable") => {
                Ok(Vec::new())
            }
            Observation::Failed(error) | Observation::Threw(error) => Err(Failure::Flake(error)),
            Observation::Value(_) | Observation::Missing(_) => {
                Err(Failure::Unreadable("hosts".to_owned()))
            }
        }
    }

    /// Chooses the host that is asked about from now on. This evaluates nothing
    /// but finds out whether the flake has such an output at all.
    pub fn bind_host(&mut self, host: &Host) -> Result<(), Failure> {
        self.variants.clear();
        let limit = self.limits.start;
        let bind = protocol::bind_host(host);
        let done = protocol::done(&self.marker, 0);
        self.send(&[&bind, "np.ready 0", protocol::RESET, &done]);
        match self.wait(0, Instant::now() + limit, limit, false)? {
            Observation::Failed(error) | Observation::Threw(error) => Err(Failure::Flake(error)),
            Observation::Value(_) | Observation::Missing(_) => Ok(()),
        }
    }

    /// Asks and waits for the answer, at most for `limit`. Places in it are
    /// relative to the flake.
    pub fn ask(&mut self, request: &Request, limit: Duration) -> Result<Observation, Failure> {
        let deadline = Instant::now() + limit;
        self.next_id += 1;
        let id = self.next_id;
        let host = match &request.variant {
            None => "h".to_owned(),
            Some(variant) => format!("h{}", self.bind(variant)),
        };
        let ask = protocol::ask(id, &host, request);
        let done = protocol::done(&self.marker, id);
        self.send(&[&ask, protocol::RESET, &done]);
        let mut observation = self.wait(id, deadline, limit, false)?;
        if let (Subject::Origins { .. }, Observation::Value(value)) =
            (&request.subject, &mut observation)
        {
            self.paths.rewrite_value(value);
        }
        Ok(observation)
    }

    fn bind(&mut self, variant: &Variant) -> usize {
        if let Some(n) = self.variants.get(variant) {
            return *n;
        }
        let n = self.variants.len() + 1;
        self.variants.insert(variant.clone(), n);
        self.send(&[&protocol::bind_variant(n, &variant.label, &variant.module)]);
        n
    }

    /// Writes lines. A broken pipe shows as the end of the log, which says more.
    fn send(&mut self, lines: &[&str]) {
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push('\n');
        }
        let _ = self.stdin.write_all(text.as_bytes());
        let _ = self.stdin.flush();
    }

    /// Reads up to the end of what is said about a request.
    fn wait(
        &mut self,
        id: u64,
        deadline: Instant,
        limit: Duration,
        starting: bool,
    ) -> Result<Observation, Failure> {
        let mut answer: Option<Result<Observation, Failure>> = None;
        let mut errors: Vec<String> = Vec::new();
        let mut foreign: Vec<String> = Vec::new();
        let mut gone = false;
        loop {
            let line = match self.lines.recv_timeout(POLL) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    if self.limits.interrupted.load(Ordering::Relaxed) {
                        self.kill();
                        return Err(Failure::Interrupted);
                    }
                    if Instant::now() > deadline {
                        self.kill();
                        return Err(Failure::TimedOut(limit));
                    }
                    // A process that Nix left behind may hold the log open for as
                    // long as it likes. Once more round for lines on their way.
                    if gone {
                        return Err(self.died(starting, &errors, foreign));
                    }
                    gone = matches!(self.child.try_wait(), Ok(Some(_)));
                    continue;
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(self.died(starting, &errors, foreign));
                }
            };
            match line {
                LogLine::Trace(trace) => match protocol::reply(&self.marker, id, &trace) {
                    Some(Reply::Answer(observation)) => answer = Some(Ok(*observation)),
                    Some(Reply::Unreadable(error)) => {
                        answer = Some(Err(Failure::Unreadable(error)));
                    }
                    Some(Reply::Done) => break,
                    None => {}
                },
                LogLine::Error(text) => errors.push(text),
                LogLine::Evaluating(path) => {
                    self.paths.learn(&path);
                    self.evaluating = Some(path);
                }
                LogLine::Foreign(text) => foreign.push(text),
                LogLine::Warning(_) | LogLine::Other => {}
            }
        }
        // The last message is the one about the reset line.
        let reset = errors.pop().unwrap_or_default();
        if let Some(text) = errors.first().filter(|_| answer.is_none() || id == 0) {
            let error = self.error(text);
            return Ok(if is_throw(text) {
                Observation::Threw(error)
            } else {
                Observation::Failed(error)
            });
        }
        if let Some(answer) = answer {
            return answer;
        }
        if protocol::was_incomplete(&reset) {
            return Ok(Observation::Failed(self.unexpected_end_of_file()));
        }
        Err(Failure::Unreadable(
            "neither an answer nor an error".to_owned(),
        ))
    }

    fn error(&self, text: &str) -> NixError {
        let mut error = parse_error(text);
        self.paths.rewrite_error(&mut error);
        error
    }

    /// Older versions of Nix swallow this message; the file is the last one that was opened.
    fn unexpected_end_of_file(&self) -> NixError {
        let location = self
            .evaluating
            .as_ref()
            .map(|path| Location::point(self.paths.text(path), 0, 0));
        NixError {
            message: "syntax error, unexpected end of file".to_owned(),
            location,
            trace: Vec::new(),
        }
    }

    fn died(&mut self, starting: bool, errors: &[String], mut foreign: Vec<String>) -> Failure {
        let status = self.child.wait();
        // A flake that cannot be loaded ends the process with a plain message.
        if starting && let Some(text) = errors.last() {
            return Failure::Flake(self.error(text));
        }
        let mut message = match status {
            Ok(status) => describe(status),
            Err(error) => error.to_string(),
        };
        if let Some(last) = errors.last() {
            foreign.push(parse_error(last).message);
        }
        if let Some(last) = foreign.last() {
            message.push_str(": ");
            message.push_str(last);
        }
        Failure::Died(message)
    }

    /// Kills the process with all that it started, and reaps it.
    fn kill(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        // An evaluator has nothing to finish: what it could write, it has written.
        self.kill();
    }
}

fn describe(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(9)) => "killed (signal 9); out of memory?".to_owned(),
        (None, Some(11)) => "segmentation fault (signal 11); a native stack overflow?".to_owned(),
        (None, Some(signal)) => format!("killed by signal {signal}"),
        (None, None) => "for no known reason".to_owned(),
    }
}

/// Whether the configuration itself refused: `throw`, or a failed `assert`.
fn is_throw(text: &str) -> bool {
    text.contains("while calling the 'throw' builtin")
        || text.contains("error: assertion ")
        || text.contains("error: Failed assertions:")
}

/// A word that a configuration cannot know. A pure evaluation cannot see the
/// process, its memory or the time, so process id and clock are enough.
fn fresh_marker() -> String {
    use std::sync::atomic::AtomicU64;
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&std::process::id().to_le_bytes());
    hasher.update(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    hasher.update(&now.unwrap_or_default().as_nanos().to_le_bytes());
    format!("np-{}", &hasher.finalize().to_hex()[..24])
}
