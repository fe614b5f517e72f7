//! A gate for people: what was tested, what differs from what runs, what the switch will
//! do. One screen, whatever differs: `nix-parity diff` says all of it.

mod effects;
mod levels;
mod verification;

use std::io::{self, Write};

use nix_parity_core::gate::{Against, Cases, Gate};

use crate::Style;
use crate::layout::{self, Line};
use crate::style::Role;
use crate::words::count;

pub use verification::verification;

/// Writes what a gate found.
///
/// # Errors
/// When `out` cannot be written to.
pub fn gate(gate: &Gate, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let mut lines = vec![head(gate)];
    if gate.tested.is_some() {
        lines.push(against(gate));
        if let Some(comparison) = gate.comparison.as_ref().filter(|_| !gate.is_same()) {
            lines.extend(levels::lines(comparison));
        }
        // What runs already changes nothing, but Homebrew may.
        if !gate.does_nothing() {
            lines.extend(effects::lines(&gate.effects, gate.unknown.is_empty()));
        }
    }
    for why in &gate.aborts {
        lines.push(Line::new(2).add(Role::Bad, why));
    }
    for unknown in &gate.unknown {
        let what = unknown.what.lines().next().unwrap_or_default();
        let line = Line::new(2).add(Role::Doubt, "not known: ");
        lines.push(line.add(Role::Doubt, what));
        let text = unknown.text.iter();
        lines.extend(text.map(|text| Line::new(4).add(Role::Faint, "| ").plain(text)));
    }
    let compared = gate.comparison.iter();
    let notes = compared.flat_map(|c| c.unknown.iter().chain(&c.notes));
    let notes = gate
        .notes
        .iter()
        .chain(notes)
        .map(|note| note.lines().next().unwrap_or_default());
    lines.extend(notes.map(|note| Line::new(2).add(Role::Faint, note)));
    layout::write(&lines, out, style)
}

fn head(gate: &Gate) -> Line {
    let summary = &gate.cases.summary;
    let all = summary.total();
    let line = Line::new(0).add(Role::Strong, &gate.host).plain(": ");
    let role = if summary.failed + summary.errors > 0 {
        Role::Bad
    } else {
        Role::Good
    };
    let passed = format!("{} of {}", summary.passed, count(all, "case"));
    let verb = if all == 1 { " passes" } else { " pass" };
    let mut line = line.add(role, &passed).plain(verb);
    let others = [
        (summary.failed, "failed"),
        (summary.errors, "not decided"),
        (summary.skipped, "skipped"),
    ];
    for (n, word) in others.into_iter().filter(|(n, _)| *n > 0) {
        line = line.plain(&format!(", {n} {word}"));
    }
    line.add(Role::Faint, &evidence(&gate.cases))
}

/// ` (81 from evidence of 2 minutes ago, 3 evaluated)`
fn evidence(cases: &Cases) -> String {
    let all = cases.summary.total();
    let recalled = cases.recalled.min(all);
    let age = cases
        .evidence_age
        .map_or_else(String::new, |seconds| format!(" of {}", ago(seconds)));
    match (recalled, all - recalled) {
        (0, _) => String::new(),
        (_, 0) => format!(" (from evidence{age})"),
        (n, evaluated) => format!(" ({n} from evidence{age}, {evaluated} evaluated)"),
    }
}

fn against(gate: &Gate) -> Line {
    let line = Line::new(0);
    match &gate.against {
        Against::Running {
            name,
            generation,
            same,
            path: _,
        } => {
            let what = match (name.as_str(), generation) {
                ("/run/current-system", Some(n)) => format!("the running system (generation {n})"),
                ("/run/current-system", None) => "the running system".to_owned(),
                (name, Some(n)) if !name.starts_with("generation:") => {
                    format!("{name} (generation {n})")
                }
                (name, _) => name.to_owned(),
            };
            if *same {
                line.plain(&what).add(Role::Good, " is what was tested")
            } else {
                line.plain(&format!("against {what}:"))
            }
        }
        Against::Accepted { why } => line
            .plain("against what was accepted last: ")
            .add(Role::Faint, why),
        Against::Nothing { why } => line.add(Role::Doubt, "compared with nothing: ").plain(why),
    }
}

/// `2 minutes ago`
pub(super) fn ago(seconds: u64) -> String {
    let (n, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    format!("{} ago", count(n, unit))
}
