//! Edits of how names are spelt. On a disk that ignores case the file stays where it was
//! for all who ask for it; elsewhere it becomes another one.

use std::fs;
use std::os::unix::fs::MetadataExt as _;

use camino::Utf8Path;

use super::Editor;

impl Editor {
    pub(super) fn rename_in_case(&mut self) -> Option<String> {
        let file = if self.rng.percent(60) {
            let files = self.files();
            let spelt: Vec<_> = files
                .iter()
                .filter(|file| file.to_lowercase().starts_with("spelt/"))
                .collect();
            (!spelt.is_empty()).then(|| (*self.rng.one(&spelt)).clone())?
        } else {
            self.spare_file()?
        };
        let parts: Vec<&str> = file.split('/').collect();
        let at = self.rng.below(parts.len());
        let old = parts.get(..=at)?.join("/");
        let other = in_other_case(parts.get(at)?)?;
        let mut new: Vec<&str> = parts.get(..at)?.to_vec();
        new.push(&other);
        let new = new.join("/");
        let (from, to) = (
            self.sample.project.path(&old),
            self.sample.project.path(&new),
        );
        if is_taken(&from, &to) {
            return None;
        }
        fs::rename(from, to).ok()?;
        let how = match self.rng.below(3) {
            0 => "",
            1 => {
                self.sample.project.git(&["add", "--all", "--", ":/"]);
                ", all added"
            }
            // git leaves a name as it is where the disk finds the file by it.
            _ => {
                let index = [
                    "rm",
                    "-r",
                    "--quiet",
                    "--force",
                    "--cached",
                    "--ignore-unmatch",
                    "--",
                    &old,
                ];
                self.sample.project.git(&index);
                self.sample.project.git(&["add", "--all", "--", ":/"]);
                ", in git too"
            }
        };
        Some(format!("{old} is called {new}{how}"))
    }

    /// What a repository from Linux may hold.
    pub(super) fn record_a_twin(&mut self) -> Option<String> {
        let file = self.spare_file()?;
        let (folder, name) = file.rsplit_once('/')?;
        let twin = format!("{folder}/{}", in_other_case(name)?);
        let project = &self.sample.project;
        if project.path(&file).is_symlink() {
            return None;
        }
        let object = project.git(&["hash-object", "-w", "--", &file]);
        let entry = format!("100644,{},{twin}", object.trim());
        project.git(&["update-index", "--add", "--cacheinfo", &entry]);
        if self.rng.percent(50) {
            self.overwrite(&twin, "value1 of a twin\n")?;
        }
        Some(format!("git knows {twin} beside {file}"))
    }
}

/// The name with its first letter in the other case.
fn in_other_case(name: &str) -> Option<String> {
    let at = name.find(|c: char| c.is_ascii_alphabetic())?;
    let (start, rest) = name.split_at(at);
    let first = rest.chars().next()?;
    let other = if first.is_ascii_lowercase() {
        first.to_ascii_uppercase()
    } else {
        first.to_ascii_lowercase()
    };
    Some(format!("{start}{other}{}", rest.get(1..)?))
}

/// Whether something else has the new name.
fn is_taken(old: &Utf8Path, new: &Utf8Path) -> bool {
    let inode = |path: &Utf8Path| fs::symlink_metadata(path).map(|meta| meta.ino());
    match (inode(old), inode(new)) {
        (Ok(old), Ok(new)) => old != new,
        (Ok(_), Err(_)) => false,
        (Err(_), _) => true,
    }
}
