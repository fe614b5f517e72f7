//! The real `nix`, with a record of its starts, so that a test can say how many
//! evaluations a run really made.

use std::ffi::OsString;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use crate::calls::Calls;
use crate::process::{find, path_with, quote, write_executable};

/// A script named `nix` that records its arguments and becomes the real `nix`:
/// same process, streams, signals and exit code.
#[derive(Debug)]
pub struct CountingNix {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl CountingNix {
    /// Wraps the `nix` on `PATH`.
    ///
    /// # Panics
    /// Where there is none: tests that need Nix do not pass without it.
    #[track_caller]
    #[expect(clippy::new_without_default, reason = "it writes files")]
    pub fn new() -> Self {
        Self::around(&find("nix").expect("nix must be on PATH (ci/install-nix installs it)"))
    }

    /// Wraps the Nix at `nix`, for a test over several versions.
    #[track_caller]
    pub fn around(nix: &Utf8Path) -> Self {
        let (temporary, folder) = crate::project::temporary_folder();
        let calls = folder.join("calls");
        std::fs::create_dir(&calls).expect("a fresh folder can be written");
        let counting = Self {
            folder,
            _temporary: temporary,
        };
        std::fs::create_dir(counting.bin_dir()).expect("a fresh folder can be written");
        let record = Calls::recording_script(&calls);
        let nix = quote(nix.as_str());
        write_executable(
            &counting.path(),
            &format!("#!/bin/sh\n{record}exec {nix} \"$@\"\n"),
        );
        counting
    }

    /// The script, for `--nix`.
    pub fn path(&self) -> Utf8PathBuf {
        self.bin_dir().join("nix")
    }

    /// The folder that holds only the script.
    pub fn bin_dir(&self) -> Utf8PathBuf {
        self.folder.join("bin")
    }

    /// A value for `PATH` under which `nix` is the script.
    #[track_caller]
    pub fn path_variable(&self) -> OsString {
        path_with(&self.bin_dir())
    }

    /// The starts so far.
    #[track_caller]
    pub fn calls(&self) -> Calls {
        Calls::read(&self.folder.join("calls"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::run;

    #[test]
    fn records_and_becomes_the_real_one() {
        // A stand-in for the real Nix that shows what reached it.
        let (_temporary, folder) = crate::project::temporary_folder();
        let real = folder.join("it's nix");
        write_executable(
            &real,
            "#!/bin/sh\nread -r line; echo \"$# $2 $line\"; exit 7\n",
        );

        let nix = CountingNix::around(&real);
        let output = run(&nix.path(), &["repl", "two\nlines"], "typed\n");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "2 two\nlines typed\n"
        );
        assert_eq!(output.status.code(), Some(7));
        run(&nix.path(), &[], "");

        let calls = nix.calls();
        assert_eq!(
            calls.arguments(),
            [vec!["repl".to_owned(), "two\nlines".to_owned()], vec![]]
        );
        assert_eq!(
            (
                calls.count(),
                calls.count_of("repl"),
                calls.count_of("eval")
            ),
            (2, 1, 0)
        );
        assert_eq!(calls.to_string(), "repl two\\nlines\n\n");
    }

    #[test]
    fn calls_at_the_same_time_are_all_recorded() {
        let nix = CountingNix::around(Utf8Path::new("/bin/true"));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let nix = &nix;
                scope.spawn(move || {
                    for call in 0..8 {
                        run(&nix.path(), &[&format!("{thread}.{call}")], "");
                    }
                });
            }
        });
        let mut seen: Vec<String> = nix.calls().arguments().iter().flatten().cloned().collect();
        seen.sort();
        let wanted: Vec<String> = (0..4)
            .flat_map(|thread| (0..8).map(move |call| format!("{thread}.{call}")))
            .collect();
        assert_eq!(seen, wanted);
    }

    #[test]
    fn wraps_the_nix_on_path() {
        let nix = CountingNix::new();
        let output = run(&nix.path(), &["--version"], "");
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("nix ("));
        assert_eq!(nix.calls().to_string(), "--version\n");
        let path = nix.path_variable();
        let first = std::env::split_paths(&path).next();
        assert_eq!(first.as_deref(), Some(nix.bin_dir().as_std_path()));
    }
}
