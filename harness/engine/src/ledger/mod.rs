//! The ledger with what it is weighed by: the tests of a plan and what became of them,
//! and what was accepted before.

mod history;
mod lock;

pub use history::record;
pub use lock::{accept, accepted, lock_file};

use std::collections::HashMap;

use nix_parity_core::case::{Case, Suite};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::id::TestId;
use nix_parity_core::ledger::{self, Evidence, Gap, Ledger, Lock, bound_rows};
use nix_parity_core::outcome::{Outcome, TestResult};

use crate::plan::Plan;

/// Weighs a ledger by all tests of a project. A test that has no result proves nothing.
///
/// # Errors
/// A result of a test that is not in the plan: then the results are those of something
/// else.
pub fn gap(
    ledger: &Ledger,
    suites: &[Suite],
    plan: &Plan<'_>,
    results: &[TestResult],
    accepted: Option<&Lock>,
) -> Result<Gap, Vec<Diagnostic>> {
    let mut outcomes: HashMap<&TestId, &Outcome> =
        results.iter().map(|r| (&r.id, &r.outcome)).collect();
    let suites: HashMap<&str, &Suite> = suites.iter().map(|s| (&*s.name.value, s)).collect();
    let evidence: Vec<_> = plan
        .tests()
        .into_iter()
        .map(|test| Evidence {
            test: test.id(),
            hosts: test.hosts(),
            rows: suites
                .get(test.id().suite.as_str())
                .map_or_else(Vec::new, |suite| bound_rows(suite, test.case())),
            until: until(test.case()),
            outcome: outcomes.remove(test.id()),
        })
        .collect();
    // The first by name, so that the same mistake reads the same.
    match outcomes.keys().min() {
        Some(unknown) => {
            let message = format!("the record has a test that there is not: {unknown}");
            let note = "it is of other cases or of other hosts; make a new one with `nix-parity run --format jsonl`";
            Err(vec![Diagnostic::new(message).note(note)])
        }
        None => Ok(ledger::gap(ledger, &evidence, accepted)),
    }
}

fn until(case: &Case) -> Option<&str> {
    let open = case.expected_failure.as_ref()?;
    Some(&open.until)
}
