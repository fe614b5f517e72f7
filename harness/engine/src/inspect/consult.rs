//! Asking about a host of the work tree or of a commit alike.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use super::HostSide;
use crate::depend::Git;
use crate::judge::{Oracle, Terms};
use crate::nix::{Failure, Request, Subject};
use crate::run::{Engine, EngineError};
use crate::snapshot::{Name, Unreadable};

impl HostSide {
    /// Asks about the host, with one worker for all that `ask` asks.
    ///
    /// # Errors
    /// As of [`Engine::consult`].
    pub fn consult<T>(
        &self,
        engine: &Engine<'_>,
        ask: impl FnOnce(&mut dyn Oracle) -> T,
    ) -> Result<T, EngineError> {
        let Some((git, commit)) = &self.commit else {
            return engine.consult(&self.host, ask);
        };
        let engine = engine.at(self.flake.clone(), None)?;
        let files = git.paths_of(commit);
        let files = files.map_err(|e| EngineError::Machine(e.to_string()))?;
        engine.consult(&self.host, |oracle| {
            ask(&mut AtCommit {
                oracle,
                git,
                commit,
                folder: &self.folder,
                files: &files,
            })
        })
    }

    /// The path of the toplevel's derivation, which is in the store.
    ///
    /// # Errors
    /// It cannot be evaluated.
    pub fn toplevel(
        &self,
        engine: &Engine<'_>,
        oracle: &mut dyn Oracle,
    ) -> Result<String, EngineError> {
        let path = self.ask_toplevel(oracle)?;
        if Path::new(&path).exists() {
            return Ok(path);
        }
        // What is known of an earlier evaluation may have been collected since.
        let engine = engine.at(self.flake.clone(), None)?.uncached()?;
        engine.consult(&self.host, |oracle| self.ask_toplevel(oracle))?
    }

    fn ask_toplevel(&self, oracle: &mut dyn Oracle) -> Result<String, EngineError> {
        match oracle.ask_host(Subject::Toplevel)? {
            Observation::Value(Value::String(path)) => Ok(path),
            Observation::Threw(error) | Observation::Failed(error) => Err(EngineError::Host {
                host: self.label.clone(),
                error: oracle.redaction().shown_error(None, error),
            }),
            _ => Err(Failure::Unreadable("toplevel".to_owned()).into()),
        }
    }
}

/// Answers about a host of a commit, whose files are not in the work tree.
struct AtCommit<'o> {
    oracle: &'o mut dyn Oracle,
    git: &'o Git,
    commit: &'o str,
    /// The folder of the flake, from the top.
    folder: &'o str,
    /// All files of the commit, from the top.
    files: &'o BTreeSet<String>,
}

impl Oracle for AtCommit<'_> {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        let mut answer = self.oracle.ask(request)?;
        let names_files = matches!(
            request.subject,
            Subject::Origins { .. }
                | Subject::About { .. }
                | Subject::Settings { .. }
                | Subject::Homes
        );
        if let Observation::Value(value) = &mut answer
            && names_files
        {
            own(value, self.folder, self.files);
        }
        Ok(answer)
    }

    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        if file.starts_with(['/', '<', '«']) {
            return None;
        }
        // Mostly relative to the flake, but what lies above it is named from the top.
        let inside = format!("{}/{file}", self.folder);
        let paths = [inside.trim_start_matches('/'), file];
        let path = paths.into_iter().find(|path| self.files.contains(*path))?;
        self.git.text_at(self.commit, path).map(Arc::from)
    }

    fn accepted(&mut self, snapshot: &Name) -> Result<Option<String>, Unreadable> {
        self.oracle.accepted(snapshot)
    }

    fn terms(&self) -> &Terms {
        self.oracle.terms()
    }
}

/// Newer versions of Nix call the files of a commit by its URL in the log, but by a
/// store path in values, which then pass for those of an input. Here they are called
/// as in the work tree, by their path from the flake's folder.
fn own(value: &mut Value, folder: &str, files: &BTreeSet<String>) {
    match value {
        Value::String(text) | Value::Path(text) => {
            if let Some(file) = text.strip_prefix("<input>/").filter(|f| files.contains(*f)) {
                let inside = file.strip_prefix(folder).and_then(|f| f.strip_prefix('/'));
                *text = inside.unwrap_or(file).to_owned();
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| own(item, folder, files)),
        Value::Attrs(members) => members
            .values_mut()
            .for_each(|member| own(member, folder, files)),
        _ => {}
    }
}
