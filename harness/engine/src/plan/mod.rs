//! Expanding cases over hosts: which tests there are. No Nix is needed for it
//! once the hosts are known.

mod filter;
mod problems;
mod shard;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod strategies;

pub use filter::Filter;
pub use shard::Shard;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use nix_parity_core::case::{Case, Reach, Suite};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::{PlannedGroup, PlannedHost};
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::{NO_HOST, TestId};
use nix_parity_core::location::Location;

use problems::case_problems;

/// All tests of a project, by host.
#[derive(Clone, Debug, Default)]
pub struct Plan<'s> {
    /// Hosts that at least one test looks at, in the order of the flake.
    pub hosts: Vec<HostPlan<'s>>,
    /// Tests of several hosts together and of none, in the order of the case files.
    pub joint: Vec<JointTest<'s>>,
}

/// The tests of one host.
#[derive(Clone, Debug)]
pub struct HostPlan<'s> {
    /// How it is called in test names: its name, with the platform in front where
    /// two platforms have a host of that name.
    pub label: String,
    /// The host.
    pub host: Host,
    /// Its tests, in the order of the case files.
    pub tests: Vec<PlannedTest<'s>>,
    /// Tests of several hosts that it is one of.
    pub joint: Vec<PlannedTest<'s>>,
}

/// One case on one host.
#[derive(Clone, Debug)]
pub struct PlannedTest<'s> {
    /// Its name.
    pub id: TestId,
    /// The case.
    pub case: &'s Case,
}

/// One case on several hosts together, or on none.
#[derive(Clone, Debug)]
pub struct JointTest<'s> {
    /// Its name.
    pub id: TestId,
    /// The case.
    pub case: &'s Case,
    /// The hosts, in the order of the flake.
    pub hosts: Vec<Participant>,
}

/// One of several hosts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Participant {
    /// As in [`HostPlan::label`].
    pub label: String,
    /// The host.
    pub host: Host,
}

/// Any test of a plan.
#[derive(Clone, Copy, Debug)]
pub enum Test<'p, 's> {
    /// One of one host.
    OnHost(&'p HostPlan<'s>, &'p PlannedTest<'s>),
    /// One of several, or of none.
    Joint(&'p JointTest<'s>),
}

impl<'p, 's> Test<'p, 's> {
    /// Its name.
    pub const fn id(self) -> &'p TestId {
        match self {
            Self::OnHost(_, test) => &test.id,
            Self::Joint(test) => &test.id,
        }
    }

    /// What the hosts are called that it looks at.
    pub fn hosts(self) -> Vec<&'p str> {
        match self {
            Self::OnHost(plan, _) => vec![&plan.label],
            Self::Joint(test) => test.hosts.iter().map(|host| &*host.label).collect(),
        }
    }

    /// The case.
    pub const fn case(self) -> &'s Case {
        match self {
            Self::OnHost(_, test) => test.case,
            Self::Joint(test) => test.case,
        }
    }
}

impl<'s> Plan<'s> {
    /// Expands the cases over the hosts. What comes with the plan are patterns
    /// and names that no host can match, and cases that select no host: a case
    /// must not silently stop running. A case with such a problem has no test.
    pub fn new(suites: &'s [Suite], hosts: &[Host]) -> (Self, Vec<Diagnostic>) {
        let mut problems = Vec::new();
        let mut plans: Vec<HostPlan<'s>> = labels(hosts)
            .into_iter()
            .zip(hosts)
            .map(|(label, host)| HostPlan {
                label,
                host: host.clone(),
                tests: Vec::new(),
                joint: Vec::new(),
            })
            .collect();
        let mut joint = Vec::new();
        for suite in suites {
            for case in &suite.cases {
                let found = case_problems(case, hosts);
                if !found.is_empty() {
                    problems.extend(found);
                    continue;
                }
                let id = |host: &str| TestId {
                    suite: suite.name.value.clone(),
                    case: case.name.value.clone(),
                    host: host.to_owned(),
                };
                let concerned = plans.iter_mut().filter(|plan| is_for(case, &plan.host));
                let group = match case.check.reach() {
                    Reach::EachHost => {
                        for plan in concerned {
                            let id = id(&plan.label);
                            plan.tests.push(PlannedTest { id, case });
                        }
                        continue;
                    }
                    Reach::Across(platforms) => {
                        let names: Vec<_> = platforms.iter().map(|p| p.name()).collect();
                        names.join("+")
                    }
                    Reach::NoHost => NO_HOST.to_owned(),
                };
                let id = id(&group);
                let mut hosts = Vec::new();
                for plan in concerned {
                    hosts.push(Participant {
                        label: plan.label.clone(),
                        host: plan.host.clone(),
                    });
                    let id = id.clone();
                    plan.joint.push(PlannedTest { id, case });
                }
                joint.push(JointTest { id, case, hosts });
            }
        }
        // Defaults of a suite are said once and used by many cases.
        let mut seen = HashSet::new();
        problems.retain(|problem: &Diagnostic| seen.insert(problem.clone()));
        let plan = Self {
            hosts: plans,
            joint,
        };
        (plan.without_idle_hosts(), problems)
    }

    /// Without hosts that no test looks at, and with what is to be looked at of the
    /// others for the joint tests that are left.
    pub(crate) fn without_idle_hosts(mut self) -> Self {
        let joint: BTreeSet<&TestId> = self.joint.iter().map(|test| &test.id).collect();
        for plan in &mut self.hosts {
            plan.joint.retain(|test| joint.contains(&test.id));
        }
        self.hosts
            .retain(|plan| !plan.tests.is_empty() || !plan.joint.is_empty());
        self
    }

    /// Keeps what the filter takes.
    #[must_use]
    pub fn filtered(mut self, filter: &Filter) -> Self {
        for plan in &mut self.hosts {
            let HostPlan { host, tests, .. } = plan;
            tests.retain(|t| filter.takes(host, t));
        }
        self.joint.retain(|test| filter.takes_joint(test));
        self.without_idle_hosts()
    }

    /// The tests of one host, and those of several that it is one of.
    #[must_use]
    pub fn of_host(mut self, host: &Host) -> Self {
        for plan in self.hosts.iter_mut().filter(|plan| plan.host != *host) {
            plan.tests.clear();
        }
        self.joint
            .retain(|test| test.hosts.iter().any(|one| one.host == *host));
        self.without_idle_hosts()
    }

    /// All tests with their hosts, cases in the order of their files, and for
    /// each case the hosts in theirs.
    pub fn tests(&self) -> Vec<Test<'_, 's>> {
        let on_hosts = self.hosts.iter().flat_map(|plan| {
            let tests = plan.tests.iter();
            tests.map(move |test| Test::OnHost(plan, test))
        });
        let mut tests: Vec<_> = on_hosts.chain(self.joint.iter().map(Test::Joint)).collect();
        // A stable sort keeps the hosts of a case in their order.
        tests.sort_by(|a, b| order(a.case().location()).cmp(&order(b.case().location())));
        tests
    }

    /// How many tests there are.
    pub fn len(&self) -> usize {
        self.hosts.iter().map(|h| h.tests.len()).sum::<usize>() + self.joint.len()
    }

    /// Whether there is no test.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The joint tests by what stands for the host in their names, as a run announces
    /// them.
    pub fn groups(&self) -> Vec<PlannedGroup> {
        let mut groups: Vec<PlannedGroup> = Vec::new();
        for test in &self.joint {
            match groups.iter_mut().find(|group| group.label == test.id.host) {
                Some(group) => group.tests += 1,
                None => groups.push(PlannedGroup {
                    label: test.id.host.clone(),
                    tests: 1,
                }),
            }
        }
        groups
    }

    /// The hosts, as a run announces them.
    pub fn announced(&self) -> Vec<PlannedHost> {
        self.hosts
            .iter()
            .map(|plan| PlannedHost {
                label: plan.label.clone(),
                host: plan.host.clone(),
                tests: plan.tests.len(),
            })
            .collect()
    }
}

fn order(location: &Location) -> (&str, u32, u32) {
    (&location.file, location.line, location.column)
}

/// How hosts are called in the names of tests: by their name, with the platform in
/// front where two platforms have a host of that name, or where the name would be taken
/// for something else. No two hosts have the same label, and none has one that stands for
/// several hosts or for none.
pub fn labels(hosts: &[Host]) -> Vec<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for host in hosts {
        *count.entry(&host.name).or_default() += 1;
    }
    hosts
        .iter()
        .map(|h| {
            if count[h.name.as_str()] > 1 || is_reserved(&h.name) {
                h.key()
            } else {
                h.name.clone()
            }
        })
        .collect()
}

/// Whether a name says something else where a label stands: that there is no host, the
/// platforms of a test of several hosts, or a host with its platform in front.
fn is_reserved(name: &str) -> bool {
    let is_platform = |text: &str| text.parse::<Platform>().is_ok();
    name == NO_HOST
        || name.split('+').all(is_platform)
        || name
            .split_once(':')
            .is_some_and(|(platform, _)| is_platform(platform))
}

fn is_for(case: &Case, host: &Host) -> bool {
    case.hosts.selects(host) && case.check.applies_to(host)
}
