//! The tests that did not pass, each with all that was found. Errors that several tests
//! died of stand there once.

use std::collections::HashMap;

use maud::{Markup, html};
use nix_parity_core::id::TestId;
use nix_parity_core::outcome::{Outcome, TestResult};

use super::page::Page;
use super::{finding, machines, words};
use crate::group::{self, Group};

/// Where on the page more is said of a test.
pub(super) type Anchors<'p> = HashMap<&'p TestId, String>;

/// How many are open when the page is.
const OPEN: usize = 12;
/// How much is written of failures, in bytes. What goes beyond is in the record.
const BUDGET: usize = 1_000_000;
/// How many findings of one test are shown.
const FINDINGS: usize = 30;

/// The section, and where each failure stands in it.
pub(super) fn section<'p>(page: &Page<'_>, results: &[&'p TestResult]) -> (Markup, Anchors<'p>) {
    let is_bad =
        |r: &&&TestResult| matches!(r.outcome, Outcome::Fail { .. } | Outcome::Error { .. });
    let groups = alike(group::groups(results.iter().filter(is_bad).copied()));
    let mut anchors = Anchors::new();
    let mut written = 0;
    let mut articles = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let anchor = format!("t{}", number + 1);
        let article = article(page, group, &anchor, number < OPEN).into_string();
        written += article.len();
        if written > BUDGET {
            break;
        }
        for result in group.tests.iter().chain(&group.died) {
            anchors.insert(&result.id, anchor.clone());
        }
        articles.push(maud::PreEscaped(article));
    }
    let more = groups.len() - articles.len();
    let section = html! {
        @if !groups.is_empty() {
            section #failures {
                h2 { "What did not pass" }
                @for article in &articles { (article) }
                @if more > 0 {
                    p.cut {
                        "… and " (more) " more, which the verdicts below name. They would make \
                         this page too large; the record of the run has them."
                    }
                }
                p.filtered hidden { "None of them is shown: the filter below hides them." }
            }
        }
    };
    (section, anchors)
}

/// A case that did not pass in one way, on some hosts.
struct Block<'p> {
    /// Its tests, of different hosts.
    tests: Vec<&'p TestResult>,
    /// Tests of other cases that died of the same error.
    died: Vec<&'p TestResult>,
}

/// Puts together what was found of a case on several hosts in the same words.
fn alike(groups: Vec<Group<'_>>) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for Group { first, same } in groups {
        let is_alike = |block: &&mut Block<'_>| {
            let other = block.tests.first();
            let is_of_case = other.is_some_and(|other| {
                (&other.id.suite, &other.id.case) == (&first.id.suite, &first.id.case)
                    && (&other.outcome, &other.note) == (&first.outcome, &first.note)
                    && (&other.details, &other.artefacts) == (&first.details, &first.artefacts)
            });
            is_of_case && block.died.is_empty() && same.is_empty()
        };
        // The tests of a case follow each other.
        match blocks.last_mut().filter(is_alike) {
            Some(block) => block.tests.push(first),
            None => blocks.push(Block {
                tests: vec![first],
                died: same,
            }),
        }
    }
    blocks
}

fn article(page: &Page<'_>, block: &Block<'_>, anchor: &str, is_open: bool) -> Markup {
    let Some(result) = block.tests.first() else {
        return html! {};
    };
    let findings = result.outcome.findings();
    let more = findings.len().saturating_sub(FINDINGS);
    html! {
        details.test data-outcome=(result.outcome.word()) open[is_open] {
            summary {
                h3 { (words::badge(&result.outcome)) " " (of_hosts(&block.tests)) }
                (words::place(&result.location))
            }
            div.body id=(anchor) tabindex="-1" {
                @for found in findings.iter().take(FINDINGS) { (finding::finding(page, found)) }
                @if more > 0 { p.faint { "… and " (more) " more findings" } }
                @if let Some(note) = &result.note { pre.note { (words::text(note)) } }
                (machines::details(result))
                (machines::artefacts(page, result))
                @if !block.died.is_empty() { (same(&block.died)) }
            }
        }
    }
}

fn same(tests: &[&TestResult]) -> Markup {
    let (shown, more) = words::limited(tests);
    html! {
        details.same {
            summary { (crate::words::count(tests.len(), "more test")) " died of the same error" }
            ul {
                @for test in shown { li { (name(&test.id)) } }
                @if more > 0 { li.faint { "… " (more) " more" } }
            }
        }
    }
}

/// The name of a case, and the hosts.
fn of_hosts(tests: &[&TestResult]) -> Markup {
    html! {
        @match tests {
            [one] => (name(&one.id)),
            [first, ..] => {
                @let hosts: Vec<_> = tests.iter().map(|test| test.id.host.as_str()).collect();
                span.name {
                    span.suite { (first.id.suite) "::" } span.case { (first.id.case) }
                    span.host { " on " (hosts.join(", ")) }
                }
            },
            [] => {},
        }
    }
}

/// A test's name with its parts told apart.
pub(super) fn name(id: &TestId) -> Markup {
    html! {
        span.name {
            span.suite { (id.suite) "::" } span.case { (id.case) } span.host { "::" (id.host) }
        }
    }
}
