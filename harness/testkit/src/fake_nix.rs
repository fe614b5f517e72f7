//! A scripted stand-in for `nix`, for what no test can ask of the real one: that
//! it hangs, dies of a signal, prints nonsense, or claims to be another version.
//! It evaluates nothing; what Nix answers to a question is tested with real Nix.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use tempfile::TempDir;

use crate::calls::Calls;
use crate::process::{path_with, quote, write_executable};

/// What the stand-in does with one line that it reads in a `repl`.
#[derive(Debug, Clone)]
pub struct Reply {
    lines: Vec<String>,
    then: Then,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    Continue,
    Exit(u8),
    Die(&'static str),
    Hang,
    HangStubbornly,
    LeaveGrandchild,
}

impl Reply {
    /// Prints these lines to standard error and waits for the next line.
    pub fn lines<S: Into<String>>(lines: impl IntoIterator<Item = S>) -> Self {
        Self {
            lines: lines.into_iter().map(Into::into).collect(),
            then: Then::Continue,
        }
    }

    /// Prints nothing and waits for the next line.
    pub fn silence() -> Self {
        Self::lines::<String>([])
    }

    /// After its lines, exits with this code.
    #[must_use]
    pub fn then_exit(self, code: u8) -> Self {
        Self {
            then: Then::Exit(code),
            ..self
        }
    }

    /// After its lines, dies of a signal, named as for `kill`: `KILL`, `SEGV`.
    #[must_use]
    pub fn then_die_of(self, signal: &'static str) -> Self {
        Self {
            then: Then::Die(signal),
            ..self
        }
    }

    /// After its lines, reads and prints nothing more until a signal ends it.
    #[must_use]
    pub fn then_hang(self) -> Self {
        Self {
            then: Then::Hang,
            ..self
        }
    }

    /// As [`Reply::then_hang`], but only SIGKILL ends it.
    #[must_use]
    pub fn then_hang_stubbornly(self) -> Self {
        Self {
            then: Then::HangStubbornly,
            ..self
        }
    }

    /// After its lines, exits with 0 and leaves a process behind that keeps its
    /// standard output and error open for half a minute.
    #[must_use]
    pub fn then_leave_grandchild(self) -> Self {
        Self {
            then: Then::LeaveGrandchild,
            ..self
        }
    }

    /// The reply as shell commands on one line.
    fn script(&self) -> String {
        let end = match self.then {
            Then::Continue => ":".to_owned(),
            Then::Exit(code) => format!("exit {code}"),
            Then::Die(signal) => format!("kill -{signal} $$"),
            Then::Hang => "exec sleep 86400".to_owned(),
            // A stopped process takes no signal but SIGKILL until it is continued.
            Then::HangStubbornly => "kill -STOP $$; exec sleep 86400".to_owned(),
            Then::LeaveGrandchild => "sleep 30 & exit 0".to_owned(),
        };
        if self.lines.is_empty() {
            end
        } else {
            format!("{} >&2; {end}", print(&self.lines))
        }
    }
}

/// Describes a [`FakeNix`] before it is written.
#[derive(Debug, Clone)]
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
        let (temporary, folder) = crate::project::temporary_folder();
        let fake = FakeNix {
            folder,
            _temporary: temporary,
        };
        for folder in ["bin", "calls", "sessions"] {
            std::fs::create_dir(fake.folder.join(folder)).expect("a fresh folder can be written");
        }
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
            &format!(
                "sessions={}\n",
                quote(fake.folder.join("sessions").as_str())
            ),
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

/// A command that prints each of these lines, at once.
fn print(lines: &[String]) -> String {
    let words: Vec<String> = lines.iter().map(|line| quote(line)).collect();
    format!("printf '%s\\n' {}", words.join(" "))
}

/// An executable named `nix` that does as its [`FakeNixBuilder`] was told, and
/// records how it was called. A stand-in: nothing it says comes from Nix.
#[derive(Debug)]
pub struct FakeNix {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl FakeNix {
    /// A stand-in that claims to be Nix 2.34.8 and answers to nothing else yet.
    pub fn builder() -> FakeNixBuilder {
        FakeNixBuilder {
            version: "nix (Nix) 2.34.8".to_owned(),
            answers: Vec::new(),
            greeting: Vec::new(),
            sessions: Vec::new(),
        }
    }

    /// The script, for `--nix`.
    pub fn path(&self) -> Utf8PathBuf {
        self.bin_dir().join("nix")
    }

    /// The folder that holds only the script.
    pub fn bin_dir(&self) -> Utf8PathBuf {
        self.folder.join("bin")
    }

    /// A value for `PATH` under which `nix` is the stand-in.
    #[track_caller]
    pub fn path_variable(&self) -> OsString {
        path_with(&self.bin_dir())
    }

    /// The calls so far.
    #[track_caller]
    pub fn calls(&self) -> Calls {
        Calls::read(&self.calls_folder())
    }

    /// The lines that `repl` sessions were sent so far, one session after the other.
    #[track_caller]
    pub fn received(&self) -> Vec<String> {
        (1..=self.calls().count())
            .filter_map(|call| {
                std::fs::read_to_string(self.calls_folder().join(format!("{call}.input"))).ok()
            })
            .flat_map(|input| input.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    fn calls_folder(&self) -> Utf8PathBuf {
        self.folder.join("calls")
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::Output;

    use super::*;
    use crate::process::{run, start};

    fn stderr(output: &Output) -> String {
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    #[test]
    fn answers_as_told_and_records_its_calls() {
        let fake = FakeNix::builder()
            .version("nix (Lix, like Nix) 2.91.1")
            .answer("metadata", "{\"it's\": \"%s\"}\n", "warning: dirty\n", 3)
            .build();
        let version = run(&fake.path(), &["--version"], "");
        assert_eq!(version.stdout, b"nix (Lix, like Nix) 2.91.1\n");

        let metadata = run(&fake.path(), &["flake", "metadata", "--json"], "");
        assert_eq!(metadata.stdout, b"{\"it's\": \"%s\"}\n");
        assert_eq!(
            (stderr(&metadata).as_str(), metadata.status.code()),
            ("warning: dirty\n", Some(3))
        );

        let unknown = run(&fake.path(), &["build", ".#a b"], "");
        assert_eq!(unknown.status.code(), Some(1));
        assert!(
            stderr(&unknown).contains("no answer to: build .#a b"),
            "{}",
            stderr(&unknown)
        );
        assert_eq!(
            fake.calls().to_string(),
            "--version\nflake metadata --json\nbuild .#a b\n"
        );
    }

    #[test]
    fn sessions_follow_each_other_and_the_last_repeats() {
        let fake = FakeNix::builder()
            .greeting(["hello"])
            .session([
                Reply::lines(["one", "two"]),
                Reply::silence(),
                Reply::lines(["bye"]).then_exit(9),
            ])
            .session([Reply::lines(["again"])])
            .build();
        let first = run(
            &fake.path(),
            &["--option", "pure-eval", "true", "repl"],
            "a\nb \\n\nc\nd\n",
        );
        assert_eq!(
            (stderr(&first).as_str(), first.status.code()),
            ("hello\none\ntwo\nbye\n", Some(9))
        );
        for _ in 0..2 {
            let later = run(&fake.path(), &["repl"], "e\nf\n");
            assert_eq!(
                (stderr(&later).as_str(), later.status.code()),
                ("hello\nagain\n", Some(0))
            );
        }
        assert_eq!(fake.received(), ["a", "b \\n", "c", "e", "f", "e", "f"]);
        assert_eq!(fake.calls().count_of("repl"), 3);
    }

    #[test]
    fn dies_of_the_signal() {
        let fake = FakeNix::builder()
            .session([Reply::lines(["last words"]).then_die_of("KILL")])
            .build();
        let output = run(&fake.path(), &["repl"], "a\n");
        assert_eq!(output.status.signal(), Some(9));
        assert_eq!(stderr(&output), "last words\n");
    }

    #[test]
    fn hangs_until_a_signal_even_without_a_path() {
        for reply in [
            Reply::silence().then_hang(),
            Reply::silence().then_hang_stubbornly(),
        ] {
            let fake = FakeNix::builder().session([reply]).build();
            let mut child = start(&fake.path(), &["repl"]);
            std::io::Write::write_all(child.stdin.as_mut().expect("piped"), b"a\n").unwrap();
            // Once it has read its line it is about to hang.
            while fake.received().is_empty() {
                std::thread::yield_now();
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
            assert_eq!(child.try_wait().unwrap(), None, "it must still be there");
            child.kill().unwrap();
            assert_eq!(child.wait().unwrap().signal(), Some(9));
        }
    }

    #[test]
    fn a_grandchild_keeps_the_pipes_open() {
        use std::io::Read as _;
        let fake = FakeNix::builder()
            .session([Reply::lines(["left"]).then_leave_grandchild()])
            .build();
        let mut child = start(&fake.path(), &["repl"]);
        std::io::Write::write_all(child.stdin.as_mut().expect("piped"), b"a\n").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        let mut errors = child.stderr.take().expect("piped");
        let mut line = [0; 5];
        errors.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"left\n");
        // The end of the stream does not come, though the process is gone.
        let (ended, end) = std::sync::mpsc::channel();
        std::thread::spawn(move || ended.send(errors.read(&mut [0; 1])));
        assert!(
            end.recv_timeout(std::time::Duration::from_millis(200))
                .is_err()
        );
    }
}
