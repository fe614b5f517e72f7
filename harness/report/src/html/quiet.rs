//! What was not tried, by the reason, and what the run warned of.

use std::collections::BTreeMap;

use maud::{Markup, html};
use nix_parity_core::outcome::{Outcome, TestResult};

use super::failures::{Anchors, name};
use super::page::Page;
use super::words::{limited, text};
use crate::words::count;

pub(super) fn section<'p>(page: &Page<'_>, results: &[&'p TestResult]) -> (Markup, Anchors<'p>) {
    let mut reasons: BTreeMap<&str, Vec<&'p TestResult>> = BTreeMap::new();
    for result in results {
        if let Outcome::Skip { reason } = &result.outcome {
            reasons.entry(reason).or_default().push(*result);
        }
    }
    let mut anchors = Anchors::new();
    for (number, tests) in (1..).zip(reasons.values()) {
        anchors.extend(tests.iter().map(|test| (&test.id, format!("s{number}"))));
    }
    let section = html! {
        @if !reasons.is_empty() {
            section #skipped {
                h2 { "Not tried" }
                @for (number, (reason, tests)) in (1..).zip(&reasons) {
                    (self::reason(number, reason, tests))
                }
            }
        }
        (warnings(page))
    };
    (section, anchors)
}

fn reason(number: usize, reason: &str, tests: &[&TestResult]) -> Markup {
    let (shown, more) = limited(tests);
    html! {
        details.test data-outcome="skip" {
            summary {
                h3 { span.badge.skip { "skip" } " " span.reason { (nix_parity_core::text::shorten(reason, 300)) } }
                span.word { (count(tests.len(), "test")) }
            }
            div.body id={ "s" (number) } tabindex="-1" {
                ul {
                    @for test in shown { li { (name(&test.id)) } }
                    @if more > 0 { li.faint { "… " (more) " more" } }
                }
            }
        }
    }
}

fn warnings(page: &Page<'_>) -> Markup {
    let warnings: Vec<_> = page.run.into_iter().flat_map(|run| &run.warnings).collect();
    let (shown, more) = limited(&warnings);
    html! {
        @if !warnings.is_empty() {
            section #warnings {
                h2 { "Warnings" }
                ul.warnings {
                    @for warning in shown { li { pre { (text(warning)) } } }
                    @if more > 0 { li.faint { "… " (more) " more" } }
                }
            }
        }
    }
}
