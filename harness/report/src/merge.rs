//! Records of the shards of one run as the record of that run.

use std::collections::{BTreeMap, HashMap, HashSet};

use nix_parity_core::event::{Event, PlannedHost};
use nix_parity_core::host::Host;
use nix_parity_core::outcome::{Outcome, Summary, TestResult};

use crate::words::{count, some_of};

/// How many names a warning gives.
const NAMES: usize = 5;

/// Why records cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// They do not say what they are of.
    #[error("{0} does not say what was run")]
    NoStart(String),
    /// They are of different runs.
    #[error("{first} and {second} are no shards of one run: {what} {a}, and {b}")]
    Different {
        /// One record.
        first: String,
        /// Another one.
        second: String,
        /// What is not the same: `profile`, for instance, or what a host is.
        what: &'static str,
        /// As the one says.
        a: String,
        /// As the other says.
        b: String,
    },
}

/// The events of several records, each with its name, as those of one run. A test that is
/// in several of them is counted once, by the outcome that says most, and said to be so.
/// Where one of them has no end, neither has the whole.
///
/// # Errors
/// They are no shards of one run.
pub fn merge(records: &[(String, Vec<Event>)]) -> Result<Vec<Event>, MergeError> {
    let mut start = Start::default();
    let mut results: Vec<&TestResult> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut twice: BTreeMap<String, usize> = BTreeMap::new();
    let mut hosts: Vec<(String, OneHost)> = Vec::new();
    let mut warnings: Vec<&str> = Vec::new();
    let mut sources: Vec<&Event> = Vec::new();
    let mut quoted = HashSet::new();
    for (name, events) in records {
        start.add(name, events)?;
        for event in events {
            match event {
                Event::TestFinished(result) => {
                    let id = result.id.to_string();
                    if let Some(before) = known.get(&id).and_then(|at| results.get_mut(*at)) {
                        start.less(&result.id.host);
                        *twice.entry(id).or_insert(1) += 1;
                        if weight(&result.outcome) > weight(&before.outcome) {
                            *before = result;
                        }
                    } else {
                        known.insert(id, results.len());
                        results.push(result);
                    }
                }
                Event::Warning { message } if !warnings.contains(&message.as_str()) => {
                    warnings.push(message);
                }
                Event::Source(lines) if quoted.insert(&lines.location) => sources.push(event),
                Event::HostStarted { host, cached, why } => {
                    let host = of(&mut hosts, host);
                    host.cached = Some(host.cached.unwrap_or(true) && *cached);
                    host.why = host.why.take().or_else(|| why.clone());
                }
                Event::HostSystem { host, system } => {
                    of(&mut hosts, host).system = Some(system.clone());
                }
                Event::HostFinished { host, millis } => {
                    let host = of(&mut hosts, host);
                    host.millis = host.millis.max(Some(*millis));
                }
                Event::Source(_)
                | Event::Warning { .. }
                | Event::HostActivity { .. }
                | Event::RunStarted { .. }
                | Event::RunFinished { .. } => {}
            }
        }
    }
    let mut merged: Vec<Event> = start.event().into_iter().collect();
    let warned = warnings.into_iter().map(str::to_owned).chain(said(&twice));
    merged.extend(warned.map(|message| Event::Warning { message }));
    merged.extend(hosts.iter().flat_map(|(label, host)| host.begin(label)));
    merged.extend(sources.into_iter().cloned());
    merged.extend(results.iter().map(|r| Event::TestFinished((*r).clone())));
    merged.extend(hosts.iter().filter_map(|(label, host)| host.end(label)));
    merged.extend(ended(records, &results, &merged));
    Ok(merged)
}

/// What outcome says most of a test: that it fails is certain, that it passes was seen, and
/// a skip says nothing.
const fn weight(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Skip { .. } => 0,
        Outcome::Pass => 1,
        Outcome::Error { .. } => 2,
        Outcome::Fail { .. } => 3,
    }
}

/// The plan of the whole.
#[derive(Default)]
struct Start {
    name: String,
    whole: Option<Event>,
}

impl Start {
    fn add(&mut self, name: &str, events: &[Event]) -> Result<(), MergeError> {
        let Some(other @ Event::RunStarted { .. }) = events.first() else {
            return Err(MergeError::NoStart(name.to_owned()));
        };
        let (
            Some(Event::RunStarted {
                nix,
                profile,
                hosts,
                groups,
                ..
            }),
            Event::RunStarted {
                nix: other_nix,
                profile: other_profile,
                hosts: other_hosts,
                groups: other_groups,
                ..
            },
        ) = (&mut self.whole, other)
        else {
            name.clone_into(&mut self.name);
            self.whole = Some(other.clone());
            return Ok(());
        };
        let different = |what, a: &str, b: &str| MergeError::Different {
            first: self.name.clone(),
            second: name.to_owned(),
            what,
            a: a.to_owned(),
            b: b.to_owned(),
        };
        if profile != other_profile {
            let named = |profile: &Option<String>| profile.clone().unwrap_or("none".to_owned());
            return Err(different("profile", &named(profile), &named(other_profile)));
        }
        join(nix, other_nix.as_deref());
        for other in other_hosts {
            match hosts.iter_mut().find(|host| host.label == other.label) {
                Some(host) if host.host.platform != other.host.platform => {
                    let [a, b] = [&host.host, &other.host].map(Host::key);
                    return Err(different("host", &a, &b));
                }
                Some(host) => add_tests(host, other),
                None => hosts.push(other.clone()),
            }
        }
        for other in other_groups {
            match groups.iter_mut().find(|group| group.label == other.label) {
                Some(group) => group.tests += other.tests,
                None => groups.push(other.clone()),
            }
        }
        Ok(())
    }

    /// A test of this host has been planned once more than there are.
    fn less(&mut self, label: &str) {
        let Some(Event::RunStarted { hosts, groups, .. }) = &mut self.whole else {
            return;
        };
        let hosts = hosts.iter_mut().map(|host| (&host.label, &mut host.tests));
        let groups = groups
            .iter_mut()
            .map(|group| (&group.label, &mut group.tests));
        if let Some((_, tests)) = hosts.chain(groups).find(|(known, _)| *known == label) {
            *tests = tests.saturating_sub(1);
        }
    }

    fn event(self) -> Option<Event> {
        self.whole
    }
}

fn add_tests(host: &mut PlannedHost, other: &PlannedHost) {
    host.tests += other.tests;
    if host.host.system.is_none() {
        host.host.system.clone_from(&other.host.system);
    }
}

/// Shards may have run with different versions of Nix.
fn join(nix: &mut Option<String>, other: Option<&str>) {
    match (nix, other) {
        (Some(nix), Some(other)) if !nix.split(", ").any(|one| one == other) => {
            nix.push_str(", ");
            nix.push_str(other);
        }
        (nix @ None, Some(other)) => *nix = Some(other.to_owned()),
        _ => {}
    }
}

/// What the shards say of one host.
#[derive(Default)]
struct OneHost {
    /// Whether no shard evaluated it, where one began with it.
    cached: Option<bool>,
    why: Option<String>,
    system: Option<String>,
    /// The longest that a shard was at it: they run side by side.
    millis: Option<u64>,
}

fn of<'h>(hosts: &'h mut Vec<(String, OneHost)>, label: &str) -> &'h mut OneHost {
    let known = hosts.iter().position(|(known, _)| known == label);
    let at = known.unwrap_or_else(|| {
        hosts.push((label.to_owned(), OneHost::default()));
        hosts.len() - 1
    });
    &mut hosts[at].1
}

impl OneHost {
    fn begin(&self, label: &str) -> impl Iterator<Item = Event> {
        let host = label.to_owned();
        let started = self.cached.map(|cached| Event::HostStarted {
            host: host.clone(),
            cached,
            why: self.why.clone(),
        });
        let system = self.system.clone();
        let system = system.map(|system| Event::HostSystem { host, system });
        started.into_iter().chain(system)
    }

    fn end(&self, label: &str) -> Option<Event> {
        let host = label.to_owned();
        self.millis
            .map(|millis| Event::HostFinished { host, millis })
    }
}

/// That tests are in several records.
fn said(twice: &BTreeMap<String, usize>) -> Option<String> {
    (!twice.is_empty()).then(|| {
        let names = some_of(twice.keys().cloned(), NAMES);
        let tests = count(twice.len(), "test");
        let are = if twice.len() == 1 { "is" } else { "are" };
        format!("{tests} {are} in several records and counted once, by what says most: {names}")
    })
}

/// The end of the whole, where each shard has one.
fn ended(
    records: &[(String, Vec<Event>)],
    results: &[&TestResult],
    merged: &[Event],
) -> Option<Event> {
    let mut summary = Summary::default();
    for (_, events) in records {
        let Some(Event::RunFinished { summary: shard }) = events.last() else {
            return None;
        };
        summary.interrupted |= shard.interrupted;
        // Shards run side by side.
        summary.millis = summary.millis.max(shard.millis);
    }
    for result in results {
        summary.add(&result.outcome);
    }
    if let Some(Event::RunStarted { hosts, .. }) = merged.first() {
        summary.hosts = hosts.len();
    }
    Some(Event::RunFinished { summary })
}
