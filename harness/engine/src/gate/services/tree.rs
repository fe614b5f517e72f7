//! What runs on a system, read from the system as it was built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_core::host::Platform;
use nix_parity_drv::StorePath;

use super::ini::{self, Sections};
use super::unit::Unit;
use super::{Home, Homebrew, Jobs, Services, Units, digest};

/// More bytes than a unit or a property list has.
const LARGEST: u64 = 4 << 20;

/// Which units of a system are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gate) enum Which {
    /// All of them.
    All,
    /// Those that a configuration has the text of, and not those that packages bring
    /// along: what a host evaluates to does not say these.
    Configured,
}

impl Services {
    /// Those of a system that is built.
    pub(in crate::gate) fn of_tree(system: &Path, platform: Platform, which: Which) -> Self {
        let jobs = |folders: &[&str]| {
            let mut jobs = Jobs::new();
            for folder in folders {
                add_jobs(&system.join(folder), &mut jobs);
            }
            jobs
        };
        match platform {
            Platform::Nixos => Self {
                units: units(&system.join("etc/systemd/system"), which),
                user_units: units(&system.join("etc/systemd/user"), which),
                ..Self::default()
            },
            Platform::Darwin => Self {
                daemons: Some(jobs(&["Library/LaunchDaemons"])),
                agents: Some(jobs(&["Library/LaunchAgents", "user/Library/LaunchAgents"])),
                homebrew: homebrew(system),
                ..Self::default()
            },
            Platform::Home => {
                let files = system.join("home-files");
                let home = Home {
                    units: units(&files.join(".config/systemd/user"), Which::All)
                        .unwrap_or_default(),
                    agents: jobs(&["LaunchAgents", "home-files/Library/LaunchAgents"]),
                    starts: true,
                };
                Self {
                    homes: Some(BTreeMap::from([(String::new(), home)])),
                    ..Self::default()
                }
            }
        }
    }
}

/// The units of a folder; nothing where there is no such folder.
fn units(folder: &Path, which: Which) -> Option<Units> {
    let names = names(folder)?;
    let wanted = wanted(folder, &names);
    let mut units = Units::new();
    for name in names.iter().filter(|name| is_unit(name)) {
        let path = folder.join(name);
        let mut sections = Sections::new();
        let mut found = false;
        let own = folder.join(format!("{name}.d"));
        let beside = self::names(&own).unwrap_or_default();
        let beside = beside.iter().filter(|n| is_named(n, "conf"));
        for file in std::iter::once(path).chain(beside.map(|n| own.join(n))) {
            let Some(kind) = kind(&file) else {
                continue;
            };
            if which == Which::Configured && !kind.is_configured {
                continue;
            }
            if let Some(text) = read(&file) {
                ini::read(&text, &mut sections);
                found = true;
            }
        }
        if found {
            let unit = Unit::new(&sections, wanted.contains(name));
            units.insert(name.clone(), unit);
        }
    }
    Some(units)
}

/// What other units pull in.
fn wanted(folder: &Path, names: &[String]) -> BTreeSet<String> {
    let pulls = |name: &&String| {
        [".wants", ".requires", ".upholds"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let folders = names.iter().filter(pulls);
    folders
        .flat_map(|name| self::names(&folder.join(name)).unwrap_or_default())
        .collect()
}

/// Where the text of a file comes from.
struct Kind {
    is_configured: bool,
}

/// Nothing for another name of a unit, and for one that is masked.
fn kind(path: &Path) -> Option<Kind> {
    let mut path = path.to_owned();
    let mut is_configured = false;
    // Nix makes no longer chains.
    for _ in 0..16 {
        is_configured |= path.to_str().is_some_and(is_of_configuration);
        let Ok(target) = fs::read_link(&path) else {
            return path.is_file().then_some(Kind { is_configured });
        };
        if target == Path::new("/dev/null") {
            return None;
        }
        if target.components().count() == 1 {
            // Another unit of the same folder.
            return None;
        }
        path = match path.parent() {
            Some(folder) => folder.join(target),
            None => target,
        };
    }
    None
}

/// Units of a configuration are derivations of their own, which are named so.
fn is_of_configuration(path: &str) -> bool {
    let parts: Vec<&str> = path.splitn(5, '/').collect();
    let [_, nix, store, base, ..] = parts.as_slice() else {
        return false;
    };
    let path = format!("/{nix}/{store}/{base}");
    StorePath::parse(&path).is_ok_and(|path| path.name().starts_with("unit-"))
}

/// Whether a name is that of a unit, and not of a pattern for units.
fn is_unit(name: &str) -> bool {
    const SUFFIXES: [&str; 9] = [
        "service",
        "socket",
        "timer",
        "path",
        "mount",
        "automount",
        "swap",
        "target",
        "slice",
    ];
    !name.contains("@.") && SUFFIXES.iter().any(|suffix| is_named(name, suffix))
}

fn is_named(name: &str, suffix: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == suffix)
}

fn add_jobs(folder: &Path, jobs: &mut Jobs) {
    for name in names(folder).unwrap_or_default() {
        if let (Some(label), Some(text)) = (name.strip_suffix(".plist"), read(&folder.join(&name)))
        {
            jobs.insert(label.to_owned(), digest(&text));
        }
    }
}

/// What the Brewfile of a system asks for, which its activation names.
fn homebrew(system: &Path) -> Option<Homebrew> {
    let script = read(&system.join("activate"))?;
    let line = script.lines().find(|line| line.contains("brew bundle"));
    let Some(line) = line else {
        return Some(Homebrew::default());
    };
    let (_, file) = line.split_once("--file=")?;
    let file = file.trim_start_matches(['\'', '"']);
    let end = file.find([' ', '\'', '"']).unwrap_or(file.len());
    let text = read(&PathBuf::from(&file[..end]))?;
    let mut homebrew = Homebrew {
        enable: true,
        ..Homebrew::default()
    };
    for line in text.lines() {
        let Some((word, rest)) = line.trim().split_once(' ') else {
            continue;
        };
        let name = rest.trim_start().strip_prefix('"');
        let Some((name, _)) = name.and_then(|name| name.split_once('"')) else {
            continue;
        };
        let list = match word {
            "brew" => &mut homebrew.brews,
            "cask" => &mut homebrew.casks,
            "tap" => &mut homebrew.taps,
            "mas" => &mut homebrew.apps,
            _ => continue,
        };
        list.push(name.to_owned());
    }
    Some(homebrew)
}

fn names(folder: &Path) -> Option<Vec<String>> {
    let entries = fs::read_dir(folder).ok()?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .collect();
    names.sort();
    Some(names)
}

fn read(path: &Path) -> Option<String> {
    let meta = fs::metadata(path).ok()?;
    if !meta.is_file() || meta.len() > LARGEST {
        return None;
    }
    fs::read(path)
        .ok()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}
