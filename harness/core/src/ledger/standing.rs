//! How far a ledger is real: from outcomes of tests, and from nothing else.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::lock::{Held, Lock};
use super::{FORMAT, Ledger, Row, Wanted};
use crate::id::TestId;
use crate::outcome::Outcome;

/// What one test says about the rows that it is bound to.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The test.
    pub test: &'a TestId,
    /// The hosts that it looks at, as tests call them.
    pub hosts: Vec<&'a str>,
    /// The rows, each once.
    pub rows: Vec<&'a str>,
    /// What its case waits for, where that is expected to fail.
    pub until: Option<&'a str>,
    /// What became of it; nothing where a record does not have it.
    pub outcome: Option<&'a Outcome>,
}

/// The ledger as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// [`FORMAT`].
    pub format: u32,
    /// How much of 100 is proven, by weight, rounded down.
    pub score: u32,
    /// The same of what was accepted, with the weights of today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<u32>,
    /// All rows, in the order of the ledger.
    pub rows: Vec<Standing>,
    /// The rows that are worse than what was accepted.
    pub worse: Vec<Worse>,
}

/// One row as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Its id.
    pub id: String,
    /// What was proposed.
    pub proposed: String,
    /// What there was when the ledger was begun.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// How far that was from the proposal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<String>,
    /// Its weight.
    pub weight: u32,
    /// Whether it is wanted.
    pub status: Wanted,
    /// How far it is real.
    pub reality: Reality,
    /// How many of its tests pass.
    pub passed: usize,
    /// How many tests it has.
    pub tests: usize,
    /// How many cases these are.
    pub cases: usize,
    /// How many hosts they look at.
    pub hosts: usize,
    /// The tests that prove nothing, in their order.
    pub open: Vec<OpenTest>,
}

/// How far a row is real.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reality {
    /// It has tests, and all of them pass.
    Proven,
    /// Some of its tests pass, or none was refuted but some were not tried.
    Partly,
    /// It has tests, and none of them passes.
    Failing,
    /// It has no test, whatever code there is.
    Unproven,
    /// It is not wanted.
    Declined,
}

/// A test that proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenTest {
    /// Its name.
    pub test: String,
    /// Why.
    pub why: Why,
    /// Why it was skipped, or what it waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// Why a test proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The configuration is wrong.
    Fails,
    /// It could not be found out.
    Error,
    /// It was not tried.
    Skipped,
    /// It passes since it is expected to fail, and does.
    Expected,
    /// The record does not have it.
    NotRun,
}

/// A row that is worse than what was accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worse {
    /// Its id.
    pub id: String,
    /// What was accepted.
    pub was: Held,
    /// What there is; nothing where the ledger has the row no more, or declines it.
    pub now: Option<Held>,
}

/// The ledger as the evidence makes it, compared with what was accepted.
pub fn gap(ledger: &Ledger, evidence: &[Evidence<'_>], accepted: Option<&Lock>) -> Gap {
    let rows: Vec<_> = ledger
        .rows
        .iter()
        .map(|row| standing(row, evidence))
        .collect();
    let is_proven = |id: &str| {
        let mut named = rows.iter().filter(|row| row.id == id);
        named.any(|row| row.reality == Reality::Proven)
    };
    Gap {
        format: FORMAT,
        score: ledger.score(is_proven),
        was: accepted
            .map(|lock| ledger.score(|id| lock.rows.get(id).is_some_and(|held| held.is_proven()))),
        worse: accepted.map_or_else(Vec::new, |lock| worse(lock, &rows)),
        rows,
    }
}

impl Gap {
    /// What is written when this is accepted.
    pub fn lock(&self) -> Lock {
        Lock {
            rows: self
                .rows
                .iter()
                .filter_map(|row| Some((row.id.clone(), row.held()?)))
                .collect(),
        }
    }
}

impl Standing {
    /// What a lock keeps of it.
    fn held(&self) -> Option<Held> {
        (self.reality != Reality::Declined).then_some(Held {
            passed: self.passed,
            tests: self.tests,
        })
    }
}

fn standing(row: &Row, evidence: &[Evidence<'_>]) -> Standing {
    let id = row.id.value.as_str();
    let mine: Vec<_> = evidence.iter().filter(|e| e.rows.contains(&id)).collect();
    let open: Vec<_> = mine.iter().filter_map(|e| e.open()).collect();
    let (tests, passed) = (mine.len(), mine.len() - open.len());
    let only_skipped = open.iter().all(|test| test.why == Why::Skipped);
    let cases: BTreeSet<_> = mine.iter().map(|e| (&e.test.suite, &e.test.case)).collect();
    let hosts: BTreeSet<_> = mine.iter().flat_map(|e| &e.hosts).collect();
    Standing {
        id: id.to_owned(),
        proposed: row.proposed.clone(),
        found: row.found.clone(),
        gap: row.gap.clone(),
        weight: row.weight,
        status: row.wanted.clone(),
        reality: match (passed, tests) {
            _ if row.is_declined() => Reality::Declined,
            (_, 0) => Reality::Unproven,
            _ if open.is_empty() => Reality::Proven,
            (0, _) if !only_skipped => Reality::Failing,
            _ => Reality::Partly,
        },
        passed,
        tests,
        cases: cases.len(),
        hosts: hosts.len(),
        open,
    }
}

impl Evidence<'_> {
    /// The test, where it proves nothing.
    fn open(&self) -> Option<OpenTest> {
        let (why, because) = match (self.outcome, self.until) {
            (None, _) => (Why::NotRun, None),
            (Some(Outcome::Fail { .. }), _) => (Why::Fails, None),
            (Some(Outcome::Error { .. }), _) => (Why::Error, None),
            (Some(Outcome::Skip { reason }), _) => (Why::Skipped, Some(reason.clone())),
            (Some(Outcome::Pass), Some(until)) => (Why::Expected, Some(until.to_owned())),
            (Some(Outcome::Pass), None) => return None,
        };
        Some(OpenTest {
            test: self.test.to_string(),
            why,
            because,
        })
    }
}

/// A row is worse when it was proven and is not, or when fewer of its tests pass: a
/// case that is taken away takes its proof along.
fn worse(lock: &Lock, rows: &[Standing]) -> Vec<Worse> {
    let is_worse = |was: Held, now: Option<Held>| match now {
        Some(now) => was.passed > now.passed || was.is_proven() && !now.is_proven(),
        None => was.passed > 0,
    };
    lock.rows
        .iter()
        .filter_map(|(id, was)| {
            let now = rows.iter().find(|row| row.id == *id);
            let now = now.and_then(Standing::held);
            is_worse(*was, now).then(|| Worse {
                id: id.clone(),
                was: *was,
                now,
            })
        })
        .collect()
}
