//! What the crates here use: each dependency with its reason in the README, and none that
//! needs a newer Rust than is promised.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use super::repository;

/// What cargo says of this workspace. Of more than its own members it reads the crates of
/// every platform, which `ci/test` has fetched and a `cargo test` alone has not: cargo
/// fetches those that are missing, unless it is told to stay offline.
fn metadata(more: &[&str]) -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1"])
        .args(more)
        .current_dir(repository())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn packages(metadata: &Value) -> &[Value] {
    metadata["packages"].as_array().unwrap()
}

/// `1.89` and `1.89.0` are the same.
fn version(text: &str) -> [u32; 3] {
    let mut parts = text.split('.').map(|part| part.parse().unwrap());
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[test]
fn none_needs_a_newer_rust_than_is_promised() {
    let metadata = metadata(&[]);
    let own = |package: &&Value| package["source"].is_null();
    let promised = packages(&metadata).iter().find(own).unwrap();
    let promised = version(promised["rust_version"].as_str().unwrap());
    for package in packages(&metadata) {
        if let Some(needs) = package["rust_version"].as_str() {
            let name = package["name"].as_str().unwrap();
            assert!(version(needs) <= promised, "{name} needs Rust {needs}");
        }
    }
}

#[test]
fn each_has_its_reason_in_the_readme() {
    let metadata = metadata(&["--no-deps"]);
    let mut used = BTreeSet::new();
    for package in packages(&metadata) {
        if package["source"].is_null() {
            let dependencies = package["dependencies"].as_array().unwrap();
            let foreign = dependencies.iter().filter(|d| !d["source"].is_null());
            used.extend(foreign.map(|d| d["name"].as_str().unwrap().to_owned()));
        }
    }
    // Used by fuzz/, which is a workspace of its own.
    used.insert("libfuzzer-sys".to_owned());
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, table) = readme.split_once("\n## Dependencies\n").unwrap();
    let (table, _) = table.split_once("\n## ").unwrap();
    let rows = table.lines().filter_map(|row| {
        let (name, _) = row.strip_prefix("| `")?.split_once("` |")?;
        Some(name.to_owned())
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort();
    assert_eq!(rows, Vec::from_iter(used));
}
