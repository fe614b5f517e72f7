//! What git knows of the flake's files: Nix sees no others of a work tree.

use std::path::{Path, PathBuf};

use nix_parity_core::diagnostic::Diagnostic;

use crate::depend::Git;
use crate::project::Project;

/// So many files are named.
const MOST: usize = 5;

/// Looks at the work tree that the flake is in, and says what there is to know of it.
///
/// # Errors
/// The flake itself is not known to git, so that Nix would not find it.
pub fn examine(project: &Project) -> Result<Vec<String>, Box<Diagnostic>> {
    let Some(dir) = project.flake_dir() else {
        let message =
            "the flake is not a folder of this machine, so nothing can be written beside it";
        let wrong = Diagnostic::new(message);
        return Err(wrong
            .note("start where it lies, or name its folder with -C")
            .into());
    };
    let Some(git) = Git::find(&dir) else {
        return Ok(vec![
            "this is no git repository: Nix copies the whole folder at each evaluation; `git init` and `git add` tell it what belongs to the flake".to_owned(),
        ]);
    };
    let Ok(index) = git.index() else {
        return Ok(vec!["git cannot say which files it knows".to_owned()]);
    };
    let inside = |path: &str| -> PathBuf {
        let folder = dir.strip_prefix(git.top()).unwrap_or(Path::new(""));
        folder.join(path)
    };
    if !index.has(&inside("flake.nix")) {
        let wrong = Diagnostic::new("flake.nix is not known to git")
            .note("of a git repository Nix sees only the files that git knows")
            .note("git add flake.nix, and the other files of the flake, then start again");
        return Err(wrong.into());
    }
    let files = project.files().unwrap_or_default();
    let is_nix = |path: &String| Path::new(path).extension().is_some_and(|e| e == "nix");
    let unknown: Vec<_> = files
        .into_iter()
        .filter(is_nix)
        .filter(|path| !index.has(&inside(path)))
        .collect();
    if unknown.is_empty() {
        return Ok(Vec::new());
    }
    let shown = unknown.iter().take(MOST).cloned().collect::<Vec<_>>();
    let more = unknown.len() - shown.len();
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    Ok(vec![format!(
        "git does not know {}{more}, so Nix does not see them: git add what belongs to the flake",
        shown.join(", ")
    )])
}
