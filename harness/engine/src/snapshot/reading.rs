//! The text of a snapshot as it lies on the disk. A file that is there and cannot be read
//! is something else than none: who took it for none would call what there is new, and
//! write it over what was accepted.

use std::fs;
use std::io;
use std::path::Path;

use super::file::body;

/// Snapshots are text that people review; what is larger is none.
const LARGEST: u64 = 256 << 20;

/// A snapshot that is there and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshot {file} {why}")]
pub struct Unreadable {
    /// Its file, relative to the project.
    pub file: String,
    why: String,
}

impl Unreadable {
    /// A file whose text is not what it should be.
    pub(crate) fn new(file: String, why: impl Into<String>) -> Self {
        Self {
            file,
            why: why.into(),
        }
    }

    /// What there is to do.
    pub fn advice(&self) -> &'static str {
        if self.file.ends_with(super::folder::NEW) {
            "it only waits to be accepted: `nix-parity run` writes it anew"
        } else {
            "put it back as it was committed; where it is lost, remove it, and what there is now can be accepted"
        }
    }
}

/// The text of a snapshot; nothing where there is no such file. `file` is what it is called.
pub(super) fn read(path: &Path, file: &str) -> Result<Option<String>, Unreadable> {
    let failed = |why: String| Unreadable::new(file.to_owned(), why);
    let text = match fs::metadata(path) {
        Ok(there) if there.len() > LARGEST => {
            return Err(failed(format!("is larger than {} MiB", LARGEST >> 20)));
        }
        Ok(_) => fs::read_to_string(path),
        // A link that leads nowhere is there.
        Err(error) if is_absence(error.kind()) && !path.is_symlink() => return Ok(None),
        Err(error) => Err(error),
    };
    let text = text.map_err(|error| failed(format!("cannot be read: {error}")))?;
    let body = body(&text);
    body.map(Some)
        .ok_or_else(|| failed("is damaged: its head has no end".to_owned()))
}

/// Whether nothing can be there.
fn is_absence(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::read;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn what_cannot_be_read_is_not_what_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.snap");
        let told = || read(&path, "snapshots/a.snap").map_err(|e| e.to_string());
        assert_eq!(told(), Ok(None));
        // As where there is a file instead of the folder.
        fs::write(dir.path().join("file"), "").unwrap();
        assert_eq!(read(&dir.path().join("file/a.snap"), ""), Ok(None));
        fs::write(&path, "---\nsource: x\n---\ntext\n").unwrap();
        assert_eq!(told(), Ok(Some("text".to_owned())));
        for (bytes, why) in [
            (&b""[..], "damaged"),
            (b"text\n", "damaged"),
            (b"---\nsource: x\n", "damaged"),
            (b"---\nsource: \xff\n---\n", "UTF-8"),
        ] {
            fs::write(&path, bytes).unwrap();
            let error = told().unwrap_err();
            assert!(
                error.starts_with("the snapshot snapshots/a.snap ") && error.contains(why),
                "{error}"
            );
        }
        fs::remove_file(&path).unwrap();
        symlink(dir.path().join("nowhere"), &path).unwrap();
        assert!(told().is_err());
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(told().is_err());
    }
}
