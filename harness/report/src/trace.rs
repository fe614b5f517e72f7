//! What Nix said when it gave up: the message, where, and the way there, the
//! project's own files first.

use nix_parity_core::location::Location;
use nix_parity_core::observation::{Frame, NixError};

use crate::difference::limited;
use crate::layout::Line;
use crate::style::Role;

/// How many steps within the project's own files are shown.
const OWN: usize = 8;
/// How many steps are shown when none is within the project.
const FOREIGN: usize = 3;

/// The lines for an error.
pub(crate) fn lines(error: &NixError, indent: usize) -> Vec<Line> {
    let mut lines = message(error, indent);
    // Nix prints the outermost step first and the error last; here the error comes
    // first, so the steps go outwards from it.
    let inside_out: Vec<_> = error.trace.iter().rev().collect();
    let own: Vec<_> = inside_out
        .iter()
        .filter(|f| f.location.as_ref().is_some_and(Location::is_own))
        .take(OWN)
        .collect();
    let shown: Vec<_> = if own.is_empty() {
        inside_out.iter().take(FOREIGN).collect()
    } else {
        own
    };
    let hidden = error.trace.len() - shown.len();
    lines.extend(shown.into_iter().map(|frame| step(frame, indent + 2)));
    if hidden > 0 {
        let frames = if hidden == 1 { "frame" } else { "frames" };
        let text = format!("… {hidden} more {frames}");
        lines.push(Line::new(indent + 2).add(Role::Faint, &text));
    }
    lines
}

fn message(error: &NixError, indent: usize) -> Vec<Line> {
    let mut text = error.message.trim_end_matches('\n').split('\n');
    let mut first = Line::new(indent);
    // The reader can mend their own file, not the library that gave up in the end.
    let own = error.nearest_own();
    if let Some(location) = own.or(error.location.as_ref()) {
        first = first.add(Role::Place, &location.to_string()).plain("  ");
    }
    let first = first.plain(text.next().unwrap_or_default());
    let mut lines = vec![first];
    lines.extend(limited(
        text.map(|l| Line::new(indent + 2).plain(l)).collect(),
        indent + 2,
    ));
    if let (Some(_), Some(end)) = (own, error.location.as_ref().filter(|l| !l.is_own())) {
        lines.push(
            Line::new(indent + 2)
                .add(Role::Faint, "… raised in  ")
                .add(Role::Place, &end.to_string()),
        );
    }
    lines
}

fn step(frame: &Frame, indent: usize) -> Line {
    let text = frame.text.trim_start_matches("… ").trim_end_matches(':');
    let line = Line::new(indent).add(Role::Faint, "… ").plain(text);
    match &frame.location {
        Some(location) => line.plain("  ").add(Role::Place, &location.to_string()),
        None => line,
    }
}
