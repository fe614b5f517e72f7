//! A run as its events tell it, with all of its results.

use std::collections::HashMap;
use std::sync::Arc;

use nix_parity_core::event::{Event, PlannedHost};
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::host::Platform;
use nix_parity_core::id::NO_HOST;
use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Summary, TestResult};

/// A run.
#[derive(Debug, Default)]
pub struct Recorded {
    /// The version of nix-parity.
    pub(super) version: String,
    /// What `nix --version` answered.
    pub(super) nix: Option<String>,
    /// The profile in use.
    pub(super) profile: Option<String>,
    /// The flake under test.
    pub(super) flake: String,
    /// Hosts with tests of their own, in the order of the plan.
    pub(super) hosts: Vec<Host>,
    /// Tests planned.
    pub(super) planned: usize,
    /// Results, in the order in which they came.
    pub(super) results: Vec<TestResult>,
    /// What is to be known besides.
    pub(super) warnings: Vec<String>,
    /// The counts; nothing where the run ended without.
    pub(super) summary: Option<Summary>,
    sources: HashMap<(Arc<str>, u32), Excerpt>,
}

/// A host, or tests that belong to no single one.
#[derive(Debug)]
pub(super) struct Host {
    /// What tests call it.
    pub(super) label: String,
    /// Absent of tests of several hosts, or of none.
    pub(super) platform: Option<Platform>,
    /// Its double, once known.
    pub(super) system: Option<String>,
    /// How long it took, in milliseconds, where it came to an end.
    pub(super) millis: Option<u64>,
    /// Whether its answers came from the cache.
    pub(super) cached: bool,
}

impl Host {
    fn named(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            platform: None,
            system: None,
            millis: None,
            cached: false,
        }
    }

    fn planned(plan: &PlannedHost) -> Self {
        Self {
            platform: Some(plan.host.platform),
            system: plan.host.system.clone(),
            ..Self::named(&plan.label)
        }
    }

    /// What it is called where its name alone would say nothing.
    pub(super) fn title(&self) -> &str {
        if self.label == NO_HOST {
            "the project itself"
        } else {
            &self.label
        }
    }
}

impl Recorded {
    /// Takes an event into account.
    pub fn take(&mut self, event: &Event) {
        match event {
            Event::RunStarted {
                format: _,
                version,
                nix,
                profile,
                flake,
                hosts,
                groups,
            } => {
                self.version.clone_from(version);
                self.nix.clone_from(nix);
                self.profile.clone_from(profile);
                self.flake.clone_from(flake);
                let tests = hosts.iter().map(|host| host.tests);
                self.planned = tests.chain(groups.iter().map(|group| group.tests)).sum();
                let groups = groups.iter().map(|group| Host::named(&group.label));
                self.hosts = hosts.iter().map(Host::planned).chain(groups).collect();
            }
            Event::HostStarted { host, cached, .. } => self.host(host).cached = *cached,
            Event::HostSystem { host, system } => self.host(host).system = Some(system.clone()),
            Event::HostFinished { host, millis } => self.host(host).millis = Some(*millis),
            Event::Source(excerpt) => {
                let place = (Arc::clone(&excerpt.location.file), excerpt.location.line);
                self.sources.insert(place, excerpt.clone());
            }
            Event::TestFinished(result) => {
                let platform = result.platform;
                let host = self.host(&result.id.host);
                host.platform = host.platform.or(platform);
                self.results.push(result.clone());
            }
            Event::Warning { message } => self.warnings.push(message.clone()),
            Event::RunFinished { summary } => self.summary = Some(summary.clone()),
            Event::HostActivity { .. } => {}
        }
    }

    /// The lines around a place, where they were told.
    pub(super) fn source(&self, location: &Location) -> Option<&Excerpt> {
        let place = (Arc::clone(&location.file), location.line);
        self.sources.get(&place)
    }

    /// The counts, also of a run that ended without.
    pub(super) fn counts(&self) -> Summary {
        self.summary.clone().unwrap_or_else(|| {
            let mut counts = Summary {
                hosts: self.hosts.iter().filter(|h| h.platform.is_some()).count(),
                ..Summary::default()
            };
            self.results.iter().for_each(|r| counts.add(&r.outcome));
            counts
        })
    }

    fn host(&mut self, label: &str) -> &mut Host {
        let known = self.hosts.iter().position(|host| host.label == label);
        let at = known.unwrap_or_else(|| {
            self.hosts.push(Host::named(label));
            self.hosts.len() - 1
        });
        &mut self.hosts[at]
    }
}
