//! All verdicts: cases down, hosts across, by platform.

use std::collections::{BTreeSet, HashMap};

use maud::{Markup, html};
use nix_parity_core::host::Platform;
use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Outcome, Summary, TestResult};

use super::failures::Anchors;
use super::page::Page;
use super::words;
use crate::run::Host;

/// How many cases are shown before suites that are all well are folded.
const FOLD: usize = 60;

/// A column: a host, or the tests that belong to no single one.
struct Column<'p> {
    title: &'p str,
    system: Option<&'p str>,
    platform: Option<Platform>,
    label: &'p str,
}

/// A row: a case.
struct Row<'p> {
    case: &'p str,
    location: &'p Location,
    cells: HashMap<&'p str, &'p TestResult>,
}

pub(super) fn section<'p>(
    page: &Page<'p>,
    results: &[&'p TestResult],
    anchors: &Anchors<'_>,
) -> Markup {
    let columns = columns(page);
    let suites = suites(results);
    let cases: usize = suites.iter().map(|(_, rows)| rows.len()).sum();
    html! {
        @if !results.is_empty() {
            section #verdicts {
                h2 { "Verdicts" }
                (filter())
                div.scroll tabindex="0" role="region" aria-labelledby="verdicts-caption" {
                    table.grid {
                        caption #verdicts-caption {
                            (crate::words::count(cases, "case")) " on "
                            (crate::words::count(page.host_count(), "host"))
                        }
                        (head(&columns))
                        @for (suite, rows) in &suites {
                            (self::suite(suite, rows, &columns, anchors, cases > FOLD))
                        }
                    }
                }
                p.nothing hidden { "No case is like that." }
            }
        }
    }
}

/// What the script makes work; without it nothing is shown.
fn filter() -> Markup {
    html! {
        form.filter role="search" aria-label="Filter the tests" hidden {
            label { span { "Find" } input #find type="search" placeholder="suite, case or file" autocomplete="off"; }
            fieldset {
                legend { "Show" }
                @for (word, outcome) in [("failed", "fail"), ("errors", "error"), ("skipped", "skip"), ("passed", "pass")] {
                    label class={ "toggle " (outcome) } {
                        input type="checkbox" name="outcome" value=(outcome) checked; (word)
                    }
                }
            }
            output #found aria-live="polite" {}
        }
    }
}

/// Hosts by platform, then what belongs to no single one.
fn columns<'p>(page: &Page<'p>) -> Vec<Column<'p>> {
    let mut columns: Vec<Column<'p>> = Vec::new();
    for host in page.hosts() {
        let Host {
            label,
            platform,
            system,
            ..
        } = host;
        if !columns.iter().any(|column| column.label == label) {
            columns.push(Column {
                title: host.title(),
                system: system.as_deref(),
                platform: *platform,
                label,
            });
        }
    }
    columns.sort_by_key(|column| (column.platform.is_none(), column.platform));
    columns
}

fn suites<'p>(results: &[&'p TestResult]) -> Vec<(&'p str, Vec<Row<'p>>)> {
    let mut suites: Vec<(&str, Vec<Row<'_>>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut rows: HashMap<(&str, &str), usize> = HashMap::new();
    for result in results {
        let (suite, case) = (result.id.suite.as_str(), result.id.case.as_str());
        let at = *known.entry(suite).or_insert_with(|| {
            suites.push((suite, Vec::new()));
            suites.len() - 1
        });
        let cases = &mut suites[at].1;
        let row = *rows.entry((suite, case)).or_insert_with(|| {
            cases.push(Row {
                case,
                location: &result.location,
                cells: HashMap::new(),
            });
            cases.len() - 1
        });
        cases[row].cells.insert(&result.id.host, result);
    }
    suites
}

fn head(columns: &[Column<'_>]) -> Markup {
    let mut platforms: Vec<(Option<Platform>, usize)> = Vec::new();
    for column in columns {
        match platforms.last_mut() {
            Some((platform, n)) if *platform == column.platform => *n += 1,
            _ => platforms.push((column.platform, 1)),
        }
    }
    html! {
        colgroup { col; }
        @for (_, n) in &platforms { colgroup span=(n) {} }
        thead {
            tr.platforms {
                th rowspan="2" scope="col" { "Case" }
                @for (platform, n) in &platforms {
                    th colspan=(n) scope="colgroup" { (platform.map_or("together", Platform::name)) }
                }
            }
            tr {
                @for column in columns {
                    th scope="col" {
                        span { (column.title) }
                        @if let Some(system) = column.system { small { (system) } }
                    }
                }
            }
        }
    }
}

fn suite(
    name: &str,
    rows: &[Row<'_>],
    columns: &[Column<'_>],
    anchors: &Anchors<'_>,
    may_fold: bool,
) -> Markup {
    let all = rows.iter().flat_map(|row| row.cells.values());
    let is_well = all
        .clone()
        .all(|result| matches!(result.outcome, Outcome::Pass | Outcome::Skip { .. }));
    html! {
        tbody data-fold[may_fold && is_well] {
            tr.suite {
                th scope="rowgroup" { span.suite-name { (name) } " " small { (crate::words::count(rows.len(), "case")) } }
                @for column in columns { td { (sum(rows, column.label)) } }
            }
            @for row in rows { (self::row(row, columns, anchors)) }
        }
    }
}

/// What became of a suite's tests on a host, in a few words.
fn sum(rows: &[Row<'_>], host: &str) -> Markup {
    let mut counts = Summary::default();
    let cells = rows.iter().filter_map(|row| row.cells.get(host));
    cells.for_each(|result| counts.add(&result.outcome));
    let parts = [
        (counts.failed, "fail"),
        (counts.errors, "error"),
        (counts.skipped, "skip"),
        (counts.passed, "pass"),
    ];
    html! {
        @for (n, word) in parts.into_iter().filter(|(n, _)| *n > 0) {
            span class={ "sum " (word) } { (n) " " (word) } " "
        }
    }
}

fn row(row: &Row<'_>, columns: &[Column<'_>], anchors: &Anchors<'_>) -> Markup {
    let words: BTreeSet<_> = row.cells.values().map(|r| r.outcome.word()).collect();
    let words: Vec<_> = words.into_iter().collect();
    html! {
        tr data-outcomes=(words.join(" ")) {
            th scope="row" { span.case { (row.case) } " " (words::place(row.location)) }
            @for column in columns {
                @match row.cells.get(column.label) {
                    None => td { span.none { "–" } },
                    Some(result) => (cell(result, anchors)),
                }
            }
        }
    }
}

fn cell(result: &TestResult, anchors: &Anchors<'_>) -> Markup {
    let word = result.outcome.word();
    html! {
        @match anchors.get(&result.id) {
            Some(anchor) => td class=(word) { a href={ "#" (anchor) } { (word) } },
            None => td class=(word) { (word) },
        }
    }
}
