//! What git knows of a work tree.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use super::recorded::{Changes, Recorded};
use crate::environment;
use crate::nix::Program;

/// A git work tree.
#[derive(Clone, Debug)]
pub struct Git {
    program: PathBuf,
    top: PathBuf,
}

/// What decides which tree Nix sees, besides the files themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The files that git knows, by their path from the top of the work tree.
    pub names: BTreeSet<PathBuf>,
    /// The commit that is checked out, after the first one.
    pub head: Option<String>,
}

impl Index {
    /// Whether it has a file, or one below a folder.
    pub fn has(&self, path: &Path) -> bool {
        let mut next = self.names.range(path.to_owned()..);
        next.next().is_some_and(|name| name.starts_with(path))
    }
}

/// A file of a revision.
#[derive(Debug)]
pub(super) struct Tracked {
    pub(super) mode: String,
    pub(super) object: String,
    pub(super) path: String,
}

/// The folder of the git work tree that holds this folder, if one does.
pub fn git_toplevel(dir: &Path) -> Option<PathBuf> {
    dir.ancestors()
        .find(|d| d.join(".git").exists())
        .map(Path::to_owned)
}

impl Git {
    /// The work tree that a folder is part of, where there is a git to ask about it.
    pub fn find(dir: &Path) -> Option<Self> {
        let top = git_toplevel(dir)?;
        let program = environment::search_path()
            .into_iter()
            .map(|d| d.join("git"))
            .find(|p| p.is_file())?;
        Some(Self { program, top })
    }

    /// The top of the work tree.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// Where git keeps its own files of this work tree.
    pub fn folder(&self) -> io::Result<PathBuf> {
        Ok(text(&self.run(&["rev-parse", "--absolute-git-dir"])?).into())
    }

    /// The files that git knows, deleted ones too, and the commit.
    pub fn index(&self) -> io::Result<Index> {
        Ok(Index {
            names: self.tracked()?.into_iter().map(|(name, _)| name).collect(),
            head: self.head().ok().map(|(commit, _)| commit),
        })
    }

    /// The files that git knows, deleted ones too, as it has recorded them.
    pub(super) fn tracked(&self) -> io::Result<Vec<(PathBuf, Recorded)>> {
        self.list(&["ls-files", "-z", "--cached", "--stage", "-v"])
    }

    fn list(&self, command: &[&str]) -> io::Result<Vec<(PathBuf, Recorded)>> {
        let out = self.run(command)?;
        out.split(|b| *b == 0)
            .filter(|line| !line.is_empty())
            .map(recorded)
            .collect::<Option<_>>()
            .ok_or_else(|| io::Error::other("git's list of files cannot be read"))
    }

    /// The files that differ from what git has recorded, as far as git looks at them.
    pub(super) fn changes(&self) -> io::Result<Changes> {
        let status = |submodules: &str| {
            // A monitor may be wrong, and Nix does not ask it.
            self.run(&[
                "-c",
                "core.fsmonitor=false",
                "status",
                "--porcelain",
                "-z",
                "--no-renames",
                "--untracked-files=no",
                submodules,
            ])
        };
        let of_submodules = status("--ignore-submodules=none")?;
        Ok(Changes::read(
            &status("--ignore-submodules=all")?,
            &of_submodules,
        ))
    }

    /// The commit that a name stands for.
    ///
    /// # Errors
    /// There is no such commit; git's own message.
    pub fn commit(&self, name: &str) -> io::Result<String> {
        let wanted = format!("{name}^{{commit}}");
        let out = self.run(&["rev-parse", "--verify", "--end-of-options", &wanted])?;
        Ok(text(&out))
    }

    /// The commit that is checked out and its time in seconds.
    pub fn head(&self) -> io::Result<(String, i64)> {
        let out = text(&self.run(&["log", "-1", "--format=%H %ct"])?);
        let (commit, time) = out.split_once(' ').unwrap_or_default();
        let time = time.parse().map_err(io::Error::other)?;
        Ok((commit.to_owned(), time))
    }

    /// The commit that is checked out and whether tracked files differ from it, as far as
    /// git says so.
    pub(super) fn state(&self, changes: &Changes) -> String {
        let head = self.head().map(|(commit, _)| commit);
        let mut words = String::new();
        if !changes.files.is_empty() {
            words.push_str(" changed");
        }
        if changes.of_submodules {
            words.push_str(" in submodules");
        }
        // Before the first commit there is none.
        head.unwrap_or_default() + &words
    }

    /// All files of a commit.
    pub(super) fn files_of(&self, commit: &str) -> io::Result<Vec<Tracked>> {
        let out = self.run(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        String::from_utf8_lossy(&out)
            .split('\0')
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (entry, path) = line.split_once('\t')?;
                let mut words = entry.split(' ');
                let (mode, _, object) = (words.next()?, words.next()?, words.next()?);
                Some(Tracked {
                    mode: mode.to_owned(),
                    object: object.to_owned(),
                    path: path.to_owned(),
                })
            })
            .collect::<Option<_>>()
            .ok_or_else(|| io::Error::other("git's list of files cannot be read"))
    }

    /// The files that are not in the work tree as they are in a commit.
    fn changed_since(&self, commit: &str) -> io::Result<BTreeSet<String>> {
        let out = self.run(&["diff", "--name-only", "--no-renames", "-z", commit, "--"])?;
        let mut files: BTreeSet<String> = names(&out).collect();
        // git does not look at these.
        for (name, recorded) in self.tracked()? {
            if !recorded.is_exempt() {
                continue;
            }
            let same = fs::read(self.top.join(&name)).is_ok_and(|text| recorded.has(&text));
            if let Some(name) = name.to_str().filter(|_| !same) {
                files.insert(name.to_owned());
            }
        }
        Ok(files)
    }

    /// The files that are not in the folder as they are in a commit, those that git
    /// does not know too, unless it is told to ignore them.
    ///
    /// # Errors
    /// git's own message.
    pub fn differs_from(&self, commit: &str) -> io::Result<BTreeSet<String>> {
        let mut files = self.changed_since(commit)?;
        files.extend(names(&self.run(&[
            "ls-files",
            "-z",
            "--others",
            "--exclude-standard",
        ])?));
        Ok(files)
    }

    /// Whether all that lies in a folder is there as in a commit, and nothing else.
    pub(super) fn folder_is_as_in(&self, commit: &str, folder: &str) -> io::Result<bool> {
        let changed = [
            "diff",
            "--name-only",
            "--no-renames",
            "-z",
            commit,
            "--",
            folder,
        ];
        let others = ["ls-files", "-z", "--others", "--", folder];
        let tracked = ["ls-files", "-z", "--cached", "--stage", "-v", "--", folder];
        let is_looked_at = self.list(&tracked)?.iter().all(|(_, r)| !r.is_exempt());
        Ok(is_looked_at && self.run(&changed)?.is_empty() && self.run(&others)?.is_empty())
    }

    /// The content of an object.
    pub(super) fn object(&self, object: &str) -> io::Result<Vec<u8>> {
        self.run(&["cat-file", "blob", object])
    }

    /// The text of a file of a commit, by its path from the top.
    pub fn text_at(&self, commit: &str, path: &str) -> Option<String> {
        let bytes = self.object(&format!("{commit}:{path}")).ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The object that a folder of a commit is, by its path from the top.
    ///
    /// # Errors
    /// There is no such folder; git's own message.
    pub fn folder_at(&self, commit: &str, path: &str) -> io::Result<String> {
        let wanted = format!("{commit}:{path}");
        let out = self.run(&["rev-parse", "--verify", "--end-of-options", &wanted])?;
        Ok(text(&out))
    }

    /// Writes all files of a folder, named as [`Self::folder_at`] does, below an empty
    /// one, as Nix sees them: byte for byte, with symbolic links and executables.
    pub fn write_folder(&self, folder: &str, target: &Path) -> io::Result<()> {
        use std::os::unix::ffi::OsStrExt as _;
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        for file in self.files_of(folder)? {
            // git keeps no other kind of path, but this is written to a disk.
            if Path::new(&file.path)
                .components()
                .any(|c| !matches!(c, Component::Normal(_)))
            {
                return Err(io::Error::other(format!("a strange path: {}", file.path)));
            }
            let path = target.join(&file.path);
            fs::create_dir_all(path.parent().unwrap_or(target))?;
            match file.mode.as_str() {
                // A submodule, which Nix leaves out as well.
                "160000" => {}
                "120000" => {
                    let to = self.object(&file.object)?;
                    symlink(std::ffi::OsStr::from_bytes(&to), &path)?;
                }
                mode => {
                    fs::write(&path, self.object(&file.object)?)?;
                    let mode = if mode == "100755" { 0o755 } else { 0o644 };
                    fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
                }
            }
        }
        Ok(())
    }

    /// The paths of all files of a commit.
    pub fn paths_of(&self, commit: &str) -> io::Result<BTreeSet<String>> {
        Ok(self.files_of(commit)?.into_iter().map(|f| f.path).collect())
    }

    /// The names of all branches and tags.
    pub fn references(&self) -> Vec<String> {
        let out = self.run(&["for-each-ref", "--format=%(refname:short)"]);
        let out = out.map(|out| text(&out)).unwrap_or_default();
        out.lines().map(str::to_owned).collect()
    }

    fn run(&self, args: &[&str]) -> io::Result<Vec<u8>> {
        let output = Program::new(&self.program)
            .current_dir(&self.top)
            .args(args)
            .output()?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(io::Error::other(text(&output.stderr)))
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}

/// A line of `git ls-files --stage -v`.
fn recorded(line: &[u8]) -> Option<(PathBuf, Recorded)> {
    use std::os::unix::ffi::OsStrExt as _;
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let (entry, name) = line.split_at_checked(tab)?;
    let mut words = std::str::from_utf8(entry).ok()?.split(' ');
    let (tag, mode, object) = (words.next()?, words.next()?, words.next()?);
    let name = Path::new(std::ffi::OsStr::from_bytes(name.get(1..)?)).to_owned();
    Some((name, Recorded::new(mode, object, tag.chars().next()?)))
}

/// What `-z` separates. A name may begin or end with blanks.
fn names(out: &[u8]) -> impl Iterator<Item = String> {
    out.split(|b| *b == 0)
        .filter(|name| !name.is_empty())
        .map(|name| String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn blanks_at_the_ends_of_a_name_are_part_of_it() {
        let found: Vec<_> = names(b" a\0b \0\0c\nd\0").collect();
        assert_eq!(found, [" a", "b ", "c\nd"]);
    }
}
