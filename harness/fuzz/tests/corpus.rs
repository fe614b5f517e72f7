//! The inputs that are kept, each read once more: what once broke a law stays mended.

use std::path::{Path, PathBuf};

use nix_parity_fuzz::TARGETS;

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus")
}

#[test]
fn what_is_kept_breaks_no_law() {
    for (name, target) in TARGETS {
        let folder = corpus().join(name);
        let files = std::fs::read_dir(&folder).unwrap();
        let files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        assert!(
            files.len() >= 5,
            "{}: {} files",
            folder.display(),
            files.len()
        );
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let ended = std::panic::catch_unwind(|| target(&bytes));
            assert!(ended.is_ok(), "{} breaks a law of {name}", file.display());
        }
    }
}

/// Random input starts from traces that are read, not from what another version wrote.
#[test]
fn traces_that_are_kept_are_of_this_format() {
    for name in ["empty", "real-1", "real-2", "real-3"] {
        let bytes = std::fs::read(corpus().join("trace").join(name)).unwrap();
        assert!(nix_parity_engine::fuzz::trace(&bytes), "{name}");
    }
}

/// Each target is one that cargo-fuzz builds, and has a folder of inputs.
#[test]
fn targets_are_those_of_cargo_fuzz() {
    let names = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).unwrap();
        let path = entries.map(|entry| entry.unwrap().path());
        let stem = path.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned());
        let mut names: Vec<_> = stem.collect();
        names.sort();
        names
    };
    let ours: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(corpus()), ours);
    assert_eq!(names(corpus().join("../fuzz_targets")), ours);
    let manifest = std::fs::read_to_string(corpus().join("../Cargo.toml")).unwrap();
    for name in ours {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}
