//! What cases look at, for people: the answer in the first line, then what is not looked at.

use std::io::{self, Write};

use nix_parity_core::coverage::{Coverage, UnseenOption};
use unicode_width::UnicodeWidthStr as _;

use crate::Style;
use crate::layout::{self, Line, escape};
use crate::style::Role;
use crate::words::{count, some_of};

/// How many places or files are named of one option.
const NAMES: usize = 3;

/// Writes what is looked at and what is not.
///
/// # Errors
/// When `out` cannot be written to.
pub fn coverage(coverage: &Coverage, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let share = share(coverage.looked_at, coverage.options);
    let answer = format!("{} of {} options", coverage.looked_at, coverage.options);
    let roots = match coverage.roots.as_slice() {
        [] => "the flake's own files".to_owned(),
        roots => roots.join(", "),
    };
    let mut lines = vec![
        Line::new(0)
            .add(
                Role::Strong,
                &format!("{answer} set by {roots} are looked at"),
            )
            .plain(&format!(", {share}")),
    ];
    let width = coverage
        .places
        .iter()
        .map(|place| escape(&place.label).width());
    let width = width.max().unwrap_or(0);
    lines.extend(coverage.places.iter().map(|place| {
        let counts = format!("{} of {}", place.looked_at, place.options);
        Line::new(1)
            .plain(&place.label)
            .pad_to(width + 3)
            .plain(&counts)
    }));
    let options = coverage.unseen.iter().map(unseen).collect();
    lines.extend(section("no case looks at", options));
    let modules = coverage.modules.iter();
    let modules = modules.map(|m| {
        Line::new(2)
            .add(Role::Place, &m.file)
            .plain(&format!("  sets {}", count(m.options, "option")))
    });
    lines.extend(section("modules without a case", modules.collect()));
    let files = coverage.unevaluated.iter().flatten();
    let files = files.map(|file| Line::new(2).add(Role::Place, file));
    lines.extend(section("files that no host evaluates", files.collect()));
    if coverage.unevaluated.is_none() {
        let unknown = "which files no host evaluates is not known: that is recorded in the cache, and there is none";
        lines.extend([Line::blank(), Line::new(0).add(Role::Doubt, unknown)]);
    }
    let missing = coverage.missing.iter();
    let missing = missing.map(|why| Line::new(2).add(Role::Doubt, why));
    lines.extend(section("could not be asked", missing.collect()));
    layout::write(&lines, out, style)
}

/// Lines below a heading, where there are any.
fn section(head: &str, lines: Vec<Line>) -> Vec<Line> {
    if lines.is_empty() {
        return lines;
    }
    let mut all = vec![Line::blank(), Line::new(0).add(Role::Bad, head)];
    all.extend(lines);
    all
}

fn unseen(option: &UnseenOption) -> Line {
    let names = |names: &[String]| some_of(names.iter().cloned(), NAMES);
    Line::new(2)
        .plain(&option.path)
        .add(Role::Faint, &format!("  on {}", names(&option.places)))
        .right(Role::Place, &names(&option.files))
}

/// In percent, rounded down: nothing but all is 100%.
fn share(part: usize, whole: usize) -> String {
    let tenths = (part * 1_000).checked_div(whole).unwrap_or(0);
    format!("{}.{}%", tenths / 10, tenths % 10)
}
