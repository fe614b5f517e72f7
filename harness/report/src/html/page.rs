//! What is on a page.

use std::collections::{BTreeMap, HashSet};

use nix_parity_core::comparison::Comparison;
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::id::TestId;
use nix_parity_core::ledger::{Gap, State};
use nix_parity_core::location::Location;
use nix_parity_core::outcome::TestResult;

use crate::run::Host;
use crate::whole::WholeRun;

/// All that is known. Each part may be missing; a part that is there has a section.
#[derive(Debug, Default)]
pub struct Page<'a> {
    /// Runs, such as those of the machines of a matrix. No test is in two of them.
    pub runs: Vec<&'a WholeRun>,
    /// How far the ledger is real.
    pub gap: Option<&'a Gap>,
    /// What it was before, the oldest first.
    pub history: &'a [State],
    /// What differs between two sides.
    pub comparisons: &'a [Comparison],
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

/// Two runs have decided one test.
#[derive(Debug, thiserror::Error)]
#[error("two of the records have the test {0}")]
pub struct Twice(pub TestId);

impl<'a> Page<'a> {
    /// All results, in the order of their cases, those of one case in that of its hosts.
    pub(super) fn results(&self) -> Vec<&'a TestResult> {
        let mut results: Vec<_> = self.runs.iter().flat_map(|run| &run.results).collect();
        results.sort_by_cached_key(|r| (r.location.clone(), r.id.host.clone(), r.id.to_string()));
        results
    }

    /// The lines around a place, where a run told them.
    pub(super) fn source(&self, location: &Location) -> Option<&Excerpt> {
        self.runs.iter().find_map(|run| run.source(location))
    }

    /// Hosts of all runs, and what stands for tests of no single one.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &'a Host> {
        self.runs.iter().flat_map(|run| &run.run.hosts)
    }

    /// How many hosts there are.
    pub(super) fn host_count(&self) -> usize {
        let hosts = self.hosts();
        let hosts = hosts.filter(|host| host.platform.is_some());
        hosts.map(|host| &host.label).collect::<HashSet<_>>().len()
    }

    /// That each test is decided once.
    ///
    /// # Errors
    /// A test that is not.
    pub fn check(&self) -> Result<(), Twice> {
        let mut seen = HashSet::new();
        let mut results = self.runs.iter().flat_map(|run| &run.results);
        match results.find(|result| !seen.insert(&result.id)) {
            Some(result) => Err(Twice(result.id.clone())),
            None => Ok(()),
        }
    }
}
