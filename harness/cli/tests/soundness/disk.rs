//! The disk that the projects lie on: that of temporary files, or one of a folder that is
//! named, such as one that ignores case. It must be mounted before the test starts;
//! `NIX_PARITY_SOUNDNESS_FOLDER` is the folder, and `NIX_PARITY_SOUNDNESS_DISK` says what it is.

use std::fmt;

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_testkit::Project;

/// Where Nix keeps what it evaluates.
const STORE: &str = "/nix/store";

/// Where projects are made.
pub(crate) struct Disk {
    folder: Option<Utf8PathBuf>,
    ignores_case: bool,
    store_ignores_case: bool,
}

impl Disk {
    /// As the environment has it.
    ///
    /// # Panics
    /// The disk is not as it is said to be: a run on another one would prove nothing.
    #[expect(clippy::disallowed_methods, reason = "these are of this test alone")]
    pub(crate) fn read() -> Self {
        let text = |name| std::env::var(name).ok().filter(|text| !text.is_empty());
        let folder = text("NIX_PARITY_SOUNDNESS_FOLDER").map(Utf8PathBuf::from);
        let ignores_case = match text("NIX_PARITY_SOUNDNESS_DISK").as_deref() {
            None => false,
            Some("ignores-case") => true,
            Some(other) => panic!("NIX_PARITY_SOUNDNESS_DISK is `{other}`, not `ignores-case`"),
        };
        if ignores_case {
            let folder = folder
                .as_deref()
                .expect("NIX_PARITY_SOUNDNESS_FOLDER names a folder of the disk");
            assert!(ignores_case_at(folder), "{folder} does not ignore case");
        }
        Self {
            folder,
            ignores_case,
            store_ignores_case: ignores_case && ignores_case_at(Utf8Path::new(STORE)),
        }
    }

    /// A repository with these files.
    pub(crate) fn project(&self, files: &[(&str, &str)]) -> Project {
        match &self.folder {
            None => Project::new(files),
            Some(folder) => Project::below(folder, files),
        }
    }
}

impl fmt::Display for Disk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.ignores_case, self.store_ignores_case) {
            (true, true) => "a disk and a store that ignore case",
            (true, false) => "a disk that ignores case",
            (false, _) => "the disk of temporary files",
        })
    }
}

/// Whether a file is found there by its name in another case; not where none can be made.
fn ignores_case_at(folder: &Utf8Path) -> bool {
    let file = tempfile::Builder::new()
        .prefix("nix-parity-")
        .tempfile_in(folder);
    file.is_ok_and(|file| {
        let path = file.path().to_string_lossy().into_owned();
        path.rsplit_once('/')
            .is_some_and(|(_, name)| folder.join(name.to_uppercase()).exists())
    })
}
