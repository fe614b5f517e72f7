//! A worker: one `nix repl` process that holds one host, forced as far as it has
//! been asked for. An error of one request leaves it alive for the next.

mod count;
mod failure;
mod lock;
mod log_shows;
mod own_files;
pub(super) mod process;

pub use count::count;
pub use failure::{Failure, LimitOf};
pub use lock::Unlocked;
pub use log_shows::LogShows;
pub use process::{Deadline, Limits};

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};

use nix_parity_core::host::{Host, Platform};
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, NixError, Observation};
use nix_parity_core::value::Value;

use self::lock::{unlocked, unmatched_override};
use self::own_files::OwnFiles;
use self::process::{Next, Process};
use super::cause::cause;
use super::command::Flake;
use super::error::parse_error;
use super::log::LogLine;
use super::paths::{PRELUDE_FILE, Paths};
use super::protocol::{self, Reply};
use super::request::{Request, Subject, Variant};
use super::{Flavour, Nix};

/// How the derivation ends that a worker makes at its start.
const TRIAL_DERIVATION: &str = "-nix-parity-trial.drv";

/// A running evaluator of one host.
pub struct Worker {
    process: Process,
    /// Removed after the process has ended.
    _files: OwnFiles,
    flavour: Flavour,
    marker: String,
    next_id: u64,
    variants: HashMap<Variant, usize>,
    limits: Limits,
    paths: Paths,
    evaluating: Option<String>,
    evidence: Evidence,
    shows: LogShows,
    /// An input that is overridden and that the flake does not have.
    unmatched: Option<String>,
}

/// What the log showed of an evaluation's dependencies. Paths are as Nix writes
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Files that were evaluated, those of inputs too. The first that is called
    /// `flake.nix` is that of the flake itself.
    pub evaluated: Vec<String>,
    /// Files and folders that were copied to the store.
    pub copied: Vec<String>,
    /// Derivations that were made.
    pub instantiated: Vec<String>,
    /// Inputs that are not as `flake.lock` has them.
    pub unlocked: Vec<Unlocked>,
    /// Which of that the log shows at all.
    pub shows: LogShows,
}

impl Worker {
    /// Starts a worker and waits until the flake is loaded.
    pub fn start(nix: &Nix, flake: &Flake, limits: Limits) -> Result<Self, Failure> {
        let files = OwnFiles::new()
            .map_err(|e| Failure::Start(format!("no temporary folder can be made: {e}")))?;
        let program = files.given_to(flake.worker(nix), nix.flavour);
        let mut worker = Self {
            process: Process::start(&program, limits.clone())?,
            _files: files,
            flavour: nix.flavour,
            marker: fresh_marker(),
            next_id: 0,
            variants: HashMap::new(),
            limits,
            paths: Paths::below(&crate::environment::store_root()),
            evaluating: None,
            evidence: Evidence::default(),
            shows: LogShows::default(),
            unmatched: None,
        };
        let start = protocol::load_prelude(&worker.marker);
        worker.process.send(&[
            &start,
            "np.ready 0",
            protocol::RESET,
            &protocol::done(&worker.marker, 0),
        ]);
        match worker.wait(0, worker.start_deadline(), true)? {
            Observation::Value(_) => {}
            Observation::Failed(error) | Observation::Threw(error) => {
                return Err(Failure::Flake(error));
            }
            Observation::Missing(_) => return Err(Failure::Unreadable("start".to_owned())),
        }
        if let Some(input) = &worker.unmatched {
            return Err(Failure::Flake(NixError {
                message: format!("the flake has no input `{input}` to override"),
                cause: Cause::Configuration,
                ..NixError::default()
            }));
        }
        worker.try_log()?;
        // The tree itself and its inputs, and the files of the trial.
        worker.evidence.copied.clear();
        worker.evidence.instantiated.clear();
        Ok(worker)
    }

    /// Finds out which of what an evaluation depends on the log shows. A store that
    /// takes no derivation makes the trial fail: then it has shown nothing.
    fn try_log(&mut self) -> Result<(), Failure> {
        self.next_id += 1;
        let id = self.next_id;
        let trial = format!("np.trial {id}");
        let done = protocol::done(&self.marker, id);
        self.process.send(&[&trial, protocol::RESET, &done]);
        self.wait(id, self.start_deadline(), false)?;
        self.shows.evaluated = self
            .evidence
            .evaluated
            .iter()
            .any(|path| path.ends_with(PRELUDE_FILE));
        Ok(())
    }

    /// The names of a platform's hosts, or nothing where the flake has no such output.
    pub fn hosts(&mut self, platform: Platform) -> Result<Vec<String>, Failure> {
        self.next_id += 1;
        let id = self.next_id;
        let done = protocol::done(&self.marker, id);
        self.process
            .send(&[&protocol::ask_hosts(id, platform), protocol::RESET, &done]);
        match self.wait(id, self.start_deadline(), false)? {
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

    /// Chooses the host that is asked about from now on, and gives the names of all
    /// hosts of its platform. Nothing of the host is evaluated.
    pub fn bind_host(&mut self, host: &Host) -> Result<Vec<String>, Failure> {
        self.variants.clear();
        let names = self.hosts(host.platform)?;
        if !names.contains(&host.name) {
            return Err(Failure::Flake(no_such_host(host, &names)));
        }
        let bind = protocol::bind_host(host);
        let done = protocol::done(&self.marker, 0);
        self.process
            .send(&[&bind, "np.ready 0", protocol::RESET, &done]);
        match self.wait(0, self.start_deadline(), false)? {
            Observation::Failed(error) | Observation::Threw(error) => Err(Failure::Flake(error)),
            Observation::Value(_) | Observation::Missing(_) => Ok(names),
        }
    }

    /// Which of what an evaluation depends on the log shows, as the trial at the start found.
    pub fn log_shows(&self) -> LogShows {
        self.shows
    }

    /// What the log showed since this was last asked for.
    pub fn take_evidence(&mut self) -> Evidence {
        Evidence {
            shows: self.shows,
            ..std::mem::take(&mut self.evidence)
        }
    }

    fn start_deadline(&self) -> Deadline {
        Deadline::after(self.limits.start, LimitOf::Start).or(self.limits.until)
    }

    /// Asks and waits for the answer, until the deadline. Places in it are
    /// relative to the flake.
    pub fn ask(&mut self, request: &Request, deadline: Deadline) -> Result<Observation, Failure> {
        if !self.shows.evaluated && request.subject.tells_own_files() {
            return Err(Failure::Silent);
        }
        self.next_id += 1;
        let id = self.next_id;
        let host = match &request.variant {
            None => "h".to_owned(),
            Some(variant) => format!("h{}", self.bind(variant)),
        };
        let ask = protocol::ask(id, &host, request);
        let done = protocol::done(&self.marker, id);
        self.process.send(&[&ask, protocol::RESET, &done]);
        let mut observation = self.wait(id, deadline, false)?;
        if let (
            Subject::Origins { .. }
            | Subject::About { .. }
            | Subject::Settings { .. }
            | Subject::SettingAt { .. }
            | Subject::Contributions
            | Subject::Homes,
            Observation::Value(value),
        ) = (&request.subject, &mut observation)
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
        self.process
            .send(&[&protocol::bind_variant(n, &variant.label, &variant.module)]);
        n
    }

    /// Reads up to the end of what is said about a request.
    fn wait(
        &mut self,
        id: u64,
        deadline: Deadline,
        starting: bool,
    ) -> Result<Observation, Failure> {
        let mut answer: Option<Result<Observation, Failure>> = None;
        let mut errors: Vec<String> = Vec::new();
        let mut foreign: Vec<String> = Vec::new();
        loop {
            let line = match self.process.next(deadline)? {
                Next::Line(line) => line,
                Next::End => return Err(self.died(starting, &errors, foreign)),
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
                    self.evaluating = Some(path.clone());
                    self.evidence.evaluated.push(path);
                }
                LogLine::Copied(path) => {
                    self.shows.copied |= path.ends_with(PRELUDE_FILE);
                    self.evidence.copied.push(path);
                }
                LogLine::Copying(path) => self.evidence.copied.push(path),
                LogLine::Instantiated(path) => {
                    self.shows.instantiated |= path.ends_with(TRIAL_DERIVATION);
                    self.evidence.instantiated.push(path);
                }
                LogLine::Warning(text) => {
                    if let Some(input) = unmatched_override(&text) {
                        self.unmatched.get_or_insert_with(|| input.to_owned());
                    }
                    self.evidence.unlocked.extend(unlocked(&text));
                }
                LogLine::Foreign(text) => foreign.push(text),
                LogLine::Other => {}
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
        // Lix without its line editor drops what it takes for the beginning of more.
        if protocol::was_incomplete(&reset) || self.flavour == Flavour::Lix {
            return Ok(Observation::Failed(self.unexpected_end_of_file()));
        }
        Err(Failure::Unreadable(
            "neither an answer nor an error".to_owned(),
        ))
    }

    fn error(&self, text: &str) -> NixError {
        let mut error = parse_error(text);
        error.cause = cause(&error, &self.marker);
        if let Some(message) = error.message.strip_prefix(&self.marker) {
            error.message = message.trim_start().to_owned();
        }
        self.paths.rewrite_error(&mut error);
        error
    }

    /// Lix and older versions of Nix swallow this message; the file is the last one that was opened.
    fn unexpected_end_of_file(&self) -> NixError {
        let location = self
            .evaluating
            .as_ref()
            .map(|path| Location::point(self.paths.text(path), 0, 0));
        let mut error = NixError {
            message: "syntax error, unexpected end of file".to_owned(),
            location,
            ..NixError::default()
        };
        error.cause = cause(&error, &self.marker);
        error
    }

    fn died(&mut self, starting: bool, errors: &[String], mut foreign: Vec<String>) -> Failure {
        let (_, mut message) = self.process.end();
        // A flake that cannot be loaded ends the process with a plain message.
        if starting && let Some(text) = errors.last() {
            return Failure::Flake(self.error(text));
        }
        if let Some(last) = errors.last() {
            foreign.push(parse_error(last).message);
        }
        if let Some(last) = foreign.last() {
            message.push_str(": ");
            message.push_str(last);
        }
        Failure::Died(message)
    }
}

fn no_such_host(host: &Host, names: &[String]) -> NixError {
    let output = host.platform.flake_output();
    let others = if names.is_empty() {
        "it has none of that platform".to_owned()
    } else {
        format!("it has {}", names.join(", "))
    };
    NixError {
        message: format!("the flake has no `{output}.{}`; {others}", host.name),
        cause: Cause::Configuration,
        ..NixError::default()
    }
}

/// Whether the configuration itself refused: `throw`, or a failed `assert`. Lix has words
/// of its own for the former.
fn is_throw(text: &str) -> bool {
    text.contains("while calling the 'throw' builtin")
        || text.contains("… caused by explicit throw")
        || text.contains("error: assertion ")
        || text.contains("error: Failed assertions:")
}

/// A word that a configuration cannot know. A pure evaluation cannot see the
/// process, its memory or the time, so process id and clock are enough.
fn fresh_marker() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut hasher = blake3::Hasher::new();
    hasher.update(&std::process::id().to_le_bytes());
    hasher.update(&COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    hasher.update(&now.unwrap_or_default().as_nanos().to_le_bytes());
    format!("np-{}", &hasher.finalize().to_hex()[..24])
}
