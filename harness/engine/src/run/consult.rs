//! Questions about one host outside of a run: what the host is, not whether it is
//! right. Answers are kept as those of tests are, but on a shelf of their own, since
//! all settings of a host are much to read for a test that looks at one.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use nix_parity_core::host::Host;
use nix_parity_core::observation::Observation;

use super::engine::{Engine, EngineError};
use super::recorder::Recorder;
use super::session::Session;
use super::sources::Sources;
use crate::judge::{Oracle, Terms};
use crate::nix::{Failure, Flake, Request};
use crate::snapshot::{Name, Unreadable};

impl Engine<'_> {
    /// The same with the flake in another state, and the folder that it lies in, if any.
    ///
    /// # Errors
    /// As of [`Engine::new`].
    pub fn at(&self, flake: Flake, dir: Option<PathBuf>) -> Result<Self, EngineError> {
        let mut engine = Self::new(self.project, self.options.clone(), &self.interrupted)?;
        engine.flake = flake;
        engine.flake_dir = dir;
        Ok(engine)
    }

    /// The same without a cache.
    ///
    /// # Errors
    /// As of [`Engine::new`].
    pub fn uncached(&self) -> Result<Self, EngineError> {
        let mut engine = self.at(self.flake.clone(), self.flake_dir.clone())?;
        engine.options.no_cache = true;
        Ok(engine)
    }

    /// Asks about a host, with one worker for all that `ask` asks.
    ///
    /// # Errors
    /// No usable Nix was found, or the run was interrupted while another process held
    /// the host.
    pub fn consult<T>(
        &self,
        host: &Host,
        ask: impl FnOnce(&mut dyn Oracle) -> T,
    ) -> Result<T, EngineError> {
        let silent = |_: String| {};
        let sources = Sources::new(self);
        let limits = self.limits();
        let mut session = Session::new(self.nix()?, &self.flake, host, limits, sources, &silent);
        session.outer = self.host_deadline();
        if let Ok(store) = self.store().map_err(drop) {
            let key = shelf_of(host);
            match store.shelf(&key).lock(&self.interrupted) {
                Ok(lock) => session.recorder = Recorder::new(store, &key, lock),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {
                    return Err(Failure::Interrupted.into());
                }
                // Not being able to keep answers costs time only.
                Err(_) => {}
            }
        }
        if let Some(recorder) = &session.recorder {
            session.answers = recorder.answers();
        }
        let mut timed = Timed {
            session,
            each: self.project.file.timeout,
        };
        let answer = ask(&mut timed);
        if let Some(mut recorder) = timed.session.recorder.take() {
            let _ = recorder.finish();
        }
        Ok(answer)
    }
}

/// Where the answers about a host lie.
pub(super) fn shelf_of(host: &Host) -> String {
    format!("{} consulted", host.key())
}

/// A session in which each question has the time of a case.
struct Timed<'a> {
    session: Session<'a>,
    each: Duration,
}

impl Oracle for Timed<'_> {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        self.session.begin(self.each);
        self.session.ask(request)
    }

    fn source(&mut self, file: &str) -> Option<Arc<str>> {
        self.session.source(file)
    }
    fn accepted(&mut self, snapshot: &Name) -> Result<Option<String>, Unreadable> {
        self.session.accepted(snapshot)
    }

    fn terms(&self) -> &Terms {
        self.session.terms()
    }
}
