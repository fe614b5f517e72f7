//! Verdicts as results of tests.

use std::time::Duration;

use nix_parity_core::case::Case;
use nix_parity_core::host::Platform;
use nix_parity_core::id::TestId;
use nix_parity_core::outcome::TestResult;

use crate::judge::Verdict;
use crate::plan::{HostPlan, PlannedTest};

/// A verdict as a result of a test.
pub(super) fn result(
    plan: &HostPlan<'_>,
    test: &PlannedTest<'_>,
    verdict: Verdict,
    took: Duration,
) -> TestResult {
    result_of(&test.id, test.case, Some(plan.host.platform), verdict, took)
}

/// The same for a test of any number of hosts.
pub(super) fn result_of(
    id: &TestId,
    case: &Case,
    platform: Option<Platform>,
    verdict: Verdict,
    took: Duration,
) -> TestResult {
    TestResult {
        id: id.clone(),
        platform,
        location: case.location().clone(),
        outcome: verdict.outcome,
        note: verdict.note,
        details: verdict.details,
        artefacts: verdict.artefacts,
        shared: verdict.shared,
        built: verdict.built,
        booted: verdict.booted,
        millis: millis(took),
    }
}

pub(super) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
