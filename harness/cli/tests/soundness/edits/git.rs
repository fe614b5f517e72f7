//! Edits through git, of the lock file, and of the files of nix-parity itself.

use std::fs;

use super::Editor;

impl Editor {
    pub(super) fn untrack(&mut self) -> Option<String> {
        let file = self.spare_file()?;
        self.is_tracked(&file).then(|| {
            self.sample
                .project
                .git(&["rm", "--quiet", "--force", "--cached", "--", &file]);
            format!("{file} is no longer tracked, but stays")
        })
    }

    pub(super) fn commit(&mut self) -> Option<String> {
        let all = self.rng.percent(70);
        if all {
            self.good.push(self.sample.project.commit("a state"));
        } else {
            // What is staged only: the tree stays dirty where more has changed.
            self.sample
                .project
                .git(&["commit", "--quiet", "--allow-empty", "--message", "some"]);
        }
        Some(format!(
            "a commit of {}",
            if all { "all" } else { "what was staged" }
        ))
    }

    pub(super) fn add_all(&mut self) -> Option<String> {
        self.sample.project.git_add_all();
        Some("git add --all".to_owned())
    }

    pub(super) fn revert_file(&mut self) -> Option<String> {
        let (file, _) = self.text_file("")?;
        let revision = self.rng.one(&self.good).clone();
        let there = self
            .sample
            .project
            .git(&["ls-tree", "--name-only", &revision, "--", &file]);
        (!there.is_empty()).then(|| {
            self.look_again(&file);
            self.sample
                .project
                .git(&["checkout", "--quiet", &revision, "--", &file]);
            format!("{file} as it was in a commit")
        })
    }

    pub(super) fn revert_all(&mut self) -> Option<String> {
        let revision = self.rng.one(&self.good).clone();
        self.look_again("");
        self.sample
            .project
            .git(&["reset", "--quiet", "--hard", &revision]);
        // Nix may have copied that commit while git did not look at some file.
        if self.unlike.get() > 0 {
            self.differ();
        }
        Some("all as in an earlier commit".to_owned())
    }

    pub(super) fn lock(&mut self) -> Option<String> {
        if self.rng.percent(25) && self.sample.project.path("flake.lock").exists() {
            let text = self.sample.project.read("flake.lock");
            self.sample
                .project
                .write("flake.lock", &format!("{text}\n"));
            return Some("a blank line in flake.lock".to_owned());
        }
        let now = fs::read_to_string(self.sample.project.path("flake.lock")).unwrap_or_default();
        let pins = &self.sample.pins;
        let pin = usize::from(pins.first().is_some_and(|first| now.contains(first)));
        self.sample.lock(pin);
        self.sample.project.git(&["add", "--", "flake.lock"]);
        Some(format!("flake.lock names revision {pin}"))
    }

    pub(super) fn remove_lock(&mut self) -> Option<String> {
        fs::remove_file(self.sample.project.path("flake.lock")).ok()?;
        Some("flake.lock deleted".to_owned())
    }

    /// Without a lock file this is an edit of the project, though none of its tree.
    pub(super) fn commit_to_the_pinned(&mut self) -> Option<String> {
        let number = self.rng.below(1000);
        self.sample
            .pinned
            .write("pinned.txt", &format!("value{number}\n"));
        self.sample.pinned.commit("a change");
        Some("a commit to the repository that the input `pin` is".to_owned())
    }

    /// Whether the hosts are named, or the flake is asked for them.
    pub(super) fn settings(&mut self) -> Option<String> {
        let text = self.sample.project.read("parity.yaml");
        let changed = if text.starts_with("hosts:") {
            text.replacen("hosts:", "#hosts:", 1)
                .replace("\n  nixos:", "\n#  nixos:")
                .replace("\n  darwin:", "\n#  darwin:")
                .replace("\n  home:", "\n#  home:")
        } else {
            text.replace("\n#", "\n").trim_start_matches('#').to_owned()
        };
        self.sample.project.write("parity.yaml", &changed);
        Some("the hosts of parity.yaml".to_owned())
    }

    pub(super) fn case_file(&mut self) -> Option<String> {
        let text = self.sample.project.read("cases/probes.yaml");
        self.sample
            .project
            .write("cases/probes.yaml", &format!("{text}# A comment\n"));
        Some("a comment in cases/probes.yaml".to_owned())
    }
}
