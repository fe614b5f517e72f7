//! Observations on disk, shared by all processes that run the same cases on the
//! same tree. One file per host and state of the tree; entries are only ever
//! appended, each with a checksum, so that a reader needs no lock and a torn or
//! damaged entry is a miss. Who wants to add entries holds the file's lock, so
//! that no host is evaluated twice at a time; the lock ends with its process.

mod key;

pub use key::{Key, KeyError};

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use nix_parity_core::observation::Observation;
use serde::{Deserialize, Serialize};

use crate::nix::Request;

/// Files that nobody has added to for this long are removed.
const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);

/// Answers by request.
pub type Answers = HashMap<Request, Observation>;

/// A folder with observations.
#[derive(Clone, Debug)]
pub struct Cache {
    dir: PathBuf,
}

#[derive(Serialize)]
struct EntryRef<'a> {
    q: &'a Request,
    a: &'a Observation,
}

#[derive(Deserialize)]
struct Entry {
    q: Request,
    a: Observation,
}

impl Cache {
    /// Uses a folder, which is made where needed.
    pub fn open(dir: &Path) -> io::Result<Self> {
        let dir = dir.join("observations");
        fs::create_dir_all(&dir)?;
        Ok(Self { dir })
    }

    fn file(&self, key: &Key, suffix: &str) -> PathBuf {
        self.dir.join(format!("{key}{suffix}"))
    }

    /// The answers that are known.
    pub fn read(&self, key: &Key) -> Answers {
        let Ok(bytes) = fs::read(self.file(key, ".log")) else {
            return Answers::new();
        };
        bytes
            .split_inclusive(|b| *b == b'\n')
            .filter_map(decode)
            .map(|entry| (entry.q, entry.a))
            .collect()
    }

    /// Waits for the lock and opens the file for adding.
    ///
    /// # Errors
    /// The file cannot be used, or the run was interrupted while waiting.
    pub fn lock(&self, key: &Key, interrupted: &AtomicBool) -> io::Result<Writer> {
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.file(key, ".lock"))?;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if interrupted.load(Ordering::Relaxed) => {
                    return Err(io::ErrorKind::Interrupted.into());
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        let path = self.file(key, ".log");
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .read(true)
            .open(&path)?;
        Ok(Writer {
            log,
            torn: !ends_with_newline(&path),
            _lock: lock,
        })
    }

    /// Removes files that have not been used for a while. Failing to is no harm.
    pub fn prune(&self) {
        let Ok(entries) = fs::read_dir(&self.dir) else {
            return;
        };
        let now = SystemTime::now();
        for entry in entries.flatten() {
            let age = entry
                .metadata()
                .and_then(|m| m.modified())
                .ok()
                .and_then(|t| now.duration_since(t).ok());
            if age.is_some_and(|age| age > KEEP) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// A small text that belongs to a key, such as the list of hosts.
    pub fn read_note(&self, key: &Key) -> Option<String> {
        let text = fs::read_to_string(self.file(key, ".note")).ok()?;
        let (sum, body) = text.split_once('\n')?;
        (checksum(body.as_bytes()) == sum).then(|| body.to_owned())
    }

    /// Keeps a small text, all or nothing.
    pub fn write_note(&self, key: &Key, body: &str) -> io::Result<()> {
        let temporary = self.file(key, &format!(".note.{}", std::process::id()));
        fs::write(&temporary, format!("{}\n{body}", checksum(body.as_bytes())))?;
        fs::rename(&temporary, self.file(key, ".note"))
    }
}

/// Adds answers to a file whose lock it holds.
#[derive(Debug)]
pub struct Writer {
    log: File,
    torn: bool,
    _lock: File,
}

impl Writer {
    /// Adds one answer.
    pub fn add(&mut self, request: &Request, observation: &Observation) -> io::Result<()> {
        let json = serde_json::to_string(&EntryRef {
            q: request,
            a: observation,
        })?;
        let mut line = String::with_capacity(json.len() + 18);
        if std::mem::take(&mut self.torn) {
            // What a killed process left of its last line stays a line of its own.
            line.push('\n');
        }
        line.push_str(&checksum(json.as_bytes()));
        line.push(' ');
        line.push_str(&json);
        line.push('\n');
        // One write per entry: readers see it whole or not at all, or torn by a
        // crash, which the checksum shows.
        self.log.write_all(line.as_bytes())
    }
}

fn ends_with_newline(path: &Path) -> bool {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let Ok(mut file) = File::open(path) else {
        return true;
    };
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(-1)).is_ok() {
        let _ = file.read_exact(&mut last);
    }
    last == [b'\n']
}

fn decode(line: &[u8]) -> Option<Entry> {
    let line = line.strip_suffix(b"\n")?;
    let (sum, json) = line.split_at_checked(16)?;
    let json = json.strip_prefix(b" ")?;
    if checksum(json).as_bytes() != sum {
        return None;
    }
    crate::json::read(json).ok()
}

fn checksum(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Cache, Key};
    use crate::nix::{Request, Subject};
    use nix_parity_core::demand::Demand;
    use nix_parity_core::observation::Observation;
    use nix_parity_core::value::Value;
    use std::fs;
    use std::sync::atomic::AtomicBool;

    fn request(expression: &str) -> Request {
        let subject = Subject::Eval {
            expression: expression.into(),
            demand: Demand::Shape,
        };
        Request {
            variant: None,
            subject,
        }
    }

    #[test]
    fn what_is_added_is_read_and_damage_is_a_miss() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let key = Key::for_test("k");
        let flag = AtomicBool::new(false);
        let mut writer = cache.lock(&key, &flag).unwrap();
        for n in 0..3 {
            let answer = Observation::Value(Value::Int(n));
            writer.add(&request(&n.to_string()), &answer).unwrap();
        }
        drop(writer);
        assert_eq!(cache.read(&key).len(), 3);

        let path = cache.file(&key, ".log");
        let whole = fs::read(&path).unwrap();
        for i in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[i] ^= 1;
            fs::write(&path, damaged).unwrap();
            let answers = cache.read(&key);
            assert!(answers.len() < 3, "byte {i}");
            for (request, observation) in answers {
                let Subject::Eval { expression, .. } = request.subject else {
                    panic!()
                };
                assert_eq!(
                    observation,
                    Observation::Value(Value::Int(expression.parse().unwrap()))
                );
            }
        }

        // A torn last line costs only itself, also for what is added after it.
        fs::write(&path, &whole[..whole.len() - 5]).unwrap();
        let mut writer = cache.lock(&key, &flag).unwrap();
        writer
            .add(&request("9"), &Observation::Value(Value::Int(9)))
            .unwrap();
        assert_eq!(cache.read(&key).len(), 3);
    }

    #[test]
    fn a_lock_is_waited_for_until_the_run_is_interrupted() {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path()).unwrap();
        let key = Key::for_test("k");
        let held = cache.lock(&key, &AtomicBool::new(false)).unwrap();
        assert!(cache.lock(&key, &AtomicBool::new(true)).is_err());
        drop(held);
        assert!(cache.lock(&key, &AtomicBool::new(true)).is_ok());
    }
}
