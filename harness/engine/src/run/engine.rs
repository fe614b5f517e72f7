//! A project with everything that is needed to run it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::select::HostPattern;
use nix_parity_core::value::Value;

use crate::environment;
use crate::memory;
use crate::nix::{
    Deadline, Failure, FindError, Flake, LimitOf, Limits, Nix, Place, Request, Subject, Worker,
};
use crate::ownership::Unwritable;
use crate::project::{Overrides, Project, Stubs};

use super::cost::{self, Costs};
use super::recorder::Recorder;
use super::refusal::Refusal;
use super::store::{Found, Store};
use super::warm::Warm;

/// How long loading the flake and the common part of a host may take.
const START: Duration = Duration::from_secs(900);

/// What a real host of average size needs to evaluate, with room to spare.
const EACH: u64 = 2 << 30;

/// What is asked for besides the project.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The `nix` to use.
    pub nix: Option<PathBuf>,
    /// Profile and inputs.
    pub overrides: Overrides,
    /// How many workers run at once.
    pub jobs: Option<usize>,
    /// Nothing is read from the cache or added to it.
    pub no_cache: bool,
    /// Each host says why it is evaluated or not.
    pub explain_cache: bool,
    /// Nothing more is started after the first failure.
    pub fail_fast: bool,
    /// How machines are tested.
    pub machines: MachineOptions,
    /// The run of nextest that this process decides one test of. All processes of
    /// a run look at one state of the tree: that which the first of them found.
    pub run: Option<String>,
}

/// How machines are tested.
#[derive(Clone, Debug, Default)]
pub struct MachineOptions {
    /// Their disks and sockets are kept.
    pub keep_state: bool,
    /// By building the test itself, in Nix's sandbox.
    pub strict: bool,
    /// The output of a test that has been built: what it tells is taken, nothing is booted.
    pub tested: Option<PathBuf>,
}

/// Why a run cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The input is wrong.
    #[error("the input is wrong")]
    Input(Vec<Diagnostic>),
    /// There is no usable Nix.
    #[error(transparent)]
    Nix(#[from] FindError),
    /// The flake cannot be loaded.
    #[error("the flake cannot be loaded")]
    Flake(NixError),
    /// A host cannot be evaluated.
    #[error("{host} cannot be evaluated")]
    Host {
        /// How the host was called.
        host: String,
        /// What Nix says.
        error: NixError,
    },
    /// The user interrupted.
    #[error("interrupted")]
    Interrupted,
    /// Something else of the machine.
    #[error("{0}")]
    Machine(String),
}

/// A project, the flake it is about, and the cache.
pub struct Engine<'a> {
    /// The project.
    pub project: &'a Project,
    /// The flake with its overrides.
    pub flake: Flake,
    /// The name of the profile in use.
    pub profile: Option<String>,
    /// What was asked for.
    pub options: Options,
    /// Set when the user interrupts.
    pub interrupted: Arc<AtomicBool>,
    /// Workers of earlier runs of this process.
    pub(super) warm: Option<&'a Warm>,
    pub(super) flake_dir: Option<PathBuf>,
    nix: OnceLock<Nix>,
    // Held while Nix is looked for: hosts that start side by side ask once.
    finding: Mutex<()>,
    began: Instant,
    store: OnceLock<Result<Store, String>>,
    /// Why nothing is cached, as far as it was told.
    told: Mutex<Option<Refusal>>,
    unwritable: OnceLock<Option<Unwritable>>,
}

impl<'a> Engine<'a> {
    /// Puts a project together with what is asked for. No Nix is started.
    pub fn new(
        project: &'a Project,
        options: Options,
        interrupted: &Arc<AtomicBool>,
    ) -> Result<Self, EngineError> {
        let flake = project
            .flake(&options.overrides)
            .map_err(EngineError::Input)?;
        Ok(Self {
            profile: project.profile_name(&options.overrides).map(str::to_owned),
            flake_dir: project.flake_dir(),
            project,
            flake,
            options,
            interrupted: Arc::clone(interrupted),
            warm: None,
            nix: OnceLock::new(),
            finding: Mutex::new(()),
            began: Instant::now(),
            store: OnceLock::new(),
            told: Mutex::default(),
            unwritable: OnceLock::new(),
        })
    }

    /// Asks workers of earlier runs, and leaves those of this one to later runs.
    pub fn use_warm(&mut self, warm: &'a Warm) {
        self.warm = Some(warm);
    }

    /// Whether observations are kept, for this process and for others.
    pub fn keeps_observations(&self) -> bool {
        self.store().is_ok()
    }

    /// The cache, or why there is none.
    pub(super) fn store(&self) -> Result<&Store, &str> {
        let open = || {
            if self.options.no_cache {
                return Err("nothing is read from the cache".to_owned());
            }
            Store::open(
                &self.flake,
                self.flake_dir.as_deref(),
                self.options.nix.as_deref(),
                self.options.run.as_deref(),
            )
        };
        let store = self.store.get_or_init(open);
        store.as_ref().map_err(String::as_str)
    }

    /// What keeps the cache from being written, and how to mend it.
    pub(super) fn unwritable_cache(&self) -> Option<String> {
        if self.options.no_cache {
            return None;
        }
        let found = self.unwritable.get_or_init(|| {
            let cache = environment::cache_dir()?;
            Unwritable::find(&cache)
        });
        let found = found.as_ref()?;
        Some(format!(
            "results are not kept: {found}; `{}` mends it",
            found.remedy()
        ))
    }

    pub(super) fn record_costs(&self, host: &Host, costs: &Costs) {
        if let Ok(store) = self.store()
            && !self.interrupted.load(Ordering::Relaxed)
        {
            cost::record(store, &self.flake.reference, host, costs);
        }
    }

    /// What a host took the last time, as far as that is known.
    pub fn costs(&self, host: &Host) -> Costs {
        let store = self.store().ok();
        let known = store.map(|store| cost::known(store, &self.flake.reference, host));
        known.unwrap_or_default()
    }

    /// The Nix to use, found and asked for its version at the first use.
    pub fn nix(&self) -> Result<&Nix, FindError> {
        let _finding = self.finding.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(nix) = self.nix.get() {
            return Ok(nix);
        }
        let nix = Nix::find(self.options.nix.as_deref())?;
        Ok(self.nix.get_or_init(|| nix))
    }

    /// The version of the Nix in use, if one was needed.
    pub fn nix_banner(&self) -> Option<String> {
        self.nix.get().map(|nix| nix.banner.clone())
    }

    /// Where builds are made: as the command line says, else as the project does.
    pub(super) fn place(&self) -> Place {
        self.options.overrides.place.or(&self.project.file.place)
    }

    /// The inputs that are stubs.
    pub(crate) fn stubs(&self) -> Stubs {
        self.project.stubs(&self.options.overrides)
    }

    pub(super) fn limits(&self) -> Limits {
        Limits {
            interrupted: Arc::clone(&self.interrupted),
            start: START,
            until: self.host_deadline(),
            memory: self.project.file.memory,
        }
    }

    /// Until when a host that begins now must be done: its own limit, or that of
    /// the run.
    pub(super) fn host_deadline(&self) -> Option<Deadline> {
        let file = &self.project.file;
        let run = file.run_timeout.map(|limit| Deadline {
            at: self.began + limit,
            limit,
            of: LimitOf::Run,
        });
        match file.host_timeout {
            Some(limit) => Some(Deadline::after(limit, LimitOf::Host).or(run)),
            None => run,
        }
    }

    /// How many hosts are evaluated at once: as asked for, else as many as there
    /// are cores, or fewer where memory is short.
    pub fn jobs(&self) -> usize {
        self.asked_jobs().unwrap_or_else(|| {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            let each = self.project.file.memory.map_or(EACH, |cap| cap.min(EACH));
            let fit = memory::available().map_or(cores as u64, |free| free / each);
            usize::try_from(fit).unwrap_or(cores).clamp(1, cores)
        })
    }

    /// How many were asked for.
    pub(super) fn asked_jobs(&self) -> Option<usize> {
        self.options.jobs.or(self.project.file.jobs)
    }

    /// The hosts under test: those of the project file, else those that the flake
    /// offers. Nix is started only when the tree has not been seen before.
    pub fn hosts(&self) -> Result<Vec<Host>, EngineError> {
        self.known_hosts(self.needs_systems())
    }

    /// The same with their doubles, as far as those can be found out.
    pub fn hosts_with_systems(&self) -> Result<Vec<Host>, EngineError> {
        self.known_hosts(true)
    }

    fn known_hosts(&self, wanted_systems: bool) -> Result<Vec<Host>, EngineError> {
        if let Some(hosts) = &self.project.file.hosts
            && !(wanted_systems && hosts.iter().any(|h| h.system.is_none()))
        {
            return Ok(hosts.clone());
        }
        let what = if wanted_systems {
            "hosts with systems"
        } else {
            "hosts"
        };
        self.found(what, self.project.file.hosts.as_deref(), wanted_systems)
    }

    /// The hosts that the flake offers, whatever the project file names.
    pub fn offered(&self) -> Result<Vec<Host>, EngineError> {
        let what = match self.project.file.hosts {
            Some(_) => "hosts that are offered",
            None => "hosts",
        };
        self.found(what, None, false)
    }

    /// The hosts, as was found before where nothing has changed. `what` is what they are
    /// kept as.
    fn found(
        &self,
        what: &str,
        known: Option<&[Host]>,
        with_systems: bool,
    ) -> Result<Vec<Host>, EngineError> {
        let store = self.store().ok();
        if let Some(Found::Trace { findings, .. }) = store.map(|store| store.find(what))
            && let Some(hosts) = findings.notes.get(what)
            && let Ok(hosts) = serde_json::from_str(hosts)
        {
            return Ok(hosts);
        }
        let mut recorder = store.and_then(|store| {
            let lock = store.shelf(what).lock(&self.interrupted).ok()?;
            Recorder::new(store, what, lock)
        });
        let hosts = self.discover(known, with_systems, recorder.as_mut())?;
        if let Some(mut recorder) = recorder
            && let Ok(text) = serde_json::to_string(&hosts)
        {
            recorder.note(what, text);
            // Not being able to keep it costs time only.
            let _ = recorder.finish();
        }
        Ok(hosts)
    }

    /// Whether a case selects hosts by their double.
    fn needs_systems(&self) -> bool {
        let cases = self.project.suites.iter().flat_map(|s| &s.cases);
        cases
            .flat_map(|c| &c.hosts.patterns)
            .any(HostPattern::needs_system)
    }

    /// The hosts that the flake offers, whatever the project file names.
    pub(crate) fn offered_hosts(&self) -> Result<Vec<Host>, EngineError> {
        self.discover(None, false, None)
    }

    /// Threads for as many hosts at once as the project and the machine allow.
    pub(crate) fn threads(&self) -> Result<rayon::ThreadPool, EngineError> {
        super::all::threads(self.jobs())
    }

    fn discover(
        &self,
        known: Option<&[Host]>,
        with_systems: bool,
        recorder: Option<&mut Recorder<'_>>,
    ) -> Result<Vec<Host>, EngineError> {
        let limits = self.limits();
        let start = Deadline::after(limits.start, LimitOf::Start).or(limits.until);
        let mut worker =
            Worker::start(self.nix()?, &self.flake, limits).map_err(EngineError::from)?;
        let mut hosts = match known {
            Some(hosts) => hosts.to_vec(),
            None => {
                let mut hosts = Vec::new();
                for platform in Platform::ALL {
                    let names = worker.hosts(platform)?;
                    hosts.extend(names.into_iter().map(|name| Host::new(platform, name)));
                }
                hosts
            }
        };
        if with_systems {
            for host in hosts.iter_mut().filter(|h| h.system.is_none()) {
                worker.bind_host(host)?;
                let request = Request::of_host(Subject::System);
                // A host that does not evaluate has no double; its tests will say why.
                if let Observation::Value(Value::String(system)) = worker.ask(&request, start)? {
                    host.system = Some(system);
                }
            }
        }
        if let Some(recorder) = recorder {
            recorder.saw(worker.take_evidence());
        }
        if hosts.is_empty() {
            return Err(EngineError::Input(vec![
                Diagnostic::new("the flake offers no host")
                    .note("it has none of darwinConfigurations, nixosConfigurations and homeConfigurations, or they are empty"),
            ]));
        }
        Ok(hosts)
    }
}

impl Engine<'_> {
    /// Whether users are to be told now that this Nix makes caching impossible: it is the
    /// same for all hosts, and told for the first.
    pub(super) fn is_first_told(&self, refusal: &Refusal) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        refusal.is_of_nix() && told.replace(refusal.clone()).is_none()
    }
}

impl From<Failure> for EngineError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Flake(error) => Self::Flake(error),
            Failure::Interrupted => Self::Interrupted,
            other => Self::Machine(other.to_string()),
        }
    }
}
