//! Files that are replaced as a whole: whoever reads one finds the old text or the new.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use tempfile::NamedTempFile;

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
    put(folder, path, &[bytes])?;
    // The file is there; that its name outlives a power cut is not everywhere to be had.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}

/// Writes a file of ours by two parts in a row, into a folder that is there.
///
/// # Errors
/// It cannot be written. A file that was there is what it was.
pub(crate) fn write(path: &Path, head: &[u8], body: &[u8]) -> io::Result<()> {
    put(path.parent().unwrap_or(Path::new(".")), path, &[head, body])
}

/// Removes from a folder what a program that was killed did not finish writing. Whoever
/// still writes holds a lock.
pub(crate) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !is_file || !entry.file_name().to_str().is_some_and(is_part) {
            continue;
        }
        // Nothing is lost where it stays.
        if let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// What a file is called before it has its name: between these, so many letters.
const PART: (&str, &str, usize) = (".nix-parity-", ".part", 6);

/// Whether this is a file that is not finished.
pub(crate) fn is_part_path(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(is_part)
}

/// Whether this is the name of one.
pub(crate) fn is_part(name: &str) -> bool {
    let (prefix, suffix, length) = PART;
    let random = name.strip_prefix(prefix);
    let random = random.and_then(|rest| rest.strip_suffix(suffix));
    random.is_some_and(|random| random.len() == length)
}

/// Writes a file that is not there yet, into a folder that is. Returns whether it was so:
/// what has come in between stays as it is.
///
/// # Errors
/// It cannot be written; nothing of it is there then.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let folder = path.parent().unwrap_or(Path::new("."));
    match written(folder, &[bytes])?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

fn put(folder: &Path, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    written(folder, parts)?.persist(path)?;
    Ok(())
}

/// A file that is all there but for its name.
fn written(folder: &Path, parts: &[&[u8]]) -> io::Result<NamedTempFile> {
    sweep(folder);
    let mut file = part(folder)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// How what is not finished is named.
pub(crate) fn part_name() -> tempfile::Builder<'static, 'static> {
    let (prefix, suffix, length) = PART;
    let mut name = tempfile::Builder::new();
    name.prefix(prefix).suffix(suffix).rand_bytes(length);
    name
}

/// A file that is locked until it has its name, and so is not taken for a left one.
fn part(folder: &Path) -> io::Result<NamedTempFile> {
    loop {
        let file = part_name()
            // As other programs create files: the user's mask applies.
            .permissions(Permissions::from_mode(0o666))
            .tempfile_in(folder)?;
        // Where files cannot be locked, nobody can take one for left.
        let _ = file.as_file().lock();
        // Another process may have been faster than the lock.
        if file.as_file().metadata()?.nlink() > 0 {
            return Ok(file);
        }
    }
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
    fn what_a_killed_program_left_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        let held = super::part(dir.path()).unwrap();
        for name in [".nix-parity-aB3xyz.part", ".nix-parity-notes.part", ".part"] {
            fs::write(at(name), "x").unwrap();
        }
        symlink(at(".part"), at(".nix-parity-aaaaaa.part")).unwrap();
        replace(&at("file"), b"whole").unwrap();
        assert!(!at(".nix-parity-aB3xyz.part").exists());
        assert!(held.path().exists(), "somebody writes it");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 5);
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
