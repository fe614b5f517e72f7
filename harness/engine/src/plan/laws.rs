//! The laws of choosing tests: whatever the hosts, the cases and what is asked for.

use nix_parity_core::case::Suite;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::select::{HostPattern, HostSelection};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::strategies::{hosts, names, suites};
use super::{Filter, Plan, Shard, Test};

fn some_of(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    // Most filters say little of each kind.
    let at_most = texts.len().min(2);
    subsequence(texts, 0..=at_most)
}

fn selection(patterns: &[&str]) -> HostSelection {
    let patterns = patterns.iter();
    HostSelection {
        patterns: patterns
            .map(|text| HostPattern::parse(text, None).unwrap())
            .collect(),
    }
}

fn filters() -> impl Strategy<Value = Filter> {
    (
        some_of(&["c0", "s1::", "h[1", "::n1", "darwin", "nothing"]),
        some_of(&["nixos:*", "not:h*", "system:*-linux", "n1", "not:darwin:*"]),
        prop_oneof![
            4 => Just(Vec::new()),
            1 => subsequence(&Platform::ALL[..], 1..=2),
        ],
        some_of(&["a", "b"]),
        some_of(&["eval", "not:vm", "parity", "not:build", "tree"]),
    )
        .prop_map(|(names, hosts, platforms, tags, kinds)| Filter {
            names: names.into_iter().map(str::to_owned).collect(),
            exact: false,
            hosts: selection(&hosts),
            platforms,
            tags: tags.into_iter().map(str::to_owned).collect(),
            kinds: kinds.iter().map(|kind| kind.parse().unwrap()).collect(),
        })
}

/// What a project can be made of. Cases that cannot be for these hosts have no test.
fn projects() -> impl Strategy<Value = (Vec<Suite>, Vec<Host>)> {
    (suites(), hosts())
}

fn taken(plan: &Plan<'_>, filter: &Filter) -> Vec<String> {
    names(&plan.clone().filtered(filter))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn what_is_chosen_is_some_of_all_in_their_order_and_chosen_again(
        (suites, hosts) in projects(),
        filter in filters(),
    ) {
        let (plan, _) = Plan::new(&suites, &hosts);
        let mut all = names(&plan).into_iter();
        let chosen = plan.filtered(&filter);
        for name in names(&chosen) {
            prop_assert!(all.any(|one| one == name), "{}", name);
        }
        for host in &chosen.hosts {
            prop_assert!(!host.tests.is_empty() || !host.joint.is_empty(), "{}", host.label);
        }
        prop_assert_eq!(taken(&chosen, &filter), names(&chosen));
        prop_assert_eq!(names(&chosen.clone().filtered(&Filter::default())), names(&chosen));
    }

    #[test]
    fn of_two_choices_either_may_come_first(
        (suites, hosts) in projects(),
        [one, other] in [filters(), filters()],
    ) {
        let (plan, _) = Plan::new(&suites, &hosts);
        let both = |first, second| taken(&plan.clone().filtered(first), second);
        prop_assert_eq!(both(&one, &other), both(&other, &one));
    }

    /// Names, tags and kinds that are asked for together are those asked for one by one.
    #[test]
    fn what_is_asked_for_adds_up(
        (suites, hosts) in projects(),
        names_asked in some_of(&["c0", "s1::", "::n1", "nothing"]),
    ) {
        let (plan, _) = Plan::new(&suites, &hosts);
        let adds_up = |filter: &dyn Fn(&[&str]) -> Filter, asked: &[&str]| {
            let each: Vec<_> = asked.iter().map(|one| taken(&plan, &filter(&[*one]))).collect();
            let mut all = names(&plan);
            all.retain(|name| asked.is_empty() || each.iter().any(|names| names.contains(name)));
            prop_assert_eq!(taken(&plan, &filter(asked)), all);
            Ok(())
        };
        let texts = |asked: &[&str]| asked.iter().map(|&text| text.to_owned()).collect();
        adds_up(&|asked| Filter { names: texts(asked), ..Filter::default() }, &names_asked)?;
        adds_up(&|asked| Filter { tags: texts(asked), ..Filter::default() }, &["a", "b"])?;
        adds_up(
            &|asked| {
                let kinds = asked.iter().map(|kind| kind.parse().unwrap());
                Filter { kinds: kinds.collect(), ..Filter::default() }
            },
            &["eval", "build", "parity"],
        )?;
    }

    #[test]
    fn each_test_is_exactly_one_by_its_whole_name((suites, hosts) in projects()) {
        let (plan, _) = Plan::new(&suites, &hosts);
        for name in names(&plan) {
            let filter = Filter { names: vec![name.clone()], exact: true, ..Filter::default() };
            prop_assert_eq!(taken(&plan, &filter), [name]);
        }
    }

    #[test]
    fn a_pattern_and_its_negation_share_out_the_tests(
        (suites, hosts) in projects(),
        pattern in select(vec!["nixos:*", "h*", "system:*-linux", "n1", "all"]),
        kind in select(vec!["eval", "vm", "build", "tree"]),
    ) {
        let (plan, _) = Plan::new(&suites, &hosts);
        let by_kind = |kind: String| {
            let kinds = vec![kind.parse().unwrap()];
            taken(&plan, &Filter { kinds, ..Filter::default() })
        };
        let [with, without] = [by_kind(kind.to_owned()), by_kind(format!("not:{kind}"))];
        let each_once = names(&plan)
            .iter()
            .all(|name| with.contains(name) != without.contains(name));
        prop_assert!(each_once, "{:?} {:?}", with, without);
        prop_assert_eq!(with.len() + without.len(), plan.len());

        let by_host = |pattern: &str| {
            let hosts = selection(&[pattern]);
            taken(&plan, &Filter { hosts, ..Filter::default() })
        };
        let [with, without] = [by_host(pattern), by_host(&format!("not:{pattern}"))];
        for test in plan.tests() {
            let name = test.id().to_string();
            let times = [&with, &without].map(|side| usize::from(side.contains(&name)));
            match test {
                Test::OnHost(..) => prop_assert_eq!(times[0] + times[1], 1, "{}", name),
                // A test of several hosts needs all of them, and one of none is on no side.
                Test::Joint(_) => prop_assert!(times[0] + times[1] <= 1, "{}", name),
            }
        }
    }

    #[test]
    fn shards_of_a_choice_are_all_of_it_each_test_once(
        (suites, hosts) in projects(),
        filter in filters(),
        of in 1_usize..9,
    ) {
        let plan = Plan::new(&suites, &hosts).0.filtered(&filter);
        let parts: Vec<Plan<'_>> = (1..=of)
            .map(|index| plan.clone().shard(Shard::new(index, of).unwrap()))
            .collect();
        let mut all: Vec<String> = parts.iter().flat_map(names).collect();
        let mut wanted = names(&plan);
        all.sort();
        wanted.sort();
        prop_assert_eq!(all, wanted);
        let sizes = parts.iter().map(Plan::len);
        prop_assert!(sizes.clone().max().unwrap() - sizes.min().unwrap() <= 1);
    }
}
