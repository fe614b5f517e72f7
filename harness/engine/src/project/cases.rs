//! Finding and reading case files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_core::case::{Suite, parse_suite};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::location::Location;
use nix_parity_core::yaml::MAX_FILE_BYTES;

use super::{BrokenFile, unreadable};

/// Reads all `*.yaml` and `*.yml` files below a folder of the project, in the
/// order of their paths.
///
/// # Errors
/// The folder cannot be read, or holds no case file.
pub fn load_suites(
    root: &Path,
    folder: &str,
) -> Result<(Vec<Suite>, Vec<BrokenFile>), Vec<Diagnostic>> {
    let files = find(root, folder)?;
    let mut suites: Vec<Suite> = Vec::new();
    let mut broken = Vec::new();
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for (name, path) in files {
        match read(&name, &path) {
            Ok(suite) => match seen.insert(suite.name.value.clone(), name.clone()) {
                Some(first) => broken.push(BrokenFile {
                    path: name,
                    diagnostics: vec![duplicate(&suite, &first)],
                }),
                None => suites.push(suite),
            },
            Err(diagnostics) => broken.push(BrokenFile {
                path: name,
                diagnostics,
            }),
        }
    }
    Ok((suites, broken))
}

/// Reads the one suite that its file is named after; `None` where there is no
/// such file, or it is wrong or named otherwise inside. For finding one test
/// without work on the others.
pub fn load_suite(root: &Path, folder: &str, name: &str) -> Option<Suite> {
    let files = find(root, folder).ok()?;
    let mut named = files
        .into_iter()
        .filter(|(_, path)| path.file_stem().and_then(|stem| stem.to_str()) == Some(name));
    let (file, path) = named.next()?;
    read(&file, &path)
        .ok()
        .filter(|suite| suite.name.value == name)
}

fn duplicate(suite: &Suite, first: &str) -> Diagnostic {
    Diagnostic::new(format!("a second suite named `{}`", suite.name.value))
        .at(suite.name.location.clone(), None)
        .note(format!("the first is {first}"))
}

fn find(root: &Path, folder: &str) -> Result<Vec<(String, PathBuf)>, Vec<Diagnostic>> {
    let dir = root.join(folder);
    if !dir.is_dir() {
        return Err(vec![
            Diagnostic::new(format!(
                "no cases: there is no folder `{folder}` in {}",
                root.display()
            ))
            .note("write a first case file there, or set `cases:` in parity.yaml"),
        ]);
    }
    let mut files = Vec::new();
    let walk = ignore::WalkBuilder::new(&dir)
        .standard_filters(false)
        .follow_links(true)
        .build();
    for entry in walk {
        let entry = entry.map_err(|e| {
            vec![Diagnostic::new(format!(
                "cannot read {}: {e}",
                dir.display()
            ))]
        })?;
        let path = entry.path();
        let yaml = matches!(
            path.extension().and_then(|e| e.to_str()),
            Some("yaml" | "yml")
        );
        if yaml && entry.file_type().is_some_and(|t| t.is_file()) {
            let name = path
                .strip_prefix(root)
                .unwrap_or(path)
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name, path.to_owned()));
        }
    }
    if files.is_empty() {
        return Err(vec![
            Diagnostic::new(format!("no cases: no *.yaml file in {}", dir.display()))
                .note("write a first case file there, or set `cases:` in parity.yaml"),
        ]);
    }
    files.sort();
    Ok(files)
}

fn read(name: &str, path: &Path) -> Result<Suite, Vec<Diagnostic>> {
    parse_suite(name, &read_text(name, path, "a case file")?)
}

/// The text of a file, `what` it is called in messages.
pub(super) fn read_text(name: &str, path: &Path, what: &str) -> Result<String, Vec<Diagnostic>> {
    let size = fs::metadata(path)
        .map_err(|e| vec![unreadable(path, &e)])?
        .len();
    if size > MAX_FILE_BYTES {
        return Err(vec![
            Diagnostic::new(format!("{what} of {} MB", size / 1_000_000))
                .at(Location::point(name, 0, 0), None)
                .note(format!(
                    "at most {} MB are read; split it",
                    MAX_FILE_BYTES / 1_000_000
                )),
        ]);
    }
    let bytes = fs::read(path).map_err(|e| vec![unreadable(path, &e)])?;
    String::from_utf8(bytes).map_err(|e| {
        let before = String::from_utf8_lossy(&e.as_bytes()[..e.utf8_error().valid_up_to()]);
        let line = u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX);
        vec![
            Diagnostic::new(format!("{what} that is not UTF-8"))
                .at(Location::point(name, line, 0), None),
        ]
    })
}
