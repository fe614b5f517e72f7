//! The end of a report: every failure, then the counts, then what to do next or
//! what green proves.

use nix_parity_core::id::TestId;
use nix_parity_core::outcome::{Summary, TestResult};

use crate::failure;
use crate::group::{self, Group};
use crate::layout::Line;
use crate::run::Run;
use crate::style::Role;
use crate::words::{count, some_of, time};

/// How many names a list of tests gives.
const NAMES: usize = 5;

/// Everything that follows the lines of the hosts. `finished` is absent when the
/// events end before the run did.
pub(crate) fn lines(run: &Run, finished: Option<&Summary>) -> Vec<Line> {
    let summary = finished.cloned().unwrap_or_else(|| Summary {
        hosts: run.hosts.len(),
        ..run.counted.clone()
    });
    let mut lines = Vec::new();
    for group in group::groups(&run.failures) {
        lines.push(Line::blank());
        lines.extend(failure::block(group.first));
        lines.extend(same(&group));
    }
    lines.push(Line::blank());
    for (note, tests) in &run.noted {
        let names = some_of(tests.iter().cloned(), NAMES);
        let text = format!("{} passed with a note: {note}: {names}", tests.len());
        lines.push(Line::new(0).plain(&text));
    }
    // Who runs one test asks about that one.
    if run.planned() == 1 {
        let details = run.details.iter();
        lines.extend(details.map(|detail| Line::new(2).plain(detail)));
    }
    if run.skips.len() > 1 {
        for (reason, n) in &run.skips {
            lines.push(Line::new(0).add(Role::Faint, &format!("{n} skipped: {reason}")));
        }
    }
    let undecided = run.planned().saturating_sub(summary.total());
    lines.push(counts(run, &summary, undecided, finished.is_none()));
    lines.push(closing(run, &summary, undecided, finished.is_none()));
    lines
}

/// The tests that failed of an error that has just been printed.
fn same(group: &Group<'_>) -> Option<Line> {
    let n = group.same.len();
    (n > 0).then(|| {
        // The host is the same too.
        let name = |r: &&TestResult| format!("{}::{}", r.id.suite, r.id.case);
        let names = some_of(group.same.iter().map(name), NAMES);
        let text = format!("the same error: {}: {names}", count(n, "more test"));
        Line::new(2).plain(&text)
    })
}

fn counts(run: &Run, summary: &Summary, undecided: usize, ended_early: bool) -> Line {
    let on_hosts = format!(" on {}: ", count(summary.hosts, "host"));
    let done = if undecided > 0 {
        format!("{} of {}", summary.total(), count(run.planned(), "test"))
    } else {
        count(summary.total(), "test")
    };
    let mut line = Line::new(0);
    if summary.interrupted {
        line = line.add(Role::Doubt, "interrupted after ");
    } else if ended_early {
        line = line.add(Role::Doubt, "the run ended without a result after ");
    }
    line = line.plain(&done).plain(&on_hosts);
    // One reason fits here; several stand above.
    let reason = match run.skips.keys().next() {
        Some(reason) if run.skips.len() == 1 => format!(" ({reason})"),
        _ => String::new(),
    };
    let errors = if summary.errors == 1 {
        "error"
    } else {
        "errors"
    };
    let parts = [
        (summary.passed, Role::Good, "passed".to_owned()),
        (summary.failed, Role::Bad, "failed".to_owned()),
        (summary.errors, Role::Doubt, errors.to_owned()),
        (summary.skipped, Role::Faint, format!("skipped{reason}")),
        (undecided, Role::Doubt, "not decided".to_owned()),
    ];
    let mut separator = "";
    for (n, role, word) in parts {
        if n > 0 || word == "passed" {
            line = line.plain(separator).add(role, &format!("{n} {word}"));
            separator = ", ";
        }
    }
    if ended_early {
        return line;
    }
    line.plain("    ").plain(&time(summary.millis))
}

/// The last line: what to do next, or what has been proven.
fn closing(run: &Run, summary: &Summary, undecided: usize, ended_early: bool) -> Line {
    let text = if summary.interrupted || ended_early {
        "what was not decided may be right or wrong · nix-parity run".to_owned()
    } else if summary.failed + summary.errors > 0 {
        next_step(run)
    } else if undecided > 0 {
        "what was not decided may be right or wrong".to_owned()
    } else if summary.total() == 0 {
        "no test was run, so nothing is proven · nix-parity list".to_owned()
    } else if summary.passed == 0 {
        "every test was skipped, so nothing is proven".to_owned()
    } else {
        proof(run)
    };
    Line::new(0).add(Role::Faint, &text)
}

fn proof(run: &Run) -> String {
    proof_with(run, str::to_owned)
}

/// How far the tests that passed went.
pub(crate) fn depth(run: &Run) -> String {
    let tests = |n| count(n, "test");
    match (run.built, run.booted) {
        (0, 0) => "evaluated, not built or booted".to_owned(),
        (n, 0) => format!("evaluated, built for {}, not booted", tests(n)),
        (0, n) => format!("evaluated, booted for {}", tests(n)),
        (n, m) => format!("evaluated, built for {}, booted for {}", tests(n), tests(m)),
    }
}

/// What passed is proven by, with foreign words as `quoted` writes them.
pub(crate) fn proof_with(run: &Run, quoted: fn(&str) -> String) -> String {
    let mut text = depth(run);
    for more in [
        run.nix.as_deref().map(quoted),
        run.profile
            .as_ref()
            .map(|p| format!("profile {}", quoted(p))),
    ] {
        text.extend(more.map(|more| format!(" · {more}")));
    }
    text
}

/// The command that runs just what did not pass, and no more than that.
fn next_step(run: &Run) -> String {
    let tests: Vec<_> = run.failures.iter().map(|f| &f.id).collect();
    let same = |word: fn(&TestId) -> &str| {
        let mut words = tests.iter().map(|id| word(id));
        let first = words.next()?;
        words.all(|w| w == first).then_some(first)
    };
    let suite = same(|id| &id.suite);
    let host = same(|id| &id.host).filter(|host| is_typable(host));
    match (tests.as_slice(), suite, host) {
        ([], ..) => "the failures themselves are not in this record".to_owned(),
        ([id], ..) => format!("nix-parity run --exact {}", quoted(&id.to_string())),
        (_, Some(suite), _) if is_typable(suite) => format!("nix-parity run {suite}::"),
        (_, _, Some(host)) => format!("nix-parity run --host {host}"),
        _ => "nix-parity run".to_owned(),
    }
}

/// A word as every shell takes it.
fn quoted(word: &str) -> String {
    if is_typable(word) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Whether a shell takes this word as it is.
fn is_typable(word: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-:".contains(c);
    !word.is_empty() && !word.starts_with('-') && word.chars().all(plain)
}
