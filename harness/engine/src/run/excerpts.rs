//! The lines that a result points at: of the case, of who set a value, of where an
//! evaluation stopped. They go along with the run, since whoever reads its report later
//! may have other files, or none.
//!
//! Where values are hidden nobody can tell which lines of a module hold one; then only
//! lines of cases are shown, one by one, and none that could quote what is hidden.

use std::collections::HashSet;
use std::path::{Component, Path};
use std::sync::Arc;

use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::location::Location;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::{Finding, Problem, TestResult};

use super::engine::Engine;
use super::sources::Sources;

/// How many definitions of one value are quoted.
const DEFINITIONS: usize = 4;

/// Finds the lines that results point at, each place once.
pub(super) struct Excerpts<'a> {
    engine: &'a Engine<'a>,
    sources: Sources,
    told: HashSet<(Arc<str>, u32)>,
}

impl<'a> Excerpts<'a> {
    pub(super) fn new(engine: &'a Engine<'a>) -> Self {
        Self {
            engine,
            sources: Sources::new(engine),
            told: HashSet::new(),
        }
    }

    /// The lines that a result points at and no earlier one did.
    pub(super) fn of(&mut self, result: &TestResult) -> Vec<Excerpt> {
        let mut found = Vec::new();
        for finding in result.outcome.findings() {
            found.extend(self.of_case(&finding.location, finding));
            if self.sources.hides_any() {
                continue;
            }
            for location in modules(finding) {
                found.extend(self.of_module(location));
            }
        }
        found
    }

    fn of_case(&mut self, location: &Location, finding: &Finding) -> Option<Excerpt> {
        if !self.is_new(location) {
            return None;
        }
        let (file, line) = (&location.file, location.line);
        let text = std::fs::read_to_string(self.engine.project.root.join(&**file)).ok()?;
        let redaction = &self.engine.project.file.redact;
        if !redaction.is_any() {
            return Excerpt::of(&text, file, line);
        }
        let path = OptionPath::parse(&finding.subject).ok();
        let excerpt = Excerpt::line(&text, file, line)?;
        let mut lines = excerpt.lines.iter();
        let may_quote = lines.any(|line| redaction.may_quote(path.as_ref(), line));
        (!may_quote).then_some(excerpt)
    }

    fn of_module(&mut self, location: &Location) -> Option<Excerpt> {
        if !self.is_new(location) {
            return None;
        }
        let text = self.sources.source(&location.file)?;
        Excerpt::of(&text, &location.file, location.line)
    }

    /// Whether a place is one of the project's files, and new. A module may say that it is
    /// of any file.
    fn is_new(&mut self, location: &Location) -> bool {
        let is_inside = Path::new(&*location.file)
            .components()
            .all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        let place = (Arc::clone(&location.file), location.line);
        location.line > 0 && location.is_own() && is_inside && self.told.insert(place)
    }
}

/// The places in Nix files that a finding names.
fn modules(finding: &Finding) -> impl Iterator<Item = &Location> {
    let stopped = match &finding.problem {
        Problem::Evaluation { error } => error.nearest_own(),
        _ => None,
    };
    let definitions = finding.origins.iter().map(|origin| &origin.location);
    let own = definitions.filter(|location| location.is_own());
    stopped.into_iter().chain(own.take(DEFINITIONS))
}
