//! The files that results name, as far as a page shows them: pictures, and the ends of
//! logs. A record may come from anywhere, so nothing outside of the project and the store
//! is read.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Component, Path, PathBuf};

use nix_parity_report::Artefact;

/// How much of a page pictures may take, in bytes of their files.
pub(crate) const BUDGET: u64 = 400_000;

/// What a PNG begins with.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// How much of a log's end is read, in bytes, and how many lines of it are shown.
const END: u64 = 16_384;
const LINES: usize = 30;

/// Where a file lies that a result names: in the project, or in the store.
pub(crate) fn file(root: &Path, path: &str) -> Option<PathBuf> {
    let named = Path::new(path);
    let is_plain = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::RootDir);
    if !named.components().all(is_plain) {
        return None;
    }
    let is_in_store = named.starts_with("/nix/store");
    let real = root.join(named).canonicalize().ok()?;
    let is_inside = real.starts_with(root) || (is_in_store && real.starts_with("/nix/store"));
    (is_inside && real.is_file()).then_some(real)
}

/// What a page shows of a file besides its name, if anything.
pub(crate) fn read(path: &Path, budget: &mut u64) -> Option<Artefact> {
    let kind = path
        .extension()
        .and_then(|end| end.to_str())
        .unwrap_or_default();
    match kind {
        "png" => picture(path, budget),
        "log" | "txt" => tail(path),
        _ => None,
    }
}

fn picture(path: &Path, budget: &mut u64) -> Option<Artefact> {
    let mut file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    if size > *budget {
        let why = "is left out: the page would become too large".to_owned();
        return Some(Artefact::Left(why));
    }
    let mut bytes = Vec::new();
    file.by_ref().take(*budget).read_to_end(&mut bytes).ok()?;
    if !bytes.starts_with(PNG) {
        return None;
    }
    *budget = budget.saturating_sub(bytes.len() as u64);
    Some(Artefact::Picture(bytes))
}

fn tail(path: &Path) -> Option<Artefact> {
    let mut file = File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    let from = size.saturating_sub(END);
    file.seek(SeekFrom::Start(from)).ok()?;
    let mut bytes = Vec::new();
    file.take(END).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    // The first line may have lost its beginning.
    let lines: Vec<_> = text.lines().skip(usize::from(from > 0)).collect();
    let lines = lines.get(lines.len().saturating_sub(LINES)..)?;
    let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
    (!lines.is_empty()).then_some(Artefact::Tail(lines))
}

#[cfg(test)]
mod tests {
    use nix_parity_report::Artefact;

    use super::{BUDGET, PNG, file, read};

    #[test]
    fn only_files_of_the_project_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("project");
        std::fs::create_dir_all(root.join("runs")).unwrap();
        std::fs::write(root.join("runs/a.png"), PNG).unwrap();
        std::fs::write(root.parent().unwrap().join("secret.log"), "x").unwrap();
        std::os::unix::fs::symlink("../../secret.log", root.join("runs/link.log")).unwrap();
        assert!(file(&root, "runs/a.png").is_some());
        for outside in [
            "../secret.log",
            "runs/../../secret.log",
            "runs/link.log",
            "/etc/passwd",
            "/nix/store/../../etc/passwd",
            "runs",
            "nowhere.png",
            "",
        ] {
            assert_eq!(file(&root, outside), None, "{outside}");
        }
    }

    #[test]
    fn pictures_are_taken_along_while_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let mut budget = BUDGET;
        let picture = write("a.png", PNG);
        assert!(matches!(
            read(&picture, &mut budget),
            Some(Artefact::Picture(_))
        ));
        assert_eq!(budget, BUDGET - PNG.len() as u64);
        let no_picture = write("b.png", b"<script>");
        assert!(read(&no_picture, &mut budget).is_none());
        budget = 4;
        assert!(matches!(
            read(&picture, &mut budget),
            Some(Artefact::Left(_))
        ));
        let log = write("c.log", "line\n".repeat(10_000).as_bytes());
        let Some(Artefact::Tail(lines)) = read(&log, &mut budget) else {
            panic!("no tail");
        };
        assert_eq!((lines.len(), lines[0].as_str()), (30, "line"));
        assert!(read(&write("d.log", b""), &mut budget).is_none());
        assert!(read(&write("e.bin", b"x"), &mut budget).is_none());
    }
}
