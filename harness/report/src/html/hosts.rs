//! Hosts, what they took, and which tests took longest.

use maud::{Markup, html};
use nix_parity_core::host::Platform;
use nix_parity_core::outcome::TestResult;

use super::failures::name;
use super::page::Page;
use crate::run::{Host, Stage};
use crate::words::time;

/// How many slow tests are named, and from which time on a test is one.
const SLOWEST: usize = 5;
const SLOW: u64 = 500;
/// The width of the longest bar, in units of the drawing.
const WIDTH: u64 = 200;

pub(super) fn section(page: &Page<'_>, results: &[&TestResult]) -> Markup {
    let hosts: Vec<_> = page.hosts().collect();
    let longest = hosts
        .iter()
        .filter_map(|host| took(host))
        .max()
        .unwrap_or(0);
    html! {
        @if !hosts.is_empty() {
            section #hosts {
                h2 { "Hosts and time" }
                div.scroll tabindex="0" role="region" aria-label="Hosts and time" {
                    table.hosts {
                        thead {
                            tr {
                                @for title in ["Host", "Platform", "System"] { th scope="col" { (title) } }
                                @for title in ["Tests", "Not passed"] { th.number scope="col" { (title) } }
                                th scope="col" { "Time" }
                            }
                        }
                        tbody { @for host in hosts { (row(host, longest)) } }
                    }
                }
                (slowest(results))
            }
        }
    }
}

fn row(host: &Host, longest: u64) -> Markup {
    let bad = host.counts.failed + host.counts.errors;
    let said = match took(host) {
        Some(_) if host.cached => "from the cache".to_owned(),
        Some(millis) => time(millis),
        None => "did not finish".to_owned(),
    };
    html! {
        tr {
            th scope="row" { (host.title()) }
            td { (host.platform.map_or("–", Platform::name)) }
            td { (host.system.as_deref().unwrap_or("–")) }
            td.number { (host.counts.total()) }
            td class={ "number " (if bad > 0 { "fail" } else { "none" }) } { (bad) }
            td.time {
                (bar(took(host).unwrap_or(0), longest))
                span { (said) }
            }
        }
    }
}

/// How long a host took, where it came to its end.
const fn took(host: &Host) -> Option<u64> {
    match host.stage {
        Stage::Finished(millis) => Some(millis),
        Stage::Waiting | Stage::Running => None,
    }
}

/// A bar; the number beside it says the same.
fn bar(millis: u64, longest: u64) -> Markup {
    let width = (millis.saturating_mul(WIDTH))
        .checked_div(longest)
        .unwrap_or(0);
    html! {
        svg.bar viewBox={ "0 0 " (WIDTH) " 10" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
            rect.track width=(WIDTH) height="10" rx="2" {}
            rect.filled width=(width) height="10" rx="2" {}
        }
    }
}

fn slowest(results: &[&TestResult]) -> Markup {
    let mut slow: Vec<_> = results.iter().filter(|r| r.millis >= SLOW).collect();
    slow.sort_by_key(|r| std::cmp::Reverse(r.millis));
    html! {
        @if !slow.is_empty() {
            h3 { "Tests that took longest by themselves" }
            ol.slow {
                @for result in slow.into_iter().take(SLOWEST) {
                    li { (name(&result.id)) " " span.faint { (time(result.millis)) } }
                }
            }
        }
    }
}
