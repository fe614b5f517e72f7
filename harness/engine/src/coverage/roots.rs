//! Which files count.

use std::path::PathBuf;

use nix_parity_core::diagnostic::Diagnostic;

use crate::run::{Engine, EngineError};

/// The folders and files whose options count, from the flake's folder.
#[derive(Clone, Debug)]
pub struct Roots {
    /// The folder of the flake.
    dir: PathBuf,
    /// All of it where empty.
    pub(super) named: Vec<String>,
}

impl Roots {
    /// Those that were asked for, else those of the project; all where there are none.
    ///
    /// # Errors
    /// One is not there, or the flake is not on this machine.
    pub fn new(engine: &Engine<'_>, asked: &[String]) -> Result<Self, EngineError> {
        let wrong = |diagnostic| EngineError::Input(vec![diagnostic]);
        let Some(dir) = engine.project.flake_dir() else {
            let message = "the flake is not a folder of this machine, so it has no files here";
            return Err(wrong(Diagnostic::new(message)));
        };
        let named = if asked.is_empty() {
            &engine.project.file.coverage
        } else {
            asked
        };
        let mut roots = Self {
            dir,
            named: Vec::new(),
        };
        for name in named {
            let root = name.trim_start_matches("./").trim_end_matches('/');
            if root.is_empty() || root == "." {
                roots.named.clear();
                return Ok(roots);
            }
            if !roots.dir.join(root).exists() {
                let message = format!("no folder or file `{name}` to look at");
                let note = format!("it is looked for in {}", roots.dir.display());
                return Err(wrong(Diagnostic::new(message).note(note)));
            }
            roots.named.push(root.to_owned());
        }
        Ok(roots)
    }

    /// The file of a module that may be called by its folder.
    pub(super) fn module(&self, name: &str) -> String {
        if self.dir.join(name).is_dir() {
            format!("{name}/default.nix")
        } else {
            name.to_owned()
        }
    }

    /// Whether a file counts. Those of inputs never do, nor modules without a file.
    pub(crate) fn have(&self, file: &str) -> bool {
        let below = |root: &String| {
            let rest = file.strip_prefix(root.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !file.starts_with(['/', '<', '«'])
            && (self.named.is_empty() || self.named.iter().any(below))
    }
}
