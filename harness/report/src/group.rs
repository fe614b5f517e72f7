//! Failures in the order of their cases, with tests that fail of the very same
//! error put together: one broken file can stop every test of a host.

use std::collections::HashMap;

use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Outcome, Problem, TestResult};

/// A test to print in full, and those that need no more than their names.
#[derive(Debug)]
pub(crate) struct Group<'a> {
    /// The first of them.
    pub(crate) first: &'a TestResult,
    /// The others.
    pub(crate) same: Vec<&'a TestResult>,
}

/// The same message at the same place, reached through the same file of the project.
#[derive(PartialEq, Eq, Hash)]
struct Cause<'a> {
    host: &'a str,
    message: &'a str,
    location: Option<&'a Location>,
    through: Option<&'a Location>,
}

/// Sorts by case and host, and groups.
pub(crate) fn groups<'a>(results: impl IntoIterator<Item = &'a TestResult>) -> Vec<Group<'a>> {
    let mut sorted: Vec<_> = results.into_iter().collect();
    sorted.sort_by_cached_key(|r| (r.location.clone(), r.id.host.clone(), r.id.to_string()));
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut known: HashMap<Cause<'_>, usize> = HashMap::new();
    for result in sorted {
        if let Some(cause) = cause(result) {
            if let Some(group) = known.get(&cause).and_then(|at| groups.get_mut(*at)) {
                group.same.push(result);
                continue;
            }
            known.insert(cause, groups.len());
        }
        groups.push(Group {
            first: result,
            same: Vec::new(),
        });
    }
    groups
}

/// What a test died of, when that is one error and nothing else.
fn cause(result: &TestResult) -> Option<Cause<'_>> {
    // A failure is a verdict on its own case, even if two are worded alike.
    if !matches!(result.outcome, Outcome::Error { .. }) {
        return None;
    }
    let mut causes = result.outcome.findings().iter().map(|finding| {
        let host = result.id.host.as_str();
        match &finding.problem {
            Problem::Evaluation { error } => Some(Cause {
                host,
                message: &error.message,
                location: error.location.as_ref(),
                through: error.nearest_own(),
            }),
            Problem::Machine { message } => Some(Cause {
                host,
                message,
                location: None,
                through: None,
            }),
            Problem::Mismatch { .. }
            | Problem::Disparity { .. }
            | Problem::Build { .. }
            | Problem::UnexpectedPass { .. }
            | Problem::Snapshot { .. } => None,
        }
    });
    let first = causes.next()??;
    causes.all(|c| c.as_ref() == Some(&first)).then_some(first)
}
