//! What runs after a switch, held against what was tested.

use std::io::{self, Write};

use nix_parity_core::gate::Verification;

use super::{ago, levels};
use crate::Style;
use crate::layout::{self, Line};
use crate::style::Role;

/// Writes it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn verification(found: &Verification, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let line = Line::new(0).add(Role::Strong, &found.host).plain(": ");
    let tested = format!("what was tested ({})", ago(found.age));
    let mut lines = Vec::new();
    if found.same {
        lines.push(line.add(Role::Good, "what runs is ").plain(&tested));
    } else {
        lines.push(line.add(Role::Bad, "what runs is not ").plain(&tested));
        let output = found.tested.output.as_ref();
        let path = output.unwrap_or(&found.tested.derivation);
        let sides = [("tested", path), ("running", &found.running)];
        for (what, path) in sides {
            lines.push(Line::new(2).add(Role::Faint, what).pad_to(11).plain(path));
        }
        lines.extend(found.comparison.iter().flat_map(levels::lines));
        let notes = found.notes.iter();
        lines.extend(notes.map(|note| Line::new(2).add(Role::Faint, note)));
    }
    layout::write(&lines, out, style)
}
