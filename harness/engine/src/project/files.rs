//! The files beside the flake.

use std::path::PathBuf;

use super::Project;

impl Project {
    /// The folder of the configuration: the flake's, or the project's where the flake is
    /// on no local disk.
    pub fn tree(&self) -> PathBuf {
        self.flake_dir().unwrap_or_else(|| self.root.clone())
    }

    /// All files in the folder of the configuration, by their path relative to it, in
    /// their order: hidden ones too, but not git's own and what git ignores.
    ///
    /// # Errors
    /// What cannot be read, in words.
    pub fn files(&self) -> Result<Vec<String>, String> {
        let root = self.tree();
        let walk = ignore::WalkBuilder::new(&root)
            .hidden(false)
            .parents(false)
            .ignore(false)
            .filter_entry(|entry| entry.file_name() != ".git")
            .build();
        let mut files = Vec::new();
        for entry in walk {
            let entry = entry.map_err(|error| error.to_string())?;
            if entry.file_type().is_some_and(|kind| !kind.is_dir()) {
                let path = entry.path().strip_prefix(&root);
                let path = path.map_err(|error| error.to_string())?;
                files.push(path.to_string_lossy().into_owned());
            }
        }
        files.sort();
        Ok(files)
    }
}
