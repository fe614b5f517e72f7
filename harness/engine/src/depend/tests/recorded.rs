//! Files that differ from what git has recorded without git saying so: Nix sees the one or
//! the other, and so must the state be another one.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use nix_parity_testkit::Project;

use super::{state, world};
use crate::depend::Dependency;

/// Makes `file.nix` differ from what is recorded.
type Hide = fn(&Project);

const WAYS: &[(&str, Hide)] = &[
    ("assume-unchanged", |project| {
        project.git(&["update-index", "--assume-unchanged", "file.nix"]);
        project.write("file.nix", "disk\n");
    }),
    ("skip-worktree", |project| {
        project.git(&["update-index", "--skip-worktree", "file.nix"]);
        project.write("file.nix", "disk\n");
    }),
    ("skip-worktree and deleted", |project| {
        project.git(&["update-index", "--skip-worktree", "file.nix"]);
        fs::remove_file(project.path("file.nix")).unwrap();
    }),
    ("a mode that git does not look at", |project| {
        project.git(&["config", "core.fileMode", "false"]);
        let mode = Permissions::from_mode(0o755);
        fs::set_permissions(project.path("file.nix"), mode).unwrap();
    }),
    ("line endings", |project| {
        let attributes = "*.nix text eol=crlf\n";
        fs::write(project.path(".git/info/attributes"), attributes).unwrap();
        project.write("file.nix", "recorded\r\n");
        project.git(&["add", "file.nix"]);
    }),
    ("a filter that no file of the tree names", |project| {
        project.git(&["config", "filter.upper.clean", "tr A-Z a-z"]);
        fs::write(project.path(".git/info/attributes"), "*.nix filter=upper\n").unwrap();
        project.write("file.nix", "RECORDED\n");
        project.git(&["add", "file.nix"]);
    }),
    ("a file that became a link", |project| {
        project.git(&["config", "core.symlinks", "false"]);
        project.git(&["update-index", "--assume-unchanged", "file.nix"]);
        fs::remove_file(project.path("file.nix")).unwrap();
        symlink("other.nix", project.path("file.nix")).unwrap();
    }),
];

fn project() -> Project {
    let project = Project::new(&[
        ("file.nix", "recorded\n"),
        ("other.nix", "other\n"),
        ("notes.md", "notes\n"),
    ]);
    project.commit("all");
    project
}

fn dependencies() -> [Dependency; 5] {
    let file = || "file.nix".to_owned();
    [
        Dependency::Content(file()),
        Dependency::Evaluated(file()),
        Dependency::Expression(file()),
        Dependency::Content(String::new()),
        Dependency::Tree {
            because: String::new(),
        },
    ]
}

#[test]
fn a_file_that_git_does_not_look_at_is_in_no_state() {
    for (way, hide) in WAYS {
        for dependency in dependencies() {
            let project = project();
            let plain = state(&project, &dependency);
            hide(&project);
            let status = project.git(&["status", "--porcelain"]);
            assert_eq!(status, "", "{way}: git must not see it");
            let state = || world(&project).state(&dependency);
            assert_eq!(state(), None, "{way}, {dependency:?}: unchanged");
            project.write("notes.md", "more notes\n");
            assert_eq!(state(), None, "{way}, {dependency:?}: changed");
            project.git(&["update-index", "--no-assume-unchanged", "file.nix"]);
            project.git(&["update-index", "--no-skip-worktree", "file.nix"]);
            std::fs::remove_file(project.path(".git/info/attributes")).ok();
            project.git(&["config", "core.fileMode", "true"]);
            std::fs::remove_file(project.path("file.nix")).ok();
            project.git(&["checkout", "--", "file.nix"]);
            project.write("notes.md", "notes\n");
            assert_eq!(state(), Some(plain), "{way}, {dependency:?}: undone");
        }
    }
}

/// Nix may have a copy of the time when it was another one.
#[test]
fn a_file_that_git_does_not_look_at_is_in_no_state_even_as_it_is_recorded() {
    for bit in ["--assume-unchanged", "--skip-worktree"] {
        let project = project();
        project.git(&["update-index", bit, "file.nix"]);
        for dependency in dependencies() {
            assert_eq!(world(&project).state(&dependency), None, "{dependency:?}");
        }
        let other = Dependency::Content("other.nix".to_owned());
        assert!(world(&project).state(&other).is_some());
    }
}

/// A commit of what is on disk is no change of it, nor is the edit of another file.
#[test]
fn a_file_that_git_sees_counts_by_itself() {
    let project = project();
    let file = Dependency::Content("file.nix".to_owned());
    let committed = state(&project, &file);
    project.write("notes.md", "more notes\n");
    assert_eq!(committed, state(&project, &file));
    project.write("file.nix", "edited\n");
    let edited = state(&project, &file);
    assert_ne!(committed, edited);
    project.git_add_all();
    assert_eq!(edited, state(&project, &file));
    project.commit("edited");
    assert_eq!(edited, state(&project, &file));
}

/// A link that git does not look at leads to nothing that is known.
#[test]
fn what_is_behind_a_hidden_link_is_in_no_state() {
    let project = Project::new(&[("folder/file", "text\n")]);
    symlink("folder", project.path("link")).unwrap();
    project.git_add_all();
    project.commit("a link");
    let dependencies = [
        Dependency::Content("link/file".to_owned()),
        Dependency::Kind("link/file".to_owned()),
        Dependency::Kind("link".to_owned()),
        Dependency::Listing("link".to_owned()),
        Dependency::Names("link".to_owned()),
    ];
    for dependency in &dependencies {
        assert!(world(&project).state(dependency).is_some());
    }
    project.git(&["update-index", "--skip-worktree", "link"]);
    for dependency in &dependencies {
        assert_eq!(world(&project).state(dependency), None, "{dependency:?}");
    }
}

#[test]
fn a_submodule_is_in_a_state() {
    let inner = Project::new(&[("text", "one\n")]);
    inner.commit("one");
    let project = project();
    let url = format!("file://{}", inner.root());
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "inner",
    ];
    project.git(&add);
    project.commit("a submodule");
    for dependency in dependencies() {
        assert!(
            world(&project).state(&dependency).is_some(),
            "{dependency:?}"
        );
    }
    // Nix takes a tree with a changed submodule for unchanged.
    let tree = Dependency::Tree {
        because: String::new(),
    };
    let clean = state(&project, &tree);
    project.write("inner/text", "two\n");
    assert_ne!(clean, state(&project, &tree));
    let in_submodule = state(&project, &tree);
    project.git(&["rm", "--quiet", "--cached", "notes.md"]);
    project.git(&["add", "notes.md"]);
    assert_eq!(in_submodule, state(&project, &tree));
    project.write("notes.md", "more\n");
    assert_ne!(in_submodule, state(&project, &tree));
}

/// git and Nix look at the owner's right only.
#[test]
fn a_mode_is_that_of_the_owner() {
    let project = project();
    let file = Dependency::Content("file.nix".to_owned());
    let set = |mode| fs::set_permissions(project.path("file.nix"), Permissions::from_mode(mode));
    let plain = state(&project, &file);
    set(0o655).unwrap();
    assert_eq!(plain, state(&project, &file));
    set(0o744).unwrap();
    assert_ne!(plain, state(&project, &file));
}

/// With `--since`, a file on disk is no evidence of a commit where git does not look at it.
#[test]
fn a_commit_has_its_own_text_of_a_hidden_file() {
    for bit in ["--assume-unchanged", "--skip-worktree"] {
        let project = project();
        let commit = project.git(&["rev-parse", "HEAD"]).trim().to_owned();
        project.git(&["update-index", bit, "file.nix"]);
        project.write("file.nix", "disk\n");
        let git = crate::depend::Git::find(project.root().as_std_path()).unwrap();
        let changed = git.differs_from(&commit).unwrap();
        assert!(changed.iter().eq(["file.nix"]), "{bit}: {changed:?}");
        let tree = crate::depend::Tree::of_commit(git, &commit).unwrap();
        assert_eq!(tree.content("file.nix").unwrap(), b"recorded\n", "{bit}");
    }
}
