//! One of several hosts that are compared: its name, and what differs below it.

use std::io::{self, Write};

use nix_parity_core::comparison::{Found, HostComparison};

use super::lines_after;
use crate::Style;
use crate::layout::{self, Line};
use crate::style::Role;

/// Writes what was found of a host: one line where nothing differs.
///
/// # Errors
/// When `out` cannot be written to.
pub fn host_comparison(
    host: &HostComparison,
    out: &mut dyn Write,
    style: &Style,
) -> io::Result<()> {
    let name = Line::new(0).add(Role::Place, &host.host);
    let mut all = Vec::new();
    match &host.found {
        Found::Added => all.push(name.plain("  is new")),
        Found::Removed => all.push(name.plain("  is there no more")),
        Found::Failed(reason) => {
            all.push(name.add(Role::Doubt, "  could not be compared"));
            all.extend(reason.lines().map(|line| Line::new(2).plain(line)));
        }
        Found::Compared(comparison) => all.extend(lines_after(name.plain("  "), comparison)),
    }
    layout::write(&all, out, style)?;
    out.flush()
}
