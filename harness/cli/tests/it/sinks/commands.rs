//! Every command that tells of a configuration, on a host whose options have hostile names,
//! values and files: a table of commands by payloads. A cell is what became of that payload
//! there, and none is empty.

use std::fmt::Write as _;

use nix_parity_testkit::SECRET;
use serde_json::{Value, json};

use super::configuration::yaml;
use super::looks::{assert_inert, assert_plain};
use super::options::{HOST, Marked, builds, fixture};
use crate::support::Fixture;

/// What a command says of a payload.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wanted {
    /// It tells each.
    Each,
    /// It tells those that a case or a host can be called.
    Names,
    /// It leaves out what is longer than anybody reads.
    Short,
}

/// What a command told.
struct Told {
    sink: &'static str,
    wanted: Wanted,
    text: String,
}

/// A command, what it exits with, and what it tells.
fn told(
    fixture: &Fixture,
    (sink, wanted): (&'static str, Wanted),
    arguments: &[&str],
    code: i32,
) -> Told {
    let ran = fixture.program(arguments).run();
    let text = format!("{}{}", ran.stdout, ran.stderr);
    let short = || text.chars().take(2_000).collect::<String>();
    assert_eq!(ran.code(), Some(code), "{sink}: {}", short());
    assert_inert(sink, &text);
    Told { sink, wanted, text }
}

/// All of them, each told once.
fn commands(fixture: &Fixture, all: &[Marked]) -> Vec<Told> {
    use Wanted::{Each, Names, Short};
    let host = format!("HEAD:{HOST}");
    let diff = ["diff", &*host, HOST];
    let json = ["--format", "jsonl"];
    let gate = ["gate", "--host", HOST, "--no-ask"];
    let mut found = vec![
        told(fixture, ("run", Each), &["run", "s::"], 1),
        told(
            fixture,
            ("run, record", Each),
            &[&["run", "s::"], &json[..]].concat(),
            1,
        ),
        told(fixture, ("list", Names), &["list"], 0),
        told(
            fixture,
            ("list, JSON", Names),
            &[&["list"], &json[..]].concat(),
            0,
        ),
        told(fixture, ("diff", Each), &diff, 1),
        told(
            fixture,
            ("diff, JSON", Each),
            &[&diff[..], &json].concat(),
            1,
        ),
        told(fixture, ("gate", Each), &gate, 1),
        told(fixture, ("gap", Each), &["gap"], 0),
        told(
            fixture,
            ("gap, JSON", Each),
            &[&["gap"], &json[..]].concat(),
            0,
        ),
        told(fixture, ("coverage", Each), &["coverage"], 0),
        told(
            fixture,
            ("coverage, JSON", Each),
            &[&["coverage"], &json[..]].concat(),
            0,
        ),
        told(fixture, ("init", Short), &["init", "--dry-run"], 0),
    ];
    let pages = [
        "run",
        "s::",
        "--html",
        "out/p.html",
        "--junit",
        "out/j.xml",
        "--markdown",
        "out/m.md",
    ];
    told(fixture, ("reports", Each), &pages, 1);
    for (sink, file) in [("JUnit", "out/j.xml"), ("Markdown", "out/m.md")] {
        let text = fixture.project.read(file);
        assert_inert(sink, &text);
        found.push(Told {
            sink,
            wanted: Each,
            text,
        });
    }
    let text = fixture.project.read("out/p.html");
    assert_plain("HTML", &text);
    assert_eq!(text.matches("<script").count(), 1);
    found.push(Told {
        sink: "HTML",
        wanted: Each,
        text,
    });
    let diff = found.iter().find(|told| told.sink == "diff, JSON");
    let explained = explained(fixture, &diff.unwrap().text, all);
    found.push(explained);
    found.push(progress(fixture));
    // Last, so that nothing else builds them.
    fixture.project.write("cases/b.yaml", &builds(all));
    found.push(told(fixture, ("log of a build", Each), &["run", "b::"], 1));
    found.push(looked_at(fixture, all));
    found
}

/// Options by the paths that `diff` calls them by: the one whose name has every payload, and
/// the longest.
fn explained(fixture: &Fixture, diff: &str, all: &[Marked]) -> Told {
    let found: Value = serde_json::from_str(diff).unwrap();
    let options = found["options"].as_array().unwrap().iter();
    let paths: Vec<_> = options.map(|o| o["path"].as_str().unwrap()).collect();
    let has_all = |path: &&&str| all.iter().all(|marked| path.contains(&marked.mark));
    let joined = paths.iter().find(has_all).unwrap();
    let longest = paths.iter().max_by_key(|path| path.len()).unwrap();
    let sink = ("explain", Wanted::Each);
    let text = [joined, longest].map(|path| told(fixture, sink, &["explain", path], 0).text);
    Told {
        sink: "explain",
        wanted: Wanted::Each,
        text: text.concat(),
    }
}

/// What a terminal is sent while a run goes on: the program's own movements of the cursor,
/// and no others.
fn progress(fixture: &Fixture) -> Told {
    let ran = fixture
        .program(&["run", "s::", "--no-cache", "--color", "never"])
        .env("TERM", "xterm")
        .on_screen(200)
        .run();
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    let own = regex::Regex::new("\u{1b}\\[(\\?25[lh]|[0-9]*[AGK]|0?J)|\r").unwrap();
    assert!(own.is_match(&ran.stdout), "nothing was live");
    let text = own.replace_all(&ran.stdout, "").into_owned();
    assert_inert("terminal", &text);
    Told {
        sink: "terminal, live",
        wanted: Wanted::Each,
        text,
    }
}

/// What tells of the machine and of names alone: a cache in a folder that is called so, and
/// hosts that are.
fn looked_at(fixture: &Fixture, all: &[Marked]) -> Told {
    let mut folder = fixture.cache().to_owned();
    for marked in all {
        let name = marked.text.replace('/', "");
        let name: String = name.chars().take(40).collect();
        folder.push(format!("{name}{}", marked.mark));
    }
    let ran = fixture
        .program(&["doctor"])
        .env("NIX_PARITY_CACHE_DIR", &folder)
        .run();
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let text = format!("{}{}", ran.stdout, ran.stderr);
    assert_inert("doctor", &text);
    Told {
        sink: "doctor",
        wanted: Wanted::Each,
        text,
    }
}

/// Jobs of hosts that are called so.
fn matrix(all: &[Marked]) -> Told {
    let names: Vec<_> = all
        .iter()
        .filter(|m| m.is_name())
        .map(|m| m.text.replace("::", ":"))
        .collect();
    let hosts = json!({ "hosts": { "nixos": names } });
    let fixture = Fixture::without_nix(&[
        ("parity.yaml", &yaml(&hosts)),
        (
            "cases/s.yaml",
            "cases: [{ name: a, eval: '{ ... }: 1', is: 1 }]\n",
        ),
    ]);
    told(
        &fixture,
        ("matrix", Wanted::Names),
        &["matrix", "--pretty"],
        0,
    )
}

/// What no case and no host can be called is refused, each with its place.
fn assert_refused(all: &[Marked]) {
    let refused: Vec<_> = all.iter().filter(|marked| !marked.is_name()).collect();
    let texts = refused.iter().map(|marked| {
        let case = json!({ "name": marked.text, "tree": { "present": ["flake.nix"] } });
        let file = format!("cases/{}.yaml", marked.mark);
        (file, yaml(&json!({ "cases": [case] })))
    });
    let texts: Vec<_> = texts.collect();
    let files: Vec<_> = texts
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    let cases = Fixture::without_nix(&files);
    let told_of = |fixture: &Fixture| told(fixture, ("refused", Wanted::Each), &["list"], 2).text;
    let text = told_of(&cases);
    let is_told = |marked: &&&Marked| text.contains(&marked.mark);
    assert_eq!(
        refused.iter().filter(is_told).count(),
        refused.len(),
        "{text}"
    );
    // Of hosts the first is told.
    for marked in refused {
        let hosts = yaml(&json!({ "hosts": { "nixos": [marked.text] } }));
        cases.project.write("parity.yaml", &hosts);
        assert!(told_of(&cases).contains(&marked.mark), "{}", marked.payload);
    }
}

#[test]
fn no_command_lets_a_payload_act() {
    let all = Marked::all();
    assert_refused(&all);
    let fixture = fixture(&all);
    let mut found = commands(&fixture, &all);
    found.push(matrix(&all));
    let mut table = String::new();
    for (n, marked) in all.iter().enumerate() {
        let _ = writeln!(table, "{n:>2}  {}", marked.payload);
    }
    let _ = write!(table, "\n{:<18}", "");
    for n in 0..all.len() {
        let _ = write!(table, "{n:>9}");
    }
    let mut empty = Vec::new();
    for told in &found {
        assert!(!told.text.contains(SECRET), "{} has the secret", told.sink);
        let _ = write!(table, "\n{:<18}", told.sink);
        for marked in &all {
            let is_there = told.text.contains(&marked.mark);
            let cell = match told.wanted {
                Wanted::Names if !marked.is_name() => "refused",
                _ if is_there => "text",
                Wanted::Short if marked.is_long() => "left out",
                _ => {
                    empty.push(format!("{} × {}", told.sink, marked.payload));
                    "GAP"
                }
            };
            let _ = write!(table, "{cell:>9}");
        }
    }
    println!("{table}");
    assert_eq!(empty, Vec::<String>::new());
}
