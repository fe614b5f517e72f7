//! Files that are replaced as a whole: whoever reads one finds the old text or the new.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// Writes a file that people name, with the folders that it lies in. What is no file, such
/// as a pipe, is written to.
///
/// # Errors
/// It cannot be written. A file that was there is what it was.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: what it leads to is replaced.
    let real = path.canonicalize();
    let path = real.as_deref().unwrap_or(path);
    if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        return File::options().write(true).open(path)?.write_all(bytes);
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".nix-parity-")
        // As other programs create files: the user's mask applies.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    // The file is there; that its name outlives a power cut is not everywhere to be had.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Adds to the end of a file that other programs write to as well.
///
/// # Errors
/// It cannot be written.
pub fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().append(true).create(true).open(path)?;
    file.write_all(bytes)
}

/// How long a file is; 0 where there is none.
pub fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |there| there.len())
}

#[cfg(test)]
mod tests {
    use super::replace;
    use std::fs;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn files_are_replaced_and_folders_made() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a/b/report.xml");
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o600, 0o600);
        assert_eq!(mode & 0o111, 0);
        let left = fs::read_dir(file.parent().unwrap()).unwrap().count();
        assert_eq!(left, 1, "nothing else is left");
    }

    #[test]
    fn links_are_followed_and_folders_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert!(link.is_symlink());
        assert!(replace(dir.path(), b"x").is_err());
        assert!(replace(&file.join("below"), b"x").is_err());
        assert_eq!(fs::read(&file).unwrap(), b"new");
    }
}
