//! Observations on disk, shared by all processes that run the same cases on the
//! same flake. A folder per flake, in it one per host, in that a few traces: what
//! was found in some state of the world. A trace is written whole or not at all;
//! what is damaged is not there. Who evaluates a host holds its lock, so that no
//! host is evaluated twice at a time; the lock ends with its process.

mod key;
pub(crate) mod sum;
mod trace;

pub use key::Key;
pub use trace::{Answers, Findings, Stored};

pub(crate) use sum::checksum;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use crate::whole_file;

/// What nobody has used for this long is removed.
pub(crate) const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);

/// So many states of the world are remembered per host.
const MAX_TRACES: usize = 8;

/// How large all of it may become, in bytes.
pub const MAX_SIZE: u64 = 512 << 20;

/// The folder, beside the observations, of what is laid out of earlier commits. Its
/// entries are used whole or not at all, so that they are not pruned file by file.
pub const TREES: &str = "trees";

/// The folder, beside the observations, of what gates let pass: the last few per host.
pub const GATE: &str = "gate";

/// The name of a host's lock.
const LOCK: &str = "lock";

/// A trace that is used is marked as used, but not more often than this.
const TOUCH: Duration = Duration::from_secs(60);

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
        Shelf {
            dir: flake.join(Key::of_text(host).to_string()),
        }
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
        let mut hosts = std::collections::BTreeSet::new();
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

fn is_trace(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "trace")
}

/// What is kept of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    dir: PathBuf,
}

/// Ends when it is dropped, or with its process.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "holds the lock")] File);

impl Shelf {
    /// The traces, the one used last first.
    pub fn traces(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return Vec::new();
        };
        let mut traces: Vec<(SystemTime, PathBuf)> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| is_trace(path))
            .filter_map(|path| Some((path.metadata().ok()?.modified().ok()?, path)))
            .collect();
        traces.sort();
        traces.into_iter().rev().map(|(_, path)| path).collect()
    }

    /// The shelves of the other hosts of the same flake.
    pub fn others(&self) -> Vec<Self> {
        let entries = self.dir.parent().and_then(|flake| fs::read_dir(flake).ok());
        entries
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| Self { dir: entry.path() })
            .filter(|other| other.dir != self.dir)
            .collect()
    }

    /// A trace by its name.
    pub fn named(&self, name: &str) -> Option<PathBuf> {
        let path = self.dir.join(name);
        (path.file_name()? == name && is_trace(&path)).then_some(path)
    }

    /// A path for a new trace.
    pub fn fresh(&self) -> PathBuf {
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let name = format!("{:x}-{:x}.trace", now.as_nanos(), std::process::id());
        self.dir.join(name)
    }

    /// Notes that a trace was of use. Not being able to costs its place only.
    pub fn touch(path: &Path) {
        let now = SystemTime::now();
        let stale = |time: SystemTime| now.duration_since(time).is_ok_and(|age| age > TOUCH);
        let used = path.metadata().and_then(|m| m.modified());
        if used.is_ok_and(stale)
            && let Ok(file) = OpenOptions::new().append(true).open(path)
        {
            let _ = file.set_modified(now);
        }
    }

    /// Removes all but the traces used last.
    pub fn trim(&self) {
        for path in self.traces().into_iter().skip(MAX_TRACES) {
            let _ = fs::remove_file(path);
        }
    }

    /// Waits for the lock.
    ///
    /// # Errors
    /// The folder cannot be used, or the run was interrupted while waiting.
    pub fn lock(&self, interrupted: &AtomicBool) -> io::Result<Lock> {
        fs::create_dir_all(&self.dir)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.dir.join(LOCK))?;
        loop {
            match lock.try_lock() {
                Ok(()) => return Ok(Lock(lock)),
                Err(TryLockError::WouldBlock) if interrupted.load(Ordering::Relaxed) => {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cache, Findings, Key, MAX_TRACES};
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicBool;
    use std::time::{Duration, SystemTime};

    fn shelf(cache: &Cache, host: &str) -> super::Shelf {
        let shelf = cache.shelf(&Key::of_text("flake"), host);
        shelf.lock(&AtomicBool::new(false)).unwrap();
        shelf
    }

    fn age(path: &std::path::Path, seconds: u64) {
        let file = std::fs::OpenOptions::new().append(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(seconds))
            .unwrap();
    }

    #[test]
    fn a_lock_is_waited_for_until_the_run_is_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let shelf = shelf(&cache, "pc");
        let held = shelf.lock(&AtomicBool::new(false)).unwrap();
        assert!(shelf.lock(&AtomicBool::new(true)).is_err());
        drop(held);
        assert!(shelf.lock(&AtomicBool::new(true)).is_ok());
    }

    #[test]
    fn what_was_used_longest_ago_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let shelf = shelf(&cache, "pc");
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
        assert_eq!(cache.stats(), super::Stats::default());
    }

    #[test]
    fn a_trace_lies_on_its_shelf() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let shelf = shelf(&cache, "pc");
        assert!(shelf.named("../x.trace").is_none());
        assert!(shelf.named("lock").is_none());
        assert_eq!(shelf.others().len(), 0);
        self::shelf(&cache, "air");
        assert_eq!(shelf.others().len(), 1);
    }
}
