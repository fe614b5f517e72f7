//! What is wrong with a test in one line, for places that have no more room: titles,
//! attributes, lists.

use nix_parity_core::outcome::{Finding, Outcome, Problem, Side, TestResult};
use nix_parity_core::text::{one_line, shorten};

/// The longest text of a value or message in a headline.
const LONGEST: usize = 120;

/// A test that did not pass in one line: its first finding, and how many more there are.
/// Of others why they were skipped, or nothing.
pub(crate) fn headline(result: &TestResult) -> String {
    if let Outcome::Skip { reason } = &result.outcome {
        return one_line(reason);
    }
    match result.outcome.findings() {
        [] => String::new(),
        [only] => of_finding(only),
        [first, more @ ..] => format!("{} (and {} more)", of_finding(first), more.len()),
    }
}

/// A finding in one line.
pub(crate) fn of_finding(finding: &Finding) -> String {
    let subject = &finding.subject;
    one_line(&match &finding.problem {
        Problem::Mismatch { at, expected, got } => {
            let [expected, got] = [expected, got].map(|text| brief(text));
            format!("{subject}{at}: expected {expected}, got {got}")
        }
        Problem::Disparity { at, sides } => {
            let sides: Vec<_> = sides.iter().map(side).collect();
            format!("{subject}{at} is not the same: {}", sides.join("; "))
        }
        Problem::Snapshot { accepted: true, .. } => format!("{subject} is not what was accepted"),
        Problem::Snapshot { .. } => format!("{subject} was not accepted yet"),
        Problem::Build {
            derivation, reason, ..
        } => format!("{derivation} does not build: {}", brief(reason)),
        Problem::Evaluation { error } => {
            let message = brief(&error.message);
            format!("{subject} could not be evaluated: {message}")
        }
        Problem::Machine { message } => {
            format!("{subject} could not be found out: {}", brief(message))
        }
        Problem::UnexpectedPass { until } => {
            format!("{subject} passes, and was expected to fail until {until}")
        }
    })
}

/// One word for the kind of a problem.
pub(crate) const fn kind(problem: &Problem) -> &'static str {
    match problem {
        Problem::Mismatch { .. } => "mismatch",
        Problem::Disparity { .. } => "disparity",
        Problem::Snapshot { .. } => "snapshot",
        Problem::Build { .. } => "build",
        Problem::Evaluation { .. } => "evaluation",
        Problem::Machine { .. } => "machine",
        Problem::UnexpectedPass { .. } => "unexpected-pass",
    }
}

fn side(side: &Side) -> String {
    format!("{} on {}", brief(&side.value), side.hosts.join(", "))
}

/// A text of any length: its lines in a row where they are few characters.
fn brief(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    shorten(&words.join(" "), LONGEST)
}
