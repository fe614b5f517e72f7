//! What is kept of one host, and its lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

/// So many states of the world are remembered per host.
pub(super) const MAX_TRACES: usize = 8;

/// The name of a host's lock.
pub(super) const LOCK: &str = "lock";

/// A trace that is used is marked as used, but not more often than this.
const TOUCH: Duration = Duration::from_secs(60);

/// What is kept of one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    dir: PathBuf,
}

/// Ends when it is dropped, or with its process.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "holds the lock")] File);

impl Shelf {
    pub(super) const fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

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

pub(super) fn is_trace(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "trace")
}

#[cfg(test)]
mod tests {
    use crate::cache::{Cache, Key};
    use std::sync::atomic::AtomicBool;

    fn shelf(cache: &Cache, host: &str) -> super::Shelf {
        let shelf = cache.shelf(&Key::of_text("flake"), host);
        shelf.lock(&AtomicBool::new(false)).unwrap();
        shelf
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
