//! Describes a stand-in, and writes its script.

use super::fake::FakeNix;
use super::reply::{Reply, print};
use crate::calls::Calls;
use crate::process::{quote, write_executable};

/// Describes a [`FakeNix`] before it is written.
#[derive(Debug, Clone, Default)]
pub struct FakeNixBuilder {
    version: String,
    answers: Vec<(String, String, String, u8)>,
    greeting: Vec<String>,
    sessions: Vec<Vec<Reply>>,
}

impl FakeNixBuilder {
    /// The line that `--version` prints.
    #[must_use]
    pub fn version(mut self, line: &str) -> Self {
        line.clone_into(&mut self.version);
        self
    }

    /// What a call with `word` among its arguments prints to standard output and
    /// standard error, and its exit code. The first argument with an answer counts.
    #[must_use]
    pub fn answer(mut self, word: &str, output: &str, errors: &str, code: u8) -> Self {
        self.answers
            .push((word.to_owned(), output.to_owned(), errors.to_owned(), code));
        self
    }

    /// The lines that each `repl` prints to standard error before it reads.
    #[must_use]
    pub fn greeting<S: Into<String>>(mut self, lines: impl IntoIterator<Item = S>) -> Self {
        self.greeting = lines.into_iter().map(Into::into).collect();
        self
    }

    /// One more `repl` session: the replies to its lines in order, silence to any
    /// line after them, exit code 0 at the end of its input. The first `repl` that
    /// is started plays the first session, the second the second, and those after
    /// the last play the last.
    #[must_use]
    pub fn session(mut self, replies: impl IntoIterator<Item = Reply>) -> Self {
        self.sessions.push(replies.into_iter().collect());
        self
    }

    /// Writes the stand-in into a folder of its own.
    #[track_caller]
    pub fn build(self) -> FakeNix {
        let (temporary, root) = crate::project::temporary_folder();
        for folder in ["bin", "calls", "sessions"] {
            std::fs::create_dir(root.join(folder)).expect("a fresh folder can be written");
        }
        let fake = FakeNix::at(root, temporary);
        write_executable(&fake.path(), &self.script(&fake));
        fake
    }

    /// The script: the call's record, the answers, then the sessions.
    fn script(&self, fake: &FakeNix) -> String {
        let version = print(std::slice::from_ref(&self.version));
        let answers: Vec<String> = self
            .answers
            .iter()
            .map(|(word, output, errors, code)| {
                let (word, output, errors) = (quote(word), quote(output), quote(errors));
                format!("{word}) printf %s {output}; printf %s {errors} >&2; exit {code} ;;\n")
            })
            .collect();
        let greeting = if self.greeting.is_empty() {
            ":".to_owned()
        } else {
            print(&self.greeting)
        };
        let replies: Vec<String> = (1..)
            .zip(&self.sessions)
            .flat_map(|(session, replies)| (1..).zip(replies).map(move |reply| (session, reply)))
            .map(|(session, (received, reply)): (usize, (usize, _))| {
                format!("{session}.{received}) {} ;;\n", reply.script())
            })
            .collect();
        [
            "#!/bin/sh\n# A scripted stand-in for nix: it evaluates nothing.\n",
            &Calls::recording_script(&fake.calls_folder()),
            &format!("sessions={}\n", quote(fake.sessions_folder().as_str())),
            &format!("last={}\n", self.sessions.len().max(1)),
            ANSWERS_START,
            &format!("--version) {version}; exit 0 ;;\n"),
            &answers.concat(),
            ANSWERS_END,
            &format!("{greeting} >&2\n"),
            REPLIES_START,
            &replies.concat(),
            REPLIES_END,
        ]
        .concat()
    }
}

/// What is tested may clear `PATH`; `sleep` is to be found even then.
const ANSWERS_START: &str = r"
PATH=${PATH:+$PATH:}/bin:/usr/bin:/run/current-system/sw/bin
subcommand=
for word; do
case $word in
repl) subcommand=repl; break ;;
";

/// Ends the answers, and takes a session's number as a call's is taken.
const ANSWERS_END: &str = r#"esac
done
if [ -z "$subcommand" ]; then
    echo "stand-in for nix: no answer to: $*" >&2
    exit 1
fi
session=1
until (set -C; : > "$sessions/$session") 2> /dev/null; do
    [ -e "$sessions/$session" ] || exit 127
    session=$((session + 1))
done
[ "$session" -le "$last" ] || session=$last
"#;

const REPLIES_START: &str = r#"received=0
while IFS= read -r line; do
printf '%s\n' "$line" >> "$calls/$call.input"
received=$((received + 1))
case $session.$received in
"#;

const REPLIES_END: &str = "esac\ndone\nexit 0\n";
