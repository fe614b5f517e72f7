//! Names that are right on one kind of disk only: a path that is written otherwise than the
//! file is called, which a Mac finds and Linux does not; and files that a Mac takes for one.

use std::fmt;

use super::collect::is_nix;
use super::follow::Met;
use super::scan::scan;
use super::tree::Tree;

/// How many groups of files that a Mac takes for one are named.
const SHOWN: usize = 3;

/// A path that is written otherwise than the file is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Misspelt {
    /// The file that names the path, and the line if it is found there.
    pub(super) file: String,
    pub(super) line: Option<usize>,
    /// As it is written, and as it is called, from the top of the tree.
    pub(super) written: String,
    pub(super) called: String,
}

impl fmt::Display for Misspelt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(
            f,
            " names {}, which is called {}: a Mac finds it and Linux does not; write it as it is \
             called",
            self.written, self.called
        )
    }
}

impl Tree {
    /// As a path is written and as it is called, where these differ.
    pub(super) fn misspelt(&self, path: &str) -> Option<(String, String)> {
        let mut found = None;
        self.follow(path, |met| {
            if let Met::Spelling {
                asked,
                called,
                taken: true,
            } = met
            {
                found = Some((asked.to_owned(), called.to_owned()));
            }
        });
        found
    }

    /// The paths that Nix files of the tree write otherwise than the files are called.
    pub(super) fn misspelt_paths(&self) -> Vec<Misspelt> {
        let mut found = Vec::new();
        for file in self.below("").filter(|file| is_nix(file)) {
            let text = self.content(file).map(String::from_utf8);
            let Some(Ok(text)) = text else { continue };
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            for path in scan(&text, folder).paths {
                let Some((written, called)) = self.misspelt(&path.path) else {
                    continue;
                };
                let name = written.rsplit('/').next().unwrap_or(&written);
                let line = text.lines().position(|line| line.contains(name));
                found.push(Misspelt {
                    file: file.to_owned(),
                    line: line.map(|at| at + 1),
                    written,
                    called,
                });
            }
        }
        found.sort();
        found.dedup();
        found
    }

    /// What there is to say of files that a Mac takes for one.
    pub(super) fn meeting_names(&self) -> Option<String> {
        let groups = self.spellings().meeting();
        let shown: Vec<_> = groups.iter().take(SHOWN).map(|g| g.join(" and ")).collect();
        let more = match groups.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        (!shown.is_empty()).then(|| {
            format!(
                "one file on a Mac, where git cannot check out both: {}{more}; rename one of them",
                shown.join(", ")
            )
        })
    }
}
