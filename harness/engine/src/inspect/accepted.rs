//! Accepted snapshots as a side: all of a host, or one file.

use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::nearest::nearest;
use nix_parity_core::option_path::OptionPath;

use super::named::{existing, host_named, wrong};
use crate::plan::labels;
use crate::run::{Engine, EngineError};
use crate::snapshot::{Folder, Held, Of, Reduced};

/// How a host's snapshots are named.
pub(super) const PREFIX: &str = "snapshot:";

/// What snapshots hold, each level where one of them has it.
#[derive(Clone, Debug)]
pub struct AcceptedSide {
    /// As it was asked for.
    pub label: String,
    /// The options that were taken, and the text of their values.
    pub(crate) options: Option<(Vec<OptionPath>, String)>,
    /// Of what the derivations are, below `config`, and they themselves.
    pub(crate) derivations: Option<(Option<OptionPath>, Reduced)>,
    /// Likewise, with names and versions only.
    pub(crate) closure: Option<(Option<OptionPath>, Reduced)>,
}

impl AcceptedSide {
    /// The snapshots of a host under the profile in use: all options, and what is of the
    /// whole system.
    pub(super) fn of_host(
        engine: &Engine<'_>,
        label: &str,
        host: &str,
    ) -> Result<Self, EngineError> {
        let machine = |e: std::io::Error| EngineError::Machine(e.to_string());
        let (folder, profile) = (engine.snapshots(), engine.other_profile());
        let mut names = folder.of_host(host, profile).map_err(machine)?;
        if names.is_empty() {
            // `nixos:pc` where the tests say `pc`.
            let hosts = engine.hosts()?;
            if let Some(host) = host_named(host, &hosts) {
                let labels = hosts.iter().zip(labels(&hosts));
                let mut labels = labels.filter(|(other, _)| *other == host);
                let label = labels.next().map(|(_, label)| label).unwrap_or_default();
                names = folder.of_host(&label, profile).map_err(machine)?;
            }
        }
        if names.is_empty() {
            return Err(wrong(none_accepted(&folder, host, profile)));
        }
        let mut side = Self::empty(label);
        for name in names {
            let file = Folder::file(&name);
            let held = read(&engine.project.root.join(&file), &file)?;
            if let Of::Derivation(Some(_)) | Of::Closure(Some(_)) = held.of {
                continue;
            }
            side.add(held);
        }
        Ok(side)
    }

    /// One file, accepted or pending.
    pub(super) fn of_file(engine: &Engine<'_>, label: &str) -> Result<Self, EngineError> {
        let path = existing(engine, label, Path::new(label))?;
        let mut side = Self::empty(label);
        side.add(read(&path, label)?);
        if side.options.is_none() && side.closure.is_none() {
            let message = format!("`{label}` holds no options, derivations or packages");
            return Err(wrong(Diagnostic::new(message)));
        }
        Ok(side)
    }

    fn empty(label: &str) -> Self {
        Self {
            label: label.to_owned(),
            options: None,
            derivations: None,
            closure: None,
        }
    }

    fn add(&mut self, held: Held) {
        match held.of {
            Of::Options(paths) => {
                let (all, text) = self.options.get_or_insert_default();
                all.extend(paths);
                text.push_str(&held.body);
                text.push('\n');
            }
            Of::Derivation(of) => {
                if let Ok(reduced) = Reduced::parse(&held.body) {
                    // The derivations have all that the closure has.
                    self.closure = Some((of.clone(), reduced.clone()));
                    self.derivations = Some((of, reduced));
                }
            }
            Of::Closure(of) => {
                let packages = Reduced::of_closure(&held.body);
                self.closure.get_or_insert((of, packages));
            }
            Of::Other => {}
        }
    }
}

fn read(path: &Path, called: &str) -> Result<Held, EngineError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        wrong(Diagnostic::new(format!("`{called}` cannot be read")).note(error.to_string()))
    })?;
    Held::read(&text).map_err(|unlike| {
        wrong(Diagnostic::new(format!("`{called}` cannot be compared")).note(unlike.to_string()))
    })
}

fn none_accepted(folder: &Folder, host: &str, profile: Option<&str>) -> Diagnostic {
    let under = profile.map(|profile| format!(" under the profile `{profile}`"));
    let under = under.unwrap_or_default();
    let diagnostic = Diagnostic::new(format!("no snapshot of `{host}` was accepted{under}"));
    let hosts = folder.hosts().unwrap_or_default();
    let diagnostic = match nearest(host, hosts.iter().map(String::as_str)) {
        Some(near) if near != host => diagnostic.note(format!("did you mean `{PREFIX}{near}`?")),
        _ => diagnostic,
    };
    diagnostic.note(if hosts.is_empty() {
        "this project has no snapshots; a case takes one with `snapshot`".to_owned()
    } else {
        format!("there are snapshots of {}", hosts.join(", "))
    })
}
