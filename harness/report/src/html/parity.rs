//! What hosts have in common, and where they differ: the cases about several hosts.

use maud::{Markup, html};
use nix_parity_core::id::NO_HOST;
use nix_parity_core::outcome::{Outcome, Problem, Side, TestResult};
use nix_parity_core::text::shorten;

use super::failures::Anchors;
use super::words::{badge, limited};
use crate::words::count;

/// The longest value in a cell, in characters.
const LONGEST: usize = 160;
/// Up to how many lines that are the same are shown at once.
const OPEN: usize = 6;

/// One line of the comparison of hosts.
struct Line<'r> {
    subject: String,
    sides: &'r [Side],
    is_same: bool,
}

pub(super) fn section(results: &[&TestResult], anchors: &Anchors<'_>) -> Markup {
    let is_about_hosts = |r: &&&TestResult| {
        let is_tried = !matches!(r.outcome, Outcome::Skip { .. });
        r.platform.is_none() && r.id.host != NO_HOST && is_tried
    };
    let tests: Vec<_> = results.iter().filter(is_about_hosts).collect();
    html! {
        @if !tests.is_empty() {
            section #parity {
                h2 { "Parity" }
                @for result in tests { (test(result, anchors)) }
            }
        }
    }
}

fn test(result: &TestResult, anchors: &Anchors<'_>) -> Markup {
    let lines = lines(result);
    let hosts = hosts(&lines);
    let (same, differs): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.is_same);
    html! {
        article.parity data-outcome=(result.outcome.word()) {
            h3 {
                (badge(&result.outcome)) " "
                @match anchors.get(&result.id) {
                    Some(anchor) => a href={ "#" (anchor) } { (result.id.case) },
                    None => span { (result.id.case) },
                }
            }
            p.faint {
                (result.id.host)
                @if !differs.is_empty() { " · " (differs.len()) " different" }
                @if let Some(note) = &result.note { " · " (shorten(note, 300)) }
            }
            @if !differs.is_empty() { (table("what differs", &result.id.case, &differs, &hosts)) }
            @if !same.is_empty() {
                details open[same.len() <= OPEN] {
                    summary { (same.len()) " the same" }
                    (table("what is the same", &result.id.case, &same, &hosts))
                }
            }
        }
    }
}

fn lines(result: &TestResult) -> Vec<Line<'_>> {
    let findings = result.outcome.findings().iter();
    let differs = findings.filter_map(|finding| match &finding.problem {
        Problem::Disparity { at, sides } => Some(Line {
            subject: format!("{}{at}", finding.subject),
            sides,
            is_same: false,
        }),
        _ => None,
    });
    let shared = result.shared.iter().map(|shared| Line {
        subject: shared.subject.clone(),
        sides: &shared.sides,
        is_same: true,
    });
    differs.chain(shared).collect()
}

/// The hosts that are compared.
fn hosts<'r>(lines: &[Line<'r>]) -> Vec<&'r str> {
    let mut hosts: Vec<&str> = Vec::new();
    for host in lines.iter().flat_map(|l| l.sides).flat_map(|s| &s.hosts) {
        if !hosts.contains(&host.as_str()) {
            hosts.push(host);
        }
    }
    hosts
}

fn table(what: &str, case: &str, lines: &[Line<'_>], hosts: &[&str]) -> Markup {
    let (shown, more) = limited(lines);
    html! {
        div.scroll tabindex="0" role="region" aria-label={ (what) ": " (case) } {
            table {
                thead {
                    tr {
                        th scope="col" { "What" }
                        th scope="col" { "Verdict" }
                        @for host in hosts { th scope="col" { (host) } }
                    }
                }
                tbody { @for line in shown { (row(line, hosts)) } }
            }
        }
        @if more > 0 { p.faint { "… and " (count(more, "more line")) } }
    }
}

fn row(line: &Line<'_>, hosts: &[&str]) -> Markup {
    let (class, word) = if line.is_same {
        ("pass", "same")
    } else {
        ("fail", "differs")
    };
    let value = |host: &str| {
        let mut sides = line.sides.iter();
        let side = sides.find(|side| side.hosts.iter().any(|h| h == host));
        side.map(|side| shorten(&side.value, LONGEST))
    };
    html! {
        tr {
            th scope="row" { code { (shorten(&line.subject, 200)) } }
            td class=(class) { (word) }
            @match line.sides {
                [all] if all.hosts.len() == hosts.len() => td.value colspan=(hosts.len()) { span.faint { "all: " } code { (shorten(&all.value, LONGEST)) } },
                _ => {
                    @for host in hosts {
                        td.value { @if let Some(value) = value(host) { code { (value) } } @else { span.none { "–" } } }
                    }
                },
            }
        }
    }
}
