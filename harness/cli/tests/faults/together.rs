//! Two programs at once, on one project and one cache.

use nix_parity_testkit::CountingNix;

use crate::projects::{real, tree};
use crate::state::State;
use crate::support::assert_sound;
use crate::table::{Row, Seen, elsewhere, row};

const TWO: &str = "two runs at once";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(TWO, "run, on one cache", one_evaluation),
        row(TWO, "run, while the cache is cleared", cleared),
        row(TWO, "gap --accept and --history", ledgers),
        row(TWO, "reports to one file", one_report),
        elsewhere(
            TWO,
            "run, which puts snapshots down",
            "it/snapshots.rs",
            "two_processes_at_once_leave_whole_files",
        ),
        elsewhere(
            TWO,
            "processes of one run of nextest",
            "../../suite/tests/nextest.rs",
            "processes_of_one_run_share_one_evaluation",
        ),
    ]
}

fn one_evaluation() -> Seen {
    let fixture = real();
    let nix = CountingNix::new();
    let running: Vec<_> = (0..3)
        .map(|_| {
            fixture
                .program(&["run", "domain", "--nix", nix.path().as_str()])
                .start()
        })
        .collect();
    for run in running {
        let ran = run.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
    }
    assert_eq!(
        nix.calls().count_of("repl"),
        1,
        "who comes later waits and reads"
    );
    assert_eq!(State::of(fixture.cache()).leftovers().len(), 0);
    Seen::Held("3 runs, 1 evaluation".to_owned())
}

fn cleared() -> Seen {
    let fixture = real();
    let mut runs = 0;
    for _ in 0..4 {
        let run = fixture.program(&["run", "domain"]).start();
        let mut clears = 0;
        // All the time that it runs.
        while !run.stdout().contains("1 test on") {
            let ran = fixture.run(&["cache", "clear"]);
            assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
            clears += 1;
            assert!(clears < 10_000, "a run has no end");
        }
        let ran = run.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        runs += clears;
    }
    assert_eq!(fixture.run(&["run", "domain"]).code(), Some(0));
    Seen::Held(format!("4 runs, cleared {runs} times"))
}

fn ledgers() -> Seen {
    let fixture = tree();
    let running: Vec<_> = (0..4)
        .map(|_| {
            let arguments = ["gap", "--accept", "--history", "history.jsonl"];
            fixture.program(&arguments).env("CI", "false").start()
        })
        .collect();
    for run in running {
        let ran = run.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    }
    assert_eq!(fixture.project.read("history.jsonl").lines().count(), 1);
    assert_eq!(fixture.run(&["gap", "--ratchet"]).code(), Some(0));
    assert_eq!(
        State::of(fixture.project.root().as_std_path())
            .leftovers()
            .len(),
        0
    );
    Seen::Held("4 at once: one lock, one line".to_owned())
}

fn one_report() -> Seen {
    let fixture = tree();
    let running: Vec<_> = (0..6)
        .map(|_| {
            fixture
                .program(&["run", "--junit", "out/j.xml", "--html", "out/p.html"])
                .start()
        })
        .collect();
    for run in running {
        let ran = run.finish();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.stderr, "");
    }
    for (file, end) in [("out/j.xml", "</testsuites>"), ("out/p.html", "</html>")] {
        assert!(
            fixture.project.read(file).trim_end().ends_with(end),
            "{file}"
        );
    }
    assert_eq!(
        State::of(fixture.project.root().as_std_path())
            .leftovers()
            .len(),
        0
    );
    Seen::Held("6 at once: whole files".to_owned())
}
