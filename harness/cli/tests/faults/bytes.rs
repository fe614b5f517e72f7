//! Small files of ours that are damaged: each byte turned over, cut off at each length.
//! What has a sum is not there then; what people write is read as it stands.

use std::path::{Path, PathBuf};

use nix_parity_testkit::{Program, Ran, find};

use crate::scenario::{evaluated, real, tree};
use crate::state::State;
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, elsewhere, row, sampled};

const DAMAGE: &str = "damage at every byte";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(DAMAGE, "the observations of a host", observations),
        row(DAMAGE, "an accepted snapshot", snapshot),
        row(DAMAGE, "ledger.lock", lock),
        row(DAMAGE, "a history of the ledger", history),
        row(DAMAGE, "the record of a run", record),
        row(DAMAGE, "parity.yaml and a case file", settings),
        elsewhere(
            DAMAGE,
            "the cache, read anew",
            "it/cache.rs",
            "damage_and_other_formats_cost_an_evaluation",
        ),
    ]
}

/// Damages a file in each of these ways, looks at what the program makes of it, and puts
/// the file back. Returns how many ways there were.
fn damaged(path: &Path, most: usize, mut look: impl FnMut(&[u8], &str)) -> usize {
    let whole = std::fs::read(path).unwrap();
    let points = sampled(2 * whole.len(), most);
    for point in &points {
        let at = point / 2;
        let (bytes, what) = if point % 2 == 0 {
            let mut bytes = whole.clone();
            // Another bit at each byte, so that letters become letters, lines and worse.
            bytes[at] ^= 1 << (at % 8);
            (bytes, format!("byte {at} of {}", path.display()))
        } else {
            (
                whole[..at].to_vec(),
                format!("cut at {at} of {}", path.display()),
            )
        };
        std::fs::write(path, &bytes).unwrap();
        look(&bytes, &what);
    }
    std::fs::write(path, whole).unwrap();
    points.len()
}

/// What a program may end with that is told of wrong input.
#[track_caller]
fn assert_ends(ran: &Ran, codes: &[i32], what: &str) {
    assert_sound(ran);
    let code = ran.code().unwrap_or(-1);
    assert!(
        codes.contains(&code),
        "{what}: exit {code}: {}{}",
        ran.stdout,
        ran.stderr
    );
}

/// A real Nix that starts no evaluator once a file is there.
fn nix_with_a_switch(fixture: &Fixture) -> (PathBuf, PathBuf) {
    let (script, switch) = (fixture.cache().join("nix"), fixture.cache().join("off"));
    let nix = find("nix").unwrap();
    let text = format!(
        "#!/bin/sh\n[ ! -e '{}' ] || exit 7\nexec {nix} \"$@\"\n",
        switch.display()
    );
    let written = Program::new("/bin/sh")
        .args(["-c", "cat > \"$1\"; chmod 755 \"$1\"", "sh"])
        .arg(&script)
        .input(text)
        .run();
    assert_eq!(written.code(), Some(0));
    (script, switch)
}

/// Without Nix a damaged record is an error, and never a verdict that is another one.
fn observations() -> Seen {
    let fixture = real();
    let (nix, off) = nix_with_a_switch(&fixture);
    let nix = nix.to_str().unwrap();
    let run = || {
        fixture
            .program(&["run", "domain", "--nix", nix, "--format", "jsonl"])
            .run()
    };
    assert_eq!(run().code(), Some(0));
    std::fs::write(off, "").unwrap();
    assert_eq!(run().code(), Some(0), "it needs no Nix");
    let traces: Vec<_> = State::of(fixture.cache())
        .files
        .into_keys()
        .filter(|path| path.extension().is_some_and(|e| e == "trace"))
        .collect();
    assert_eq!(traces.len(), 1);
    let looked = damaged(&fixture.cache().join(&traces[0]), 240, |_, what| {
        let ran = run();
        assert_ends(&ran, &[3], what);
        assert!(
            !ran.stdout.contains("\"outcome\":\"fail\""),
            "{what}: {}",
            ran.stdout
        );
    });
    assert_eq!(run().code(), Some(0), "it is whole again");
    Seen::Held(format!("{looked} damages: each asks Nix anew"))
}

/// Each damage of the text is a difference; the head is for people.
fn snapshot() -> Seen {
    let fixture = evaluated();
    assert_eq!(fixture.run(&["review", "--accept"]).code(), Some(0));
    let file = fixture.project.path("snapshots/pc/s__all@options.snap");
    let whole = fixture.project.read("snapshots/pc/s__all@options.snap");
    let body = |text: &[u8]| {
        let text = String::from_utf8(text.to_vec()).ok()?;
        let (_, body) = text.strip_prefix("---\n")?.split_once("\n---\n")?;
        Some(body.trim_end().to_owned())
    };
    let before = body(whole.as_bytes()).unwrap();
    let (mut differs, mut same) = (0, 0);
    damaged(file.as_std_path(), 240, |bytes, what| {
        let ran = fixture.run(&["run", "all"]);
        if body(bytes).as_ref() == Some(&before) {
            same += 1;
            assert_ends(&ran, &[0, 1], what);
        } else {
            differs += 1;
            assert_ends(&ran, &[1], what);
            // What was accepted is not written over.
            assert_eq!(std::fs::read(&file).unwrap(), bytes, "{what}");
        }
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
        "{differs} damages of the text fail, {same} of the head"
    ))
}

fn lock() -> Seen {
    let fixture = tree();
    assert_eq!(fixture.run(&["gap", "--accept"]).code(), Some(0));
    let file = fixture.project.path("ledger.lock");
    let looked = damaged(file.as_std_path(), 240, |bytes, what| {
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
    let looked = damaged(file.as_std_path(), 120, |bytes, what| {
        let ran = fixture.program(&["gap", "--history", "h.jsonl"]).run();
        assert_ends(&ran, &[0, 2], what);
        let now = std::fs::read(&file).unwrap();
        // A line is added, or nothing is touched.
        assert!(now.starts_with(bytes), "{what}");
        assert!(ran.code() == Some(0) || now == bytes, "{what}");
    });
    Seen::Held(format!("{looked} damages: nothing of it is lost"))
}

fn record() -> Seen {
    let fixture = tree();
    let ran = fixture.run(&["run", "--format", "jsonl"]);
    fixture.project.write("run.jsonl", &ran.stdout);
    let looked = damaged(
        fixture.project.path("run.jsonl").as_std_path(),
        240,
        |_, what| {
            let ran = fixture.program(&["report", "--from", "run.jsonl"]).run();
            // Damage within a text is a text. But no record of a failure is one of success.
            assert_ends(&ran, &[1, 2, 3, 4], what);
        },
    );
    Seen::Held(format!("{looked} damages: told as it reads, or refused"))
}

fn settings() -> Seen {
    let fixture = tree();
    let mut looked = 0;
    for file in ["parity.yaml", "cases/s.yaml", "ledger.yaml"] {
        looked += damaged(fixture.project.path(file).as_std_path(), 80, |_, what| {
            let ran = fixture.program(&["list"]).run();
            assert_ends(&ran, &[0, 2, 3, 4], what);
        });
    }
    Seen::Held(format!("{looked} damages: listed or refused"))
}
