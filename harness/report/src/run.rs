//! What is known of a run so far, put together from its events.

use std::collections::{BTreeMap, HashMap};

use nix_parity_core::event::{Event, PlannedHost};
use nix_parity_core::host::Platform;
use nix_parity_core::id::NO_HOST;
use nix_parity_core::outcome::{Outcome, Summary, TestResult};

/// A run so far.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// What `nix --version` answered.
    pub(crate) nix: Option<String>,
    /// The version of nix-parity that ran.
    pub(crate) version: String,
    /// The flake under test.
    pub(crate) flake: String,
    /// The profile in use.
    pub(crate) profile: Option<String>,
    /// Hosts, in the order of the plan.
    pub(crate) hosts: Vec<Host>,
    /// The places of hosts by their labels: each event names one.
    places: HashMap<String, usize>,
    /// Tests that did not pass and were tried.
    pub(crate) failures: Vec<TestResult>,
    /// How many tests were skipped, by reason.
    pub(crate) skips: BTreeMap<String, usize>,
    /// Tests that passed and have a note, by note.
    pub(crate) noted: BTreeMap<String, Vec<String>>,
    /// What the notes of passing tests are the sums of.
    pub(crate) details: Vec<String>,
    /// How many tests passed on what was really built.
    pub(crate) built: usize,
    /// How many tests passed on machines that were booted.
    pub(crate) booted: usize,
    /// Counted from the results, for runs that end without a summary.
    pub(crate) counted: Summary,
}

/// One host of the run.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// What tests and events call it.
    pub(crate) label: String,
    /// Absent of tests that belong to no single host, and where an event names a host
    /// that the plan does not.
    pub(crate) platform: Option<Platform>,
    /// Its double, once known.
    pub(crate) system: Option<String>,
    /// Tests planned.
    pub(crate) tests: usize,
    /// Tests decided, by outcome.
    pub(crate) counts: Summary,
    /// Whether its answers come from the cache.
    pub(crate) cached: bool,
    /// How far it is.
    pub(crate) stage: Stage,
    /// What its worker is busy with.
    pub(crate) activity: String,
    /// Its last line has been printed.
    pub(crate) printed: bool,
}

/// How far a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Nothing has been heard of it.
    Waiting,
    /// It has started.
    Running,
    /// It has finished, after this many milliseconds.
    Finished(u64),
}

impl Host {
    fn new(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            platform: None,
            system: None,
            tests: 0,
            counts: Summary::default(),
            cached: false,
            stage: Stage::Waiting,
            activity: String::new(),
            printed: false,
        }
    }

    fn planned(plan: &PlannedHost) -> Self {
        Self {
            platform: Some(plan.host.platform),
            system: plan.host.system.clone(),
            tests: plan.tests,
            ..Self::new(&plan.label)
        }
    }

    /// What it is called where its label alone would say nothing.
    pub(crate) fn title(&self) -> &str {
        if self.label == NO_HOST {
            "the project itself"
        } else {
            &self.label
        }
    }

    /// Whether nothing more is to be heard of it.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(self.stage, Stage::Finished(_)) && self.counts.total() >= self.tests
    }
}

impl Run {
    /// Tests planned, over all hosts.
    pub(crate) fn planned(&self) -> usize {
        self.hosts.iter().map(|h| h.tests).sum()
    }

    /// Takes an event into account. Events of different hosts come in any order.
    pub(crate) fn take(&mut self, event: &Event) {
        match event {
            Event::RunStarted {
                nix,
                profile,
                hosts,
                groups,
                format: _,
                version,
                flake,
            } => {
                self.version.clone_from(version);
                self.flake.clone_from(flake);
                self.nix.clone_from(nix);
                self.profile.clone_from(profile);
                let groups = groups.iter().map(|group| Host {
                    tests: group.tests,
                    ..Host::new(&group.label)
                });
                self.hosts = hosts.iter().map(Host::planned).chain(groups).collect();
                self.places.clear();
                for (place, host) in self.hosts.iter().enumerate() {
                    self.places.entry(host.label.clone()).or_insert(place);
                }
            }
            Event::HostStarted { host, cached, .. } => {
                let host = self.host(host);
                host.stage = Stage::Running;
                host.cached = *cached;
            }
            Event::HostActivity { host, activity } => {
                self.host(host).activity.clone_from(activity);
            }
            Event::HostSystem { host, system } => {
                self.host(host).system = Some(system.clone());
            }
            Event::TestFinished(result) => self.result(result),
            Event::HostFinished { host, millis } => {
                self.host(host).stage = Stage::Finished(*millis);
            }
            Event::Source(_) | Event::Warning { .. } | Event::RunFinished { .. } => {}
        }
    }

    fn result(&mut self, result: &TestResult) {
        let host = self.host(&result.id.host);
        host.counts.add(&result.outcome);
        // Results may be the first that is heard of a host that needs no worker.
        if host.platform.is_none() {
            host.platform = result.platform;
        }
        self.counted.add(&result.outcome);
        let passed = result.outcome == Outcome::Pass;
        self.built += usize::from(result.built && passed);
        self.booted += usize::from(result.booted && passed);
        match (&result.outcome, &result.note) {
            (Outcome::Fail { .. } | Outcome::Error { .. }, _) => self.failures.push(result.clone()),
            (Outcome::Skip { reason }, _) => *self.skips.entry(reason.clone()).or_default() += 1,
            (Outcome::Pass, Some(note)) => {
                let tests = self.noted.entry(note.clone()).or_default();
                tests.push(result.id.to_string());
                self.details.extend(result.details.iter().cloned());
            }
            (Outcome::Pass, None) => {}
        }
    }

    /// The host of this label, where it was heard of.
    pub(crate) fn known_host(&self, label: &str) -> Option<&Host> {
        self.hosts.get(*self.places.get(label)?)
    }

    /// The host of this label, for changing it.
    pub(crate) fn host(&mut self, label: &str) -> &mut Host {
        let at = self.places.get(label).copied().unwrap_or_else(|| {
            self.hosts.push(Host::new(label));
            self.places.insert(label.to_owned(), self.hosts.len() - 1);
            self.hosts.len() - 1
        });
        &mut self.hosts[at]
    }
}
