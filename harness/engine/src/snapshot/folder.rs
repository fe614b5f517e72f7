//! The folder of snapshots: what was accepted, and what waits for that beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use nix_parity_core::diagnostic::Diagnostic;

use super::reading::{Unreadable, read};
use super::{Name, Taken};
use crate::whole_file;

/// The folder's name in the project.
pub const FOLDER: &str = "snapshots";

/// What a snapshot that waits to be accepted is called in addition.
pub(super) const NEW: &str = ".new";

/// The folder of a project's snapshots.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

/// A snapshot that waits to be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Which one.
    pub name: Name,
    /// The text that is accepted so far, if any.
    pub old: Option<String>,
    /// The text that waits.
    pub new: String,
}

impl Folder {
    /// The folder of a project. It need not be there.
    pub fn of_project(root: &Path) -> Self {
        Self {
            path: root.join(FOLDER),
        }
    }

    /// The accepted text; nothing where none was accepted.
    ///
    /// # Errors
    /// There is one, and it cannot be read.
    pub fn accepted(&self, name: &Name) -> Result<Option<String>, Unreadable> {
        read(&self.path.join(name.as_str()), &Self::file(name))
    }

    /// The text that waits to be accepted, likewise.
    fn waiting(&self, name: &Name) -> Result<Option<String>, Unreadable> {
        read(
            &self.pending_path(name),
            &format!("{}{NEW}", Self::file(name)),
        )
    }

    /// The accepted snapshots of a host under a profile.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn of_host(&self, host: &str, profile: Option<&str>) -> io::Result<Vec<Name>> {
        let folder = Name::folder(host);
        let files = entries(&self.path.join(&folder))?;
        let names = files.iter().filter(|file| is_snapshot(file));
        let names = names.map(|file| Name::found(format!("{folder}/{file}")));
        let mut names: Vec<_> = names.filter(|name| name.is_of_profile(profile)).collect();
        names.sort();
        Ok(names)
    }

    /// The names of the folders of hosts: the hosts' own, unless they have unusual letters.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn hosts(&self) -> io::Result<Vec<String>> {
        let mut hosts = entries(&self.path)?;
        hosts.retain(|name| self.path.join(name).is_dir());
        hosts.sort();
        Ok(hosts)
    }

    /// Where the file of an accepted text is, relative to the project.
    pub fn file(name: &Name) -> String {
        format!("{FOLDER}/{name}")
    }

    /// Puts a snapshot that is not the accepted one beside that, with what it was made
    /// from, and takes away what waits there otherwise. A file is replaced at once or not
    /// at all.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn settle(&self, taken: &Taken, inputs: &BTreeMap<String, String>) -> io::Result<()> {
        let path = self.pending_path(&taken.name);
        if taken.is_accepted {
            return match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        if self
            .waiting(&taken.name)
            .is_ok_and(|text| text.as_ref() == Some(&taken.body))
        {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        whole_file::write(
            &path,
            taken.header.file(&taken.body, inputs).as_bytes(),
            &[],
        )
    }

    /// All that waits, by name; or why one cannot be held against what was accepted.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn pending(&self) -> io::Result<Vec<(Name, Result<Pending, Unreadable>)>> {
        let mut found = Vec::new();
        for path in self.files()? {
            let Some(name) = path.strip_suffix(NEW).filter(|name| is_snapshot(name)) else {
                continue;
            };
            let name = Name::found(name.to_owned());
            let texts = self.waiting(&name);
            let texts = texts.and_then(|new| Ok(new.zip(Some(self.accepted(&name)?))));
            // One that is gone by now was accepted or rejected by somebody else.
            if let Some(texts) = texts.transpose() {
                let pending = texts.map(|(new, old)| Pending {
                    name: name.clone(),
                    old,
                    new,
                });
                found.push((name, pending));
            }
        }
        Ok(found)
    }

    /// Makes what waits the accepted one.
    ///
    /// # Errors
    /// The file cannot be renamed, or what it would replace cannot be read.
    pub fn accept(&self, name: &Name) -> io::Result<()> {
        self.accepted(name).map_err(io::Error::other)?;
        fs::rename(self.pending_path(name), self.path.join(name.as_str()))
    }

    /// Takes away what waits.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub fn reject(&self, name: &Name) -> io::Result<()> {
        fs::remove_file(self.pending_path(name))
    }

    /// The snapshots, accepted or waiting, of a profile that are none of these: no case
    /// takes them any more.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn orphans(
        &self,
        taken: &BTreeSet<Name>,
        profile: Option<&str>,
    ) -> io::Result<BTreeSet<Name>> {
        let mut names = self.names(profile)?;
        names.retain(|name| !taken.contains(name));
        Ok(names)
    }

    /// The snapshots of a profile, accepted or waiting.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn names(&self, profile: Option<&str>) -> io::Result<BTreeSet<Name>> {
        let files = self.files()?;
        let names = files.iter().map(|f| f.strip_suffix(NEW).unwrap_or(f));
        Ok(names
            .filter(|name| is_snapshot(name))
            .map(|name| Name::found(name.to_owned()))
            .filter(|name| name.is_of_profile(profile))
            .collect())
    }

    /// Removes a snapshot and what waits to replace it.
    ///
    /// # Errors
    /// A file cannot be removed.
    pub fn remove(&self, name: &Name) -> io::Result<()> {
        for path in [self.path.join(name.as_str()), self.pending_path(name)] {
            match fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn pending_path(&self, name: &Name) -> PathBuf {
        self.path.join(format!("{name}{NEW}"))
    }

    /// The files of the folders of hosts, by path. What a killed program has left there is
    /// taken away.
    fn files(&self) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        for host in entries(&self.path)? {
            let files = entries(&self.path.join(&host))?;
            if files.iter().any(|file| whole_file::is_part(file)) {
                whole_file::sweep(&self.path.join(&host));
            }
            let files = files.iter().filter(|file| !whole_file::is_part(file));
            found.extend(files.map(|file| format!("{host}/{file}")));
        }
        found.sort();
        Ok(found)
    }
}

/// What is wrong with snapshots that no case takes: what nobody compares would look like
/// proof.
pub fn unreferenced(orphans: &BTreeSet<Name>) -> Vec<Diagnostic> {
    let orphan = |name| {
        let file = Folder::file(name);
        Diagnostic::new(format!("no case takes the snapshot {file}"))
            .note("`nix-parity review --unreferenced delete` removes it")
    };
    orphans.iter().map(orphan).collect()
}

fn is_snapshot(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "snap")
}

/// The names in a folder; none where there is no such folder.
fn entries(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}
