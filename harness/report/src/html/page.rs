//! What is on a page.

use std::collections::BTreeMap;

use nix_parity_core::comparison::HostComparison;
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::ledger::{Gap, State};
use nix_parity_core::location::Location;
use nix_parity_core::outcome::TestResult;

use crate::run::Host;
use crate::whole::WholeRun;

/// All that is known. Each part may be missing; a part that is there has a section.
#[derive(Debug, Default)]
pub struct Page<'a> {
    /// A run.
    pub run: Option<&'a WholeRun>,
    /// How far the ledger is real.
    pub gap: Option<&'a Gap>,
    /// What it was before, the oldest first.
    pub history: &'a [State],
    /// What differs between two sides, or between states of several hosts.
    pub comparisons: &'a [HostComparison],
    /// What is known of the files that results name, by their paths there.
    pub artefacts: BTreeMap<String, Artefact>,
    /// The way from the page's folder to the project's, such as `../`; an absolute path
    /// where there is no other.
    pub base: String,
}

/// What is shown of a file besides its name.
#[derive(Debug)]
pub enum Artefact {
    /// A picture, as PNG.
    Picture(Vec<u8>),
    /// The last lines of a log.
    Tail(Vec<String>),
    /// A picture that is not taken along, and why.
    Left(String),
}

impl<'a> Page<'a> {
    /// All results, in the order of their cases, those of one case in that of its hosts.
    pub(super) fn results(&self) -> Vec<&'a TestResult> {
        let mut results: Vec<_> = self.run.into_iter().flat_map(WholeRun::results).collect();
        results.sort_by_cached_key(|r| (r.location.clone(), r.id.host.clone(), r.id.to_string()));
        results
    }

    /// The lines around a place, where a run told them.
    pub(super) fn source(&self, location: &Location) -> Option<&Excerpt> {
        self.run?.source(location)
    }

    /// Hosts of the run, and what stands for tests of no single one.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &'a Host> {
        self.run.into_iter().flat_map(|run| &run.run.hosts)
    }

    /// How many hosts there are.
    pub(super) fn host_count(&self) -> usize {
        self.hosts().filter(|host| host.platform.is_some()).count()
    }
}
