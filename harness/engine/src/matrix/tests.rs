//! Whatever the hosts, the cases, what was recorded and what is affected: every test is
//! taken by exactly one job, on a machine that knows nothing but the job's arguments.

use std::num::NonZeroUsize;
use std::time::Duration;

use nix_parity_core::select::{HostPattern, HostSelection};
use proptest::prelude::*;

use super::{Amount, Division, MAX_JOBS};
use crate::plan::strategies::{hosts, names, suites};
use crate::plan::{Filter, Plan};
use crate::project::Runners;
use crate::run::{Affected, Costs};

/// What `run` makes of a job's arguments, in the order in which it does.
fn taken(whole: &Plan<'_>, arguments: &[String]) -> Vec<String> {
    let mut filter = Filter::default();
    let (mut changed_hosts, mut changed_files, mut shard) = (Vec::new(), Vec::new(), None);
    for argument in arguments {
        let (option, value) = argument.split_once('=').unwrap();
        match option {
            "--host" => {
                let pattern = HostPattern::parse(value, None).unwrap();
                let HostSelection { patterns } = &mut filter.hosts;
                patterns.push(pattern);
            }
            "--kind" => filter.kinds.push(value.parse().unwrap()),
            "--changed-host" => changed_hosts.push(value.to_owned()),
            "--changed-file" => changed_files.push(value.to_owned()),
            "--shard" => shard = Some(value.parse().unwrap()),
            _ => panic!("{argument}"),
        }
    }
    let mut plan = whole.clone().filtered(&filter);
    if !changed_hosts.is_empty() || !changed_files.is_empty() {
        plan = Affected::named(&changed_hosts, &changed_files, whole)
            .unwrap()
            .of(plan);
    }
    if let Some(shard) = shard {
        plan = plan.shard(shard);
    }
    names(&plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn every_test_is_in_one_job(
        hosts in hosts(),
        suites in suites(),
        costs in prop::collection::vec(prop::option::of(0_u64..90_000), 10),
        affected in prop::option::of((any::<u16>(), any::<u8>())),
        amount in prop_oneof![
            (1_usize..40).prop_map(|n| Amount::Jobs(NonZeroUsize::new(n).unwrap())),
            (1_u64..1_000_000).prop_map(|n| Amount::Time(Duration::from_millis(n))),
        ],
        patterns in prop::sample::select(vec![vec![], vec!["nixos:*"], vec!["not:h*"]]),
    ) {
        let (whole, problems) = Plan::new(&suites, &hosts);
        prop_assume!(problems.is_empty());
        let chosen = patterns.iter().map(|text| HostPattern::parse(text, None).unwrap());
        let hosts = HostSelection { patterns: chosen.collect() };
        let mut plan = whole.clone().filtered(&Filter { hosts, ..Filter::default() });
        let affected = affected.map(|(of_hosts, of_files)| {
            let bit = |bits: u16, n: usize| bits >> (n % 16) & 1 == 1;
            let labels = plan.hosts.iter().enumerate().filter(|(n, _)| bit(of_hosts, *n));
            let files = (0..suites.len()).filter(|n| bit(of_files.into(), *n));
            let files = files.map(|n| format!("s{n}.yaml"));
            let has_test = |file: &String| {
                let tests = plan.tests();
                tests.iter().any(|test| *test.case().location().file == **file)
            };
            Affected {
                hosts: labels.map(|(_, host)| (host.label.clone(), String::new())).collect(),
                case_files: files.filter(has_test).collect(),
            }
        });
        if let Some(affected) = &affected {
            plan = affected.of(plan);
        }
        let runners = Runners::default();
        let division = Division {
            runners: &runners,
            amount,
            selection: Vec::new(),
            names: Vec::new(),
            hosts: patterns.iter().map(|&text| text.to_owned()).collect(),
            affected: affected.as_ref(),
        };
        let labels: Vec<_> = whole.hosts.iter().map(|host| host.label.clone()).collect();
        let matrix = division.of(&plan, |host| {
            let number = labels.iter().position(|label| *label == host.label).unwrap();
            costs[number % costs.len()].map_or_else(Costs::default, |millis| {
                Costs::evaluated_in(Duration::from_millis(millis))
            })
        }).unwrap();
        prop_assert!(matrix.jobs.len() <= MAX_JOBS);
        let mut all = Vec::new();
        for job in &matrix.jobs {
            let taken = taken(&whole, &job.arguments);
            prop_assert!(!taken.is_empty(), "{:?}", job);
            prop_assert_eq!(taken.len(), job.tests, "{:?}", job);
            all.extend(taken);
        }
        let mut wanted = names(&plan);
        wanted.sort();
        all.sort();
        prop_assert_eq!(all, wanted);
    }
}
