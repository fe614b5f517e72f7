//! What people name: hosts, paths, and what to say where there is nothing of that name.

use std::path::{Path, PathBuf};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::Host;
use nix_parity_core::nearest::nearest;

use crate::plan::labels;
use crate::run::{Engine, EngineError};

pub(super) fn wrong(diagnostic: Diagnostic) -> EngineError {
    EngineError::Input(vec![diagnostic])
}

pub(super) fn host_named<'h>(name: &str, hosts: &'h [Host]) -> Option<&'h Host> {
    let labels = labels(hosts);
    let mut named = hosts.iter().zip(labels);
    named
        .find(|(host, label)| label == name || host.key() == name)
        .map(|(host, _)| host)
}

/// A path of the command line, links followed.
pub(super) fn existing(
    engine: &Engine<'_>,
    text: &str,
    path: &Path,
) -> Result<PathBuf, EngineError> {
    let path = engine.project.root.join(path);
    path.canonicalize().map_err(|error| {
        let diagnostic = Diagnostic::new(format!("no path `{text}`")).note(error.to_string());
        let names = path.parent().and_then(|dir| std::fs::read_dir(dir).ok());
        let names: Vec<String> = names
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .collect();
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        wrong(match nearest(name, names.iter().map(String::as_str)) {
            Some(near) => diagnostic.note(format!("did you mean `{near}`?")),
            None => diagnostic,
        })
    })
}
