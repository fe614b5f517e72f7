//! Killed at the n-th change of a file, for each n until the command succeeds.

use nix_parity_testkit::Disturbance;

use crate::scenario::{Scenario, evaluated, gate_cases, real, tree};
use crate::table::{Row, Seen, elsewhere, row, sampled};

const KILLED: &str = "killed at every write";

/// Without Nix all points are looked at, with it some.
const ALL: usize = usize::MAX;
const SOME: usize = 12;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(KILLED, "run, of a host that is new", || {
            killed(&cold(), SOME)
        }),
        row(KILLED, "run, with snapshots to put down", || {
            killed(&pending(), SOME)
        }),
        row(KILLED, "run --junit --html --markdown", || {
            killed(&reports(), ALL)
        }),
        row(KILLED, "review --accept", || killed(&accept(), ALL)),
        row(KILLED, "review --reject", || killed(&reject(), ALL)),
        row(KILLED, "review --unreferenced delete", || {
            killed(&unreferenced(), ALL)
        }),
        row(KILLED, "gap --accept", || killed(&gap_accept(), ALL)),
        row(KILLED, "gap --history", || killed(&history(), ALL)),
        row(KILLED, "schema --write", || killed(&schema(), 24)),
        row(KILLED, "vm --export", || killed(&export(), ALL)),
        row(KILLED, "man --dir", || killed(&man(), 10)),
        row(KILLED, "gate, which records what it lets pass", || {
            killed(&gate(), SOME)
        }),
        row(KILLED, "cache clear", || killed(&clear(), ALL)),
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
    ]
}

pub(crate) fn cold() -> Scenario {
    Scenario::new(real(), &["run"], 1)
}

/// What was evaluated is known, and a snapshot is another one than was accepted.
pub(crate) fn pending() -> Scenario {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    for file in [
        "snapshots/pc/s__all@options.snap",
        "snapshots/pc/s__shape@options.snap",
    ] {
        let text = fixture.project.read(file);
        fixture.project.write(file, &format!("{text}more = 1;\n"));
    }
    Scenario::new(fixture, &["run"], 1)
}

pub(crate) fn reports() -> Scenario {
    let fixture = tree();
    fixture.project.write("out/junit.xml", "old");
    let files = [
        "--junit",
        "out/junit.xml",
        "--html",
        "out/new/page.html",
        "--markdown",
        "out/a.md",
    ];
    Scenario::new(fixture, &[&["run"], &files[..]].concat(), 1)
        .varying("out/junit.xml", "</testsuites>")
        .varying("out/new/page.html", "</html>")
        .varying("out/a.md", "</details>")
}

pub(crate) fn accept() -> Scenario {
    Scenario::new(evaluated(), &["review", "--accept"], 0)
}

fn reject() -> Scenario {
    Scenario::new(evaluated(), &["review", "--reject"], 0)
}

fn unreferenced() -> Scenario {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    fixture.project.write(
        "cases/s.yaml",
        "cases: [{ name: x, tree: { present: flake.nix } }]\n",
    );
    Scenario::new(fixture, &["review", "--unreferenced", "delete"], 0)
}

pub(crate) fn gap_accept() -> Scenario {
    let fixture = tree();
    assert_eq!(fixture.run(&["gap", "--accept"]).code(), Some(0));
    fixture.project.write("flake.nxi", "");
    Scenario::new(fixture, &["gap", "--accept"], 0)
}

pub(crate) fn history() -> Scenario {
    let fixture = tree();
    let ran = fixture.run(&["gap", "--history", "history.jsonl"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    fixture.project.write("flake.nxi", "");
    Scenario::new(fixture, &["gap", "--history", "history.jsonl"], 0)
}

pub(crate) fn schema() -> Scenario {
    let fixture = tree();
    fixture.project.write("schemas/case.schema.json", "{}\n");
    Scenario::new(fixture, &["schema", "--write"], 0)
}

pub(crate) fn export() -> Scenario {
    let fixture = tree();
    fixture.project.write(
        "cases/vm.yaml",
        "cases: [{ name: boots, vm: { steps: [{ succeed: 'true' }] } }]\n",
    );
    fixture.project.write("tests.nix", "old\n");
    Scenario::new(fixture, &["vm", "--export", "tests.nix"], 0)
}

pub(crate) fn man() -> Scenario {
    let fixture = tree();
    fixture.project.write("man/nix-parity.1", "old\n");
    Scenario::new(fixture, &["man", "--dir", "man"], 0)
}

pub(crate) fn gate() -> Scenario {
    let fixture = real();
    gate_cases(&fixture);
    Scenario::new(fixture, &["gate", "--host", "pc", "--yes", "--", "true"], 0)
}

fn clear() -> Scenario {
    Scenario::new(evaluated(), &["cache", "clear"], 0)
}

fn killed(scenario: &Scenario, most: usize) -> Seen {
    let after = scenario.undisturbed();
    scenario.restore();
    let whole = match scenario.disturbed(Disturbance::None) {
        Ok(traced) => traced,
        Err(reason) => return Seen::Skipped(reason),
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
