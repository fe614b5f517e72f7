//! The block of lines for one test that did not pass.

use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Finding, Origin, OriginRole, Outcome, Problem, Side, TestResult};

use crate::layout::Line;
use crate::style::{Role, Style};
use crate::{difference, trace};

/// Where a finding's details begin, and the column of their values.
const INDENT: usize = 4;
const COLUMN: usize = INDENT + 10;
/// The longest place that other places of the same list are aligned with.
const WIDEST_PLACE: usize = 60;

/// Everything about one test that did not pass, without colour, as a test runner
/// prints it under the test's name.
pub fn failure_text(result: &TestResult) -> String {
    let style = Style::plain(100);
    let lines: Vec<_> = block(result).iter().map(|l| l.render(&style)).collect();
    lines.join("\n") + "\n"
}

/// The lines for a test.
pub(crate) fn block(result: &TestResult) -> Vec<Line> {
    let mut lines = vec![header(result)];
    let findings = result.outcome.findings();
    for (number, finding) in findings.iter().enumerate() {
        let before = findings.iter().take(number);
        let again = before.into_iter().any(|f| is_same_error(f, finding));
        lines.extend(of_finding(finding, &result.location, again));
    }
    if let Outcome::Skip { reason } = &result.outcome {
        lines.push(Line::new(2).plain(reason));
    }
    if let Some(note) = &result.note {
        lines.extend(text(note, 2));
    }
    lines
}

fn header(result: &TestResult) -> Line {
    let (role, word) = match &result.outcome {
        Outcome::Pass => (Role::Good, "PASS"),
        Outcome::Fail { .. } => (Role::Bad, "FAIL"),
        Outcome::Error { .. } => (Role::Doubt, "ERROR"),
        Outcome::Skip { .. } => (Role::Faint, "SKIP"),
    };
    Line::new(0)
        .add(role, word)
        .pad_to(6)
        .add(Role::Strong, &result.id.to_string())
        .right(Role::Place, &place(&result.location))
}

/// Whether both died of one error, which need not be printed twice.
fn is_same_error(a: &Finding, b: &Finding) -> bool {
    match (&a.problem, &b.problem) {
        (Problem::Evaluation { error: a }, Problem::Evaluation { error: b }) => {
            (&a.message, &a.location) == (&b.message, &b.location)
                && a.nearest_own() == b.nearest_own()
        }
        _ => false,
    }
}

fn of_finding(finding: &Finding, case: &Location, again: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let subject = Line::new(2).plain(&finding.subject);
    // The case's own line is in the header already.
    let place = place(&finding.location);
    let located = |line: Line| {
        if place == self::place(case) {
            line
        } else {
            line.right(Role::Place, &place)
        }
    };
    match &finding.problem {
        Problem::Mismatch { at, expected, got } => {
            lines.push(located(subject.plain(at)));
            lines.extend(difference::lines(expected, got, INDENT, COLUMN));
        }
        Problem::Disparity { at, sides } => {
            lines.push(located(subject.plain(at).plain(" is not the same")));
            lines.extend(sides.iter().flat_map(side));
        }
        Problem::Snapshot {
            file,
            accepted,
            changes,
        } => {
            let text = if *accepted {
                " is not what was accepted"
            } else {
                " was not accepted yet"
            };
            lines.push(located(subject.plain(text)));
            lines.extend(changes.iter().map(|change| Line::new(INDENT).plain(change)));
            let key = Line::new(INDENT).add(Role::Faint, "snapshot");
            lines.push(key.pad_to(COLUMN).add(Role::Place, file));
        }
        Problem::Build {
            derivation,
            reason,
            log,
        } => {
            lines.push(located(subject.plain(" does not build")));
            lines.extend(text(&format!("{derivation}: {reason}"), INDENT));
            lines.extend(
                log.iter()
                    .map(|line| Line::new(INDENT).add(Role::Faint, "> ").plain(line)),
            );
        }
        Problem::Evaluation { .. } if again => {
            let text = " could not be evaluated: the same error";
            lines.push(located(subject.plain(text)));
        }
        Problem::Evaluation { error } => {
            lines.push(located(subject.plain(" could not be evaluated")));
            lines.extend(trace::lines(error, INDENT));
        }
        Problem::Machine { message } => {
            lines.push(located(subject.plain(" could not be found out")));
            lines.extend(text(message, INDENT));
        }
        Problem::UnexpectedPass { until } => {
            lines.push(located(subject.plain(" passes")));
            let expected = format!("to fail until {until}");
            lines.extend(difference::lines(
                &expected,
                "a pass: take `expected_failure` out of the case",
                INDENT,
                COLUMN,
            ));
        }
    }
    lines.extend(origins(&finding.origins));
    lines.extend(finding.notes.iter().flat_map(|note| text(note, 2)));
    lines
}

/// What some hosts have: their names, and below them the value, or behind them where
/// both are short.
fn side(side: &Side) -> Vec<Line> {
    let names = side.hosts.join(", ");
    let hosts = Line::new(INDENT).add(Role::Strong, &names);
    if side.value.contains('\n') {
        let mut lines = vec![hosts];
        lines.extend(text(&side.value, INDENT + 2));
        lines
    } else {
        vec![hosts.plain("  ").pad_to(COLUMN + 8).plain(&side.value)]
    }
}

/// How many definitions outside of the project are listed.
const FOREIGN: usize = 3;

/// Who set the value, one line each, the places aligned; the project's own first.
pub(crate) fn origins(origins: &[Origin]) -> Vec<Line> {
    let (own, foreign): (Vec<_>, Vec<_>) = origins.iter().partition(|o| o.location.is_own());
    let hidden = foreign.len().saturating_sub(FOREIGN);
    let shown: Vec<_> = own
        .into_iter()
        .chain(foreign.into_iter().take(FOREIGN))
        .collect();
    let widest = shown
        .iter()
        .map(|o| Line::new(0).plain(&place(&o.location)).width())
        .filter(|w| *w <= WIDEST_PLACE)
        .max()
        .unwrap_or(0);
    let mut last = None;
    let mut lines: Vec<_> = shown
        .into_iter()
        .map(|origin| {
            let (key, column) = match origin.role {
                OriginRole::Definition => ("set by", COLUMN),
                OriginRole::Declaration => ("declared in", COLUMN + 3),
            };
            let key = if last == Some(origin.role) { "" } else { key };
            last = Some(origin.role);
            let line = Line::new(INDENT)
                .add(Role::Faint, key)
                .pad_to(column)
                .add(Role::Place, &place(&origin.location));
            match &origin.text {
                Some(text) => line.pad_to(column + widest).plain("    ").plain(text),
                None => line,
            }
        })
        .collect();
    if hidden > 0 {
        let text = format!("… and {hidden} more in inputs");
        lines.push(Line::new(COLUMN).add(Role::Faint, &text));
    }
    lines
}

/// Text of possibly several lines.
fn text(text: &str, indent: usize) -> Vec<Line> {
    let lines = text.trim_end_matches('\n').split('\n');
    difference::limited(lines.map(|l| Line::new(indent).plain(l)).collect(), indent)
}

/// `file:line`: the column would only be in the way of reading.
fn place(location: &Location) -> String {
    Location::point(location.file.clone(), location.line, 0).to_string()
}
