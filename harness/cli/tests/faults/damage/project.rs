//! What lies in the project, and is reviewed as text: it is read as it stands, or refused.

use super::DAMAGE;
use super::ways::{assert_ends, damaged};
use crate::commands::{export, pending};
use crate::projects::{evaluated, tree};
use crate::state::State;
use crate::table::{Row, Seen, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(DAMAGE, "an accepted snapshot", snapshot),
        row(DAMAGE, "accepted figures", figures),
        row(DAMAGE, "a snapshot that waits", waiting),
        row(DAMAGE, "ledger.lock", lock),
        row(DAMAGE, "a history of the ledger", history),
        row(DAMAGE, "parity.yaml and a case file", settings),
        row(DAMAGE, "vm-tests.nix and schemas", generated),
    ]
}

/// Each damage of the text is a difference; the head is for people. What is no snapshot
/// any more is an error that names the file, and nobody's new snapshot.
fn snapshot() -> Seen {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    let file = fixture.project.path("snapshots/pc/s__all@options.snap");
    let whole = fixture.project.read("snapshots/pc/s__all@options.snap");
    let body = |text: &[u8]| {
        // The line that ends the head may be the last one.
        let text = String::from_utf8(text.to_vec()).ok()? + "\n";
        let (_, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
        Some(body.trim_end().to_owned())
    };
    let before = body(whole.as_bytes()).unwrap();
    let (mut differs, mut same, mut unreadable) = (0, 0, 0);
    damaged(file.as_std_path(), 48, |bytes, what| {
        let ran = fixture.run(&["run", "all"]);
        match body(bytes) {
            Some(text) if text == before => {
                same += 1;
                assert_ends(&ran, &[0, 1], what);
            }
            Some(_) => {
                differs += 1;
                assert_ends(&ran, &[1], what);
            }
            None => {
                unreadable += 1;
                assert_ends(&ran, &[3], what);
                let name = "snapshots/pc/s__all@options.snap ";
                assert!(ran.stdout.contains(name), "{what}: {}", ran.stdout);
                assert!(ran.stdout.contains("put it back"), "{what}: {}", ran.stdout);
                assert!(!ran.stdout.contains("review"), "{what}: {}", ran.stdout);
            }
        }
        // What was accepted is not written over.
        assert_eq!(std::fs::read(&file).unwrap(), bytes, "{what}");
    });
    assert_eq!(fixture.run(&["run"]).code(), Some(0), "it is whole again");
    let names = State::of(fixture.project.path("snapshots").as_std_path());
    assert!(
        names
            .files
            .keys()
            .all(|path| path.extension().is_none_or(|e| e != "new"))
    );
    Seen::Held(format!(
        "{differs} damages of the text fail, {same} of the head, {unreadable} are errors"
    ))
}

/// Figures are a base only as a whole: half of one would let anything through, or be
/// accepted anew.
fn figures() -> Seen {
    let fixture = evaluated();
    let cases = "cases: [{ name: cost, hosts: pc, budget: { recorded: [thunks] } }]\n";
    fixture.project.write("cases/s.yaml", cases);
    fixture.run(&["run", "cost"]);
    assert_eq!(fixture.run(&["review", "--accept", "cost"]).code(), Some(0));
    let run = || fixture.run(&["run", "cost"]);
    assert_eq!(run().code(), Some(0));
    let file = "snapshots/pc/s__cost@budget.snap";
    let whole = fixture.project.read(file);
    let mut unreadable = 0;
    damaged(
        fixture.project.path(file).as_std_path(),
        24,
        |bytes, what| {
            let ran = run();
            // Figures that are other ones are such: greater, less, or of another Nix.
            assert_ends(&ran, &[0, 1, 3], what);
            unreadable += usize::from(ran.code() == Some(3));
            let is_cut = bytes.len() < whole.trim_end().len() && what.starts_with("cut");
            assert!(!is_cut || ran.code() != Some(0), "{what}: {}", ran.stdout);
            assert!(
                !ran.stdout.contains("nothing was accepted"),
                "{what}: {}",
                ran.stdout
            );
            assert_eq!(
                fixture
                    .project
                    .path(file)
                    .as_std_path()
                    .metadata()
                    .unwrap()
                    .len(),
                bytes.len() as u64
            );
        },
    );
    Seen::Held(format!(
        "{unreadable} damages are errors, others are other figures"
    ))
}

/// It is accepted as it is shown, or not at all; nothing is accepted over what cannot be
/// read.
fn waiting() -> Seen {
    let scenario = pending();
    let fixture = &scenario.fixture;
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    let accepted = "snapshots/pc/s__all@options.snap";
    let waits = format!("{accepted}.new");
    let (old, new) = (fixture.project.read(accepted), fixture.project.read(&waits));
    let accept = ["review", "--accept", "s__all"];
    let mut refused = 0;
    let looked = damaged(
        fixture.project.path(&waits).as_std_path(),
        20,
        |bytes, what| {
            let ran = fixture.run(&accept);
            assert_ends(&ran, &[0, 3], what);
            let now = std::fs::read(fixture.project.path(accepted)).unwrap();
            if ran.code() == Some(0) {
                assert_eq!(now, bytes, "{what}");
            } else {
                refused += 1;
                assert_eq!(now, old.as_bytes(), "{what}");
                assert!(ran.stderr.contains(&waits), "{what}: {}", ran.stderr);
            }
            fixture.project.write(accepted, &old);
        },
    );
    // The same where what it would replace is no snapshot.
    fixture.project.write(&waits, &new);
    fixture.project.write(accepted, "damaged");
    for arguments in [&accept[..], &["review", "--accept"], &["review"]] {
        let ran = fixture.run(arguments);
        let codes = if arguments.len() == 1 { [2, 3] } else { [3, 3] };
        assert_ends(&ran, &codes, "what was accepted cannot be read");
        assert!(ran.stderr.contains(accepted), "{}", ran.stderr);
        assert_eq!(fixture.project.read(accepted), "damaged");
    }
    assert_eq!(fixture.project.read(&waits), new);
    Seen::Held(format!(
        "{looked} damages: {refused} are refused, others as they are shown"
    ))
}

fn lock() -> Seen {
    let fixture = tree();
    assert_eq!(fixture.run(&["gap", "--accept"]).code(), Some(0));
    let file = fixture.project.path("ledger.lock");
    let looked = damaged(file.as_std_path(), 40, |bytes, what| {
        let ran = fixture.program(&["gap", "--ratchet"]).run();
        assert_ends(&ran, &[0, 1, 2], what);
        assert_eq!(
            std::fs::read(&file).unwrap(),
            bytes,
            "{what}: only looked at"
        );
    });
    Seen::Held(format!(
        "{looked} damages: compared as it reads, or refused with 2"
    ))
}

fn history() -> Seen {
    let fixture = tree();
    assert_eq!(
        fixture.run(&["gap", "--history", "h.jsonl"]).code(),
        Some(0)
    );
    let file = fixture.project.path("h.jsonl");
    let looked = damaged(file.as_std_path(), 30, |bytes, what| {
        let ran = fixture.program(&["gap", "--history", "h.jsonl"]).run();
        assert_ends(&ran, &[0, 2], what);
        let now = std::fs::read(&file).unwrap();
        // A line is added, or nothing is touched.
        assert!(now.starts_with(bytes), "{what}");
        assert!(ran.code() == Some(0) || now == bytes, "{what}");
    });
    Seen::Held(format!("{looked} damages: nothing of it is lost"))
}

fn settings() -> Seen {
    let fixture = tree();
    let mut looked = 0;
    for file in ["parity.yaml", "cases/s.yaml", "ledger.yaml"] {
        looked += damaged(fixture.project.path(file).as_std_path(), 20, |_, what| {
            let ran = fixture.program(&["list"]).run();
            assert_ends(&ran, &[0, 1, 2, 3, 4], what);
        });
    }
    Seen::Held(format!("{looked} damages: listed or refused"))
}

/// What the program makes itself is compared as a whole.
fn generated() -> Seen {
    let scenario = export();
    let fixture = &scenario.fixture;
    assert_eq!(scenario.program().run().code(), Some(0));
    assert_eq!(fixture.run(&["schema", "--write"]).code(), Some(0));
    let mut looked = 0;
    for (file, check) in [
        ("tests.nix", &["vm", "--export", "tests.nix", "--check"][..]),
        ("schemas/package-map.schema.json", &["schema", "--check"]),
    ] {
        assert_eq!(fixture.run(check).code(), Some(0), "{file}");
        looked += damaged(
            fixture.project.path(file).as_std_path(),
            10,
            |bytes, what| {
                assert_ends(&fixture.run(check), &[1], what);
                let now = std::fs::read(fixture.project.path(file)).unwrap();
                assert_eq!(now, bytes, "{what}: only looked at");
            },
        );
    }
    Seen::Held(format!("{looked} damages: each is seen"))
}
