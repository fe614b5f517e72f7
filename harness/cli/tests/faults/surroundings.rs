//! What the program finds around itself: a home, a locale.

use nix_parity_testkit::{Program, Ran};

use crate::every::BINARY;
use crate::projects::{real, tree};
use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, row};

const HOME: &str = "HOME unset";
const LOCALE: &str = "locale C";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(HOME, "run, of a host that is new", no_home),
        row(
            HOME,
            "run, with one that cannot be written",
            home_is_no_folder,
        ),
        row(LOCALE, "letters that are not ASCII", locale),
        row(LOCALE, "arguments that are no text", no_text),
    ]
}

/// The program by `env`, which takes variables away.
fn with_env(fixture: &Fixture, changes: &[&str], arguments: &[&str]) -> Ran {
    let ran = Program::new("env")
        .args([
            "-u",
            "HOME",
            "-u",
            "XDG_CACHE_HOME",
            "-u",
            "XDG_CONFIG_HOME",
            "-u",
            "XDG_STATE_HOME",
            "-u",
            "USER",
            "-u",
            "LOGNAME",
        ])
        .args(changes)
        .arg(BINARY)
        .args(arguments)
        .current_dir(fixture.project.root())
        .run();
    assert_sound(&ran);
    ran
}

fn no_home() -> Seen {
    let fixture = real();
    for _ in 0..2 {
        let ran = with_env(&fixture, &[], &["run", "domain", "--explain-cache"]);
        assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("1 passed"), "{}", ran.stdout);
        assert!(
            ran.stdout.contains("the cache is turned off"),
            "{}",
            ran.stdout
        );
    }
    let ran = with_env(&fixture, &[], &["cache", "stats"]);
    assert_eq!(ran.code(), Some(2), "{}", ran.stderr);
    let ran = with_env(&fixture, &[], &["doctor"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    Seen::Held("passes, and says that nothing is kept".to_owned())
}

fn home_is_no_folder() -> Seen {
    let fixture = real();
    // A home that is a file cannot be written by anybody.
    let home = format!("HOME={}", fixture.project.path("parity.yaml"));
    let ran = with_env(&fixture, &[&home], &["run", "domain", "--explain-cache"]);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    // Nix itself keeps something below it, and says where it cannot.
    assert!(matches!(ran.code(), Some(0 | 3)), "{:?} {told}", ran.code());
    assert!(told.contains("Not a directory"), "{told}");
    Seen::Held(format!("exit {}, and why", ran.code().unwrap()))
}

fn locale() -> Seen {
    let fixture = tree();
    fixture.project.write(
        "cases/höhe.yaml",
        "cases: [{ name: 'größe → 名前', tree: { absent: flake.nix } }]\n",
    );
    let commands: [&[&str]; 4] = [
        &["run", "größe"],
        &["list"],
        &["run", "größe", "--format", "jsonl"],
        &["run", "--junit", "junit.xml", "größe"],
    ];
    // How long it took is another text each time.
    let times = regex::Regex::new(r#"[0-9.]+ m?s\b|"millis":[0-9]+"#).unwrap();
    for arguments in commands {
        let ran = |locale: &str| {
            let ran = fixture
                .program(arguments)
                .env("LC_ALL", locale)
                .env("LANG", locale)
                .run();
            assert_sound(&ran);
            (
                ran.code(),
                times.replace_all(&ran.stdout, "").into_owned(),
                ran.stderr,
            )
        };
        let (with, without) = (ran("C.UTF-8"), ran("C"));
        assert_eq!(with, without, "{arguments:?}");
        assert!(with.1.contains("名前"), "{}", with.1);
    }
    Seen::Held(format!("{} commands tell the same", commands.len()))
}

fn no_text() -> Seen {
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = tree();
    let odd = std::ffi::OsStr::from_bytes(b"caf\xe9");
    for option in ["-C", "--junit", "--nix"] {
        let ran = fixture
            .program(&["run"])
            .arg(option)
            .arg(odd)
            .env("LC_ALL", "C")
            .run();
        assert_sound(&ran);
        assert!(ran.code().is_some(), "{option}: {:?}", ran.signal());
    }
    assert!(
        fixture.project.root().as_std_path().join(odd).is_file(),
        "a report has any name"
    );
    let ran = fixture.program(&["run"]).arg(odd).run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(2), "{}{}", ran.stdout, ran.stderr);
    Seen::Held("names of files may be any, selections are refused with 2".to_owned())
}
