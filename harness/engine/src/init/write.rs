//! Writing files that are not there yet: each whole or not at all, and never over another.

use std::fs;
use std::io;
use std::path::Path;

use crate::whole_file;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is there now.
    New,
    /// Something of that name had come in between, and stays.
    Kept,
}

/// Whether files can be made in a folder.
///
/// # Errors
/// Why not.
pub fn may_write(folder: &Path) -> io::Result<()> {
    whole_file::sweep(folder);
    whole_file::part_name().tempfile_in(folder).map(drop)
}

/// A file that would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its path from the project's folder.
    pub path: String,
    /// What is in it, in words.
    pub what: String,
    /// Its text.
    pub text: String,
}

impl NewFile {
    /// Writes it below the project's folder.
    ///
    /// # Errors
    /// It cannot be written; nothing of it is there then.
    pub fn write(&self, root: &Path) -> io::Result<Written> {
        let path = root.join(&self.path);
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder)?;
        Ok(if whole_file::create(&path, self.text.as_bytes())? {
            Written::New
        } else {
            Written::Kept
        })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{NewFile, Written, may_write};

    #[test]
    fn a_file_is_written_once() {
        let dir = tempfile::tempdir().unwrap();
        let file = |text: &str| NewFile {
            path: "a/b/c.yaml".to_owned(),
            what: String::new(),
            text: text.to_owned(),
        };
        assert_eq!(file("one").write(dir.path()).unwrap(), Written::New);
        assert_eq!(file("two").write(dir.path()).unwrap(), Written::Kept);
        let path = dir.path().join("a/b/c.yaml");
        assert_eq!(fs::read_to_string(path).unwrap(), "one");
        // Nothing is left of what was not to be.
        assert_eq!(fs::read_dir(dir.path().join("a/b")).unwrap().count(), 1);
        assert!(may_write(dir.path()).is_ok());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
        assert!(may_write(&dir.path().join("none")).is_err());
    }
}
