//! Expanding cases over hosts: which tests there are. No Nix is needed for it
//! once the hosts are known.

use std::collections::{BTreeMap, HashSet};

use nix_parity_core::case::{Case, Suite};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::PlannedHost;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::location::Location;
use nix_parity_core::nearest::nearest;
use nix_parity_core::select::HostSelection;

/// All tests of a project, by host.
#[derive(Clone, Debug, Default)]
pub struct Plan<'s> {
    /// Hosts with at least one test, in the order of the flake.
    pub hosts: Vec<HostPlan<'s>>,
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
}

/// One case on one host.
#[derive(Clone, Debug)]
pub struct PlannedTest<'s> {
    /// Its name.
    pub id: TestId,
    /// The case.
    pub case: &'s Case,
}

/// What is asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Parts of test names, any of which must occur; all tests where empty.
    pub names: Vec<String>,
    /// The names must be equal, not only occur.
    pub exact: bool,
    /// Hosts, as in case files.
    pub hosts: HostSelection,
    /// Platforms; all where empty.
    pub platforms: Vec<Platform>,
    /// Tags, any of which a case must have; all cases where empty.
    pub tags: Vec<String>,
}

impl Filter {
    /// Whether the filter can select anything at all.
    ///
    /// # Errors
    /// Host patterns that no host matches.
    pub fn check(&self, hosts: &[Host]) -> Result<(), Vec<Diagnostic>> {
        let unknown: Vec<_> = self
            .hosts
            .unmatched(hosts)
            .map(|pattern| {
                let message = format!("--host `{}` matches no host", pattern.text);
                unknown(message, &pattern.text, None, hosts)
            })
            .collect();
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(unknown)
        }
    }

    fn takes(&self, host: &Host, test: &PlannedTest<'_>) -> bool {
        let name = test.id.to_string();
        let named = |wanted: &String| {
            if self.exact {
                name == *wanted
            } else {
                name.contains(wanted.as_str())
            }
        };
        (self.names.is_empty() || self.names.iter().any(named))
            && self.hosts.selects(host)
            && (self.platforms.is_empty() || self.platforms.contains(&host.platform))
            && (self.tags.is_empty() || self.tags.iter().any(|t| test.case.tags.contains(t)))
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
            })
            .collect();
        for suite in suites {
            for case in &suite.cases {
                let found = case_problems(case, hosts);
                if !found.is_empty() {
                    problems.extend(found);
                    continue;
                }
                for plan in &mut plans {
                    if is_for(case, &plan.host) {
                        let id = TestId {
                            suite: suite.name.value.clone(),
                            case: case.name.value.clone(),
                            host: plan.label.clone(),
                        };
                        plan.tests.push(PlannedTest { id, case });
                    }
                }
            }
        }
        // Defaults of a suite are said once and used by many cases.
        let mut seen = HashSet::new();
        problems.retain(|problem: &Diagnostic| seen.insert(problem.clone()));
        plans.retain(|p| !p.tests.is_empty());
        (Self { hosts: plans }, problems)
    }

    /// Keeps what the filter takes.
    #[must_use]
    pub fn filtered(mut self, filter: &Filter) -> Self {
        for plan in &mut self.hosts {
            let HostPlan { host, tests, .. } = plan;
            tests.retain(|t| filter.takes(host, t));
        }
        self.hosts.retain(|p| !p.tests.is_empty());
        self
    }

    /// All tests with their hosts, cases in the order of their files, and for
    /// each case the hosts in theirs.
    pub fn tests(&self) -> Vec<(&HostPlan<'s>, &PlannedTest<'s>)> {
        let mut tests: Vec<_> = self
            .hosts
            .iter()
            .flat_map(|plan| plan.tests.iter().map(move |test| (plan, test)))
            .collect();
        // A stable sort keeps the hosts of a case in their order.
        tests.sort_by(|(_, a), (_, b)| order(a.case.location()).cmp(&order(b.case.location())));
        tests
    }

    /// How many tests there are.
    pub fn len(&self) -> usize {
        self.hosts.iter().map(|h| h.tests.len()).sum()
    }

    /// Whether there is no test.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
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
/// front where two platforms have a host of that name.
pub fn labels(hosts: &[Host]) -> Vec<String> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for host in hosts {
        *count.entry(&host.name).or_default() += 1;
    }
    hosts
        .iter()
        .map(|h| {
            if count[h.name.as_str()] > 1 {
                h.key()
            } else {
                h.name.clone()
            }
        })
        .collect()
}

fn names(hosts: &[Host]) -> String {
    if hosts.is_empty() {
        return "no hosts".to_owned();
    }
    labels(hosts).join(", ")
}

fn is_for(case: &Case, host: &Host) -> bool {
    case.hosts.selects(host) && case.check.applies_to(host)
}

fn case_problems(case: &Case, hosts: &[Host]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for pattern in case.hosts.unmatched(hosts) {
        let message = if pattern.text.contains([':', '*', '?', '[', '{']) {
            format!("`{}` matches no host", pattern.text)
        } else {
            format!("unknown host `{}`", pattern.text)
        };
        let location = pattern
            .location
            .clone()
            .unwrap_or_else(|| case.location().clone());
        problems.push(unknown(message, &pattern.text, Some(location), hosts));
    }
    for (name, location) in case.check.host_names() {
        let known: Vec<_> = hosts
            .iter()
            .filter(|h| h.name == *name || h.key() == *name)
            .collect();
        if known.is_empty() {
            let message = format!("unknown host `{name}`");
            problems.push(unknown(message, name, Some(location.clone()), hosts));
        } else if !known.iter().any(|h| case.hosts.selects(h)) {
            problems.push(
                Diagnostic::new(format!("`{name}` is not among the hosts of this case"))
                    .at(location.clone(), None)
                    .note("what is said for it could never be looked at; see `hosts`"),
            );
        }
    }
    if problems.is_empty() && !hosts.iter().any(|host| is_for(case, host)) {
        problems.push(
            Diagnostic::new(format!(
                "`{}` is for no host of this flake",
                case.name.value
            ))
            .at(case.location().clone(), None)
            .note(format!("this flake has {}", names(hosts)))
            .note("what it says is for none of the hosts that `hosts` selects"),
        );
    }
    problems
}

fn unknown(message: String, name: &str, location: Option<Location>, hosts: &[Host]) -> Diagnostic {
    let near = nearest(name, hosts.iter().map(|h| h.name.as_str()));
    let mut diagnostic = Diagnostic::new(message);
    match (location, near) {
        (Some(location), Some(near)) => {
            diagnostic = diagnostic
                .at(location, None)
                .label(format!("did you mean `{near}`?"));
        }
        (Some(location), None) => diagnostic = diagnostic.at(location, None),
        (None, Some(near)) => diagnostic = diagnostic.note(format!("did you mean `{near}`?")),
        (None, None) => {}
    }
    diagnostic
        .note(format!("this flake has {}", names(hosts)))
        .note("a selection that can never match is an error, so that a case cannot silently stop running")
}
