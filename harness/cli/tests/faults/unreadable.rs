//! Files that the user of the program may not read.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use nix_parity_testkit::{Need, Program, Ran};

use crate::commands as on;
use crate::projects::tree;
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, elsewhere, row};

const UNREADABLE: &str = "unreadable files";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(UNREADABLE, "each file of a project", unreadable),
        row(UNREADABLE, "the cache", an_unreadable_cache),
        row(
            UNREADABLE,
            "a cache of another user",
            a_cache_of_another_user,
        ),
        row(UNREADABLE, "snapshots, accepted and pending", snapshots),
        row(UNREADABLE, "the record of a gate", gate_record),
        elsewhere(
            UNREADABLE,
            "a file of the flake",
            "it/input.rs",
            "a_file_without_permission_needs_permissions",
        ),
        elsewhere(
            UNREADABLE,
            "what is no text, and links to nowhere",
            "it/input.rs",
            "files_that_cannot_be_read",
        ),
    ]
}

/// The program with permissions that hold for it; nothing where they cannot be made to.
fn held(fixture: &Fixture, arguments: &[&str]) -> Option<Ran> {
    if Need::Permissions.missing().is_some() {
        return None;
    }
    let program = fixture.program(arguments).held_to_permissions();
    let ran = program.env("CI", "false").run();
    assert_sound(&ran);
    Some(ran)
}

/// A user who is not root, and to whom files can be given away.
const NOBODY: u32 = 65534;

/// The program as a user who is not root.
fn as_user(fixture: &Fixture, arguments: &[&str], is_root: bool) -> Ran {
    let mut program = fixture.program(arguments);
    if is_root {
        program = Program::new("setpriv")
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
            .arg(env!("CARGO_BIN_EXE_nix-parity"))
            .args(arguments)
            .env("NIX_PARITY_CACHE_DIR", fixture.cache())
            .env("HOME", fixture.cache())
            .current_dir(fixture.project.root());
    }
    let ran = program.env("CI", "false").run();
    assert_sound(&ran);
    ran
}

/// A folder with all that is in it, folders before what they hold.
fn all_of(root: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let mut found = vec![root.to_owned()];
    let mut next = 0;
    while next < found.len() {
        let folder = found[next].clone();
        next += 1;
        if folder.is_dir() && !folder.is_symlink() {
            let entries = folder.read_dir().into_iter().flatten().flatten();
            found.extend(entries.map(|entry| entry.path()));
        }
    }
    found.into_iter()
}

fn unreadable() -> Seen {
    let fixture = tree();
    assert_eq!(fixture.run(&["gap", "--accept"]).code(), Some(0));
    fixture.project.write(
        "cases/one.yaml",
        "cases: [{ name: one, tree: { present: flake.nix } }]\n",
    );
    let Some(ran) = held(&fixture, &["run", "files"]) else {
        return Seen::Lacks(Need::Permissions);
    };
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let files = [
        "parity.yaml",
        "ledger.yaml",
        "ledger.lock",
        "cases/one.yaml",
        "cases",
    ];
    for file in files {
        let path = fixture.project.path(file);
        let ran = without_permissions(path.as_std_path(), || {
            held(&fixture, &["gap", "--ratchet"]).unwrap()
        });
        assert_eq!(ran.code(), Some(2), "{file}: {}{}", ran.stdout, ran.stderr);
        assert!(
            ran.stderr.contains(file),
            "{file} is not named: {}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("Permission denied"),
            "{file}: {}",
            ran.stderr
        );
    }
    Seen::Held(format!("{} files: exit 2, the file and why", files.len()))
}

/// Takes all permissions of a file away for as long as something is done.
fn without_permissions<T>(path: &Path, what: impl FnOnce() -> T) -> T {
    let mode = |mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let was = path.metadata().unwrap().permissions().mode();
    mode(0o000);
    let done = what();
    mode(was);
    done
}

/// What was accepted and cannot be read is no new snapshot, and is not written over.
fn snapshots() -> Seen {
    let scenario = on::pending();
    let fixture = &scenario.fixture;
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    let accepted = "snapshots/pc/s__all@options.snap";
    let waits = format!("{accepted}.new");
    let before = fixture.project.read(accepted);
    for (file, arguments) in [
        (accepted, &["run", "all"][..]),
        (accepted, &["review", "--accept"]),
        (&waits, &["review", "--accept"]),
    ] {
        let path = fixture.project.path(file);
        let ran = without_permissions(path.as_std_path(), || held(fixture, arguments));
        let Some(ran) = ran else {
            return Seen::Lacks(Need::Permissions);
        };
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert_eq!(ran.code(), Some(3), "{arguments:?}: {told}");
        assert!(told.contains(&format!("{file} ")), "{arguments:?}: {told}");
        assert!(told.contains("Permission denied"), "{arguments:?}: {told}");
        assert_eq!(fixture.project.read(accepted), before);
    }
    Seen::Held("exit 3, the file and why; nothing is accepted over it".to_owned())
}

fn gate_record() -> Seen {
    let scenario = on::gate();
    let fixture = &scenario.fixture;
    assert_eq!(scenario.program().run().code(), Some(0));
    let folder = fixture.cache().join("gate");
    let mut records =
        all_of(&folder).filter(|path| path.extension().is_some_and(|e| e == "record"));
    let record = records.next().unwrap();
    let verify = [
        "gate",
        "--host",
        "pc",
        "--verify",
        "--running-system",
        "/usr",
    ];
    match without_permissions(&record, || held(fixture, &verify)) {
        None => Seen::Lacks(Need::Permissions),
        Some(ran) => {
            let told = format!("{}{}", ran.stdout, ran.stderr);
            assert_eq!(ran.code(), Some(3), "{told}");
            assert!(told.contains("Permission denied"), "{told}");
            Seen::Held("exit 3, the file and why".to_owned())
        }
    }
}

fn an_unreadable_cache() -> Seen {
    let fixture = tree();
    let folder = fixture.cache().join("observations");
    assert_eq!(fixture.run(&["run", "files"]).code(), Some(0));
    for path in [fixture.cache().to_owned(), folder] {
        match without_permissions(&path, || held(&fixture, &["run", "files"])) {
            None => return Seen::Lacks(Need::Permissions),
            Some(ran) => assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr),
        }
    }
    Seen::Held("a run without one".to_owned())
}

/// As after `sudo nix-parity`, which leaves files of root in the user's cache.
fn a_cache_of_another_user() -> Seen {
    let fixture = tree();
    let folder = fixture.cache().join("observations");
    assert_eq!(fixture.run(&["run", "files"]).code(), Some(0));
    let is_root = Program::new("id").arg("-u").run().stdout.trim() == "0";
    if is_root {
        if Need::Permissions.missing().is_some() {
            return Seen::Lacks(Need::Permissions);
        }
        // All is the user's, and then this folder root's again.
        let root = fixture.project.root();
        for entry in all_of(root.as_std_path()).chain(all_of(fixture.cache())) {
            chown(entry, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    assert_eq!(
        as_user(&fixture, &["run", "files"], is_root).code(),
        Some(0)
    );
    let (why, remedy) = if is_root {
        chown(&folder, Some(0), Some(0)).unwrap();
        ("belongs to root and cannot be written to", "sudo chown -R")
    } else {
        ("cannot be written to", "chmod -R u+rwX")
    };
    std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o555)).unwrap();
    for (arguments, code) in [(&["run", "files"][..], Some(0)), (&["doctor"], None)] {
        let ran = as_user(&fixture, arguments, is_root);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        if code.is_some() {
            assert_eq!(ran.code(), code, "{told}");
        }
        // Lines of a terminal are broken where they are long.
        let words = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words.matches(why).count(), 1, "{told}");
        assert_eq!(words.matches(remedy).count(), 1, "{told}");
        assert!(words.contains("observations"), "{told}");
    }
    Seen::Held("the run goes on; path, owner and remedy are told once".to_owned())
}
