//! Evidence that the reference cases guard the reference configuration: random
//! mutations of one line each, every one followed by a run that should fail.
//!
//! How many and which: `NIX_PARITY_MUTATIONS` (8 without it) and
//! `NIX_PARITY_MUTATION_SEED`. What survives is printed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a helper that cannot do its work fails its test; numbers are for who asks for many"
)]

mod sites;

use std::path::Path;

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_testkit::{Program, Project, Rng};

use sites::{Kind, Site, sites};

/// How many survivors of a hundred are too many.
const SURVIVORS: usize = 5;

fn repository() -> Utf8PathBuf {
    let dir = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    dir.canonicalize_utf8().unwrap()
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// The modules of the configuration, with their paths relative to the project.
fn modules(project: &Project) -> Vec<(String, String)> {
    fn visit(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in folder.read_dir().unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, found);
            } else if path.extension().is_some_and(|e| e == "nix") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    visit(project.path("config").as_std_path(), &mut found);
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(project.root()).unwrap();
            let name = name.to_str().unwrap().to_owned();
            let text = project.read(&name);
            (name, text)
        })
        .collect()
}

/// Whether the cases find a mutation.
fn is_found(project: &Project, cache: &Path) -> bool {
    let ran = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
        .current_dir(project.root())
        .env("NIX_PARITY_CACHE_DIR", cache)
        .env("CI", "true")
        .args(["run", "--fail-fast"])
        .run();
    ran.code() != Some(0)
}

#[test]
fn cases_find_mutations() {
    let wanted = usize::try_from(number("NIX_PARITY_MUTATIONS", 8)).unwrap();
    let seed = number("NIX_PARITY_MUTATION_SEED", 1);
    let mut rng = Rng::new(seed);
    let project = Project::clone_of(&repository());
    let cache = tempfile::tempdir().unwrap();
    assert!(
        !is_found(&project, cache.path()),
        "the cases must pass before anything is changed"
    );
    let modules = modules(&project);
    let all: Vec<(&str, &str, Site)> = modules
        .iter()
        .flat_map(|(name, text)| {
            sites(text)
                .into_iter()
                .map(move |site| (&**name, &**text, site))
        })
        .collect();
    let mut survivors = Vec::new();
    for _ in 0..wanted {
        // Kinds in turn: there are many more strings than imports.
        let kind = *rng.one(&Kind::ALL);
        let of_kind: Vec<_> = all
            .iter()
            .filter(|(_, _, site)| site.kind == kind)
            .collect();
        let (file, text, site) = *rng.one(&of_kind);
        project.write(file, &site.mutated(text));
        if !is_found(&project, cache.path()) {
            survivors.push(format!(
                "{file}:{} {}",
                site.line(text),
                site.described(text)
            ));
        }
        project.write(file, text);
    }
    println!(
        "seed {seed}: {} of {wanted} mutations survive",
        survivors.len()
    );
    for survivor in &survivors {
        println!("  {survivor}");
    }
    assert!(
        survivors.len() * 100 <= SURVIVORS * wanted.max(20),
        "too many survive: {survivors:#?}"
    );
}
