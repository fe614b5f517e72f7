//! A program run to a chosen point of its work on files, and what happens there.

use std::path::PathBuf;

use crate::program::{Program, Ran};

/// What happens to a program at the n-th change that it makes to files, the first being 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// Nothing: its changes are counted.
    None,
    /// It is killed before the change.
    KillAt(usize),
    /// It is killed after the change; of a write, after half of it.
    KillWithin(usize),
    /// The disk is full: this change and all after it that need room fail.
    FullFrom(usize),
    /// Nothing may be written: this change and all after it fail.
    ReadOnlyFrom(usize),
}

/// A change of files.
#[derive(Clone, Debug)]
pub struct Change {
    /// `write`, `open` of a file that is created or emptied, `sync`, `truncate`, `rename`,
    /// `mkdir`, `unlink`, `link`, or `mark` of modes and times.
    pub name: &'static str,
    /// The file, of those that are of an open one.
    pub file: Option<PathBuf>,
}

impl Disturbance {
    /// The error number that a change fails with.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn fails(self, number: usize, change: &Change) -> Option<i32> {
        const ENOSPC: i32 = 28;
        const EROFS: i32 = 30;
        match self {
            Self::FullFrom(n) if number >= n && change.grows() => Some(ENOSPC),
            Self::ReadOnlyFrom(n) if number >= n => Some(EROFS),
            _ => None,
        }
    }
}

impl Change {
    /// Whether a full disk refuses it.
    pub fn grows(&self) -> bool {
        matches!(self.name, "write" | "open" | "sync" | "mkdir" | "link")
    }
}

/// What became of the program, and the changes that it began.
#[derive(Debug)]
pub struct Traced {
    /// What became of it.
    pub ran: Ran,
    /// What it began to change, in order.
    pub changes: Vec<Change>,
}

impl Program {
    /// Runs it to its end with this happening to it.
    ///
    /// # Errors
    /// Programs cannot be traced here.
    #[track_caller]
    pub fn run_disturbed(&self, disturbance: Disturbance) -> Result<Traced, String> {
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        return super::traced::run(self, disturbance);
        #[cfg(not(all(target_os = "linux", target_arch = "x86_64")))]
        {
            let _ = disturbance;
            Err("system calls are traced on Linux on x86_64 only".to_owned())
        }
    }
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod tests {
    use super::{Disturbance, Traced};
    use crate::need::Need;
    use crate::program::Program;

    /// A shell that changes files by itself, with no program of its own but `sh`.
    fn run(folder: &std::path::Path, disturbance: Disturbance) -> Traced {
        let script = "(: > from-another) ; echo one > a && echo two > b || exit 7";
        let program = Program::new("/bin/sh")
            .args(["-c", script])
            .current_dir(folder);
        program.run_disturbed(disturbance).unwrap()
    }

    #[test]
    fn a_program_is_stopped_where_it_is_told_to_be_needs_tracing() {
        Need::Tracing.require();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
        let whole = run(folder.path(), Disturbance::None);
        assert_eq!(whole.ran.code(), Some(0), "{}", whole.ran.stderr);
        let names: Vec<_> = whole.changes.iter().map(|change| change.name).collect();
        // The shell in parentheses is another process.
        assert_eq!(names, ["open", "write", "open", "write"]);
        assert_eq!(at("b").as_deref(), Some("two\n"));

        std::fs::remove_file(folder.path().join("b")).unwrap();
        let killed = run(folder.path(), Disturbance::KillAt(3));
        assert_eq!(killed.ran.signal(), Some(9));
        assert_eq!((at("a").as_deref(), at("b")), (Some("one\n"), None));

        let killed = run(folder.path(), Disturbance::KillWithin(4));
        assert_eq!(killed.ran.signal(), Some(9));
        assert_eq!(at("b").as_deref(), Some("tw"));

        let full = run(folder.path(), Disturbance::FullFrom(3));
        assert_eq!(full.ran.code(), Some(7), "{}", full.ran.stderr);
        assert!(
            full.ran.stderr.contains("No space left"),
            "{}",
            full.ran.stderr
        );
    }
}
