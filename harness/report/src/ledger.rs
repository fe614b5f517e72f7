//! The ledger as a table: what was promised beside what is proven, and the score.

use std::io::{self, Write};

use nix_parity_core::ledger::{Gap, Held, OpenTest, Reality, Standing, Wanted, Why, Worse};
use unicode_width::UnicodeWidthStr as _;

use crate::Style;
use crate::layout::{self, Line, escape};
use crate::style::Role;
use crate::words::count;

/// Writes the ledger as it is.
///
/// # Errors
/// When `out` cannot be written to.
pub fn gap(gap: &Gap, out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let heads = ["component", "proposed", "reality", "gap", "evidence"];
    let rows: Vec<_> = gap.rows.iter().map(cells).collect();
    let widths: [usize; 5] = std::array::from_fn(|column| {
        let of_rows = rows.iter().map(|row| escape(&row[column]).width());
        of_rows.chain([heads[column].width()]).max().unwrap_or(0)
    });
    let line = |cells: [&str; 5], roles: [Role; 5]| {
        let mut line = Line::new(1);
        let mut from = 1;
        for ((cell, role), width) in cells.into_iter().zip(roles).zip(widths) {
            line = line.pad_to(from).add(role, cell);
            from += width + 2;
        }
        line
    };
    let mut lines = vec![line(heads, [Role::Faint; 5])];
    lines.extend(gap.rows.iter().zip(&rows).map(|(row, cells)| {
        let role = role(row.reality);
        let roles = [Role::Plain, Role::Plain, role, Role::Plain, Role::Plain];
        line(cells.each_ref().map(String::as_str), roles)
    }));
    lines.extend(gap.worse.iter().map(worse));
    let was = gap.was.map(|was| format!(" (was {was})"));
    lines.push(
        Line::new(0)
            .add(Role::Strong, &format!("Proven {} of 100", gap.score))
            .plain(&was.unwrap_or_default())
            .plain(". Planned is not counted."),
    );
    layout::write(&lines, out, style)
}

/// What each column says of a row.
pub(crate) fn cells(row: &Standing) -> [String; 5] {
    let reality = match row.reality {
        Reality::Proven => "proven".to_owned(),
        Reality::Partly => format!("partly, {} of {}", row.passed, row.tests),
        Reality::Failing => format!("failing, 0 of {}", row.tests),
        Reality::Unproven => "unproven".to_owned(),
        Reality::Declined => "declined".to_owned(),
    };
    let gap = match row.reality {
        Reality::Proven | Reality::Declined => None,
        _ => row.gap.clone(),
    };
    [
        row.id.clone(),
        row.proposed.clone(),
        reality,
        gap.unwrap_or_else(|| "–".to_owned()),
        evidence(row),
    ]
}

const fn role(reality: Reality) -> Role {
    match reality {
        Reality::Proven => Role::Good,
        Reality::Partly => Role::Doubt,
        Reality::Failing | Reality::Unproven => Role::Bad,
        Reality::Declined => Role::Faint,
    }
}

fn evidence(row: &Standing) -> String {
    match (&row.status, row.open.split_first()) {
        (Wanted::Declined { reason }, _) => format!("\"{reason}\""),
        _ if row.tests == 0 => "no case".to_owned(),
        (_, Some((first, []))) => open(first),
        (_, Some((first, more))) => format!("{}, and {} more", open(first), more.len()),
        (_, None) => format!(
            "{} on {}",
            count(row.cases, "case"),
            count(row.hosts, "host")
        ),
    }
}

/// A test that proves nothing, and why.
pub(crate) fn open(test: &OpenTest) -> String {
    let because = test.because.as_deref().unwrap_or_default();
    let name = &test.test;
    match test.why {
        Why::Fails => format!("{name} fails"),
        Why::Error => format!("{name} could not be decided"),
        Why::Skipped => format!("{name} is skipped: {because}"),
        Why::Expected => format!("{name} waits until {because}"),
        Why::NotRun => format!("{name} is not in the record"),
    }
}

fn worse(row: &Worse) -> Line {
    Line::new(0)
        .add(Role::Bad, "WORSE")
        .plain(&format!("  {}", worse_words(row)))
}

/// A row that is worse, and how.
pub(crate) fn worse_words(row: &Worse) -> String {
    let held = |held: Held| format!("{} of {}", held.passed, count(held.tests, "test"));
    let now = row.now.map_or_else(
        || "it is not in the ledger any more, or declined".to_owned(),
        |now| format!("{} now", held(now)),
    );
    format!("{}: {} passed, {now}", row.id, held(row.was))
}
