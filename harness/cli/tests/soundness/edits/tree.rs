//! Edits of which files there are, and of what kind.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::Editor;

/// Where a new file may matter, with its text.
const PLACES: &[(&str, &str)] = &[
    ("modules/new@.nix", "{ probe.auto-new@ = \"value1\"; }\n"),
    ("local.nix", "{ probe.optional-module = \"value1\"; }\n"),
    ("data/optional.txt", "value1\n"),
    ("extra/new@.txt", "value1\n"),
    ("src/new@.txt", "value1\n"),
    ("src/deep/new@.md", "value1\n"),
    ("links/new@", "value1\n"),
    ("docs/new@.txt", "value1\n"),
];

/// Files that are copied to the store, where their mode shows in the path.
const COPIED: &[&str] = &[
    "data/interpolated.txt",
    "pkgs/tool.sh",
    "src/main.txt",
    "src/deep/part.txt",
];

/// Links, with what they can lead to: files, folders, nothing, and elsewhere.
const LINKS: &[(&str, &[&str])] = &[
    (
        "links/file",
        &[
            "../data/linked.txt",
            "../data/read.txt",
            "../README.md",
            "../data/nowhere.txt",
            "/nowhere/at/all",
        ],
    ),
    (
        "links/folder",
        &["../linked-one", "../linked-two", "../nowhere", "../docs"],
    ),
];

impl Editor {
    pub(super) fn add(&mut self) -> Option<String> {
        let number = self.rng.below(4).to_string();
        let (file, text) = self.rng.one(PLACES);
        let (file, text) = (file.replace('@', &number), text.replace('@', &number));
        if self.sample.project.path(&file).symlink_metadata().is_ok() {
            return None;
        }
        self.overwrite(&file, &text)?;
        self.look_again(&file);
        // What is untracked is seen in a folder that replaces an input, and only there.
        let how = match self.rng.below(4) {
            0 => "left untracked",
            1 => {
                self.sample
                    .project
                    .git(&["add", "--intent-to-add", "--", &file]);
                "intended to be tracked"
            }
            _ => {
                self.sample.project.git(&["add", "--", &file]);
                "tracked"
            }
        };
        Some(format!("new {file}, {how}"))
    }

    pub(super) fn delete(&mut self) -> Option<String> {
        let file = self.spare_file()?;
        fs::remove_file(self.sample.project.path(&file)).ok()?;
        let told = self.rng.percent(50);
        if told {
            self.sample.project.git(&["add", "--all", "--", ":/"]);
        }
        Some(format!(
            "{file} deleted{}",
            if told { ", all added" } else { "" }
        ))
    }

    pub(super) fn rename(&mut self) -> Option<String> {
        let from = self.spare_file()?;
        let to = if self.rng.percent(50) {
            self.spare_file()?
        } else {
            let (folder, name) = from.rsplit_once('/')?;
            format!("{folder}/renamed-{name}")
        };
        let (old, new) = (
            self.sample.project.path(&from),
            self.sample.project.path(&to),
        );
        fs::rename(old, new).ok()?;
        let told = self.rng.percent(75);
        if told {
            self.sample.project.git(&["add", "--all", "--", ":/"]);
        }
        Some(format!(
            "{from} renamed to {to}{}",
            if told { ", all added" } else { "" }
        ))
    }

    /// Whether it can be executed: all that Nix and git know of a mode.
    pub(super) fn mode(&mut self) -> Option<String> {
        let any = self.text_file("")?.0;
        let file = if self.rng.percent(50) {
            (*self.rng.one(COPIED)).to_owned()
        } else {
            any
        };
        let path = self.sample.project.path(&file);
        let mode = fs::metadata(&path).ok()?.permissions().mode() ^ 0o111;
        fs::set_permissions(&path, Permissions::from_mode(mode)).ok()?;
        Some(format!("mode {:o} for {file}", mode & 0o777))
    }

    pub(super) fn replace_by_link(&mut self) -> Option<String> {
        let (file, _) = self.text_file(".txt")?;
        let target = self.file()?;
        let up = "../".repeat(file.matches('/').count());
        self.link(&file, &format!("{up}{target}"))
    }

    pub(super) fn retarget(&mut self) -> Option<String> {
        let (link, targets) = self.rng.one(LINKS);
        let target = self.rng.one(targets);
        self.link(link, target)
    }

    pub(super) fn replace_by_folder(&mut self) -> Option<String> {
        let file = ["data/kind.txt", "parts/import.nix", "data/optional.txt"][self.rng.below(3)];
        let path = self.sample.project.path(file);
        if path.is_dir() {
            fs::remove_dir_all(path).ok()?;
            self.overwrite(file, "{ probe.import = \"value1\"; }\n")?;
            self.sample.project.git(&["add", "--all", "--", ":/"]);
            return Some(format!("{file} becomes a file"));
        }
        let _ = fs::remove_file(path);
        self.overwrite(
            &format!("{file}/default.nix"),
            "{ probe.import = \"value1 of a folder\"; }\n",
        )?;
        self.sample.project.git(&["add", "--all", "--", ":/"]);
        Some(format!("{file} becomes a folder"))
    }

    fn link(&mut self, link: &str, target: &str) -> Option<String> {
        let path = self.sample.project.path(link);
        // Nothing may be there: it may have been deleted.
        let _ = fs::remove_file(&path);
        symlink(target, path).ok()?;
        Some(format!("{link} becomes a link to {target}"))
    }
}
