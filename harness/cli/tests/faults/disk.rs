//! A disk that is full from the n-th write on, or that may not be written; and files that
//! may not be read.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::Path;

use nix_parity_testkit::{Disturbance, Program, Ran, find};

use crate::kills;
use crate::scenario::{Scenario, tree};
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, elsewhere, row, sampled};

const FULL: &str = "full disk";
const READ_ONLY: &str = "read-only store and tree";
const UNREADABLE: &str = "unreadable files";

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
        row(FULL, "a file system of 64 KiB", a_small_file_system),
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
        row(READ_ONLY, "a tree that is mounted so", a_read_only_tree),
        row(READ_ONLY, "a store that is mounted so", a_read_only_store),
        row(UNREADABLE, "each file of a project", unreadable),
        row(UNREADABLE, "the cache", an_unreadable_cache),
        elsewhere(
            UNREADABLE,
            "what is no text, and links to nowhere",
            "it/input.rs",
            "files_that_cannot_be_read",
        ),
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

/// Runs a program with mounts of its own, where this user may have any.
fn mounted(fixture: &Fixture, script: &str, arguments: &[&str]) -> Result<Ran, String> {
    if find("unshare").is_none() {
        return Err("unshare is not there".to_owned());
    }
    let probe = Program::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"])
        .run();
    if probe.code() != Some(0) {
        return Err(format!(
            "this user may mount nothing: {}",
            probe.stderr.trim()
        ));
    }
    let root = fixture.project.root().as_str();
    let ran = Program::new("unshare")
        .args([
            "-rm",
            "/bin/sh",
            "-ec",
            &format!("{script}\ncd \"$1\"; shift; exec \"$@\""),
        ])
        .args(["sh", root, env!("CARGO_BIN_EXE_nix-parity")])
        .args(arguments)
        .env("NIX_PARITY_CACHE_DIR", fixture.cache())
        .env("CACHE", fixture.cache())
        .env("CI", "false")
        .run();
    assert_sound(&ran);
    Ok(ran)
}

fn a_small_file_system() -> Seen {
    let scenario = kills::cold();
    let fixture = &scenario.fixture;
    let script = "mkdir \"$1/small\"; mount -t tmpfs -o size=64k none \"$CACHE\"
        mount -t tmpfs -o size=64k none \"$1/small\"
        head -c 200000 /dev/zero > \"$1/small/fill\" || true; head -c 200000 /dev/zero > \"$CACHE/fill\" || true";
    let ran = match mounted(
        fixture,
        script,
        &["run", "domain", "--junit", "small/junit.xml"],
    ) {
        Ok(ran) => ran,
        Err(reason) => return Seen::Skipped(reason),
    };
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
    assert!(ran.stderr.contains("No space left"), "{}", ran.stderr);
    Seen::Held("the verdict is told, exit 3".to_owned())
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

fn a_read_only_tree() -> Seen {
    let scenario = kills::cold();
    let script = "mount --bind \"$1\" \"$1\"; mount -o remount,ro,bind \"$1\"";
    let before = scenario.fixture.project.read("parity.yaml");
    let ran = match mounted(&scenario.fixture, script, &["run"]) {
        Ok(ran) => ran,
        Err(reason) => return Seen::Skipped(reason),
    };
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert!(told.contains("Read-only file system"), "{told}");
    let ran = mounted(&scenario.fixture, script, &["run", "domain"]).unwrap();
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    assert_eq!(scenario.fixture.project.read("parity.yaml"), before);
    Seen::Held("what writes nothing passes; of a snapshot it is said".to_owned())
}

fn a_read_only_store() -> Seen {
    let scenario = kills::cold();
    // Nix would make its store writable again where it may.
    let script = "mount -t tmpfs none /mnt; mkdir /mnt/nix; mount --bind /nix /mnt/nix
        mount -o remount,ro,bind /mnt/nix";
    let store = "local?root=/mnt";
    let mut arguments = vec!["run", "domain"];
    let script = format!("{script}; export NIX_REMOTE='{store}'");
    let ran = match mounted(&scenario.fixture, &script, &arguments) {
        Ok(ran) => ran,
        Err(reason) => return Seen::Skipped(reason),
    };
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code(), Some(3), "{told}");
    assert!(
        told.contains("store writable") || told.contains("Read-only"),
        "{told}"
    );
    scenario.assert_alone();
    // With the store as it was.
    arguments.truncate(2);
    assert_eq!(scenario.fixture.run(&arguments).code(), Some(0));
    Seen::Held("exit 3 with Nix's words".to_owned())
}

/// Who may not read everything.
const NOBODY: u32 = 65534;

/// The program as a user to whom permissions apply.
fn as_nobody(fixture: &Fixture, arguments: &[&str]) -> Result<Ran, String> {
    let root = fixture.project.root();
    let mut program = fixture.program(arguments);
    if Program::new("id").arg("-u").run().stdout.trim() == "0" {
        if find("setpriv").is_none() {
            return Err("permissions do not apply to root, and setpriv is not there".to_owned());
        }
        for entry in ignore_nothing(root.as_std_path()).chain(ignore_nothing(fixture.cache())) {
            chown(entry, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        program = Program::new("setpriv")
            .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
            .arg(env!("CARGO_BIN_EXE_nix-parity"))
            .args(arguments)
            .env("NIX_PARITY_CACHE_DIR", fixture.cache())
            .env("HOME", fixture.cache())
            .current_dir(root);
    }
    let ran = program.env("CI", "false").run();
    assert_sound(&ran);
    Ok(ran)
}

/// A folder with all that is in it, folders before what they hold.
fn ignore_nothing(root: &Path) -> impl Iterator<Item = std::path::PathBuf> {
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
    match as_nobody(&fixture, &["run", "files"]) {
        Err(reason) => return Seen::Skipped(reason),
        Ok(ran) if ran.stderr.contains("Permission denied") && ran.code() != Some(0) => {
            return Seen::Skipped("the program lies where only this user may read".to_owned());
        }
        Ok(ran) => assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr),
    }
    let files = [
        "parity.yaml",
        "ledger.yaml",
        "ledger.lock",
        "cases/one.yaml",
        "cases",
    ];
    for file in files {
        let path = fixture.project.path(file);
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let was = path.metadata().unwrap().permissions().mode();
        mode(0o000);
        let ran = as_nobody(&fixture, &["gap", "--ratchet"]).unwrap();
        mode(was);
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

fn an_unreadable_cache() -> Seen {
    let fixture = tree();
    let folder = fixture.cache().join("observations");
    assert_eq!(fixture.run(&["run", "files"]).code(), Some(0));
    for path in [fixture.cache().to_owned(), folder] {
        let mode = |mode| {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        let was = path.metadata().unwrap().permissions().mode();
        mode(0o000);
        let ran = as_nobody(&fixture, &["run", "files"]);
        mode(was);
        match ran {
            Err(reason) => return Seen::Skipped(reason),
            Ok(ran) => assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr),
        }
    }
    Seen::Held("a run without one".to_owned())
}
