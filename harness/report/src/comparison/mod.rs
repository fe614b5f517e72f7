//! A comparison for people: the answer in the first line, then each option with what
//! it is probably behind, then what else there is.

mod answer;
mod causes;
mod host;
mod options;
mod packages;

pub(crate) use answer::{added_and_removed, growth};
pub use host::host_comparison;

use std::io::{self, Write};

use nix_parity_core::comparison::Comparison;

use crate::Style;
use crate::layout::{self, Line};
use crate::style::Role;

/// Writes a comparison.
///
/// # Errors
/// When `out` cannot be written to.
pub fn comparison(comparison: &Comparison, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    layout::write(&lines(comparison), out, style)
}

/// The answer alone, in one line.
pub(crate) fn answer(comparison: &Comparison) -> Line {
    answer::after(Line::new(0), comparison)
}

/// All of it.
pub(crate) fn lines(comparison: &Comparison) -> Vec<Line> {
    lines_after(Line::new(0), comparison)
}

/// The same, with something in front of the answer.
fn lines_after(start: Line, comparison: &Comparison) -> Vec<Line> {
    let mut lines = vec![answer::after(start, comparison)];
    if !comparison.is_same() {
        let causes = comparison.derivations.as_ref().map(|d| d.causes.as_slice());
        let mut told = causes::Told::new(causes.unwrap_or_default());
        let all = comparison.options.as_deref().unwrap_or_default();
        let (own, derived): (Vec<_>, Vec<_>) = all.iter().partition(|option| !option.derived);
        for option in own {
            lines.extend(options::block(option, &mut told));
        }
        lines.extend(told.rest());
        lines.extend(options::derived(&derived));
        lines.extend(
            comparison
                .derivations
                .iter()
                .flat_map(packages::derivations),
        );
        lines.extend(comparison.closure.iter().flat_map(packages::closure));
    }
    for (role, notes) in [
        (Role::Faint, &comparison.notes),
        (Role::Doubt, &comparison.unknown),
    ] {
        for note in notes {
            let mut rest = note.lines();
            let first = rest.next().unwrap_or_default();
            lines.push(Line::new(0).add(role, first));
            lines.extend(rest.map(|line| Line::new(2).add(role, line)));
        }
    }
    lines
}
