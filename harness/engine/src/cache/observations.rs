//! The folder with all that is kept.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::shelf::{LOCK, Shelf, is_trace};
use super::{GATE, Key, TREES, sum};
use crate::whole_file;

/// What nobody has used for this long is removed.
pub(crate) const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);

/// How large all of it may become, in bytes.
pub const MAX_SIZE: u64 = 512 << 20;

/// A folder with observations.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
}

/// What is in a cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Hosts that something is known of.
    pub hosts: usize,
    /// States of the world that are remembered.
    pub traces: usize,
    /// Bytes of all files.
    pub size: u64,
}

impl Cache {
    /// Uses a folder, which is made where needed.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let dir = dir.join("observations");
        fs::create_dir_all(dir.join("notes"))?;
        Ok(Self { dir })
    }

    /// What is kept of one host.
    pub fn shelf(&self, flake: &Key, host: &str) -> Shelf {
        let flake = self.dir.join("flakes").join(flake.to_string());
        Shelf::new(flake.join(Key::of_text(host).to_string()))
    }

    /// A small text that belongs to a key.
    pub fn read_note(&self, key: &Key) -> Option<String> {
        let file = fs::read(self.note(key)).ok()?;
        String::from_utf8(sum::body(&file)?.to_vec()).ok()
    }

    /// Keeps a small text, all or nothing.
    pub fn write_note(&self, key: &Key, body: &str) -> io::Result<()> {
        sum::write(&self.note(key), body.as_bytes())
    }

    fn note(&self, key: &Key) -> PathBuf {
        self.dir.join("notes").join(key.to_string())
    }

    /// Removes what has not been used for a while, and where all is larger than it
    /// may be, what was used longest ago; and what was never finished. Failing to is no harm.
    pub fn prune(&self) {
        self.prune_to(MAX_SIZE);
    }

    fn prune_to(&self, max_size: u64) {
        let now = SystemTime::now();
        let mut files = self.files();
        files.sort_by_key(|file| std::cmp::Reverse(file.used));
        let mut size = 0;
        for file in files {
            if whole_file::is_part_path(&file.path) {
                file.path.parent().map(whole_file::sweep);
                continue;
            }
            size += file.size;
            let is_old = now.duration_since(file.used).is_ok_and(|age| age > KEEP);
            if is_old || size > max_size {
                let _ = fs::remove_file(file.path);
            }
        }
    }

    /// What is in it.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        let mut hosts = BTreeSet::new();
        for file in self.files() {
            stats.size += file.size;
            if is_trace(&file.path) {
                stats.traces += 1;
                hosts.insert(file.path.parent().map(Path::to_owned));
            }
        }
        stats.hosts = hosts.len();
        stats
    }

    /// Removes everything.
    pub fn clear(&self) -> io::Result<()> {
        for beside in [TREES, GATE] {
            remove(&self.dir.with_file_name(beside))?;
        }
        remove(&self.dir)
    }

    fn files(&self) -> Vec<Kept> {
        ignore::WalkBuilder::new(&self.dir)
            .standard_filters(false)
            .build()
            .filter_map(|entry| {
                // A lock that is removed while it is held would be held twice.
                let entry = entry.ok().filter(|e| e.file_name() != LOCK)?;
                let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
                Some(Kept {
                    used: meta.modified().ok()?,
                    size: meta.len(),
                    path: entry.into_path(),
                })
            })
            .collect()
    }
}

/// Removes a folder that other processes may write to meanwhile.
fn remove(folder: &Path) -> io::Result<()> {
    const ATTEMPTS: usize = 100;
    let mut result = Ok(());
    for _ in 0..ATTEMPTS {
        result = fs::remove_dir_all(folder);
        match &result {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.exists() => {
                return Ok(());
            }
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty
                ) => {}
            _ => return result,
        }
    }
    result
}

struct Kept {
    path: PathBuf,
    used: SystemTime,
    size: u64,
}

#[cfg(test)]
mod tests {
    use super::{Cache, Stats};
    use crate::cache::shelf::MAX_TRACES;
    use crate::cache::{Findings, Key};
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, SystemTime};

    fn age(path: &std::path::Path, seconds: u64) {
        let file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
            .unwrap();
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let shelf = cache.shelf(&Key::of_text("flake"), "pc");
        // Whoever writes to it holds its lock.
        let _lock = shelf.lock(&AtomicBool::new(false)).unwrap();
        for n in 0..12 {
            let path = shelf.named(&format!("{n}.trace")).unwrap();
            Findings::default().write(&path, &BTreeMap::new()).unwrap();
            age(&path, 1000 - n);
        }
        shelf.trim();
        let traces = shelf.traces();
        assert_eq!(traces.len(), MAX_TRACES);
        assert!(traces[0].ends_with("11.trace"));
        assert_eq!(cache.stats().traces, MAX_TRACES);
        assert_eq!(cache.stats().hosts, 1);

        let one = traces[0].metadata().unwrap().len();
        cache.prune_to(3 * one);
        assert!(cache.stats().size <= 3 * one);
        assert!(traces[0].exists() && !traces[7].exists());

        age(&traces[0], 15 * 24 * 3600);
        cache.prune();
        assert!(!traces[0].exists());
        cache.clear().unwrap();
        assert_eq!(cache.stats(), Stats::default());
    }
}
