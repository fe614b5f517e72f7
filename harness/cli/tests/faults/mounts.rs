//! Real file systems that are small or not to be written, where this user may mount any.

use nix_parity_testkit::{Need, Program, Ran};

use crate::commands as on;
use crate::disk::{FULL, READ_ONLY};
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, row};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(FULL, "a file system of 64 KiB", a_small_file_system),
        row(READ_ONLY, "a tree that is mounted so", a_read_only_tree),
        row(READ_ONLY, "a store that is mounted so", a_read_only_store),
    ]
}

/// Runs a program with mounts of its own; nothing where this user may have none.
fn mounted(fixture: &Fixture, script: &str, arguments: &[&str]) -> Option<Ran> {
    if Need::Mounts.missing().is_some() {
        return None;
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
    Some(ran)
}

fn a_small_file_system() -> Seen {
    let scenario = on::cold();
    let fixture = &scenario.fixture;
    let script = "mkdir \"$1/small\"; mount -t tmpfs -o size=64k none \"$CACHE\"
        mount -t tmpfs -o size=64k none \"$1/small\"
        head -c 200000 /dev/zero > \"$1/small/fill\" || true; head -c 200000 /dev/zero > \"$CACHE/fill\" || true";
    let Some(ran) = mounted(
        fixture,
        script,
        &["run", "domain", "--junit", "small/junit.xml"],
    ) else {
        return Seen::Lacks(Need::Mounts);
    };
    assert_eq!(ran.code(), Some(3), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
    assert!(ran.stderr.contains("No space left"), "{}", ran.stderr);
    Seen::Held("the verdict is told, exit 3".to_owned())
}

fn a_read_only_tree() -> Seen {
    let scenario = on::cold();
    let script = "mount --bind \"$1\" \"$1\"; mount -o remount,ro,bind \"$1\"";
    let before = scenario.fixture.project.read("parity.yaml");
    let Some(ran) = mounted(&scenario.fixture, script, &["run"]) else {
        return Seen::Lacks(Need::Mounts);
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
    let scenario = on::cold();
    // Nix would make its store writable again where it may.
    let script = "mount -t tmpfs none /mnt; mkdir /mnt/nix; mount --bind /nix /mnt/nix
        mount -o remount,ro,bind /mnt/nix";
    let store = "local?root=/mnt";
    let mut arguments = vec!["run", "domain"];
    let script = format!("{script}; export NIX_REMOTE='{store}'");
    let Some(ran) = mounted(&scenario.fixture, &script, &arguments) else {
        return Seen::Lacks(Need::Mounts);
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
