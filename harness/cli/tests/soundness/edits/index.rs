//! Edits of what git looks at: files that it takes for unchanged.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use super::Editor;

impl Editor {
    /// What people do to keep local settings out of commits.
    pub(super) fn hide(&mut self) -> Option<String> {
        let (file, text) = self.text_file("")?;
        if !self.is_tracked(&file) {
            return None;
        }
        self.unlike.set(self.unlike.get() + 1);
        let bit = *self.rng.one(&["--assume-unchanged", "--skip-worktree"]);
        self.sample.project.git(&["update-index", bit, "--", &file]);
        let number = self.rng.below(1000);
        let changed = self.value.replace(&text, format!("value{number}"));
        let how = match self.rng.below(10) {
            0..=6 => {
                self.sample.project.write(&file, &changed);
                format!(", and has value{number}")
            }
            7 => {
                fs::remove_file(self.sample.project.path(&file)).ok()?;
                ", and deleted".to_owned()
            }
            8 => {
                let path = self.sample.project.path(&file);
                let mode = fs::metadata(&path).ok()?.permissions().mode() ^ 0o100;
                fs::set_permissions(&path, Permissions::from_mode(mode)).ok()?;
                format!(", and has mode {:o}", mode & 0o777)
            }
            _ => String::new(),
        };
        Some(format!("{bit} for {file}{how}"))
    }

    pub(super) fn look_at_all(&mut self) -> Option<String> {
        (self.look_again("") > 0).then(|| "git looks at all files again".to_owned())
    }

    pub(super) fn is_tracked(&self, file: &str) -> bool {
        let listed = self.sample.project.git(&["ls-files", "--", file]);
        !listed.is_empty()
    }

    /// Has git look at the files whose path starts so; says how many that are. Some of
    /// git's commands fail on a file that it does not look at.
    ///
    /// Nix knows its copies of a tree by what git says has changed, and takes one that it
    /// made when the file was another one. So something else has to change too: the cache
    /// is not to be held against answers of Nix that are stale themselves.
    pub(super) fn look_again(&self, start: &str) -> usize {
        let project = &self.sample.project;
        let listed = project.git(&["-c", "core.quotePath=false", "ls-files", "-v"]);
        let exempt = |tag: &str| tag == "S" || tag.starts_with(|c: char| c.is_lowercase());
        let files: Vec<_> = listed
            .lines()
            .filter_map(|line| line.split_once(' '))
            .filter(|(tag, file)| exempt(tag) && file.starts_with(start))
            .map(|(_, file)| file)
            .collect();
        for file in &files {
            for bit in ["--no-assume-unchanged", "--no-skip-worktree"] {
                project.git(&["update-index", bit, "--", file]);
            }
        }
        if !files.is_empty() {
            self.differ();
        }
        files.len()
    }

    /// Makes the tree one that was not there before.
    pub(super) fn differ(&self) {
        let number = self.unlike.get() + 1;
        self.unlike.set(number);
        let text = format!("# A project, looked at {number} times\n");
        self.sample.project.write("README.md", &text);
    }
}
