//! A comparison for people: the answer in the first line, then each option with what
//! it is probably behind, then what else there is.

mod answer;
mod causes;
mod options;
mod packages;

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
    let mut lines = vec![answer::line(comparison)];
    if !comparison.is_same() {
        let mut told = causes::Told::new(&comparison.derivations);
        let all = comparison.options.as_deref().unwrap_or_default();
        let (own, derived): (Vec<_>, Vec<_>) = all.iter().partition(|option| !option.derived);
        for option in own {
            lines.extend(options::block(option, &mut told));
        }
        lines.extend(told.rest());
        lines.extend(options::derived(&derived));
        lines.extend(packages::derivations(&comparison.derivations));
        lines.extend(packages::closure(&comparison.closure));
    }
    for note in &comparison.notes {
        let mut rest = note.lines();
        let first = rest.next().unwrap_or_default();
        lines.push(Line::new(0).add(Role::Doubt, first));
        lines.extend(rest.map(|line| Line::new(2).add(Role::Doubt, line)));
    }
    layout::write(&lines, out, style)
}
