//! The line for one host: what it is, how far it is, how long it took.

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use crate::layout::{Line, escape};
use crate::run::{Host, Stage};
use crate::style::Role;
use crate::words;

/// A label longer than this is not what the others are aligned with.
const WIDEST_LABEL: usize = 40;
/// As wide as `aarch64-darwin`, which a double that is not known yet may become.
const SYSTEM: usize = 14;
/// Cells of a bar, each of which can be half full.
const BAR: usize = 10;

/// The widths that the lines of a run share.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Columns {
    label: usize,
    counts: usize,
    bar: bool,
    width: usize,
}

impl Columns {
    /// The widths for these hosts, with a bar or without, in `width` columns.
    pub(crate) fn new(hosts: &[Host], bar: bool, width: usize) -> Self {
        let label = hosts
            .iter()
            .map(|h| escape(&h.label).width())
            .filter(|w| *w <= WIDEST_LABEL)
            .max()
            .unwrap_or(0);
        let counts = hosts
            .iter()
            .map(|h| 2 * h.tests.to_string().len() + 1)
            .max()
            .unwrap_or(0);
        Self {
            label,
            counts,
            bar,
            width,
        }
    }
}

/// The line for a host that is running, for this long.
pub(crate) fn live(host: &Host, columns: Columns, elapsed: Duration) -> Line {
    let millis = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    line(host, columns, &words::time(millis))
}

/// The line for a host of which nothing more will be heard.
pub(crate) fn last(host: &Host, columns: Columns) -> Line {
    let time = match host.stage {
        Stage::Finished(_) if host.cached => "cached".to_owned(),
        Stage::Finished(millis) => words::time(millis),
        // Its tests were all decided without a worker, by skipping them for instance.
        Stage::Waiting if host.counts.total() >= host.tests => "–".to_owned(),
        Stage::Waiting => "not started".to_owned(),
        Stage::Running => "not finished".to_owned(),
    };
    line(host, columns, &time)
}

/// The widest form that fits: platform and double are there for orientation only,
/// and the label is in the name of every test.
fn line(host: &Host, columns: Columns, time: &str) -> Line {
    let full = form(host, columns, time, true);
    if full.width() <= columns.width {
        return full;
    }
    form(host, columns, time, false)
}

fn form(host: &Host, columns: Columns, time: &str, full: bool) -> Line {
    let mut line = Line::new(1).add(Role::Strong, &host.label);
    let mut column = 1 + columns.label + 2;
    // A label that is too long still ends before what follows.
    line = line.plain("  ").pad_to(column);
    if full {
        let platform = host.platform.map_or("", |p| p.name());
        line = line.plain(platform).pad_to(column + 8);
        let system = host.system.as_deref().unwrap_or_default();
        line = line.add(Role::Faint, system);
        column += 8 + SYSTEM + 2;
        line = line.pad_to(column);
        if columns.bar {
            line = bar(line.plain(" "), host).plain("  ");
        }
    }
    // A test that nobody planned is one of its host's tests all the same.
    let done = host.counts.total();
    let counts = match host.tests.max(done) {
        // It is looked at for tests of several hosts.
        0 => "–".to_owned(),
        tests => format!("{done}/{tests}"),
    };
    line = line.plain(&format!("{counts:>0$}", columns.counts));
    line = line.plain(&format!("  {time:>6}"));
    for (n, role, text) in [
        (host.counts.failed, Role::Bad, "failed".to_owned()),
        (
            host.counts.errors,
            Role::Doubt,
            if host.counts.errors == 1 {
                "error"
            } else {
                "errors"
            }
            .to_owned(),
        ),
    ] {
        if n > 0 {
            line = line.plain("  ").add(role, &format!("{n} {text}"));
        }
    }
    line
}

fn bar(line: Line, host: &Host) -> Line {
    let done = host.counts.total().min(host.tests);
    let halves = (2 * BAR * done).checked_div(host.tests).unwrap_or(2 * BAR);
    let role = match (host.counts.failed, host.counts.errors) {
        (0, 0) => Role::Good,
        (0, _) => Role::Doubt,
        _ => Role::Bad,
    };
    let full = "━".repeat(halves / 2) + if halves % 2 == 1 { "╸" } else { "" };
    let rest = "─".repeat(BAR - halves.div_ceil(2));
    line.add(role, &full).add(Role::Faint, &rest)
}
