//! The record that the scripts of this crate keep of how they were called: one
//! file per call, named by its order, with each argument ended by a NUL. So
//! neither calls at the same time nor line breaks in an argument can blur it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::process::quote;

/// The calls that a [`FakeNix`](crate::FakeNix) or
/// [`CountingNix`](crate::CountingNix) has seen so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls(Vec<Vec<String>>);

impl Calls {
    /// The lines of a POSIX shell script that record its call in `folder`, and
    /// leave the call's number in `call`. Built-in commands only, since a program
    /// that is tested may well clear `PATH`.
    pub(crate) fn recording_script(folder: &Utf8Path) -> String {
        let folder = quote(folder.as_str());
        format!(
            "calls={folder}\n\
             call=1\n\
             # With -C a file is created by one process only: its number is taken.\n\
             until (set -C; : > \"$calls/$call\") 2> /dev/null; do\n\
             \x20   [ -e \"$calls/$call\" ] || exit 127\n\
             \x20   call=$((call + 1))\n\
             done\n\
             [ $# = 0 ] || printf '%s\\0' \"$@\" > \"$calls/$call\"\n"
        )
    }

    /// Reads what was recorded in `folder`.
    #[track_caller]
    pub(crate) fn read(folder: &Utf8Path) -> Self {
        let mut calls = Vec::new();
        loop {
            let path: Utf8PathBuf = folder.join((calls.len() + 1).to_string());
            if !path.exists() {
                return Self(calls);
            }
            let record = std::fs::read_to_string(&path).expect("a call's record must be readable");
            calls.push(record.split_terminator('\0').map(str::to_owned).collect());
        }
    }

    /// The arguments of each call, in the order of their starts.
    pub fn arguments(&self) -> &[Vec<String>] {
        &self.0
    }

    /// How many calls there were.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// How many calls had `word` among their arguments, such as `repl` for workers.
    pub fn count_of(&self, word: &str) -> usize {
        self.0
            .iter()
            .filter(|arguments| arguments.iter().any(|argument| argument == word))
            .count()
    }
}

/// One call a line, with line breaks within an argument shown as `\n`.
impl std::fmt::Display for Calls {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for arguments in &self.0 {
            writeln!(formatter, "{}", arguments.join(" ").replace('\n', "\\n"))?;
        }
        Ok(())
    }
}
