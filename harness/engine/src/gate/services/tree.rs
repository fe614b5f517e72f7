//! What runs on a system, read from the system as it was built.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use nix_parity_core::gate::Unknown;
use nix_parity_core::host::Platform;
use nix_parity_drv::StorePath;

use super::brewfile::Brewfile;
use super::homebrew::{Homebrew, only_bundle};
use super::ini::{self, Sections};
use super::unit::Unit;
use super::{Home, Jobs, Services, Units, digest};

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
        let mut tree = Tree::default();
        let mut found = match platform {
            Platform::Nixos => Self {
                units: tree.units(&system.join("etc/systemd/system"), which),
                user_units: tree.units(&system.join("etc/systemd/user"), which),
                ..Self::default()
            },
            Platform::Darwin => {
                let agents = ["Library/LaunchAgents", "user/Library/LaunchAgents"];
                Self {
                    daemons: Some(tree.jobs(system, &["Library/LaunchDaemons"])),
                    agents: Some(tree.jobs(system, &agents)),
                    homebrew: tree.homebrew(system),
                    ..Self::default()
                }
            }
            Platform::Home => {
                let files = system.join("home-files");
                let home = Home {
                    units: tree
                        .units(&files.join(".config/systemd/user"), Which::All)
                        .unwrap_or_default(),
                    agents: tree.jobs(system, &["LaunchAgents", "home-files/Library/LaunchAgents"]),
                    starts: true,
                };
                Self {
                    homes: Some(BTreeMap::from([(String::new(), home)])),
                    ..Self::default()
                }
            }
        };
        found.unknown = tree.unknown;
        found
    }
}

/// A built system that is being read. Files that cannot be read, and those of a kind that
/// nobody knows here, are unknown: they may be what a switch stops.
#[derive(Default)]
struct Tree {
    unknown: Vec<Unknown>,
}

impl Tree {
    fn cannot_read(&mut self, path: &Path, why: &str) {
        self.unknown.push(Unknown::foreign(
            "what runs",
            [format!("{}: {why}", path.display())],
        ));
    }

    /// The names in a folder; nothing where there is no such folder.
    fn names(&mut self, folder: &Path) -> Option<Vec<String>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => {
                self.cannot_read(folder, &error.to_string());
                return None;
            }
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map(|entry| entry.file_name());
            match name.map(std::ffi::OsString::into_string) {
                Ok(Ok(name)) => names.push(name),
                Ok(Err(name)) => self.cannot_read(&folder.join(name), "its name is no UTF-8"),
                Err(error) => self.cannot_read(folder, &error.to_string()),
            }
        }
        names.sort();
        Some(names)
    }

    fn read(&mut self, path: &Path) -> Option<String> {
        text(path)
            .map_err(|error| self.cannot_read(path, &error.to_string()))
            .ok()
    }

    /// The units of a folder; nothing where there is no such folder.
    fn units(&mut self, folder: &Path, which: Which) -> Option<Units> {
        let names = self.names(folder)?;
        let wanted = self.wanted(folder, &names);
        let mut units = Units::new();
        for name in &names {
            if !is_unit(name) {
                if !is_beside_units(name) {
                    self.cannot_read(&folder.join(name), "no kind of unit");
                }
                continue;
            }
            let mut sections = Sections::new();
            let mut found = false;
            let own = folder.join(format!("{name}.d"));
            let beside = self.names(&own).unwrap_or_default();
            let beside = beside.iter().filter(|n| is_named(n, "conf"));
            let files = std::iter::once(folder.join(name)).chain(beside.map(|n| own.join(n)));
            for file in files.filter(|file| file.symlink_metadata().is_ok()) {
                let is_configured = match kind(&file) {
                    Kind::Text { is_configured } => is_configured,
                    Kind::None => continue,
                    Kind::Unknown => {
                        self.cannot_read(&file, "it leads nowhere");
                        continue;
                    }
                };
                if which == Which::Configured && !is_configured {
                    continue;
                }
                if let Some(text) = self.read(&file) {
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
    fn wanted(&mut self, folder: &Path, names: &[String]) -> BTreeSet<String> {
        let pulls = |name: &&String| {
            [".wants", ".requires", ".upholds"]
                .iter()
                .any(|end| name.ends_with(end))
        };
        let folders = names.iter().filter(pulls);
        folders
            .flat_map(|name| self.names(&folder.join(name)).unwrap_or_default())
            .collect()
    }

    /// The property lists of folders.
    fn jobs(&mut self, system: &Path, folders: &[&str]) -> Jobs {
        let mut jobs = Jobs::new();
        for folder in folders {
            let folder = system.join(folder);
            for name in self.names(&folder).unwrap_or_default() {
                let path = folder.join(&name);
                let Some(label) = name.strip_suffix(".plist") else {
                    self.cannot_read(&path, "no property list");
                    continue;
                };
                // What cannot be read is a job nevertheless.
                let text = self.read(&path).unwrap_or_default();
                jobs.insert(label.to_owned(), digest(&text));
            }
        }
        jobs
    }

    /// What the Brewfile of a system asks for, which its activation names.
    fn homebrew(&mut self, system: &Path) -> Option<Homebrew> {
        let script = self.read(&system.join("activate"))?;
        let bundle = match only_bundle(&script) {
            Ok(None) => return Some(Homebrew::default()),
            Ok(Some(bundle)) => bundle,
            Err(lines) => {
                let what = "what the running system asks of Homebrew";
                self.unknown.push(Unknown::foreign(what, lines));
                return None;
            }
        };
        let text = self.read(Path::new(&bundle.file))?;
        Some(Homebrew {
            enable: true,
            listed: Brewfile::read(&text),
            ..Homebrew::default()
        })
    }
}

/// Where the text of a unit comes from.
enum Kind {
    /// From a file, which the configuration wrote or a package brought along.
    Text { is_configured: bool },
    /// It is another name of a unit, or masked.
    None,
    /// Nobody knows: the link leads nowhere.
    Unknown,
}

fn kind(path: &Path) -> Kind {
    let mut path = path.to_owned();
    let mut is_configured = false;
    // Nix makes no longer chains.
    for _ in 0..16 {
        is_configured |= path.to_str().is_some_and(is_of_configuration);
        let Ok(target) = fs::read_link(&path) else {
            let is_file = path.is_file();
            return if is_file {
                Kind::Text { is_configured }
            } else {
                Kind::Unknown
            };
        };
        if target == Path::new("/dev/null") {
            return Kind::None;
        }
        if target.components().count() == 1 {
            // Another unit of the same folder.
            return Kind::None;
        }
        path = match path.parent() {
            Some(folder) => folder.join(target),
            None => target,
        };
    }
    Kind::Unknown
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

/// What lies beside units and is none: folders of links and of additions, and patterns.
fn is_beside_units(name: &str) -> bool {
    const ENDS: [&str; 4] = ["wants", "requires", "upholds", "d"];
    name.contains("@.") || ENDS.iter().any(|end| is_named(name, end))
}

fn text(path: &Path) -> io::Result<String> {
    let meta = fs::metadata(path)?;
    if !meta.is_file() {
        return Err(io::Error::other("no file"));
    }
    if meta.len() > LARGEST {
        return Err(io::Error::other("too large"));
    }
    let bytes = fs::read(path)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
