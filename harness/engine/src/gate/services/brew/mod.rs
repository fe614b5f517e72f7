//! What Homebrew would remove, in its own words: `brew bundle cleanup` without `--force`
//! says it and, since it finds no terminal, asks and does nothing. It knows what is
//! installed besides what is listed, and what that needs.

mod words;

use std::io::Write as _;
use std::path::PathBuf;

use nix_parity_core::gate::{Thing, Unknown};

use super::activation::OWN_PATH;
use super::brewfile::Brewfile;
use crate::environment;
use crate::nix::Program;

/// How a switch runs Homebrew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct Asking {
    /// Its program.
    pub(super) program: PathBuf,
    /// The text of the Brewfile.
    pub(super) text: String,
    /// As whom.
    pub(super) user: Option<String>,
    /// With this `PATH`, in which `$PATH` is that of the caller.
    pub(super) path: Option<String>,
    /// With these variables.
    pub(super) env: Vec<(String, String)>,
}

/// What Homebrew says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct Answer {
    /// What it would remove.
    pub(in crate::gate) removed: Vec<(Thing, String)>,
    /// What of its words is not understood.
    pub(in crate::gate) unknown: Vec<String>,
    /// Whether it ended as it does when there is nothing to remove.
    pub(in crate::gate) is_clean: bool,
}

impl Asking {
    /// Asks what would be removed that a Brewfile does not list.
    ///
    /// # Errors
    /// It cannot be asked as the switch will ask it.
    pub(in crate::gate) fn would_remove(&self, listed: &Brewfile) -> Result<Answer, Unknown> {
        let cannot = |why: &str| Unknown::removals(format!("what Homebrew would remove: {why}"));
        if !self.program.is_file() {
            return Err(cannot("it is not here to be asked"));
        }
        if let Some(user) = &self.user
            && environment::user().as_ref() != Some(user)
        {
            let why = format!("it runs as {user} and answers nobody else; run the gate as {user}");
            return Err(cannot(&why));
        }
        let path = self.search_path();
        if listed.has(Thing::App) && !path.iter().any(|folder| folder.join("mas").is_file()) {
            return Err(cannot(
                "it names no apps of the App Store without `mas`, which the new system brings along; build it first",
            ));
        }
        self.ask(path).map_err(|error| cannot(&error.to_string()))
    }

    /// The folders in which Homebrew will look for programs.
    fn search_path(&self) -> Vec<PathBuf> {
        let own = environment::search_path();
        let path = self.path.as_deref().unwrap_or(OWN_PATH[0]);
        let mut folders = Vec::new();
        for part in path.split(':') {
            if OWN_PATH.contains(&part) {
                folders.extend(own.iter().cloned());
            } else {
                folders.push(PathBuf::from(part));
            }
        }
        folders
    }

    fn ask(&self, path: Vec<PathBuf>) -> std::io::Result<Answer> {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(self.text.as_bytes())?;
        let path = std::env::join_paths(path).map_err(std::io::Error::other)?;
        let mut program = Program::new(&self.program)
            .args(["bundle", "cleanup"])
            .arg(format!("--file={}", file.path().display()))
            .env("PATH", path);
        for (name, value) in &self.env {
            program = program.env(name, value);
        }
        let output = program
            .env("HOMEBREW_NO_AUTO_UPDATE", "1")
            .env("HOMEBREW_NO_COLOR", "1")
            .env("HOMEBREW_NO_ENV_HINTS", "1")
            .output()?;
        let stdout = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        Ok(Answer::of(&stdout, &stderr, output.status.code()))
    }
}

impl Answer {
    /// From what it printed, and its exit code: 1 where something would be removed.
    pub(in crate::gate) fn of(stdout: &str, stderr: &str, code: Option<i32>) -> Self {
        let mut answer = words::read(stdout);
        answer.unknown.extend(words::unexpected(stderr));
        let removes = !answer.removed.is_empty();
        answer.is_clean = code == Some(0);
        if code != Some(i32::from(removes)) && answer.unknown.is_empty() {
            let names = if removes { "names" } else { "names nothing" };
            let ended = match code {
                Some(code) => format!("with {code}"),
                None => "by a signal".to_owned(),
            };
            let what = if removes { " what it would remove" } else { "" };
            answer
                .unknown
                .push(format!("(it {names}{what} and ends {ended})"));
        }
        answer
    }
}
