//! What is in a folder: taken, put back, and compared.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a folder by path, with what they say; folders say nothing. What git and
/// the harness's own records of machines are is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    root: PathBuf,
    pub(crate) files: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl State {
    pub(crate) fn of(root: &Path) -> Self {
        let mut files = BTreeMap::new();
        visit(root, root, &mut files);
        Self {
            root: root.to_owned(),
            files,
        }
    }

    /// Makes the folder what it was, and touches nothing that is.
    pub(crate) fn restore(&self) {
        let now = Self::of(&self.root);
        // What is below a folder comes after it.
        for (path, there) in now.files.iter().rev() {
            let whole = self.root.join(path);
            match (there, self.files.get(path)) {
                (_, Some(was)) if was.is_some() == there.is_some() => {}
                (Some(_), _) => fs::remove_file(whole).unwrap(),
                (None, _) => fs::remove_dir(whole).unwrap(),
            }
        }
        for (path, was) in &self.files {
            let whole = self.root.join(path);
            match was {
                None => fs::create_dir_all(whole).unwrap(),
                Some(_) if now.files.get(path) == Some(was) => {}
                Some(bytes) => fs::write(whole, bytes).unwrap(),
            }
        }
    }

    /// The names of files that are half of something.
    pub(crate) fn leftovers(&self) -> Vec<&Path> {
        let paths = self.files.keys().map(PathBuf::as_path);
        paths.filter(|path| is_temporary(path)).collect()
    }
}

/// Whether a file is one that is written to before it gets its name.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(".nix-parity-") || name.starts_with(".tmp")
}

fn visit(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Option<Vec<u8>>>) {
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root).unwrap().to_owned();
        if path.is_symlink() || name == Path::new(".git") {
            continue;
        }
        if path.is_dir() {
            found.insert(name, None);
            visit(root, &path, found);
        } else {
            found.insert(name, fs::read(&path).ok());
        }
    }
}
