//! What a gate let pass: kept beside the observations, so that after the switch it can
//! be held against what runs, and so that of what runs then more is known than its files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix_parity_core::gate::Tested;
use nix_parity_core::host::Host;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;
use serde::{Deserialize, Serialize};

use super::services::Services;
use crate::cache::{GATE, Key, sum};
use crate::environment;
use crate::inspect::{Setting, Settings};
use crate::run::Engine;

/// Raised when what is kept means something else.
const FORMAT: u32 = 2;

/// What files of records end with.
const RECORD: &str = "record";

/// So many systems are remembered per host.
const MOST: usize = 8;

/// A system that a gate let pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    format: u32,
    /// The system.
    pub tested: Tested,
    /// When that was, in seconds since 1970.
    at: u64,
    pub(super) services: Services,
    settings: Vec<Kept>,
}

/// An option as it was set. What is hidden is not kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    path: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    files: Vec<String>,
}

impl Record {
    /// Of a system that is let pass now.
    pub(super) fn new(
        tested: Tested,
        services: Services,
        settings: &Settings,
        redaction: &Redaction,
    ) -> Self {
        let may_keep = |path: &[String], setting: &Setting| {
            let path = OptionPath::from_segments(path.to_vec());
            path.is_some_and(|path| {
                !redaction.hides(&path)
                    && setting
                        .value
                        .as_ref()
                        .is_ok_and(|value| redaction.shown(&path, value).is_none())
            })
        };
        let kept = settings.of.iter();
        let kept = kept.filter(|(path, setting)| may_keep(path, setting));
        Self {
            format: FORMAT,
            tested,
            at: now(),
            services,
            settings: kept
                .map(|(path, setting)| Kept {
                    path: path.clone(),
                    value: setting.value.clone().ok(),
                    files: setting.files.clone(),
                })
                .collect(),
        }
    }

    /// What was set.
    pub(super) fn settings(&self) -> Settings {
        let of = self.settings.iter().map(|kept| {
            let setting = Setting {
                value: kept.value.clone().ok_or_else(String::new),
                files: kept.files.clone(),
            };
            (kept.path.clone(), setting)
        });
        Settings {
            of: of.collect(),
            missing: Vec::new(),
        }
    }

    /// For how long it has been let pass.
    pub(super) fn age(&self) -> u64 {
        now().saturating_sub(self.at)
    }

    /// Keeps it as the last one of a host.
    ///
    /// # Errors
    /// There is no cache, or it cannot be written.
    pub fn keep(&self, engine: &Engine<'_>, host: &Host) -> io::Result<()> {
        let folder = folder(engine, host).ok_or_else(|| io::Error::other("there is no cache"))?;
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("{}.{RECORD}", base_name(&self.tested.derivation)));
        sum::write(&path, &serde_json::to_vec(self)?)?;
        for (path, _) in files(&folder).into_iter().skip(MOST) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// The last one of a host, if any gate let it pass.
    ///
    /// # Errors
    /// It cannot be read. One of before it would be of another system.
    pub fn last(engine: &Engine<'_>, host: &Host) -> Result<Option<Self>, Damaged> {
        let folder = folder(engine, host);
        let last = folder.and_then(|folder| files(&folder).into_iter().next());
        last.map(|(path, _)| read(&path)).transpose()
    }

    /// That of a system that runs.
    pub(super) fn of_output(engine: &Engine<'_>, host: &Host, output: &str) -> Option<Self> {
        let records = files(&folder(engine, host)?).into_iter();
        let mut records = records.filter_map(|(path, _)| read(&path).ok());
        records.find(|record| record.tested.output.as_deref() == Some(output))
    }
}

/// A record that is there and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("what the last gate let pass is kept in {path}, which {why}")]
pub struct Damaged {
    path: String,
    why: String,
}

fn read(path: &Path) -> Result<Record, Damaged> {
    let record = fs::read(path).map_err(|error| format!("cannot be read: {error}"));
    let record = record.and_then(|file| {
        let body = sum::body(&file).ok_or("is damaged")?;
        let record: Record =
            crate::json::read(body).map_err(|_| "another version of nix-parity wrote")?;
        if record.format == FORMAT {
            Ok(record)
        } else {
            Err("another version of nix-parity wrote".to_owned())
        }
    });
    record.map_err(|why| Damaged {
        path: path.display().to_string(),
        why,
    })
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where the records of a host are.
fn folder(engine: &Engine<'_>, host: &Host) -> Option<PathBuf> {
    if engine.options.no_cache {
        return None;
    }
    // Not by the version of the harness, which the switch may bring another one of.
    let key = Key::of_text(&format!("{:?}\n{}", engine.flake, host.key()));
    Some(environment::cache_dir()?.join(GATE).join(key.to_string()))
}

/// The records with their times, the last one first.
fn files(folder: &Path) -> Vec<(PathBuf, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == RECORD))
        .filter_map(|path| {
            let written = path.metadata().ok()?.modified().ok()?;
            Some((path, written))
        })
        .collect();
    files.sort_by_key(|(_, written)| std::cmp::Reverse(*written));
    files
}

fn now() -> u64 {
    UNIX_EPOCH.elapsed().unwrap_or(Duration::ZERO).as_secs()
}
