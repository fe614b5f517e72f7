//! Records of shards, put together.

use nix_parity_core::event::Event;
use nix_parity_core::host::Platform;
use nix_parity_core::outcome::{Outcome, Summary};
use nix_parity_report::{MergeError, merge};
use proptest::prelude::*;

use crate::samples::{finished, fish_is_off, passes, plan, result, run_of, shown};
use crate::strategies::run;

const PC: &str = "future-nixos-pc";

fn named(records: Vec<Vec<Event>>) -> Vec<(String, Vec<Event>)> {
    let names = ["one", "two", "three"].map(str::to_owned);
    names.into_iter().zip(records).collect()
}

fn summary(events: &[Event]) -> Option<&Summary> {
    match events.last() {
        Some(Event::RunFinished { summary }) => Some(summary),
        _ => None,
    }
}

fn skip() -> Outcome {
    Outcome::Skip {
        reason: "needs aarch64-darwin to build".to_owned(),
    }
}

#[test]
fn shards_are_one_run() {
    let one = run_of(vec![result("shell", "login shell", 7, PC, fish_is_off())]);
    let mut two = run_of(passes("lars", 2));
    if let Event::RunStarted { nix, .. } = &mut two[0] {
        *nix = Some("nix (Lix) 2.93".to_owned());
    }
    let merged = merge(&named(vec![one, two])).unwrap();
    insta::assert_snapshot!(shown(&merged, 100));
}

#[test]
fn a_test_counts_once_by_what_says_most() {
    let shard = |outcome| run_of(vec![result("a", "b", 1, PC, outcome)]);
    let of = |outcomes: Vec<Outcome>| {
        let records = outcomes.into_iter().map(shard).collect();
        let merged = merge(&named(records)).unwrap();
        let counts = summary(&merged).unwrap().clone();
        assert_eq!(counts.total(), 1);
        let warned = merged.iter().find_map(|e| match e {
            Event::Warning { message } => Some(message.clone()),
            _ => None,
        });
        let text = shown(&merged, 80);
        assert!(!text.contains("not decided"), "{text}");
        (counts, warned.unwrap())
    };
    let (counts, warned) = of(vec![Outcome::Pass, fish_is_off()]);
    assert_eq!(counts.failed, 1);
    assert_eq!(
        warned,
        format!("1 test is in several records and counted once, by what says most: a::b::{PC}")
    );
    assert_eq!(of(vec![skip(), Outcome::Pass, skip()]).0.passed, 1);
    let error = Outcome::Error { findings: vec![] };
    assert_eq!(of(vec![error, Outcome::Pass]).0.errors, 1);
}

#[test]
fn what_a_shard_did_not_decide_stays_open() {
    let whole = run_of(passes(PC, 2));
    let mut killed = run_of(passes("lars", 2));
    killed.pop();
    let merged = merge(&named(vec![whole.clone(), killed])).unwrap();
    assert_eq!(summary(&merged), None);
    assert!(shown(&merged, 80).contains("ended without a result after 4 tests"));

    let mut interrupted = vec![plan([0, 0, 3])];
    interrupted.extend(passes("lars", 1));
    interrupted.push(finished(&interrupted, true));
    let merged = merge(&named(vec![whole, interrupted])).unwrap();
    assert!(summary(&merged).unwrap().interrupted);
    let text = shown(&merged, 80);
    assert!(text.contains("interrupted after 3 of 5 tests"), "{text}");
}

#[test]
fn runs_that_are_no_shards_are_refused() {
    let run = || run_of(passes(PC, 1));
    let changed = |change: fn(&mut Event)| {
        let mut other = run();
        change(&mut other[0]);
        merge(&named(vec![run(), other])).unwrap_err()
    };
    let profile = changed(|event| {
        if let Event::RunStarted { profile, .. } = event {
            *profile = None;
        }
    });
    assert_eq!(
        profile.to_string(),
        "one and two are no shards of one run: profile offline, and none"
    );
    let host = changed(|event| {
        if let Event::RunStarted { hosts, .. } = event {
            hosts[0].host.platform = Platform::Darwin;
        }
    });
    assert!(matches!(host, MergeError::Different { what: "host", .. }));
    let no_start = merge(&[("x".to_owned(), Vec::new())]).unwrap_err();
    assert_eq!(no_start, MergeError::NoStart("x".to_owned()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_record_twice_is_that_record(events in run()) {
        let once = merge(&[("a".to_owned(), events.clone())]).unwrap();
        let results = |events: &[Event]| {
            let mut ids: Vec<_> = events.iter().filter_map(|e| match e {
                Event::TestFinished(r) => Some(r.id.to_string()),
                _ => None,
            }).collect();
            ids.sort();
            ids
        };
        let mut distinct = results(&events);
        distinct.dedup();
        prop_assert_eq!(results(&once), distinct.clone());
        let label = |e: &Event| matches!(e, Event::RunFinished { .. });
        prop_assert_eq!(once.iter().any(label), events.iter().any(label));
        // Hosts of one label on two platforms are no project's.
        if let Ok(twice) = merge(&[("a".to_owned(), events.clone()), ("b".to_owned(), events)]) {
            prop_assert_eq!(results(&twice), distinct);
        }
    }
}
