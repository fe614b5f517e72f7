//! A disk that is full from the n-th write on, or that may not be written.

use nix_parity_testkit::{Disturbance, Need};

use crate::commands as on;
use crate::every;
use crate::scenario::Scenario;
use crate::support::assert_sound;
use crate::table::{Row, Seen, elsewhere, row, sampled};

pub(crate) const FULL: &str = "full disk";
pub(crate) const READ_ONLY: &str = "read-only store and tree";

/// What the kernel says of a full disk, and of one that is not to be written.
const NO_ROOM: &str = "No space left";
const NO_WRITING: &str = "Read-only file system";

/// So many points of a row are looked at, unless all are to be.
const SOME: usize = 4;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(FULL, "run, of a host that is new", || {
            failing(&on::cold(), SOME)
        }),
        row(FULL, "run, with snapshots to put down", || {
            failing(&on::pending(), SOME)
        }),
        row(FULL, "run --junit --html --markdown", || {
            failing(&on::reports(), 8)
        }),
        row(FULL, "review --accept", || failing(&on::accept(), SOME)),
        row(FULL, "init --yes", || failing(&on::init(), 1)),
        row(FULL, "diff, which lays out a commit", || {
            failing(&on::commit(), SOME)
        }),
        row(FULL, "gap --accept", || failing(&on::gap_accept(), SOME)),
        row(FULL, "gap --history", || failing(&on::history(), SOME)),
        row(FULL, "schema --write", || failing(&on::schema(), SOME)),
        row(FULL, "vm --export", || failing(&on::export(), SOME)),
        row(FULL, "man --dir", || failing(&on::man(), SOME)),
        row(FULL, "gate, which records what it lets pass", || {
            failing(&on::gate(), SOME)
        }),
        row(FULL, "standard output", a_full_stream),
        row(READ_ONLY, "run, of a host that is new", || {
            unwritable(&on::cold())
        }),
        row(READ_ONLY, "run, with snapshots to put down", || {
            unwritable(&on::pending())
        }),
        row(READ_ONLY, "run --junit --html --markdown", || {
            unwritable(&on::reports())
        }),
        row(READ_ONLY, "review --accept", || unwritable(&on::accept())),
        row(READ_ONLY, "diff, which lays out a commit", || {
            unwritable(&on::commit())
        }),
        row(READ_ONLY, "gap --accept", || unwritable(&on::gap_accept())),
        row(READ_ONLY, "gap --history", || unwritable(&on::history())),
        row(READ_ONLY, "schema --write", || unwritable(&on::schema())),
        row(READ_ONLY, "gate, which records what it lets pass", || {
            unwritable(&on::gate())
        }),
        elsewhere(
            READ_ONLY,
            "places where no report can be",
            "it/reports.rs",
            "what_cannot_be_written_is_said_and_the_verdict_too",
        ),
    ]
}

/// From each write on there is no room.
fn failing(scenario: &Scenario, most: usize) -> Seen {
    let after = scenario.undisturbed();
    scenario.restore();
    let Ok(whole) = scenario.disturbed(Disturbance::None) else {
        return Seen::Lacks(Need::Tracing);
    };
    let growing = whole.changes.iter().enumerate();
    let growing: Vec<_> = growing.filter(|(_, change)| change.grows()).collect();
    let points = sampled(growing.len(), most);
    for point in &points {
        refuse(
            scenario,
            &after,
            Disturbance::FullFrom(growing[*point].0 + 1),
            NO_ROOM,
        );
    }
    Seen::Held(format!(
        "{} writes, full from {} of them on",
        growing.len(),
        points.len()
    ))
}

fn unwritable(scenario: &Scenario) -> Seen {
    let after = scenario.undisturbed();
    scenario.restore();
    if scenario.disturbed(Disturbance::None).is_err() {
        return Seen::Lacks(Need::Tracing);
    }
    let code = refuse(scenario, &after, Disturbance::ReadOnlyFrom(1), NO_WRITING);
    Seen::Held(format!("exit {code}"))
}

/// What it was to do it has done, or it says that and why it has not.
fn refuse(
    scenario: &Scenario,
    after: &crate::state::State,
    disturbance: Disturbance,
    said: &str,
) -> i32 {
    scenario.restore();
    let what = format!("{disturbance:?}");
    let traced = scenario.disturbed(disturbance).unwrap();
    let ran = traced.ran;
    let code = ran
        .code()
        .unwrap_or_else(|| panic!("{what}: signal {:?}", ran.signal()));
    let told = format!("{}{}", ran.stdout, ran.stderr);
    scenario.assert_alone();
    scenario.assert_nothing_left(&what);
    scenario.assert_whole(after, &what);
    if !scenario.is_done(after) {
        assert!(told.contains(said), "{what}: not said why: {told}");
        // A verdict that is no success stands.
        assert!(
            code == 3 || code == scenario.code && code != 0,
            "{what}: {code}: {told}"
        );
    }
    assert!(code == 3 || code == scenario.code, "{what}: {code}: {told}");
    scenario.assert_works_again(after, &what);
    code
}

fn a_full_stream() -> Seen {
    if Need::FullDevice.missing().is_some() {
        return Seen::Lacks(Need::FullDevice);
    }
    let fixture = every::prepared();
    for (arguments, code) in every::EVERY {
        let ran = every::by_shell(&fixture, "> /dev/full", arguments).run();
        assert_sound(&ran);
        // What is refused is told elsewhere.
        let expected = if every::is_refused(code) { code } else { 3 };
        assert_eq!(ran.code(), Some(expected), "{arguments:?}: {}", ran.stderr);
        assert!(
            expected != 3 || ran.stderr.contains("No space left"),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    Seen::Held(format!(
        "{} commands exit with 3 and say why",
        every::EVERY.len()
    ))
}
