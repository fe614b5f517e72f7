//! A disk that ignores case or normalisation. Few machines of a CI have one, so a stand-in
//! gives Nix's answers for it: real Nix evaluates, finds no file of another spelling, and
//! answers with a mark; the stand-in puts in its place what the disk of a Mac would give.
//! The soundness test runs on a real one, see `harness/cli/tests/soundness/disk.rs`.

use camino::Utf8PathBuf;
use nix_parity_testkit::{Host, Platform, find, write_executable};

use super::{Row, ensure};
use crate::support::Fixture;

/// Stands in an answer for what the disk would give.
const MARK: &str = "ON-THE-DISK";

/// A way to a file under another spelling.
struct Way {
    /// The file as it is called.
    file: &'static str,
    /// What evaluates to its content, or to the mark where the spelling leads nowhere.
    expression: &'static str,
    /// The command that says in a shell what a Mac's disk gives.
    gives: &'static str,
}

pub(super) fn rows() -> Vec<Row> {
    let subject = "a disk that ignores case";
    let row = |verdict, check| Row {
        subject,
        verdict,
        check,
    };
    vec![
        row("a file read under another spelling stays as it was", || {
            changes(&Way {
                file: "hosts/name.txt",
                expression: r"if builtins.pathExists ./Name.txt then builtins.readFile ./Name.txt",
                gives: "cat hosts/name.txt",
            })
        }),
        row("so does one in a folder of another spelling", || {
            changes(&Way {
                file: "hosts/data/name.txt",
                expression: r#"if builtins.pathExists (./. + "/Data/name.txt") then builtins.readFile (./. + "/Data/name.txt")"#,
                gives: "cat hosts/data/name.txt",
            })
        }),
        row("so does one whose end is computed", || {
            changes(&Way {
                file: "hosts/data/name.txt",
                expression: r#"let end = "txt"; in if builtins.pathExists (./DATA/name + ".${end}") then builtins.readFile (./DATA/name + ".${end}")"#,
                gives: "cat hosts/data/name.txt",
            })
        }),
        row("so does one that is copied to the store", || {
            changes(&Way {
                file: "hosts/name.txt",
                expression: r#"if builtins.pathExists ./NAME.TXT then builtins.readFile "${./NAME.TXT}""#,
                gives: "cat hosts/name.txt",
            })
        }),
        row(
            "so does one with an accent that is written otherwise",
            || {
                changes(&Way {
                    file: "hosts/cafe\u{301}.txt",
                    expression: "if builtins.pathExists (./. + \"/caf\u{e9}.txt\") then builtins.readFile (./. + \"/caf\u{e9}.txt\")",
                    gives: "cat hosts/cafe*.txt",
                })
            },
        ),
        row("the names in a folder of another spelling stay", || {
            changes(&Way {
                file: "hosts/data/@",
                expression: r"if builtins.pathExists ./Data then toString (builtins.attrNames (builtins.readDir ./Data))",
                gives: "ls hosts/data",
            })
        }),
        row(
            "a file that is gone is there under another spelling",
            || {
                changes(&Way {
                    file: "hosts/@.txt",
                    expression: r#"if builtins.pathExists ./One.txt then "one""#,
                    gives: "ls hosts | sed -n 's/.txt$//p'",
                })
            },
        ),
        row("the gate opens on a file read under another spelling", gate),
    ]
}

/// Edits the file, and looks for what Nix would say then.
fn changes(way: &Way) -> Result<(), String> {
    let (fixture, nix) = project(way);
    let run = || fixture.run(&["run", "--nix", nix.as_str()]).code();
    ensure(run() == Some(0), || "the first run must pass".to_owned())?;
    edit(&fixture, way);
    ensure(run() == Some(1), || {
        format!("the case passes after {} was changed", way.file)
    })
}

fn gate() -> Result<(), String> {
    let way = Way {
        file: "hosts/name.txt",
        expression: r"if builtins.pathExists ./Name.txt then builtins.readFile ./Name.txt",
        gives: "cat hosts/name.txt",
    };
    let (fixture, nix) = project(&way);
    let arguments = [
        "gate",
        "--nix",
        nix.as_str(),
        "--host",
        "pc",
        "--yes",
        "--",
        "echo",
        "switched",
    ];
    let first = fixture.run(&arguments);
    ensure(first.stdout.contains("switched"), || {
        format!("the gate must open first: {}{}", first.stdout, first.stderr)
    })?;
    edit(&fixture, &way);
    let second = fixture.run(&arguments);
    ensure(!second.stdout.contains("switched"), || {
        format!("the gate is open: {}", second.stdout)
    })
}

/// A committed project whose host has what the way leads to, and a Nix for it.
fn project(way: &Way) -> (Fixture, Utf8PathBuf) {
    let module = format!(
        "{{ networking.domain = {} else \"{MARK}\"; }}\n",
        way.expression
    );
    let fixture = Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(&module)],
        &[
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
            (
                "cases/a.yaml",
                "cases: [{ name: domain, expect: { nixos: { networking.domain: one } } }]\n",
            ),
        ],
    );
    write(&fixture, way, "one");
    fixture.project.commit("all");
    let nix = find("nix").expect("nix must be on PATH (ci/install-nix installs it)");
    let folder = fixture.project.path(".git/stand-in");
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join("nix");
    write_executable(
        &path,
        &format!(
            "#!/bin/sh\n# Answers reach us on standard error.\nexec 3>&1\ncd {root}\n\
             gives=$({gives})\n{{ {nix} \"$@\" 2>&1 >&3 | sed -u \"s/{MARK}/$gives/g\" >&2; }}\n",
            root = fixture.project.root(),
            gives = way.gives,
        ),
    );
    (fixture, path)
}

/// Has the way lead to this: by what is in the file, or by its name.
fn write(fixture: &Fixture, way: &Way, text: &str) {
    fixture.project.write(&way.file.replace('@', text), text);
    fixture.project.git_add_all();
}

fn edit(fixture: &Fixture, way: &Way) {
    if way.file.contains('@') {
        std::fs::remove_file(fixture.project.path(&way.file.replace('@', "one"))).unwrap();
    }
    write(fixture, way, "two");
    fixture.project.commit("an edit");
}
