//! Temporary projects: a folder that is a git repository, with the files that a
//! test gives it.

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::hosts::{self, Host};
use crate::process::git;

/// How the names of temporary folders begin.
const PREFIX: &str = "nix-parity-test-";

/// A git repository in a temporary folder, removed at the end.
#[derive(Debug)]
pub struct Project {
    root: Utf8PathBuf,
    // Removes the folder at the end.
    temporary: TempDir,
}

impl Project {
    /// A repository with these files, given as path and text, known to git.
    #[track_caller]
    pub fn new(files: &[(&str, &str)]) -> Self {
        let (temporary, root) = temporary_folder();
        Self::filled(temporary, root, files)
    }

    /// The same in a folder of one's own choice.
    #[track_caller]
    pub fn below(folder: &Utf8Path, files: &[(&str, &str)]) -> Self {
        let (temporary, root) = temporary_folder_in(folder);
        Self::filled(temporary, root, files)
    }

    #[track_caller]
    fn filled(temporary: TempDir, root: Utf8PathBuf, files: &[(&str, &str)]) -> Self {
        let project = Self { root, temporary };
        git(&project.root, &["init", "--quiet"]);
        for (path, text) in files {
            project.write(path, text);
        }
        project.git_add_all();
        project
    }

    /// A flake with these hosts over a copy of the repository's offline base: real
    /// Nix evaluates it without a network. Each host has a module of its own,
    /// `hosts/NAME.nix`, so that a test can edit one host and no other.
    #[track_caller]
    pub fn with_hosts(hosts: &[Host]) -> Self {
        let project = Self::new(&[("flake.nix", &hosts::flake(hosts))]);
        project.copy_offline_base();
        for host in hosts {
            project.write(&host.file(), host.module());
        }
        project.git_add_all();
        project
    }

    /// The same with the base as inputs of the flake, as real configurations have it.
    /// A profile of its settings must replace them by
    /// [`offline_inputs`](crate::offline_inputs).
    #[track_caller]
    pub fn with_inputs(hosts: &[Host]) -> Self {
        let project = Self::new(&[("flake.nix", &hosts::flake_with_inputs(hosts))]);
        for host in hosts {
            project.write(&host.file(), host.module());
        }
        project.git_add_all();
        project
    }

    /// A clone of another repository, with what is committed there.
    #[track_caller]
    pub fn clone_of(repository: &Utf8Path) -> Self {
        let (temporary, root) = temporary_folder();
        git(&root, &["clone", "--quiet", repository.as_str(), "."]);
        Self { root, temporary }
    }

    /// Its folder, with symbolic links resolved, as programs report it.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// The absolute path of a file or folder of it.
    pub fn path(&self, path: &str) -> Utf8PathBuf {
        self.root.join(path)
    }

    /// Writes a file, with the folders that it is in. Nix does not see a new file
    /// before [`Project::git_add_all`].
    #[track_caller]
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        let folder = path.parent().expect("a path in a project has a parent");
        std::fs::create_dir_all(folder).expect("a project's folders can be made");
        std::fs::write(&path, text).expect("a project's files can be written");
    }

    /// The text of a file.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).expect("the file must be there")
    }

    /// Makes all files known to git, and so to Nix.
    #[track_caller]
    pub fn git_add_all(&self) {
        git(&self.root, &["add", "--all"]);
    }

    /// Commits all files and returns the revision.
    #[track_caller]
    pub fn commit(&self, message: &str) -> String {
        self.git_add_all();
        git(
            &self.root,
            &["commit", "--quiet", "--allow-empty", "--message", message],
        );
        git(&self.root, &["rev-parse", "HEAD"]).trim().to_owned()
    }

    /// Runs git in it, for what the other functions do not do, and returns what it
    /// printed.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) -> String {
        git(&self.root, arguments)
    }

    /// Leaves the folder where it is at the end, for somebody to look at.
    pub fn keep(&mut self) {
        self.temporary.disable_cleanup(true);
    }

    /// Copies `offline/` of this repository to `offline/`.
    #[track_caller]
    pub fn copy_offline_base(&self) {
        self.copy_folder(&hosts::offline_base(), "offline");
    }

    /// Copies a folder from elsewhere to this place in it.
    #[track_caller]
    pub fn copy_folder(&self, from: &Utf8Path, to: &str) {
        copy_folder(from, &self.path(to));
    }
}

#[track_caller]
fn copy_folder(from: &Utf8Path, to: &Utf8Path) {
    std::fs::create_dir_all(to).expect("a project's folders can be made");
    for entry in from
        .read_dir_utf8()
        .expect("the folder to copy must be there")
    {
        let entry = entry.expect("its entries can be listed");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a file can be copied");
        }
    }
}

/// A temporary folder, and its path with symbolic links resolved (on macOS the
/// folder for temporary files is one).
#[track_caller]
pub(crate) fn temporary_folder() -> (TempDir, Utf8PathBuf) {
    resolved(tempfile::Builder::new().prefix(PREFIX).tempdir())
}

fn temporary_folder_in(folder: &Utf8Path) -> (TempDir, Utf8PathBuf) {
    resolved(tempfile::Builder::new().prefix(PREFIX).tempdir_in(folder))
}

fn resolved(temporary: std::io::Result<TempDir>) -> (TempDir, Utf8PathBuf) {
    let temporary = temporary.expect("a temporary folder can be made");
    let path = Utf8Path::from_path(temporary.path())
        .expect("the folder for temporary files has a UTF-8 name")
        .canonicalize_utf8()
        .expect("a folder just made is there");
    (temporary, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_written_and_known_to_git() {
        let project = Project::new(&[("flake.nix", "{ }\n"), ("cases/deep/a.yaml", "suite: a\n")]);
        assert_eq!(project.read("cases/deep/a.yaml"), "suite: a\n");
        assert_eq!(
            git(project.root(), &["ls-files"]),
            "cases/deep/a.yaml\nflake.nix\n"
        );

        project.write("new.nix", "1\n");
        assert_eq!(git(project.root(), &["ls-files", "new.nix"]), "");
        project.git_add_all();
        assert_eq!(git(project.root(), &["ls-files", "new.nix"]), "new.nix\n");
    }

    #[test]
    fn commits_give_revisions() {
        let project = Project::new(&[("a", "1")]);
        let first = project.commit("first");
        project.write("a", "2");
        let second = project.commit("second");
        assert_ne!(first, second);
        let changed = git(project.root(), &["diff", "--name-only", &first, &second]);
        assert_eq!(changed, "a\n");
        assert_eq!(git(project.root(), &["status", "--porcelain"]), "");
    }

    #[test]
    fn a_clone_has_what_is_committed_and_is_apart() {
        let project = Project::new(&[("a", "1")]);
        let revision = project.commit("first");
        project.write("a", "2");
        let clone = Project::clone_of(project.root());
        assert_eq!(clone.read("a"), "1");
        clone.write("b", "3");
        assert_ne!(clone.commit("second"), revision);
        assert!(!project.path("b").exists());
    }

    #[test]
    fn is_removed_at_the_end_unless_it_is_kept() {
        let project = Project::new(&[]);
        let root = project.root().to_owned();
        assert!(root.exists());
        drop(project);
        assert!(!root.exists());

        let mut project = Project::new(&[]);
        project.keep();
        let root = project.root().to_owned();
        drop(project);
        assert!(root.exists());
        std::fs::remove_dir_all(root).unwrap();
    }
}
