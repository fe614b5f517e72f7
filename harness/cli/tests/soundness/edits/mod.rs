//! Random edits, as people and programs make them to a project: which kinds there
//! are, and what they have in common.
#![expect(
    clippy::unnecessary_wraps,
    reason = "all kinds of edits have one type, also those that always find what to do"
)]

mod content;
mod git;
mod index;
mod spelling;
mod tree;

use std::cell::Cell;
use std::fs;

use regex::Regex;

use crate::generator::Sample;
use nix_parity_testkit::Rng;

/// Makes one edit after the other, each of a random kind.
pub(crate) struct Editor {
    pub(crate) sample: Sample,
    rng: Rng,
    /// Revisions at which most of the project could be evaluated.
    good: Vec<String>,
    value: Regex,
    /// How often git was told to look at files again.
    unlike: Cell<usize>,
}

/// An edit: what it did, or nothing where there was nothing to do it to.
type Edit = fn(&mut Editor) -> Option<String>;

/// The kinds of edits, each with how often it is made beside the others.
const KINDS: &[(usize, Edit)] = &[
    (20, Editor::value),
    (4, Editor::value_in_the_same_moment),
    (8, Editor::choice),
    (5, Editor::comment),
    (1, Editor::comment_of_the_base),
    (1, Editor::readme),
    (9, Editor::add),
    (4, Editor::delete),
    (3, Editor::untrack),
    (4, Editor::rename),
    (4, Editor::mode),
    (3, Editor::replace_by_link),
    (4, Editor::retarget),
    (2, Editor::replace_by_folder),
    (4, Editor::lock),
    (1, Editor::remove_lock),
    (2, Editor::commit_to_the_pinned),
    (1, Editor::settings),
    (1, Editor::case_file),
    (2, Editor::damage),
    (4, Editor::commit),
    (1, Editor::add_all),
    (3, Editor::revert_file),
    (2, Editor::revert_all),
    (1, Editor::touch),
    (6, Editor::rename_in_case),
    (2, Editor::record_a_twin),
    (6, Editor::hide),
    (2, Editor::look_at_all),
];

/// How often a kind of edit looks for something to do it to.
const TRIES: usize = 20;

impl Editor {
    pub(crate) fn new(sample: Sample, rng: Rng) -> Self {
        let good = vec![sample.project.commit("the first state")];
        let value = Regex::new("value[0-9]+").expect("the pattern is right");
        Self {
            sample,
            rng,
            good,
            value,
            unlike: Cell::new(0),
        }
    }

    /// Makes an edit and says what it was. Where the project is broken, most
    /// edits repair it.
    pub(crate) fn edit(&mut self, broken: bool) -> String {
        if broken && self.rng.percent(70) {
            return self.repair();
        }
        loop {
            let total = KINDS.iter().map(|(weight, _)| weight).sum();
            let mut drawn = self.rng.below(total);
            let kind = KINDS.iter().find(|(weight, _)| {
                let found = drawn < *weight;
                drawn = drawn.saturating_sub(*weight);
                found
            });
            let (_, kind) = kind.expect("what is drawn is below the total");
            // Most files are nothing for most kinds, which are not to be rarer for it.
            if let Some(done) = (0..TRIES).find_map(|_| kind(self)) {
                return done;
            }
        }
    }

    /// Own files on disk, tracked or not, in order.
    fn files(&self) -> Vec<String> {
        let listed = self.sample.project.git(&[
            "-c",
            "core.quotePath=false",
            "ls-files",
            "--cached",
            "--others",
        ]);
        let mut files: Vec<_> = listed
            .lines()
            .filter(|file| !file.starts_with("cases/"))
            .filter(|file| !["flake.lock", "parity.yaml"].contains(file))
            .filter(|file| {
                self.sample
                    .project
                    .path(file)
                    .symlink_metadata()
                    .is_ok_and(|m| !m.is_dir())
            })
            .map(str::to_owned)
            .collect();
        files.sort();
        files.dedup();
        files
    }

    fn file(&mut self) -> Option<String> {
        let files = self.files();
        (!files.is_empty()).then(|| self.rng.one(&files).clone())
    }

    /// A file that is text of its own: no link.
    fn text_file(&mut self, ending: &str) -> Option<(String, String)> {
        let file = self.file()?;
        let path = self.sample.project.path(&file);
        let own = !path.is_symlink() && file.ends_with(ending);
        let text = own.then(|| fs::read_to_string(path).ok()).flatten()?;
        Some((file, text))
    }

    fn repair(&mut self) -> String {
        let first = self.good.first().expect("there is a first state").clone();
        self.look_again("");
        self.sample
            .project
            .git(&["reset", "--quiet", "--hard", &first]);
        self.sample
            .project
            .git(&["clean", "--quiet", "--force", "-d"]);
        self.good.truncate(1);
        "all as it was at first".to_owned()
    }

    /// A file that not everything hangs on.
    fn spare_file(&mut self) -> Option<String> {
        let file = self.file()?;
        let needed = ["flake.nix", "lib/", "hosts/", "routes/"]
            .iter()
            .any(|start| file.starts_with(start));
        (!needed || self.rng.percent(5)).then_some(file)
    }

    /// Writes a file, unless it has this text already or a folder or a link is in its
    /// place: what a link leads to may be outside of the project.
    fn overwrite(&self, file: &str, text: &str) -> Option<()> {
        let path = self.sample.project.path(file);
        let same = fs::read_to_string(&path).is_ok_and(|now| now == text);
        if same || path.is_symlink() {
            return None;
        }
        fs::create_dir_all(path.parent()?).ok()?;
        fs::write(path, text).ok()
    }
}
