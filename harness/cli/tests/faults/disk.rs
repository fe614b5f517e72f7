//! A disk that is full from the n-th write on, or that may not be written.

use std::path::Path;

use nix_parity_testkit::{Disturbance, Program};

use crate::kills;
use crate::scenario::{Scenario, tree};
use crate::support::assert_sound;
use crate::table::{Row, Seen, elsewhere, row, sampled};

pub(crate) const FULL: &str = "full disk";
pub(crate) const READ_ONLY: &str = "read-only store and tree";

/// What the kernel says of a full disk, and of one that is not to be written.
const NO_ROOM: &str = "No space left";
const NO_WRITING: &str = "Read-only file system";

const SOME: usize = 6;

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(FULL, "run, of a host that is new", || {
            failing(&kills::cold(), SOME)
        }),
        row(FULL, "run, with snapshots to put down", || {
            failing(&kills::pending(), usize::MAX)
        }),
        row(FULL, "run --junit --html --markdown", || {
            failing(&kills::reports(), usize::MAX)
        }),
        row(FULL, "gap --accept", || {
            failing(&kills::gap_accept(), usize::MAX)
        }),
        row(FULL, "gap --history", || {
            failing(&kills::history(), usize::MAX)
        }),
        row(FULL, "schema --write", || {
            failing(&kills::schema(), usize::MAX)
        }),
        row(FULL, "vm --export", || {
            failing(&kills::export(), usize::MAX)
        }),
        row(FULL, "man --dir", || failing(&kills::man(), 6)),
        row(FULL, "gate, which records what it lets pass", || {
            failing(&kills::gate(), SOME)
        }),
        row(FULL, "standard output", a_full_stream),
        row(READ_ONLY, "run, of a host that is new", || {
            unwritable(&kills::cold())
        }),
        row(READ_ONLY, "run, with snapshots to put down", || {
            unwritable(&kills::pending())
        }),
        row(READ_ONLY, "run --junit --html --markdown", || {
            unwritable(&kills::reports())
        }),
        row(
            READ_ONLY,
            "review --accept",
            || unwritable(&kills::accept()),
        ),
        row(READ_ONLY, "gap --accept", || {
            unwritable(&kills::gap_accept())
        }),
        row(READ_ONLY, "gap --history", || unwritable(&kills::history())),
        row(READ_ONLY, "schema --write", || unwritable(&kills::schema())),
        row(READ_ONLY, "gate, which records what it lets pass", || {
            unwritable(&kills::gate())
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
    let whole = match scenario.disturbed(Disturbance::None) {
        Ok(traced) => traced,
        Err(reason) => return Seen::Skipped(reason),
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
    if let Err(reason) = scenario.disturbed(Disturbance::None) {
        return Seen::Skipped(reason);
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
    if !Path::new("/dev/full").exists() {
        return Seen::Skipped("there is no /dev/full".to_owned());
    }
    let fixture = tree();
    let commands: [&[&str]; 8] = [
        &["run"],
        &["run", "--format", "jsonl"],
        &["list"],
        &["schema", "case"],
        &["man"],
        &["doctor"],
        &["completions", "bash"],
        &["gap"],
    ];
    for arguments in commands {
        let ran = Program::new("/bin/sh")
            .args([
                "-c",
                "exec \"$@\" > /dev/full",
                "sh",
                env!("CARGO_BIN_EXE_nix-parity"),
            ])
            .args(arguments)
            .current_dir(fixture.project.root())
            .env("NIX_PARITY_CACHE_DIR", fixture.cache())
            .run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(3), "{arguments:?}: {}", ran.stderr);
        assert!(
            ran.stderr.contains("No space left"),
            "{arguments:?}: {}",
            ran.stderr
        );
    }
    Seen::Held(format!(
        "{} commands exit with 3 and say why",
        commands.len()
    ))
}
