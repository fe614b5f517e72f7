//! What holds the pages together: links and anchors, the contents of the book, the drawing
//! of the crates, and that each command has its place.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{blocks, pages, repository};

/// Pages beside those of docs/, whose links are followed too.
const OTHERS: [&str; 2] = ["CHANGELOG.md", "RELEASING.md"];

/// A page's text without blocks of code.
fn prose(page: &Path) -> String {
    let text = std::fs::read_to_string(page).unwrap();
    let mut in_code = false;
    let lines = text.lines().filter(|line| {
        let is_fence = line.trim_start().starts_with("```");
        in_code ^= is_fence;
        !in_code && !is_fence
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The targets of a text's links. What is between backticks is none.
fn links(text: &str) -> Vec<String> {
    let text: String = text.split('`').step_by(2).collect();
    let targets = text.split("](").skip(1);
    targets
        .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
        .collect()
}

/// What a heading is called in a link, as GitHub and mdBook make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim().to_lowercase();
    kept.chars()
        .filter(|c| c.is_alphanumeric() || ['-', '_', ' '].contains(c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The anchors of a page; a heading that is there twice has a number the second time.
fn anchors(page: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in prose(page).lines().filter(|line| line.starts_with('#')) {
        let name = anchor(line.trim_start_matches('#'));
        let again = (1..).map(|n| format!("{name}-{n}"));
        let free = std::iter::once(name.clone()).chain(again);
        let free = free.into_iter().find(|name| !found.contains(name));
        found.extend(free);
    }
    found
}

#[test]
fn links_of_the_pages_lead_somewhere() {
    let others = OTHERS.iter().map(|page| repository().join(page));
    let mut followed = 0;
    for page in pages().into_iter().chain(others) {
        for target in links(&prose(&page)) {
            if target.contains("://") {
                continue;
            }
            let (file, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let path = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            assert!(path.exists(), "{}: {target}", page.display());
            let is_page = path.extension().is_some_and(|e| e == "md");
            if is_page && !fragment.is_empty() {
                let known = anchors(&path);
                let is_there = known.contains(fragment);
                assert!(is_there, "{}: {target}: {known:?}", page.display());
            }
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed} links");
}

#[test]
fn the_book_has_every_page() {
    let docs = repository().join("docs");
    let summary = docs.join("SUMMARY.md");
    let listed: Vec<PathBuf> = links(&prose(&summary))
        .iter()
        .map(|target| docs.join(target).canonicalize().unwrap())
        .collect();
    for page in pages() {
        let name = page.file_name().unwrap().to_str().unwrap();
        // ci/book lists the decisions, by their numbers.
        let is_decision = page.parent() == Some(&docs.join("decisions")) && name.starts_with('0');
        if page != summary && !is_decision {
            let times = listed.iter().filter(|other| **other == page).count();
            assert_eq!(times, 1, "{} in docs/SUMMARY.md", page.display());
        }
        if is_decision {
            let text = std::fs::read_to_string(&page).unwrap();
            let number = name[..4].trim_start_matches('0');
            let title = text.strip_prefix(&format!("# {number}. "));
            let first = title.and_then(|title| title.chars().next());
            assert!(
                first.is_some_and(|c| c.is_uppercase() || c == '`'),
                "{name}: a title is `# {number}. What was decided`"
            );
        }
    }
}

/// What `cargo metadata` says of the crates here: who uses whom, and whether in tests only.
fn arrows() -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(repository())
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let short = |name: &serde_json::Value| {
        let name = name.as_str().unwrap().strip_prefix("nix-parity-");
        name.map(str::to_owned)
    };
    let mut arrows = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let from = short(&package["name"]).unwrap();
        for dependency in package["dependencies"].as_array().unwrap() {
            let Some(to) = short(&dependency["name"]) else {
                continue;
            };
            let arrow = match dependency["kind"].as_str() {
                Some("dev") => "-.->",
                _ => "-->",
            };
            arrows.insert(format!("{from} {arrow} {to}"));
        }
    }
    arrows
}

#[test]
fn the_drawing_of_the_crates_is_as_cargo_has_them() {
    let page = repository().join("docs/architecture.md");
    let drawings = blocks(&page);
    let drawing = drawings.iter().find(|b| b.info == "mermaid").unwrap();
    let lines = drawing.text.lines().skip(1);
    let drawn: BTreeSet<String> = lines.map(|line| line.trim().to_owned()).collect();
    assert_eq!(drawn, arrows());
}

#[test]
fn every_command_has_its_place_on_the_pages() {
    let program = env!("CARGO_BIN_EXE_nix-parity");
    let output = Command::new(program).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let commands: Vec<&str> = commands
        .lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    assert!(commands.len() >= 16, "{commands:?}");
    for (page, before) in [("commands.md", "`nix-parity "), ("exit-codes.md", "`")] {
        let text = std::fs::read_to_string(repository().join("docs").join(page)).unwrap();
        let rows: Vec<&str> = text.lines().filter(|l| l.starts_with("| ")).collect();
        for command in &commands {
            let name = format!("{before}{command}");
            let named = |row: &&str| {
                let mut rest = row.split(&name).skip(1);
                rest.any(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
            };
            assert!(rows.iter().any(named), "{page}: {command}");
        }
    }
}

#[test]
fn headings_become_anchors() {
    assert_eq!(anchor(" `build`, `files`, each"), "build-files-each");
    assert_eq!(
        anchor(" What's accepted: 2 of it"),
        "whats-accepted-2-of-it"
    );
    assert_eq!(
        links("[a](b.md#c) and `[no](link)` and [`d`](e)"),
        ["b.md#c", "e"]
    );
}
