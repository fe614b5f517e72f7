//! A clock that was wrong: times of files in 1970 and in the next century. No verdict is
//! older than the files that it is of.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::projects::{evaluated, gate_cases, real};
use crate::support::Fixture;
use crate::table::{Row, Seen, row};

const CLOCK: &str = "clock jumps";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(CLOCK, "files of the project and the cache", files),
        row(CLOCK, "records of gates", records),
    ]
}

/// Gives all files and folders this time.
fn set(root: &Path, time: SystemTime) {
    for entry in root.read_dir().into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            set(&path, time);
        }
        if let Ok(file) = File::open(&path) {
            file.set_modified(time).unwrap();
        }
    }
}

fn times() -> [(&'static str, SystemTime); 3] {
    let later = |years: u64| UNIX_EPOCH + Duration::from_secs(years * 365 * 24 * 3600);
    [
        ("1970", UNIX_EPOCH),
        ("2100", later(130)),
        ("1980", later(10)),
    ]
}

/// What becomes of the case that looks at the domain.
fn domain(fixture: &Fixture) -> Option<i32> {
    fixture.run(&["run", "domain"]).code()
}

fn files() -> Seen {
    let fixture = evaluated();
    for (name, time) in times() {
        for root in [fixture.project.root().as_std_path(), fixture.cache()] {
            set(root, time);
        }
        assert_eq!(domain(&fixture), Some(0), "{name}");
        // An edit that leaves no trace in times.
        let module = fixture.project.read("hosts/pc.nix");
        fixture
            .project
            .write("hosts/pc.nix", &module.replace("lan", &format!("w{name}")));
        set(fixture.project.root().as_std_path(), time);
        set(fixture.cache(), time);
        assert_eq!(domain(&fixture), Some(1), "{name}: an old verdict");
        set(fixture.cache(), time);
        fixture.project.write("hosts/pc.nix", &module);
        set(fixture.project.root().as_std_path(), time);
        assert_eq!(domain(&fixture), Some(0), "{name}: an old verdict");
        // What waits is still there to be accepted.
        assert_eq!(
            fixture.run(&["review", "--accept"]).code(),
            Some(0),
            "{name}"
        );
        set(fixture.project.root().as_std_path(), time);
        assert_eq!(fixture.run(&["run"]).code(), Some(0), "{name}");
    }
    Seen::Held(format!("{} times, edits that keep them", times().len()))
}

fn records() -> Seen {
    let fixture = real();
    gate_cases(&fixture);
    let gate = ["gate", "--host", "pc", "--yes", "--", "true"];
    for (name, time) in times() {
        let ran = fixture.run(&gate);
        assert_eq!(ran.code(), Some(0), "{name}: {}{}", ran.stdout, ran.stderr);
        set(fixture.cache(), time);
        let ran = fixture.run(&gate);
        assert_eq!(ran.code(), Some(0), "{name}: {}{}", ran.stdout, ran.stderr);
    }
    Seen::Held(format!("{} times", times().len()))
}
