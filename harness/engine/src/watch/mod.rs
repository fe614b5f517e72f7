//! Waiting for changes on disk that can matter to a run. Whether they do is for the
//! cache to say: what is passed over here must be certain to be of no use.

mod scope;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use self::scope::Scope;
use crate::nix::Flake;
use crate::project::Project;

/// How long nothing more may happen until a burst of changes is over: editors and
/// git write several files, or one file several times.
const QUIET: Duration = Duration::from_millis(150);

/// How often a run is asked whether it is over.
const POLL: Duration = Duration::from_millis(50);

/// A folder that cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch {}: {error}", path.display())]
pub struct WatchError {
    /// The folder.
    pub path: PathBuf,
    /// The system's answer.
    pub error: notify::Error,
}

impl WatchError {
    /// Whether there are more folders than the system watches for one user.
    pub const fn is_limit(&self) -> bool {
        matches!(self.error.kind, ErrorKind::MaxFilesWatch)
    }
}

/// The folders that a project's runs read.
pub struct Watch {
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    watched: BTreeSet<PathBuf>,
    scope: Scope,
    /// What has changed and was not asked for yet.
    changed: BTreeSet<PathBuf>,
    /// Whether the system lost count.
    lost: bool,
}

impl Watch {
    /// Watches a project's folder. Nothing of it needs to be right.
    pub fn new(root: &Path) -> Result<Self, WatchError> {
        let (sender, events) = channel();
        let watcher = notify::recommended_watcher(sender).map_err(|error| WatchError {
            path: root.to_owned(),
            error,
        })?;
        let mut watch = Self {
            watcher,
            events,
            watched: BTreeSet::new(),
            scope: Scope::of_folder(root),
            changed: BTreeSet::new(),
            lost: false,
        };
        watch.follow()?;
        Ok(watch)
    }

    /// Watches what a run of this project reads. To be called before the run looks
    /// at anything of it, for then each later change is seen.
    pub fn aim(&mut self, project: &Project, flake: &Flake) -> Result<(), WatchError> {
        self.scope = Scope::of(project, flake);
        self.follow()
    }

    fn follow(&mut self) -> Result<(), WatchError> {
        let wanted = self.scope.folders();
        for folder in self.watched.difference(&wanted) {
            // One that is gone is watched no more.
            let _ = self.watcher.unwatch(folder);
        }
        for folder in wanted.difference(&self.watched) {
            self.watcher
                .watch(folder, RecursiveMode::Recursive)
                .map_err(|error| WatchError {
                    path: folder.clone(),
                    error,
                })?;
        }
        self.watched = wanted;
        Ok(())
    }

    /// Waits for a burst of changes to be over, and names what changed, relative to
    /// the project where it lies in it. Nothing where nothing has changed after a
    /// while, or `interrupted` was set.
    pub fn next(&mut self, wait: Duration, interrupted: &AtomicBool) -> Vec<String> {
        let end = Instant::now() + wait;
        while Instant::now() < end && !interrupted.load(Ordering::Relaxed) {
            self.take(POLL);
            if self.changed.is_empty() && !self.lost {
                continue;
            }
            while self.take(QUIET) && !interrupted.load(Ordering::Relaxed) {}
            let changed = std::mem::take(&mut self.changed);
            let mut names = self.scope.names(&changed);
            if std::mem::take(&mut self.lost) {
                names.push("more than the system could tell of".to_owned());
            }
            if !names.is_empty() {
                return names;
            }
        }
        Vec::new()
    }

    /// Runs something, and sets `stop` as soon as `interrupted` is set, or something
    /// changes that nearly every evaluation depends on. What changes is kept for
    /// [`Self::next`].
    pub fn during<T>(
        &mut self,
        interrupted: &AtomicBool,
        stop: &AtomicBool,
        run: impl FnOnce() -> T,
    ) -> T {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            // Dropped also where the run panics: the scope waits for the thread.
            let _over = SetAtEnd(&over);
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    let came = self.take(POLL);
                    let outdated = came && self.scope.outdates(&self.changed);
                    if outdated || interrupted.load(Ordering::Relaxed) {
                        stop.store(true, Ordering::Relaxed);
                    }
                }
            });
            run()
        })
    }

    /// Takes in what happens, and waits at most this long for the first of it.
    /// Whether something of it can matter.
    fn take(&mut self, wait: Duration) -> bool {
        let mut event = match self.events.recv_timeout(wait) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => return false,
            // The watcher lives as long as this.
            Err(RecvTimeoutError::Disconnected) => {
                std::thread::sleep(wait);
                return false;
            }
        };
        let mut came = false;
        loop {
            came |= self.add(event);
            match self.events.try_recv() {
                Ok(next) => event = next,
                Err(_) => return came,
            }
        }
    }

    fn add(&mut self, event: notify::Result<Event>) -> bool {
        let Ok(event) = event else {
            self.lost = true;
            return true;
        };
        self.lost |= event.need_rescan();
        // Reading changes nothing.
        if matches!(event.kind, EventKind::Access(_)) {
            return event.need_rescan();
        }
        let before = self.changed.len();
        let scope = &self.scope;
        let matters = event.paths.into_iter().filter(|path| scope.matters(path));
        let mut came = false;
        for path in matters {
            came = true;
            self.changed.insert(path);
        }
        came || self.changed.len() > before || self.lost
    }
}

struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
