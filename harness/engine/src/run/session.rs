//! Answers about one host: from memory, from a worker that is started when the first
//! answer is missing.

use std::sync::Arc;
use std::time::{Duration, Instant};

use nix_parity_core::host::Host;
use nix_parity_core::id::TestId;
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::value::Value;

use super::complete::complete;
use super::describe::describe;
use super::hidden::may_keep;
use super::lasting::{is_lasting, missing_input};
use super::machines::Machines;
use super::recall::known_verdict;
use super::recorder::Recorder;
use super::sources::Sources;
use super::vouched;
use super::warm::Idle;
use crate::cache::Answers;
use crate::judge::{Boot, Oracle, Terms};
use crate::nix::{
    Deadline, Failure, Flake, LimitOf, Limits, Nix, Request, Subject, Wanted, Worker, count,
    realise,
};
use crate::plan::{HostPlan, PlannedTest};
use crate::snapshot::{Name, Unreadable};

/// After this many workers have died in a row without an answer in between, the
/// host is given up.
const MAX_DEATHS: u32 = 3;

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
        match self.ask_host(Subject::System) {
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
            && known_verdict(plan, test, recorder.findings(), &mut self.sources).is_none()
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
                    && may_keep(
                        &self.sources.terms.redaction,
                        self.host,
                        request,
                        &observation,
                    )
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
                if !matches!(failure, Failure::Unreadable(_) | Failure::Silent) {
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
        let place = &self.sources.terms.place;
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

    fn accepted(&mut self, snapshot: &Name) -> Result<Option<String>, Unreadable> {
        self.sources.snapshots.accepted(snapshot)
    }

    fn terms(&self) -> &Terms {
        &self.sources.terms
    }
}
