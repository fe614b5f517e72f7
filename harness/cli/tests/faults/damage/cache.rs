//! What lies in the cache: it has sums, and what they do not fit is not there.

use std::path::{Path, PathBuf};

use nix_parity_testkit::find;

use super::DAMAGE;
use super::ways::{assert_ends, damaged};
use crate::commands::{commit, gate};
use crate::projects::real;
use crate::scenario::write_program;
use crate::state::State;
use crate::support::Fixture;
use crate::table::{Row, Seen, elsewhere, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(DAMAGE, "the observations of a host", observations),
        row(DAMAGE, "notes of the cache", notes),
        row(DAMAGE, "the record of a gate", gates),
        row(DAMAGE, "a commit that is laid out", laid_out),
        elsewhere(
            DAMAGE,
            "the cache, read anew",
            "it/cache.rs",
            "damage_and_other_formats_cost_an_evaluation",
        ),
    ]
}

/// The files of the cache of this kind.
fn all(fixture: &Fixture, is_one: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
    let files = State::of(fixture.cache()).files.into_iter();
    let files = files.filter(|(path, text)| text.is_some() && is_one(path));
    files.map(|(path, _)| fixture.cache().join(path)).collect()
}

/// The one that there is.
fn only(fixture: &Fixture, is_one: impl Fn(&Path) -> bool) -> PathBuf {
    let mut all = all(fixture, is_one);
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

/// A real Nix that starts no evaluator once a file is there.
fn nix_with_a_switch(fixture: &Fixture) -> (PathBuf, PathBuf) {
    let (script, switch) = (fixture.cache().join("nix"), fixture.cache().join("off"));
    let nix = find("nix").unwrap();
    let text = format!(
        "#!/bin/sh\n[ ! -e '{}' ] || exit 7\nexec {nix} \"$@\"\n",
        switch.display()
    );
    write_program(&script, text);
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
    let trace = only(&fixture, |path| {
        path.extension().is_some_and(|e| e == "trace")
    });
    let looked = damaged(&trace, 60, |_, what| {
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

/// Of how long something took: a damaged one is none.
fn notes() -> Seen {
    let fixture = real();
    let run = || fixture.run(&["run", "domain"]).code();
    assert_eq!(run(), Some(0));
    let notes = all(&fixture, |path| {
        path.parent()
            .is_some_and(|folder| folder.ends_with("notes"))
    });
    assert!(!notes.is_empty());
    let looked: usize = notes
        .iter()
        .map(|note| {
            damaged(note, 5, |_, what| {
                let ran = fixture.run(&["matrix"]);
                assert_ends(&ran, &[0], what);
                assert_eq!(run(), Some(0), "{what}");
            })
        })
        .sum();
    Seen::Held(format!("{looked} damages: as if there were none"))
}

/// What runs is held against the last record, and never against one of before it.
fn gates() -> Seen {
    let scenario = gate();
    let fixture = &scenario.fixture;
    let gate = ["gate", "--host", "pc", "--yes", "--", "true"];
    assert_eq!(fixture.run(&gate).code(), Some(0));
    let before = |path: &Path| path.extension().is_some_and(|e| e == "record");
    let older = only(fixture, before);
    let module = fixture.project.read("hosts/pc.nix");
    let module = module.replace("lan", "wan");
    fixture.project.write(
        "cases/s.yaml",
        "cases: [{ name: domain, expect: { nixos: { networking.domain: wan } } }]\n",
    );
    fixture.project.write("hosts/pc.nix", &module);
    assert_eq!(fixture.run(&gate).code(), Some(0));
    let mut records = all(fixture, before);
    assert_eq!(records.len(), 2, "each system has its own");
    records.retain(|path| *path != older);
    // Of another system than this: it differs from what was tested.
    let system = fixture.cache().join("system");
    std::fs::create_dir(&system).unwrap();
    let system = system.to_str().unwrap();
    let verify = [
        "gate",
        "--host",
        "pc",
        "--verify",
        "--running-system",
        system,
    ];
    let whole = fixture.run(&verify);
    let wrong = format!("{}{}", whole.stdout, whole.stderr);
    assert!(!wrong.contains("is damaged"), "{wrong}");
    let looked = damaged(&records[0], 15, |_, what| {
        let ran = fixture.run(&verify);
        assert_ends(&ran, &[3], what);
        let name = records[0].file_name().unwrap().to_str().unwrap();
        assert!(
            ran.stderr.contains(name) && ran.stderr.contains("is damaged"),
            "{what}: {}",
            ran.stderr
        );
    });
    // A gate does not need it.
    std::fs::write(&records[0], "half").unwrap();
    assert_eq!(fixture.run(&gate).code(), Some(0));
    Seen::Held(format!("{looked} damages: exit 3, the file and what to do"))
}

/// What is laid out of a commit is laid out again where it is not what it was.
fn laid_out() -> Seen {
    let scenario = commit();
    let fixture = &scenario.fixture;
    let whole = scenario.program().run();
    assert_eq!(whole.code(), Some(1), "{}{}", whole.stdout, whole.stderr);
    let host = only(fixture, |path| {
        path.ends_with("tree/base/host.nix") || path.ends_with("tree/host.nix")
    });
    let looked = damaged(&host, 6, |_, what| {
        let ran = scenario.program().run();
        assert_ends(&ran, &[1], what);
        assert_eq!(ran.stdout, whole.stdout, "{what}");
    });
    Seen::Held(format!("{looked} damages: the same comparison"))
}
