//! From a plan to the jobs of a matrix.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::time::Duration;

use nix_parity_core::case::CheckKind;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::Host;

use super::divide::{Class, Part, divide};
use super::job::{Job, Matrix};
use super::pack::{Piece, Unit, pack};
use crate::plan::{HostPlan, Plan};
use crate::project::Runners;
use crate::run::{Affected, Costs, Work};

/// GitHub takes no more jobs of one matrix.
pub const MAX_JOBS: usize = 256;

/// How many jobs there are to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// At most so many for each kind of work on each kind of machine.
    Jobs(NonZeroUsize),
    /// As many as it takes for each to be done in this time.
    Time(Duration),
}

/// How a plan is divided.
#[derive(Clone, Debug)]
pub struct Division<'d> {
    /// The machines.
    pub runners: &'d Runners,
    /// How many jobs there are to be.
    pub amount: Amount,
    /// What the plan was selected with, as arguments, hosts and kinds left out.
    pub selection: Vec<String>,
    /// The same of what comes after all options.
    pub names: Vec<String>,
    /// The patterns of hosts that it was selected with.
    pub hosts: Vec<String>,
    /// What has made it smaller, where something has.
    pub affected: Option<&'d Affected>,
}

impl Division<'_> {
    /// Divides a plan. Every test of it is in exactly one job.
    ///
    /// # Errors
    /// A host or a file whose name cannot be handed from one machine to another.
    pub fn of(
        &self,
        plan: &Plan<'_>,
        costs: impl Fn(&HostPlan<'_>) -> Costs,
    ) -> Result<Matrix, Vec<Diagnostic>> {
        let (classes, strangers) = divide(plan, self.runners, costs);
        let mut matrix = Matrix::default();
        for (host, system) in strangers {
            let system = system.map_or("its system is not known".to_owned(), |system| {
                format!("`runners` has none for `{system}`")
            });
            matrix.warnings.push(format!(
                "{host} is built where it is evaluated, or skipped there: {system}"
            ));
        }
        // Fewer jobs for each, until all of them are few enough.
        for most in (1..=MAX_JOBS).rev() {
            matrix.jobs.clear();
            for (class, parts) in &classes {
                matrix.jobs.extend(self.jobs(plan, class, parts, most));
            }
            if !plan.joint.is_empty() && !self.join(plan, &mut matrix.jobs) {
                matrix.jobs.push(self.joint_job(plan));
            }
            if matrix.jobs.len() <= MAX_JOBS {
                if most < MAX_JOBS {
                    matrix.warnings.push(format!(
                        "at most {most} jobs of a kind, since GitHub takes {MAX_JOBS} of a matrix"
                    ));
                }
                break;
            }
        }
        matrix.jobs.sort_by_key(|job| job.work);
        number(&mut matrix.jobs);
        for job in &mut matrix.jobs {
            job.arguments.extend(self.names.iter().cloned());
        }
        let unfit: Vec<_> = matrix
            .jobs
            .iter()
            .flat_map(|job| &job.arguments)
            .filter(|argument| argument.contains(char::is_control))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|argument| {
                Diagnostic::new(format!("`{argument}` cannot be handed to a job"))
                    .note("it holds a line break or another control character")
            })
            .collect();
        if unfit.is_empty() {
            Ok(matrix)
        } else {
            Err(unfit)
        }
    }

    /// The jobs of one class.
    fn jobs(
        &self,
        plan: &Plan<'_>,
        class: &Class,
        parts: &[Part<'_, '_>],
        most: usize,
    ) -> Vec<Job> {
        let units: Vec<Unit> = parts.iter().map(Part::unit).collect();
        let wanted = match self.amount {
            Amount::Jobs(jobs) => jobs.get(),
            Amount::Time(time) => {
                let all: Duration = units.iter().map(|unit| unit.cost).sum();
                let jobs = all.as_millis().div_ceil(time.as_millis().max(1));
                usize::try_from(jobs).unwrap_or(usize::MAX).max(1)
            }
        };
        // Half of the tests of a host take all of its evaluation.
        let divisible = class.work != Work::Evaluate;
        let heaps = pack(&units, wanted.min(most), divisible);
        let jobs = heaps.iter().map(|heap| self.job(plan, class, parts, heap));
        jobs.collect()
    }

    fn job(&self, plan: &Plan<'_>, class: &Class, parts: &[Part<'_, '_>], heap: &[Piece]) -> Job {
        let labels = match class.work {
            Work::Boot => self.runners.booting(&class.system),
            Work::Evaluate | Work::Build => self.runners.of(&class.system),
        };
        let mut job = Job {
            work: class.work,
            runner: labels.unwrap_or_default().to_vec(),
            system: class.system.clone(),
            hosts: Vec::new(),
            platforms: Vec::new(),
            kinds: Vec::new(),
            shard: (1, 1),
            tests: 0,
            cost: Duration::ZERO,
            joint: false,
            arguments: self.common(plan),
        };
        let mut kinds = BTreeSet::new();
        let mut platforms = BTreeSet::new();
        let mut cut = None;
        for piece in heap {
            let part = &parts[piece.unit];
            let range = piece
                .part
                .map(|part| part.range(parts[piece.unit].tests.len()));
            let range = range.unwrap_or(0..part.tests.len());
            let share = range.len();
            // All kinds of the part, not only those of this cut of it: what is cut must be
            // the same for all of its jobs.
            kinds.extend(part.tests.iter().map(|test| test.case.check.kind()));
            platforms.insert(part.host.host.platform);
            job.hosts.push(part.host.label.clone());
            job.tests += share;
            job.cost += of_share(part.cost, share, part.tests.len());
            job.arguments.push(host_argument(&part.host.host));
            cut = cut.or(piece.part);
        }
        job.platforms = platforms.into_iter().collect();
        job.kinds = kinds.into_iter().collect();
        job.arguments
            .extend(job.kinds.iter().copied().map(kind_argument));
        job.arguments
            .extend(cut.map(|cut| format!("--shard={cut}")));
        job
    }

    /// Gives the tests of several hosts to the job that evaluates all hosts, where one
    /// does.
    fn join(&self, plan: &Plan<'_>, jobs: &mut [Job]) -> bool {
        let mut evaluating = jobs.iter_mut().filter(|job| job.work == Work::Evaluate);
        let (Some(job), None) = (evaluating.next(), evaluating.next()) else {
            return false;
        };
        let joint = self.joint_job(plan);
        let kinds = job.kinds.iter().chain(&joint.kinds).copied();
        job.kinds = kinds.collect::<BTreeSet<_>>().into_iter().collect();
        let platforms = job.platforms.iter().chain(&joint.platforms).copied();
        job.platforms = platforms.collect::<BTreeSet<_>>().into_iter().collect();
        for host in &joint.hosts {
            if !job.hosts.contains(host) {
                job.hosts.push(host.clone());
            }
        }
        job.tests += joint.tests;
        // All hosts that were selected: tests of none are taken with no other pattern.
        job.arguments = self.of_all(plan, &job.kinds);
        true
    }

    fn joint_job(&self, plan: &Plan<'_>) -> Job {
        let participants: BTreeSet<&str> = plan
            .joint
            .iter()
            .flat_map(|test| test.hosts.iter().map(|host| &*host.label))
            .collect();
        let hosts = plan
            .hosts
            .iter()
            .filter(|h| participants.contains(&*h.label));
        let kinds: BTreeSet<CheckKind> = plan
            .joint
            .iter()
            .map(|test| test.case.check.kind())
            .collect();
        let kinds: Vec<_> = kinds.into_iter().collect();
        let platforms: BTreeSet<_> = hosts.clone().map(|host| host.host.platform).collect();
        Job {
            work: Work::Evaluate,
            runner: self
                .runners
                .of(&self.runners.evaluate)
                .unwrap_or_default()
                .to_vec(),
            system: self.runners.evaluate.clone(),
            hosts: hosts.map(|host| host.label.clone()).collect(),
            platforms: platforms.into_iter().collect(),
            shard: (1, 1),
            tests: plan.joint.len(),
            cost: Duration::ZERO,
            joint: true,
            arguments: self.of_all(plan, &kinds),
            kinds,
        }
    }

    fn of_all(&self, plan: &Plan<'_>, kinds: &[CheckKind]) -> Vec<String> {
        let mut arguments = self.common(plan);
        arguments.extend(self.hosts.iter().map(|host| format!("--host={host}")));
        arguments.extend(kinds.iter().copied().map(kind_argument));
        arguments
    }

    /// What all jobs are told.
    fn common(&self, plan: &Plan<'_>) -> Vec<String> {
        let mut arguments = self.selection.clone();
        if let Some(affected) = self.affected {
            // What no test is left of has nothing to say.
            let hosts = plan.hosts.iter().map(|host| &host.label);
            let hosts = hosts.filter(|label| affected.hosts.contains_key(*label));
            arguments.extend(hosts.map(|host| format!("--changed-host={host}")));
            let files = affected.case_files.iter();
            arguments.extend(files.map(|file| format!("--changed-file={file}")));
        }
        arguments
    }
}

fn of_share(cost: Duration, share: usize, of: usize) -> Duration {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    (cost / number(of).max(1)).saturating_mul(number(share))
}

/// Which of its kind each job is.
fn number(jobs: &mut [Job]) {
    let kinds: Vec<_> = jobs
        .iter()
        .map(|job| (job.work, job.system.clone()))
        .collect();
    for (index, job) in jobs.iter_mut().enumerate() {
        let alike = |other: &&(Work, String)| **other == kinds[index];
        let before = kinds[..index].iter().filter(alike).count();
        job.shard = (before + 1, kinds.iter().filter(alike).count());
    }
}

fn kind_argument(kind: CheckKind) -> String {
    format!("--kind={kind}")
}

/// A pattern that this host alone matches.
fn host_argument(host: &Host) -> String {
    let mut name = String::new();
    for c in host.name.chars() {
        if "*?[]{}!\\,".contains(c) {
            name.push('\\');
        }
        name.push(c);
    }
    format!("--host={}:{name}", host.platform)
}
