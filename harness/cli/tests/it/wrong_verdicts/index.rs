//! Tracked files that git does not look at. Nix evaluates the recorded text of one while
//! the tree is unchanged, and the file on disk as soon as anything else is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use nix_parity_testkit::{Host, Platform};

use super::{Row, ensure};
use crate::support::Fixture;

pub(super) fn rows() -> Vec<Row> {
    let row = |subject, verdict, check| Row {
        subject,
        verdict,
        check,
    };
    let changed = "the recorded text stays when the tree is changed";
    vec![
        row("assume-unchanged", changed, || {
            changes(&TEXT, |fixture| bit(fixture, "--assume-unchanged"))
        }),
        row("skip-worktree", changed, || {
            changes(&TEXT, |fixture| bit(fixture, "--skip-worktree"))
        }),
        row(
            "assume-unchanged",
            "a hidden module stays as recorded",
            || changes(&MODULE, |fixture| bit(fixture, "--assume-unchanged")),
        ),
        row("assume-unchanged", "the names of a folder stay", || {
            changes(&NAMES, |fixture| {
                let file = "hosts/data/one";
                update(fixture, &["--assume-unchanged", file]);
                fs::remove_file(fixture.project.path(file)).unwrap();
            })
        }),
        row("core.fileMode", "the recorded mode stays", || {
            changes(&MODE, |fixture| {
                fixture.project.git(&["config", "core.fileMode", "false"]);
                let mode = fs::Permissions::from_mode(0o755);
                fs::set_permissions(fixture.project.path(FILE), mode).unwrap();
            })
        }),
        row("line endings", "the recorded line ending stays", || {
            changes(&TEXT, |fixture| {
                let attributes = fixture.project.path(".git/info/attributes");
                fs::write(attributes, "*.txt text eol=crlf\n").unwrap();
                fixture.project.write(FILE, "one\r\n");
                fixture.project.git(&["add", FILE]);
            })
        }),
        row("a filter", "the recorded text stays", || {
            changes(&TEXT, |fixture| {
                let attributes = fixture.project.path(".git/info/attributes");
                fs::write(attributes, "*.txt filter=own\n").unwrap();
                let clean = ["config", "filter.own.clean", "sed s/two/one/"];
                fixture.project.git(&clean);
                fixture.project.write(FILE, "two\n");
                fixture.project.git(&["add", FILE]);
            })
        }),
        row(
            "assume-unchanged",
            "the gate opens on the recorded text",
            gate,
        ),
    ]
}

const FILE: &str = "hosts/own.txt";

/// Evaluates to "one\n" as it is recorded, and to something else as it is on disk.
type Expression = &'static str;

static TEXT: Expression = "builtins.readFile ./own.txt";
static MODULE: Expression = "import ./own.nix";
static NAMES: Expression = r#"toString (builtins.attrNames (builtins.readDir ./data)) + "\n""#;
static MODE: Expression =
    r#"builtins.substring 11 32 "${./own.txt}" + builtins.readFile ./own.txt"#;

/// Hides a difference, and edits another file.
fn changes(expression: &Expression, hide: fn(&Fixture)) -> Result<(), String> {
    let fixture = project(expression);
    // Nix copies the tree as it is recorded, and takes that copy until git says that
    // something is changed.
    got(&fixture, &[]);
    hide(&fixture);
    let status = fixture.project.git(&["status", "--porcelain"]);
    ensure(status.is_empty(), || {
        format!("git must not see it: {status}")
    })?;
    let clean = got(&fixture, &[]);
    fixture.project.write("notes.md", "more\n");
    let (cached, reference) = (got(&fixture, &[]), got(&fixture, &["--no-cache"]));
    ensure(cached == reference, || {
        format!("it says {cached}, and Nix {reference}; before the edit: {clean}")
    })?;
    fixture.project.git(&["checkout", "notes.md"]);
    let (cached, reference) = (got(&fixture, &[]), got(&fixture, &["--no-cache"]));
    ensure(cached == reference, || {
        format!("it says {cached}, and Nix {reference}, when the edit is undone")
    })
}

fn gate() -> Result<(), String> {
    let fixture = project(&TEXT);
    // This case fails in any state.
    fs::remove_file(fixture.project.path("cases/b.yaml")).unwrap();
    fixture.project.commit("without it");
    got_passed(&fixture)?;
    bit(&fixture, "--assume-unchanged");
    let arguments = ["gate", "--host", "pc", "--yes", "--", "echo", "switched"];
    // Nix 2.26 goes on with the copy that it has, and the gate opens; 2.34 reads the disk.
    fixture.run(&arguments);
    fixture.project.write("notes.md", "more\n");
    let second = fixture.run(&arguments);
    ensure(!second.stdout.contains("switched"), || {
        format!("the gate is open: {}", second.stdout)
    })
}

fn got_passed(fixture: &Fixture) -> Result<(), String> {
    let ran = fixture.run(&["run"]);
    ensure(ran.code() == Some(0), || {
        format!("it must pass: {}", ran.stdout)
    })
}

/// The value that a run finds.
fn got(fixture: &Fixture, arguments: &[&str]) -> String {
    let record = fixture.record(arguments);
    let result = &record.results["b::never::pc"];
    let value = &result["findings"][0]["problem"]["got"];
    if value.is_null() {
        result.to_string()
    } else {
        value.to_string()
    }
}

fn bit(fixture: &Fixture, bit: &str) {
    for (file, text) in [(FILE, "two\n"), ("hosts/own.nix", "\"two\\n\"\n")] {
        update(fixture, &[bit, file]);
        fixture.project.write(file, text);
    }
}

fn update(fixture: &Fixture, arguments: &[&str]) {
    let arguments = [&["update-index"], arguments].concat();
    fixture.project.git(&arguments);
}

fn project(expression: &Expression) -> Fixture {
    let module = format!("{{ networking.domain = {expression}; }}\n");
    let fixture = Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(&module)],
        &[
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
            ("notes.md", "notes\n"),
            (FILE, "one\n"),
            ("hosts/own.nix", "\"one\\n\"\n"),
            ("hosts/data/one", ""),
            ("hosts/data/two", ""),
            (
                "cases/a.yaml",
                "cases:\n  - name: domain\n    expect: { nixos: { networking.domain: \"one\\n\" } }\n",
            ),
            (
                "cases/b.yaml",
                "cases:\n  - name: never\n    expect: { nixos: { networking.domain: never } }\n",
            ),
        ],
    );
    fixture.project.commit("all");
    fixture
}
