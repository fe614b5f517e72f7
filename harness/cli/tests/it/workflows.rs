//! The workflows and actions of this repository: what no linter of them knows.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_core::yaml::{Kind, Node, parse};
use nix_parity_testkit::{Need, Program};

fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// Workflows and actions.
fn files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(repository().join(".github/workflows"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    for entry in fs::read_dir(repository().join("ci/actions")).unwrap() {
        files.push(entry.unwrap().path().join("action.yml"));
    }
    assert!(files.len() >= 8, "{files:?}");
    files
}

fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let Kind::Mapping(entries) = &node.kind else {
        return None;
    };
    let mut entries = entries.iter();
    entries
        .find(|(name, _)| text(name) == Some(key))
        .map(|(_, value)| value)
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::String(text) => Some(text),
        _ => None,
    }
}

fn keys(node: &Node) -> BTreeSet<&str> {
    match &node.kind {
        Kind::Mapping(entries) => entries.iter().filter_map(|(key, _)| text(key)).collect(),
        _ => BTreeSet::new(),
    }
}

/// All mappings of a document that have this key.
fn with_key<'n>(node: &'n Node, key: &str, found: &mut Vec<&'n Node>) {
    match &node.kind {
        Kind::Mapping(entries) => {
            if get(node, key).and_then(text).is_some() {
                found.push(node);
            }
            for (_, value) in entries {
                with_key(value, key, found);
            }
        }
        Kind::Sequence(items) => {
            for item in items {
                with_key(item, key, found);
            }
        }
        _ => {}
    }
}

#[test]
fn what_others_wrote_is_pinned_to_a_commit_whose_version_is_said() {
    let mut foreign = BTreeSet::new();
    for file in files() {
        let content = fs::read_to_string(&file).unwrap();
        for line in content.lines() {
            let Some((_, used)) = line.split_once("uses: ") else {
                continue;
            };
            if used.starts_with("$/") {
                continue;
            }
            let place = format!("{}: {line}", file.display());
            let (action, rest) = used.split_once('@').expect(&place);
            let (commit, version) = rest.split_once(" # v").expect(&place);
            let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            assert!(commit.len() == 40 && commit.chars().all(is_hex), "{place}");
            assert!(version.split('.').count() == 3, "{place}");
            foreign.insert((action.to_owned(), commit.to_owned()));
        }
    }
    // One version of each, so that one line to look for is all of an update.
    let actions: BTreeSet<_> = foreign
        .iter()
        .map(|(action, _)| {
            // `actions/cache/save` is of the same repository.
            action.split('/').take(2).collect::<Vec<_>>().join("/")
        })
        .collect();
    let commits: BTreeSet<_> = foreign.iter().map(|(_, commit)| commit).collect();
    assert_eq!(actions.len(), commits.len(), "{foreign:?}");
}

#[test]
fn own_actions_and_workflows_get_what_they_take() {
    let mut seen = 0;
    for file in files() {
        let document = parse(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut steps = Vec::new();
        with_key(&document, "uses", &mut steps);
        for step in steps {
            let Some(path) = get(step, "uses").and_then(text).unwrap().strip_prefix("$/") else {
                continue;
            };
            seen += 1;
            let place = format!("{}: {path}", file.display());
            let (target, is_workflow) = if path.starts_with(".github/") {
                (repository().join(path), true)
            } else {
                (repository().join(path).join("action.yml"), false)
            };
            let target = parse(&fs::read_to_string(target).expect(&place)).unwrap();
            let inputs = if is_workflow {
                let call = get(get(&target, "on").unwrap(), "workflow_call").expect(&place);
                get(call, "inputs").unwrap()
            } else {
                get(&target, "inputs").unwrap()
            };
            let given = get(step, "with").map(keys).unwrap_or_default();
            let unknown: Vec<_> = given.difference(&keys(inputs)).copied().collect();
            assert!(unknown.is_empty(), "{place} does not take {unknown:?}");
            let Kind::Mapping(entries) = &inputs.kind else {
                panic!("{place}")
            };
            for (name, input) in entries {
                let required =
                    get(input, "required").is_some_and(|r| matches!(r.kind, Kind::Bool(true)));
                let name = text(name).unwrap();
                assert!(!required || given.contains(name), "{place} needs {name}");
            }
        }
    }
    assert!(seen >= 10, "{seen}");
}

/// The scripts of all steps: the file and the text, of those that are not beside it.
fn scripts() -> Vec<(std::path::PathBuf, String)> {
    let mut scripts = Vec::new();
    for file in files() {
        let document = parse(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut steps = Vec::new();
        with_key(&document, "run", &mut steps);
        for step in steps {
            let script = get(step, "run").and_then(text).unwrap();
            scripts.push((file.clone(), script.to_owned()));
        }
    }
    assert!(scripts.len() >= 10, "{}", scripts.len());
    scripts
}

#[test]
fn scripts_hold_no_expressions_and_those_of_actions_are_there() {
    for (file, script) in scripts() {
        let place = format!("{}: {script}", file.display());
        // What an expression brings would be read as commands; a variable is not.
        assert!(!script.contains("${{"), "{place}");
        // A script of an action is beside it.
        if let Some(name) = script.strip_prefix("\"$GITHUB_ACTION_PATH/") {
            let name = name.trim_end().strip_suffix('"').expect(&place);
            assert!(file.parent().unwrap().join(name).is_file(), "{place}");
        }
    }
}

#[test]
fn scripts_hold_nothing_to_warn_of_needs_shellcheck() {
    Need::Shellcheck.require();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("script");
    for (file, script) in scripts() {
        fs::write(&path, format!("#!/usr/bin/env bash\nset -e\n{script}\n")).unwrap();
        let ran = Program::new("shellcheck").arg(&path).run();
        assert_eq!(
            ran.code(),
            Some(0),
            "{}: {script}\n{}",
            file.display(),
            ran.stdout
        );
    }
}
