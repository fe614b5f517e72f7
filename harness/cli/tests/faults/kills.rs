//! Killed at the n-th change of a file, for each n until the command succeeds.

use nix_parity_testkit::{Disturbance, Need};

use crate::commands::{
    accept, clear, cold, commit, export, gap_accept, gate, history, init, man, pending, reject,
    reports, schema, unreferenced,
};
use crate::scenario::Scenario;
use crate::table::{Row, Seen, elsewhere, row, sampled};

const KILLED: &str = "killed at every write";

/// So many points of a row are looked at, unless all are to be.
const SOME: usize = 8;
const FEW: usize = 4;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(KILLED, "run, of a host that is new", || {
            killed(&cold(), SOME)
        }),
        row(KILLED, "run, with snapshots to put down", || {
            killed(&pending(), SOME)
        }),
        row(KILLED, "run --junit --html --markdown", || {
            killed(&reports(), 14)
        }),
        row(KILLED, "review --accept", || killed(&accept(), SOME)),
        row(KILLED, "review --reject", || killed(&reject(), SOME)),
        row(KILLED, "review --unreferenced delete", || {
            killed(&unreferenced(), SOME)
        }),
        row(KILLED, "gap --accept", || killed(&gap_accept(), SOME)),
        row(KILLED, "gap --history", || killed(&history(), SOME)),
        row(KILLED, "schema --write", || killed(&schema(), SOME)),
        row(KILLED, "vm --export", || killed(&export(), SOME)),
        row(KILLED, "man --dir", || killed(&man(), FEW)),
        row(KILLED, "gate, which records what it lets pass", || {
            killed(&gate(), 6)
        }),
        row(KILLED, "diff, which lays out a commit", || {
            killed(&commit(), 6)
        }),
        row(KILLED, "init --yes", || killed(&init(), 2)),
        row(KILLED, "cache clear", || killed(&clear(), SOME)),
        elsewhere(
            KILLED,
            "run, while it evaluates",
            "it/deaths.rs",
            "a_run_that_is_killed_leaves_no_evaluator",
        ),
        elsewhere(
            KILLED,
            "gate, before its command",
            "it/gate.rs",
            "a_gate_that_is_ended_in_the_middle_runs_nothing",
        ),
        elsewhere(
            KILLED,
            "run, while it builds",
            "it/build.rs",
            "a_killed_harness_leaves_no_build_behind",
        ),
    ]
}

fn killed(scenario: &Scenario, most: usize) -> Seen {
    let after = scenario.undisturbed();
    scenario.restore();
    let Ok(whole) = scenario.disturbed(Disturbance::None) else {
        return Seen::Lacks(Need::Tracing);
    };
    assert_eq!(
        whole.ran.code(),
        Some(scenario.code),
        "{}",
        whole.ran.stderr
    );
    let changes = whole.changes.len();
    assert!(changes > 0, "it changes nothing");
    let mut kills = 0;
    for point in sampled(2 * changes, most) {
        let n = point / 2 + 1;
        let disturbance = match point % 2 {
            0 => Disturbance::KillAt(n),
            _ => Disturbance::KillWithin(n),
        };
        scenario.restore();
        let traced = scenario.disturbed(disturbance).unwrap();
        // Threads take turns: it may have changed less this time.
        if traced.ran.signal() != Some(9) {
            assert!(
                traced.changes.len() < n,
                "{disturbance:?}: {:?}",
                traced.ran.code()
            );
            continue;
        }
        kills += 1;
        let what = format!(
            "{disturbance:?} of {changes} ({})",
            traced.changes[n - 1].name
        );
        scenario.assert_alone();
        scenario.assert_whole(&after, &what);
        scenario.assert_works_again(&after, &what);
    }
    Seen::Held(format!("{changes} changes, killed {kills} times"))
}
