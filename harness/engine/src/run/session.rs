//! Answers about one host: from memory, from the cache, from a worker that is
//! started when the first answer is missing.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix_parity_core::host::Host;
use nix_parity_core::id::TestId;
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;

use super::complete::complete;
use super::engine::Engine;
use super::hidden::may_keep;
use super::host::known_verdict;
use super::machines::Machines;
use super::recorder::Recorder;
use super::vouched;
use super::warm::Idle;
use crate::cache::Answers;
use crate::judge::{Boot, Oracle};
use crate::nix::{
    Built, Deadline, Failure, Flake, LimitOf, Limits, Nix, Place, Request, Subject, Wanted, Worker,
    count, realise,
};
use crate::noise::NoiseRule;
use crate::plan::{HostPlan, PlannedTest};
use crate::snapshot::{Folder, Name};

/// After this many workers have died in a row without an answer in between, the
/// host is given up.
const MAX_DEATHS: u32 = 3;

/// Answers from what is already known, and notes whether that was enough.
pub(super) struct Known<'a> {
    pub(super) answers: &'a Answers,
    pub(super) sources: &'a mut Sources,
    pub(super) missed: bool,
}

impl Oracle for Known<'_> {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        let known = self.answers.get(request);
        let known = known.filter(|answer| self.sources.is_there(request, answer));
        known.cloned().ok_or_else(|| {
            self.missed = true;
            Failure::Interrupted
        })
    }

    fn boot(&mut self, _test: &TestId) -> Result<Arc<Boot>, Failure> {
        // What a machine does is found out each time.
        self.missed = true;
        Err(Failure::Interrupted)
    }

    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        self.sources.source(file)
    }

    fn accepted(&mut self, snapshot: &Name) -> Option<String> {
        self.sources.snapshots.accepted(snapshot)
    }

    fn profile(&self) -> Option<&str> {
        self.sources.profile.as_deref()
    }

    fn place(&self) -> &Place {
        &self.sources.place
    }

    fn redaction(&self) -> &Redaction {
        &self.sources.redaction
    }

    fn noise(&self) -> Arc<[NoiseRule]> {
        Arc::clone(&self.sources.noise)
    }
}

/// What the project's files say of themselves: the text of the flake's files, each
/// read once, and what was accepted and is hidden.
pub(super) struct Sources {
    dir: Option<PathBuf>,
    texts: HashMap<String, Option<Arc<str>>>,
    snapshots: Folder,
    profile: Option<String>,
    redaction: Redaction,
    noise: Arc<[NoiseRule]>,
    place: Place,
}

impl Sources {
    pub(super) fn new(engine: &Engine<'_>) -> Self {
        Self {
            dir: engine.flake_dir.clone(),
            texts: HashMap::new(),
            snapshots: engine.snapshots(),
            profile: engine.other_profile().map(str::to_owned),
            redaction: engine.project.file.redact.clone(),
            noise: Arc::clone(&engine.project.file.noise),
            place: engine.place(),
        }
    }

    /// Whether anything is hidden.
    pub(super) fn hides_any(&self) -> bool {
        self.redaction.is_any()
    }

    /// What the project hides and leaves out.
    pub(super) fn rules(&self) -> (Vec<&str>, &[NoiseRule]) {
        (self.redaction.patterns().collect(), &self.noise)
    }

    /// The snapshots that a test takes.
    pub(super) fn taken_by(&self, test: &PlannedTest<'_>) -> impl Iterator<Item = Name> {
        vouched::taken_by(&test.id, test.case, self.profile.as_deref()).into_iter()
    }

    /// The accepted text of a snapshot.
    pub(super) fn accepted(&self, name: &Name) -> Option<String> {
        self.snapshots.accepted(name)
    }

    /// Whether what an answer says to be built still is: it may have been collected.
    fn is_there(&self, request: &Request, answer: &Observation) -> bool {
        let (Subject::Build { .. }, Observation::Value(value)) = (&request.subject, answer) else {
            return true;
        };
        match Built::read(value) {
            Some(Built::Made { output, .. }) => self.place.root().is_some_and(|root| {
                let path = output.trim_start_matches('/');
                root.join(path).symlink_metadata().is_ok()
            }),
            _ => true,
        }
    }

    /// The text of a file of the flake, by its path relative to it.
    pub(super) fn source(&mut self, file: &str) -> Option<Arc<str>> {
        if let Some(text) = self.texts.get(file) {
            return text.clone();
        }
        let relative = !file.starts_with(['/', '<', '«']);
        let text = self
            .dir
            .as_ref()
            .filter(|_| relative)
            .and_then(|dir| fs::read_to_string(dir.join(file)).ok())
            .map(Arc::from);
        self.texts.insert(file.to_owned(), text.clone());
        text
    }
}

/// A host under evaluation.
pub(super) struct Session<'a> {
    pub(super) nix: &'a Nix,
    pub(super) flake: &'a Flake,
    pub(super) host: &'a Host,
    pub(super) limits: Limits,
    /// Answers so far.
    pub(super) answers: Answers,
    /// Keeps new answers.
    pub(super) recorder: Option<Recorder<'a>>,
    pub(super) sources: Sources,
    /// Told what is being evaluated.
    pub(super) activity: &'a (dyn Fn(String) + Sync),
    worker: Option<Worker>,
    /// Whether the worker was started by an earlier run.
    warm: bool,
    /// How many requests the worker has answered.
    asked: usize,
    deaths: u32,
    /// The limit of the case that is being judged.
    case: Deadline,
    /// The limits of the host and of the run, whichever is sooner.
    pub(super) outer: Option<Deadline>,
    refused: Option<NixError>,
    /// The limit that passed while the flake was loaded: it would pass again.
    late: Option<(Duration, LimitOf)>,
    /// An answer was one that tomorrow's evaluation need not give.
    fleeting: bool,
    /// The names of all hosts of the same platform, once the flake is loaded.
    pub(super) siblings: Vec<String>,
    /// The machines of the host's tests.
    pub(super) machines: Option<Machines>,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        nix: &'a Nix,
        flake: &'a Flake,
        host: &'a Host,
        limits: Limits,
        sources: Sources,
        activity: &'a (dyn Fn(String) + Sync),
    ) -> Self {
        Self {
            nix,
            flake,
            host,
            limits,
            answers: Answers::new(),
            recorder: None,
            sources,
            activity,
            worker: None,
            warm: false,
            asked: 0,
            deaths: 0,
            case: Deadline::after(Duration::ZERO, LimitOf::Case),
            outer: None,
            refused: None,
            late: None,
            fleeting: false,
            siblings: Vec::new(),
            machines: None,
        }
    }

    /// Starts the time limit of a case.
    pub(super) fn begin(&mut self, budget: Duration) {
        self.case = Deadline::after(budget, LimitOf::Case);
    }

    /// The host's double. Asked before the first case, so that what every case
    /// needs of the host counts against no case's time limit.
    pub(super) fn system(&mut self) -> Option<String> {
        self.begin(self.limits.start);
        let request = Request {
            variant: None,
            subject: Subject::System,
        };
        match self.ask(&request) {
            Ok(Observation::Value(Value::String(system))) => Some(system),
            _ => None,
        }
    }

    /// Keeps that a test passed, where the answers may not be kept that it passed on.
    pub(super) fn vouch(&mut self, plan: &HostPlan<'_>, test: &PlannedTest<'_>) {
        if self.fleeting || !self.sources.hides_any() {
            return;
        }
        if let Some(recorder) = &mut self.recorder
            && known_verdict(plan, test, recorder.trace(), &mut self.sources).is_none()
        {
            let (name, passed) = vouched::note(test, &self.sources);
            recorder.note(&name, passed);
        }
    }

    /// Asks a worker of an earlier run, if it is of use.
    pub(super) fn adopt(&mut self, idle: Idle) {
        if let Some(recorder) = &mut self.recorder
            && recorder.adopt(idle.facts)
        {
            self.worker = Some(idle.worker);
            self.asked = idle.asked;
            self.warm = true;
        }
    }

    /// The worker, for a later run.
    pub(super) fn into_idle(self, host: String) -> Option<Idle> {
        Some(Idle {
            host,
            worker: self.worker?,
            facts: self.recorder?.into_facts(),
            asked: self.asked,
            since: Instant::now(),
        })
    }

    /// Whether the answer is one about the world as it is now: a worker of an earlier
    /// run holds the tree as it was then, and may have ended while nobody asked.
    fn is_current(&mut self, answer: &Result<Observation, Failure>) -> bool {
        let holds = |recorder: &mut Recorder<'_>| recorder.facts_hold();
        match answer {
            _ if !self.warm => true,
            Err(Failure::Interrupted | Failure::TimedOut { .. }) => true,
            Err(_) => false,
            Ok(_) => self.recorder.as_mut().is_some_and(holds),
        }
    }

    /// Asks the worker, starting one where there is none, and keeps the answer.
    fn ask_worker(
        &mut self,
        request: &Request,
        deadline: Deadline,
    ) -> Result<Observation, Failure> {
        let worker = self.start()?;
        let answer = worker.ask(request, deadline);
        let evidence = worker.take_evidence();
        if let Some(recorder) = &mut self.recorder {
            recorder.saw(evidence);
            if let Ok(observation) = &answer {
                recorder.heard(request, observation);
            }
        }
        if !self.is_current(&answer) {
            self.end_worker();
            return self.ask(request);
        }
        match answer {
            Ok(observation) => {
                self.deaths = 0;
                self.asked += 1;
                let observation = match (&request.subject, observation) {
                    (Subject::Counters, Observation::Value(_)) => {
                        count(self.nix, self.flake, self.host, &self.limits, deadline)?
                    }
                    (Subject::Build { closure, .. }, Observation::Value(value)) => {
                        self.build(value, *closure, deadline)?
                    }
                    (subject, observation) => complete(subject, observation)?,
                };
                self.fleeting |= !is_lasting(request, &observation);
                if is_lasting(request, &observation)
                    && may_keep(&self.sources.redaction, self.host, request, &observation)
                    && let Some(recorder) = &mut self.recorder
                {
                    recorder.add(request, &observation);
                }
                if let Some(error) = missing_input(&observation) {
                    // Nix would try the download again for every request.
                    self.refused = Some(error.clone());
                }
                self.answers.insert(request.clone(), observation.clone());
                Ok(observation)
            }
            Err(failure) => {
                if !matches!(failure, Failure::Unreadable(_)) {
                    self.end_worker();
                    // Too large is the request's fault, not that of the process.
                    if !matches!(failure, Failure::Memory { .. }) {
                        self.deaths += 1;
                    }
                }
                Err(failure)
            }
        }
    }

    /// Builds what the worker named.
    fn build(
        &self,
        named: Value,
        closure: bool,
        deadline: Deadline,
    ) -> Result<Observation, Failure> {
        let text = |name: &str| match &named {
            Value::Attrs(named) => match named.get(name) {
                Some(Value::String(text)) => Some(text.as_str()),
                _ => None,
            },
            _ => None,
        };
        let (Some(derivation), Some(output)) = (text("derivation"), text("output")) else {
            return Ok(Observation::Value(named));
        };
        let wanted = Wanted {
            derivation,
            output,
            closure,
        };
        let tell = |what| (self.activity)(what);
        let place = &self.sources.place;
        let built = realise(self.nix, place, &self.limits, deadline, wanted, &tell)?;
        Ok(Observation::Value(built.to_value()))
    }

    fn end_worker(&mut self) {
        self.worker = None;
        self.asked = 0;
        self.warm = false;
        if let Some(recorder) = &mut self.recorder {
            recorder.start_over();
        }
    }

    fn start(&mut self) -> Result<&mut Worker, Failure> {
        if let Some(error) = &self.refused {
            return Err(Failure::Flake(error.clone()));
        }
        if let Some((limit, of)) = self.late {
            return Err(Failure::TimedOut { limit, of });
        }
        if self.worker.is_none() {
            if self.deaths >= MAX_DEATHS {
                return Err(Failure::Died(format!(
                    "given up after {MAX_DEATHS} attempts"
                )));
            }
            (self.activity)("loading the flake".to_owned());
            let began = Instant::now();
            match Worker::start(self.nix, self.flake, self.limits.clone()).and_then(|mut worker| {
                let siblings = worker.bind_host(self.host)?;
                Ok((worker, siblings))
            }) {
                Ok((worker, siblings)) => {
                    self.worker = Some(worker);
                    self.siblings = siblings;
                }
                Err(Failure::Flake(error)) => {
                    self.refused = Some(error.clone());
                    return Err(Failure::Flake(error));
                }
                Err(failure) => {
                    self.deaths += 1;
                    if let Failure::TimedOut { limit, of } = failure {
                        self.late = Some((limit, of));
                    }
                    return Err(failure);
                }
            }
            // Loading the flake counts against no case either.
            self.case.at += began.elapsed();
        }
        self.worker.as_mut().ok_or(Failure::Interrupted)
    }
}

impl Oracle for Session<'_> {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        if let Some(answer) = self.answers.get(request)
            && self.sources.is_there(request, answer)
        {
            return Ok(answer.clone());
        }
        // Nothing is started for what there is no time to ask.
        if let Some(outer) = self.outer
            && Instant::now() >= outer.at
        {
            return Err(outer.passed());
        }
        self.start()?;
        let deadline = self.case.or(self.outer);
        if Instant::now() >= deadline.at {
            return Err(deadline.passed());
        }
        (self.activity)(describe(request));
        let asked_before = self.asked;
        match self.ask_worker(request, deadline) {
            // What the process held may have been of earlier requests.
            Err(Failure::Memory { .. }) if asked_before > 0 => {
                (self.activity)(format!("{} once more, alone", describe(request)));
                self.ask_worker(request, deadline)
            }
            answer => answer,
        }
    }

    fn boot(&mut self, test: &TestId) -> Result<Arc<Boot>, Failure> {
        // Out of the session for as long as they ask it.
        let Some(mut machines) = self.machines.take() else {
            return Err(Failure::Interrupted);
        };
        let boot = machines.boot(test, self);
        self.machines = Some(machines);
        boot
    }

    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        self.sources.source(file)
    }

    fn accepted(&mut self, snapshot: &Name) -> Option<String> {
        self.sources.snapshots.accepted(snapshot)
    }

    fn profile(&self) -> Option<&str> {
        self.sources.profile.as_deref()
    }

    fn place(&self) -> &Place {
        &self.sources.place
    }

    fn redaction(&self) -> &Redaction {
        &self.sources.redaction
    }

    fn noise(&self) -> Arc<[NoiseRule]> {
        Arc::clone(&self.sources.noise)
    }
}

/// The error of an input of the flake that could not be fetched.
fn missing_input(observation: &Observation) -> Option<&NixError> {
    let (Observation::Failed(error) | Observation::Threw(error)) = observation else {
        return None;
    };
    let of_input = error.trace.iter().any(|frame| {
        frame.text.contains("while fetching the input")
            || frame
                .location
                .as_ref()
                .is_some_and(|l| l.file.contains("call-flake.nix"))
    });
    (of_input && !is_lasting_error(error)).then_some(error)
}

/// Whether the same question would have the same answer tomorrow.
fn is_lasting(request: &Request, observation: &Observation) -> bool {
    match (&request.subject, observation) {
        (_, Observation::Threw(error) | Observation::Failed(error)) => is_lasting_error(error),
        (Subject::Build { .. }, Observation::Value(value)) => match Built::read(value) {
            Some(Built::Failed { .. }) => false,
            Some(Built::Unavailable { is_lasting, .. }) => is_lasting,
            Some(Built::Made { .. }) | None => true,
        },
        (_, Observation::Value(_) | Observation::Missing(_)) => true,
    }
}

/// Whether the same evaluation would die of the same tomorrow: a download or a build
/// may work the next time.
fn is_lasting_error(error: &NixError) -> bool {
    let transient = [
        "unable to download",
        "while fetching",
        "build of ",
        "builder for ",
        "No space left",
    ];
    let says = |text: &str| transient.iter().any(|t| text.contains(t));
    !says(&error.message) && !error.trace.iter().any(|f| says(&f.text))
}

fn describe(request: &Request) -> String {
    match &request.subject {
        Subject::Option { path, .. } | Subject::SettingAt { path } => {
            format!("evaluating {path}")
        }
        Subject::Eval { .. } => "evaluating an expression".to_owned(),
        Subject::Driver { .. } => "evaluating its machines".to_owned(),
        Subject::Toplevel => "evaluating the toplevel".to_owned(),
        Subject::Graph { of: None, .. } => "evaluating the derivations of the toplevel".to_owned(),
        Subject::Graph { of: Some(path), .. } => format!("evaluating the derivations of {path}"),
        Subject::File { path } => format!("evaluating the file {path}"),
        Subject::FailedAssertions => "evaluating assertions".to_owned(),
        Subject::Warnings => "evaluating warnings".to_owned(),
        Subject::Origins { path } => format!("asking who set {path}"),
        Subject::Settings { from, .. } => format!("evaluating all settings, from number {from}"),
        Subject::Homes => "evaluating the settings of homes".to_owned(),
        Subject::OptionName { .. } => "asking for an option's name".to_owned(),
        Subject::About { path } => format!("asking about {path}"),
        Subject::Contributions => "asking which files set options".to_owned(),
        Subject::Programs => "evaluating what is installed".to_owned(),
        Subject::Counters => "counting what the toplevel costs".to_owned(),
        Subject::Build { of: None, .. } => "evaluating what the toplevel is built from".to_owned(),
        Subject::Build { of: Some(path), .. } => format!("evaluating what {path} is built from"),
        Subject::System => "evaluating the system".to_owned(),
    }
}
