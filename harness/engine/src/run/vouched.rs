//! Tests that passed on answers which may not be kept: what is hidden lies nowhere, but
//! that a test passed tells of it no more than the case itself says. It holds for as long
//! as the trace does that it is noted in.

use std::collections::BTreeMap;

use nix_parity_core::case::{Case, Check};
use nix_parity_core::id::TestId;
use nix_parity_core::outcome::Outcome;

use super::sources::Sources;
use crate::judge::{BUDGET, SIZE, Verdict};
use crate::plan::PlannedTest;
use crate::snapshot::{Header, Name, Taken};

const PASSED: &str = "passed";

/// Notes that a test passed.
pub(super) fn note(test: &PlannedTest<'_>, sources: &Sources) -> (String, String) {
    (key(test, sources), PASSED.to_owned())
}

/// The verdict on a test that passed as it is.
pub(super) fn verdict(
    test: &PlannedTest<'_>,
    sources: &Sources,
    notes: &BTreeMap<String, String>,
) -> Option<Verdict> {
    if !sources.hides_any() || notes.get(&key(test, sources))? != PASSED {
        return None;
    }
    let accepted = |name| Taken::new(name, Header::default(), "", Some(""));
    Some(Verdict {
        // So that nothing waits any more of what waited.
        snapshots: sources.taken_by(test).map(accepted).collect(),
        ..Verdict::of(Outcome::Pass)
    })
}

/// Whether a verdict says no more than that the test passed.
pub(super) fn is_plain(verdict: &Verdict) -> bool {
    verdict.outcome == Outcome::Pass
        && verdict.note.is_none()
        && verdict.details.is_empty()
        && !verdict.built
        && !verdict.booted
}

/// All that decides besides what is asked of the host.
fn key(test: &PlannedTest<'_>, sources: &Sources) -> String {
    let case = test.case;
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&text.len().to_le_bytes());
        hasher.update(text.as_bytes());
    };
    add(&test.id.to_string());
    add(&format!(
        "{:?}",
        (&case.check, &case.variant, &case.expected_failure)
    ));
    add(&format!("{:?}", sources.rules()));
    for name in sources.taken_by(test) {
        add(name.as_str());
        add(&format!("{:?}", sources.accepted(&name)));
    }
    format!("verdict {}", hasher.finalize().to_hex())
}

/// The snapshots that a test takes under a profile.
pub(super) fn taken_by(id: &TestId, case: &Case, profile: Option<&str>) -> Vec<Name> {
    let kinds: Vec<_> = match &case.check {
        Check::Snapshot(check) => check.parts.iter().map(|part| part.value.kind()).collect(),
        Check::Budget(check) if check.recorded.is_some() => vec![BUDGET],
        Check::Build(check) if check.weighs_growth() => vec![SIZE],
        _ => Vec::new(),
    };
    let kinds = kinds.into_iter();
    kinds.map(|kind| Name::new(id, kind, profile)).collect()
}
