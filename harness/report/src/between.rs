//! What stands between runs that follow each other on one screen.

use std::io::{self, Write};

use crate::Style;
use crate::layout::{self, Line};
use crate::style::Role;
use crate::words::some_of;

/// How many files are named.
const NAMES: usize = 5;

/// A rule is no wider than this: it separates, and need not fill a screen.
const WIDEST: usize = 80;

/// What a reader is told between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Between<'a> {
    /// A run follows since these files changed.
    Changed(&'a [String]),
    /// The run before was given up, since these files changed.
    StartsOver(&'a [String]),
    /// These files changed, and every result is what it was.
    Same(&'a [String]),
    /// Nothing happens until a file changes.
    Watching(&'a str),
}

/// Writes it.
///
/// # Errors
/// The output cannot be written.
pub fn between(what: Between<'_>, out: &mut impl Write, style: &Style) -> io::Result<()> {
    let named = |files: &[String]| some_of(files.iter().cloned(), NAMES);
    let lines = match what {
        Between::Changed(files) => rule(&format!("{} changed", named(files)), style),
        Between::StartsOver(files) => rule(
            &format!("{} changed meanwhile, starting over", named(files)),
            style,
        ),
        Between::Same(files) => {
            vec![faint(&format!(
                "{} changed; every result is what it was",
                named(files)
            ))]
        }
        Between::Watching(folder) => vec![faint(&format!("watching {folder} · Ctrl-C ends"))],
    };
    layout::write(&lines, out, style)?;
    out.flush()
}

fn rule(text: &str, style: &Style) -> Vec<Line> {
    let line = Line::new(0)
        .add(Role::Faint, "── ")
        .add(Role::Strong, text)
        .plain(" ");
    let rest = style.width.min(WIDEST).saturating_sub(line.width());
    vec![
        Line::blank(),
        line.add(Role::Faint, &"─".repeat(rest.max(2))),
    ]
}

fn faint(text: &str) -> Line {
    Line::new(0).add(Role::Faint, text)
}
