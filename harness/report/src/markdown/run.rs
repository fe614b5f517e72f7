//! A run in Markdown: the verdict first, then hosts, what is wrong, what was skipped, and
//! what is proven.

use nix_parity_core::outcome::{Summary, TestResult};

use super::page::{COMMENT, Page, SUMMARY};
use super::text::{block, details, html, span};
use crate::failure::failure_text;
use crate::group::{self, Group};
use crate::headline::headline;
use crate::run::{Host, Stage};
use crate::summary;
use crate::verdict;
use crate::whole::{Places, WholeRun};
use crate::words::{count, some_of, time};

/// By which a comment is found again. It is hidden, and nothing foreign can look like it.
const MARKER: &str = "<!-- nix-parity:run -->\n";
/// With less room than this a summary of a step would say nothing.
const LEAST: usize = 2_000;
/// How much of one failure is shown.
const FAILURE: usize = 8_000;
/// How many names a list gives.
const NAMES: usize = 20;
/// How many notes, reasons and warnings are listed.
const LINES: usize = 20;

/// The run as a comment on a pull request, which can be found again by its first line.
pub fn comment(run: &WholeRun, _: &Places) -> String {
    let mut page = Page::new(COMMENT);
    page.add(MARKER);
    fill(&mut page, run);
    page.finish()
}

/// The run as the summary of a step that has already written this many bytes.
pub fn job_summary(run: &WholeRun, written: usize) -> String {
    let left = SUMMARY.saturating_sub(written);
    if left < LEAST {
        return String::new();
    }
    let mut page = Page::new(left);
    fill(&mut page, run);
    page.finish()
}

fn fill(page: &mut Page, run: &WholeRun) {
    page.add(&head(run));
    hosts(page, run);
    failures(page, run);
    let skips = run.run.skips.iter();
    let skips = skips.map(|(reason, n)| format!("- {n}: {}\n", span(reason)));
    section(page, "Skipped", skips.collect());
    let noted = run.run.noted.iter().map(|(note, tests)| {
        let names = some_of(tests.iter().map(|test| span(test)), 3);
        format!("- {}: {names}\n", span(note))
    });
    section(page, "Passed with a note", noted.collect());
    let warnings = run.warnings.iter().map(|w| format!("- {}\n", span(w)));
    section(page, "Warnings", warnings.collect());
}

fn head(run: &WholeRun) -> String {
    let summary = run.summary();
    let mut text = format!("## nix-parity: {}\n\n", verdict::word(run));
    text.push_str(&counts(&summary));
    if run.finished.is_some() {
        text.extend([format!(" in {}", time(summary.millis))]);
    }
    text.push_str(".\n\n");
    if let Some(open) = verdict::open(run) {
        text.extend([format!(
            "**{open}**: what was not decided may be right or wrong.\n\n"
        )]);
    }
    // What is wrong proves nothing else to be right, but what passed is proven by this.
    if summary.passed > 0 {
        text.push_str("What passed is ");
        text.push_str(&summary::proof_with(&run.run, span));
        text.push_str(".\n\n");
    }
    text
}

fn counts(summary: &Summary) -> String {
    let parts = [
        (summary.passed, "passed"),
        (summary.failed, "failed"),
        (
            summary.errors,
            if summary.errors == 1 {
                "error"
            } else {
                "errors"
            },
        ),
        (summary.skipped, "skipped"),
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter(|(n, word)| *n > 0 || *word == "passed")
        .map(|(n, word)| format!("{n} {word}"))
        .collect();
    format!(
        "{} on {}: {}",
        count(summary.total(), "test"),
        count(summary.hosts, "host"),
        parts.join(", ")
    )
}

fn hosts(page: &mut Page, run: &WholeRun) {
    let hosts = &run.run.hosts;
    if hosts.is_empty() {
        return;
    }
    page.add(
        "| host | platform | system | passed | failed | errors | skipped | time |\n\
         |---|---|---|--:|--:|--:|--:|--:|\n",
    );
    let left_out = page.add_all(hosts.iter().map(row));
    page.note("\n");
    if left_out > 0 {
        page.note(&format!("… and {}\n\n", count(left_out, "more host")));
    }
}

fn row(host: &Host) -> String {
    let took = match host.stage {
        Stage::Finished(_) if host.cached => "cached".to_owned(),
        Stage::Finished(millis) => time(millis),
        Stage::Waiting if host.counts.total() >= host.tests => "–".to_owned(),
        Stage::Waiting => "not started".to_owned(),
        Stage::Running => "not finished".to_owned(),
    };
    let number = |n: usize| match n {
        0 => String::new(),
        n => format!("**{n}**"),
    };
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {took} |\n",
        span(&host.label),
        host.platform.map_or("", |platform| platform.name()),
        host.system.as_deref().map(span).unwrap_or_default(),
        host.counts.passed,
        number(host.counts.failed),
        number(host.counts.errors),
        match host.counts.skipped {
            0 => String::new(),
            n => n.to_string(),
        },
    )
}

fn failures(page: &mut Page, run: &WholeRun) {
    let groups = group::groups(&run.run.failures);
    if groups.is_empty() {
        return;
    }
    page.add("### What is wrong\n\n");
    let left_out = page.add_all(groups.iter().map(failure));
    if left_out > 0 {
        page.note(&format!(
            "… and {} that this page has no room for: see the log\n\n",
            count(left_out, "more failure")
        ));
    }
}

fn failure(group: &Group<'_>) -> String {
    let first = group.first;
    let summary = format!(
        "<b>{}</b> {}: {}",
        first.outcome.word(),
        html(&first.id.to_string()),
        html(&headline(first))
    );
    let mut body = block(&limited(&failure_text(first)));
    if !group.same.is_empty() {
        let names = group
            .same
            .iter()
            .map(|r: &&TestResult| span(&r.id.to_string()));
        let more = count(group.same.len(), "more test");
        body.extend([format!(
            "\nThe same error: {more}: {}\n",
            some_of(names, NAMES)
        )]);
    }
    details(&summary, &body)
}

/// At most so much of a failure, in whole lines.
fn limited(text: &str) -> String {
    if text.len() <= FAILURE {
        return text.to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if kept.len() + line.len() >= FAILURE {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept + "… more in the log\n"
}

fn section(page: &mut Page, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    let hidden = lines.len().saturating_sub(LINES);
    let mut text = format!("### {title}\n\n");
    text.extend(lines.into_iter().take(LINES));
    if hidden > 0 {
        text.extend([format!("- … and {hidden} more\n")]);
    }
    text.push('\n');
    page.add(&text);
}
