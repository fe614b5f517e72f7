//! The real `nix` behind a script that breaks on a word: so a fault comes in the
//! middle of a session, at a query that a test chooses, and the queries before and
//! after it are answered by Nix.

use camino::Utf8PathBuf;
use tempfile::TempDir;

use crate::calls::Calls;
use crate::process::{find, quote, write_executable};

/// A script named `nix` that hands the lines of a `repl` on to the real one, which
/// is its child, until a line holds one of these words:
///
/// | word | what happens |
/// |---|---|
/// | `fault-SIGNAL` | the script dies of SEGV, ABRT or KILL, and leaves Nix behind |
/// | `fault-words` | as with ABRT, after a message that is no log line |
/// | `fault-exit` | Nix ends, and the script exits with 7 |
/// | `fault-hang` | the line is never handed on |
#[derive(Debug)]
pub struct FaultyNix {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl FaultyNix {
    /// Stands before the `nix` on `PATH`.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it writes files")]
    pub fn new() -> Self {
        Self::with_script(SCRIPT)
    }

    /// The same for lines that no test can write a word into: those that hold `text`
    /// count as if they held `word`.
    #[track_caller]
    pub fn at(text: &str, word: &str) -> Self {
        Self::with_script(&SCRIPT.replace(
            "    case $line in\n",
            &format!(
                "    case $line in *{}*) line=\"$line {word}\" ;; esac\n    case $line in\n",
                quote(text)
            ),
        ))
    }

    #[track_caller]
    fn with_script(script: &str) -> Self {
        let (temporary, folder) = crate::project::temporary_folder();
        let calls = folder.join("calls");
        std::fs::create_dir(&calls).expect("a fresh folder can be written");
        let faulty = Self {
            folder,
            _temporary: temporary,
        };
        let nix = find("nix").expect("nix must be on PATH (ci/install-nix installs it)");
        let record = Calls::recording_script(&calls);
        let script = format!("#!/bin/sh\n{record}nix={}\n{script}", quote(nix.as_str()));
        write_executable(&faulty.path(), &script);
        faulty
    }

    /// The script, for `--nix`.
    pub fn path(&self) -> Utf8PathBuf {
        self.folder.join("nix")
    }

    /// The starts so far.
    #[track_caller]
    pub fn calls(&self) -> Calls {
        Calls::read(&self.folder.join("calls"))
    }

    /// Whether a session has been sent a line that holds `word`.
    #[track_caller]
    pub fn was_sent(&self, word: &str) -> bool {
        (1..=self.calls().count()).any(|call| {
            let input = self.folder.join("calls").join(format!("{call}.input"));
            std::fs::read_to_string(input).is_ok_and(|lines| lines.contains(word))
        })
    }
}

/// `$$` is the script itself even within the loop, which is a process of its own.
const SCRIPT: &str = r#"
case " $* " in *" repl "*) ;; *) exec "$nix" "$@" ;; esac
while IFS= read -r line; do
    printf '%s\n' "$line" >> "$calls/$call.input"
    case $line in
    *fault-SEGV*) kill -s SEGV $$ ;;
    *fault-ABRT*) kill -s ABRT $$ ;;
    *fault-KILL*) kill -s KILL $$ ;;
    *fault-words*) echo 'terminate called: bad_alloc' >&2; kill -s ABRT $$ ;;
    *fault-exit*) break ;;
    *fault-hang*) ;;
    *) printf '%s\n' "$line"; continue ;;
    esac
    while :; do sleep 1; done
done | "$nix" "$@"
exit 7
"#;

#[cfg(test)]
mod tests {
    use super::FaultyNix;
    use crate::process::run;

    #[test]
    fn nix_answers_up_to_the_fault() {
        let nix = FaultyNix::new();
        let output = run(
            &nix.path(),
            &["repl"],
            "builtins.trace \"one\" 1\n\"fault-exit\"\nbuiltins.trace \"two\" 2\n",
        );
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(errors.contains("trace: one"), "{errors}");
        assert!(!errors.contains("trace: two"), "{errors}");
        assert_eq!(output.status.code(), Some(7));
        assert_eq!(nix.calls().to_string(), "repl\n");
        assert!(nix.was_sent("fault-exit") && !nix.was_sent("two"));
    }
}
