//! The files that the line editor of `nix repl` takes for its user's. It would read the
//! user's key bindings, which can change the lines that a worker is sent, and write a
//! history of those lines in place of the user's own.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::Path;

use tempfile::TempDir;

use crate::environment;
use crate::nix::Flavour;
use crate::nix::command::Program;

/// How the names of the files of the history begin.
const HISTORY: &str = "repl-history";

/// A folder of data for one worker: everything that the user's has, such as the settings
/// that they trust, but the history.
pub(super) struct OwnFiles {
    data: TempDir,
}

impl OwnFiles {
    /// Makes the folder; it is removed in the end.
    pub(super) fn new() -> io::Result<Self> {
        Self::beside(environment::data_dir().as_deref())
    }

    fn beside(users: Option<&Path>) -> io::Result<Self> {
        let data = tempfile::Builder::new()
            .prefix("nix-parity-worker-")
            .tempdir()?;
        let own = data.path().join("nix");
        fs::create_dir(&own)?;
        if let Some(users) = users {
            link_all(users, data.path(), |name| name != "nix")?;
            link_all(&users.join("nix"), &own, |name| !name.starts_with(HISTORY))?;
        }
        Ok(Self { data })
    }

    /// The program, which reads and writes these files instead of the user's. Lix can do
    /// without its line editor: it writes the history anew after each line.
    pub(super) fn given_to(&self, program: Program, flavour: Flavour) -> Program {
        let program = program
            .env("XDG_DATA_HOME", self.data.path())
            .env("INPUTRC", "/dev/null")
            .env("EDITRC", "/dev/null");
        match flavour {
            Flavour::Lix => program.args(["--extra-experimental-features", "repl-automation"]),
            Flavour::Nix | Flavour::Determinate => program,
        }
    }
}

/// Links to the entries of a folder whose names are `wanted`; to none where it cannot be
/// read.
fn link_all(from: &Path, to: &Path, wanted: impl Fn(&str) -> bool) -> io::Result<()> {
    let Ok(entries) = fs::read_dir(from) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if wanted(&name.to_string_lossy()) {
            symlink(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::OwnFiles;
    use crate::nix::Flavour;
    use crate::nix::command::Program;
    use std::fs;

    #[test]
    fn all_is_there_but_the_history() {
        let users = tempfile::tempdir().unwrap();
        fs::create_dir_all(users.path().join("nix")).unwrap();
        for file in [
            "nix/trusted-settings.json",
            "nix/repl-history",
            "nix/repl-history-12.tmp",
            "other",
        ] {
            fs::write(users.path().join(file), file).unwrap();
        }
        let own = OwnFiles::beside(Some(users.path())).unwrap();
        let data = own.data.path().to_owned();
        for file in ["nix/trusted-settings.json", "other"] {
            assert_eq!(fs::read_to_string(data.join(file)).unwrap(), file);
        }
        assert_eq!(fs::read_dir(data.join("nix")).unwrap().count(), 1);
        fs::write(data.join("nix/repl-history"), "").unwrap();
        drop(own);
        assert!(!data.exists());
        let kept = fs::read_to_string(users.path().join("nix/repl-history")).unwrap();
        assert_eq!(kept, "nix/repl-history");
    }

    #[test]
    fn a_user_without_data_has_none() {
        for users in [None, Some("/nowhere".as_ref())] {
            let own = OwnFiles::beside(users).unwrap();
            assert_eq!(fs::read_dir(own.data.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn lix_has_no_line_editor() {
        let own = OwnFiles::beside(None).unwrap();
        for (flavour, arguments) in [
            (Flavour::Nix, 1),
            (Flavour::Determinate, 1),
            (Flavour::Lix, 3),
        ] {
            let program = own.given_to(Program::new("nix"), flavour);
            assert_eq!(program.argv().count(), arguments);
        }
    }
}
