//! Edits of what is in a file.

use std::fs::{self, File, FileTimes};
use std::path::Path;
use std::time::SystemTime;

use super::Editor;

/// Files whose text decides which other files count, with the texts that they take.
const CHOICES: &[(&str, &[&str])] = &[
    ("data/switch.nix", &["false\n", "true\n"]),
    ("data/choice", &["left", "right"]),
    ("data/throws", &["yes", "no"]),
    (
        "data/pointer.json",
        &[
            "{ \"path\": \"data/left.txt\" }\n",
            "{ \"path\": \"data/right.txt\" }\n",
        ],
    ),
    (
        "data/modules.json",
        &["[ \"listed.nix\" ]\n", "[ \"unlisted.nix\" ]\n", "[ ]\n"],
    ),
];

impl Editor {
    pub(super) fn value(&mut self) -> Option<String> {
        let (file, text) = self.text_file("")?;
        let number = self.rng.below(1000);
        let changed = self.value.replace(&text, format!("value{number}"));
        (changed != text).then(|| {
            self.sample.project.write(&file, &changed);
            format!("value{number} in {file}")
        })
    }

    /// What a tool does that looks at size and time only: the size stays, and the
    /// time is put back.
    pub(super) fn value_in_the_same_moment(&mut self) -> Option<String> {
        let (file, text) = self.text_file("")?;
        let found = self.value.find(&text)?;
        let last = found.end().checked_sub(1)?;
        let digit = text.get(last..found.end())?.parse::<usize>().ok()?;
        let other = (digit + 1 + self.rng.below(9)) % 10;
        let changed = format!("{}{other}{}", text.get(..last)?, text.get(found.end()..)?);
        let path = self.sample.project.path(&file);
        let modified = fs::metadata(&path).ok()?.modified().ok()?;
        self.sample.project.write(&file, &changed);
        set_modified(path.as_std_path(), modified);
        Some(format!(
            "one digit in {file}, with its size and time as before"
        ))
    }

    pub(super) fn choice(&mut self) -> Option<String> {
        let (file, texts) = self.rng.one(CHOICES);
        let text = self.rng.one(texts);
        self.overwrite(file, text)?;
        Some(format!("{file} becomes {text:?}"))
    }

    pub(super) fn comment(&mut self) -> Option<String> {
        let (file, text) = self.text_file(".nix")?;
        let number = self.rng.below(1000);
        let (place, changed) = match self.rng.below(4) {
            0 => ("top", format!("# comment {number}\n{text}")),
            1 => ("top, a blank line", format!("\n{text}")),
            2 => ("end", format!("{text}# comment {number}\n")),
            _ => ("end, a blank line", format!("{text}\n")),
        };
        self.sample.project.write(&file, &changed);
        Some(format!("a comment in {file}, at its {place}"))
    }

    pub(super) fn comment_of_the_base(&mut self) -> Option<String> {
        let listed = self.sample.base.git(&["ls-files", "offline/*.nix"]);
        let files: Vec<_> = listed.lines().collect();
        let file = self.rng.one(&files);
        let text = self.sample.base.read(file);
        self.sample
            .base
            .write(file, &format!("{text}# a comment\n"));
        Some(format!("a comment in {file}"))
    }

    pub(super) fn readme(&mut self) -> Option<String> {
        let number = self.rng.below(1000);
        self.overwrite("README.md", &format!("# A project: value{number}\n"))?;
        Some("README.md".to_owned())
    }

    pub(super) fn damage(&mut self) -> Option<String> {
        let (file, text) = self.text_file(".nix")?;
        self.sample.project.write(&file, &format!("{text}}}\n"));
        Some(format!("a brace too many in {file}"))
    }

    pub(super) fn touch(&mut self) -> Option<String> {
        let (file, _) = self.text_file("")?;
        let path = self.sample.project.path(&file);
        set_modified(path.as_std_path(), SystemTime::now());
        Some(format!("{file} touched"))
    }
}

fn set_modified(path: &Path, time: SystemTime) {
    let file = File::options()
        .write(true)
        .open(path)
        .expect("an own file can be opened");
    file.set_times(FileTimes::new().set_modified(time))
        .expect("its time can be set");
}
