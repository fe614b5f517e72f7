//! The repository's own project file, cases and schemas, as they are committed.

use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_core::case::parse_suite;
use nix_parity_core::ledger::parse_ledger;
use nix_parity_core::package_map;
use nix_parity_testkit::{CountingNix, Program};
use serde_json::{Value, json};

use crate::json_schema::{Schema, document};
use crate::support::assert_sound;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn schema(name: &str) -> Schema {
    let path = repository().join("schemas").join(name);
    Schema::parse(&fs::read_to_string(path).unwrap())
}

/// All case files, however deep.
fn case_files() -> Vec<PathBuf> {
    fn visit(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in folder.read_dir().expect("there is a folder of cases") {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, files);
            } else if path.extension().is_some_and(|e| e == "yaml" || e == "yml") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    visit(&repository().join("cases"), &mut files);
    files
}

#[test]
fn the_tests_are_listed_without_nix() {
    let nix = CountingNix::new();
    let ran = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
        .args(["list", "--nix"])
        .arg(nix.path())
        .current_dir(repository())
        .run();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    assert!(ran.stdout.lines().count() >= 250, "{}", ran.stdout);
    for host in [
        "macbook-air",
        "future-nixos-pc",
        "server",
        "workstation",
        "lars",
    ] {
        assert!(
            ran.stdout.lines().any(|test| test.ends_with(host)),
            "no test of {host}"
        );
    }
    assert_eq!(nix.calls().to_string(), "");
}

#[test]
fn committed_schemas_are_the_generated_ones() {
    let ran = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
        .args(["schema", "--check"])
        .current_dir(repository())
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
}

#[test]
fn the_repository_keeps_to_its_schemas() {
    let cases = schema("case.schema.json");
    let files = case_files();
    assert!(!files.is_empty());
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(cases.refusal(&document(&text)), None, "{}", file.display());
    }
    let project = fs::read_to_string(repository().join("parity.yaml")).unwrap();
    assert_eq!(
        schema("project.schema.json").refusal(&document(&project)),
        None
    );
}

/// A document that uses each key of the language.
fn right() -> Value {
    json!({
        "suite": "all",
        "proves": ["language"],
        "defaults": {"hosts": ["all", {"not": "pc"}], "timeout": "60s", "tags": ["fast"]},
        "cases": [
            {
                "name": "expect",
                "hosts": "nixos:*",
                "tags": "slow",
                "timeout": "5m",
                "proves": "language",
                "with": "{ }",
                "expect": {
                    "common": {"a.b": 1},
                    "darwin": {"a.b": {"includes": ["x"]}},
                    "nixos": {"a.b": {"length": {"ge": 1}, "type": "list"}},
                    "home": {"a.b": {"includes_packages": [{"pname": "git", "version": ">=2"}]}},
                    "hosts": {"pc": {"a.b": {"any_of": [1, {"absent_or": 2}]}}}
                },
                "expected_failure": {"until": "later", "ledger": "language"}
            },
            {"name": "eval", "eval": "1", "is": {"gt": 0}},
            {"name": "eval on", "eval": "1", "is_on": {"common": 1, "hosts": {"pc": 2}}},
            {"name": "throws", "throws": {"assertion": "no"}},
            {"name": "throws with", "eval": "throw ''no''", "throws": {"matches": "no"}},
            {"name": "snapshot", "snapshot": {
                "derivation": "system", "closure": "a.b", "options": ["a"], "files": "etc/a"
            }},
            {"name": "warns", "warns": {"contains": "old"}},
            {"name": "parity", "parity": {"paths": ["a.b", "c"], "across": ["darwin", "home"]}},
            {"name": "parity of one", "parity": {"paths": "a", "across": "nixos"}},
            {"name": "programs", "package_parity": {"mapping": "map.yaml", "across": ["darwin", "nixos"]}},
            {"name": "reuse", "reuse": {
                "roots": ["config"], "between": ["darwin", "nixos"], "at_least": "80%", "files_at_least": "60.5%"
            }},
            {"name": "budget", "budget": {
                "thunks": "12M", "function_calls": 9, "primop_calls": "1.5k", "lookups": 1, "values": 1, "sets": 1,
                "list_elements": "1G", "recorded": ["thunks"], "tolerance": "5%"
            }},
            {"name": "tree", "tree": {"present": ["a", "b/"], "absent": "*.old"}}
        ]
    })
}

/// The document with each of its nodes in turn replaced by each of some values
/// that hardly belong there, or with a key too many.
fn variations(document: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut pointers = vec![String::new()];
    while let Some(pointer) = pointers.pop() {
        let node = document.pointer(&pointer).unwrap();
        let mut replace = |what: &str, value: Value| {
            let mut copy = document.clone();
            *copy.pointer_mut(&pointer).unwrap() = value;
            found.push((format!("{what} at {pointer}"), copy));
        };
        for value in [
            Value::Null,
            json!(true),
            json!(7),
            json!(""),
            json!([]),
            json!({}),
            json!([[]]),
        ] {
            if value != *node {
                replace(&value.to_string(), value);
            }
        }
        match node {
            Value::Object(members) => {
                let mut more = members.clone();
                more.insert("unheard_of".to_owned(), json!(1));
                replace("a key too many", more.into());
                for name in members.keys() {
                    let mut fewer = members.clone();
                    fewer.remove(name);
                    replace(&format!("no {name}"), fewer.into());
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    pointers.push(format!("{pointer}/{escaped}"));
                }
            }
            Value::Array(items) => {
                pointers.extend((0..items.len()).map(|i| format!("{pointer}/{i}")));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn what_the_schema_refuses_the_program_refuses() {
    let schema = schema("case.schema.json");
    let right = right();
    assert_eq!(schema.refusal(&right), None);
    parse_suite("cases/a.yaml", &right.to_string()).unwrap();

    let (mut refused, mut disputed) = (0, Vec::new());
    for (what, document) in variations(&right) {
        let by_schema = schema.refusal(&document);
        let by_program = parse_suite("cases/a.yaml", &document.to_string()).is_err();
        match (by_schema, by_program) {
            (Some(_), true) => refused += 1,
            // An editor would show a mistake where there is none.
            (Some(reason), false) => disputed.push(format!("{what}: {reason}")),
            // The program knows more than a schema can say.
            (None, _) => {}
        }
    }
    assert_eq!(disputed, Vec::<String>::new());
    assert!(refused > 200, "{refused} wrong documents are few");
}

#[test]
fn what_the_schema_of_package_maps_refuses_the_program_refuses() {
    let schema = schema("package-map.schema.json");
    let right = json!([
        {"name": "a", "brew": "a", "nixpkgs": "a"},
        {"name": "b", "cask": "b", "only": "darwin", "reason": "no"}
    ]);
    let parse = |text: &str| package_map::parse("map.yaml", text);
    assert_eq!(schema.refusal(&right), None);
    parse(&right.to_string()).unwrap();
    let mut refused = 0;
    for (what, document) in variations(&right) {
        if schema.refusal(&document).is_some() {
            assert!(parse(&document.to_string()).is_err(), "{what}");
            refused += 1;
        }
    }
    assert!(refused > 40, "{refused} wrong documents are few");
    let own = fs::read_to_string(repository().join("config/package-map.yaml")).unwrap();
    assert_eq!(schema.refusal(&document(&own)), None);
}

#[test]
fn what_the_schema_of_ledgers_refuses_the_program_refuses() {
    let schema = schema("ledger.schema.json");
    let right = json!({"rows": [
        {"id": "a", "proposed": "b", "found": "c", "gap": "d", "weight": 2, "wanted": "required"},
        {"id": "b", "proposed": "b", "wanted": "declined", "reason": "no"}
    ]});
    assert_eq!(schema.refusal(&right), None);
    parse_ledger("ledger.yaml", &right.to_string()).unwrap();
    let mut refused = 0;
    for (what, document) in variations(&right) {
        if schema.refusal(&document).is_some() {
            let read = parse_ledger("ledger.yaml", &document.to_string());
            assert!(read.is_err(), "{what}");
            refused += 1;
        }
    }
    assert!(refused > 50, "{refused} wrong documents are few");
}

#[test]
fn the_ledger_is_as_its_schema_says() {
    let text = fs::read_to_string(repository().join("ledger.yaml")).unwrap();
    let ledger = parse_ledger("ledger.yaml", &text).unwrap_or_else(|d| panic!("{d:#?}"));
    assert_eq!(schema("ledger.schema.json").refusal(&document(&text)), None);
    let declined = ledger.rows.iter().filter(|row| row.is_declined());
    assert_eq!((ledger.rows.len(), declined.count()), (25, 5));
}
