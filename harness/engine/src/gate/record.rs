//! What a gate let pass: kept beside the observations, so that after the switch it can
//! be held against what runs, and so that of what runs then more is known than its files.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix_parity_core::gate::Tested;
use nix_parity_core::host::Host;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;
use serde::{Deserialize, Serialize};

use super::services::Services;
use crate::cache::{GATE, Key};
use crate::environment;
use crate::inspect::{Setting, Settings};
use crate::run::Engine;
use crate::whole_file;

/// Raised when what is kept means something else.
const FORMAT: u32 = 1;

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
        let path = folder.join(format!("{}.json", base_name(&self.tested.derivation)));
        let text = serde_json::to_vec(self)?;
        whole_file::write(&path, &text, &[])?;
        for (path, _) in files(&folder).into_iter().skip(MOST) {
            let _ = fs::remove_file(path);
        }
        Ok(())
    }

    /// The last one of a host.
    pub fn last(engine: &Engine<'_>, host: &Host) -> Option<Self> {
        let files = files(&folder(engine, host)?);
        files.into_iter().find_map(|(path, _)| read(&path))
    }

    /// That of a system that runs.
    pub(super) fn of_output(engine: &Engine<'_>, host: &Host, output: &str) -> Option<Self> {
        let records = files(&folder(engine, host)?).into_iter();
        let mut records = records.filter_map(|(path, _)| read(&path));
        records.find(|record| record.tested.output.as_deref() == Some(output))
    }
}

fn read(path: &std::path::Path) -> Option<Record> {
    let record: Record = crate::json::read(&fs::read(path).ok()?).ok()?;
    (record.format == FORMAT).then_some(record)
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
fn files(folder: &std::path::Path) -> Vec<(PathBuf, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
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
