//! The answer, before anything else: what came out, and how far that was looked at.

use maud::{Markup, html};
use nix_parity_core::comparison::{Found, HostComparison};
use nix_parity_core::outcome::Summary;

use super::changes;
use super::page::Page;
use crate::summary::depth;
use crate::whole::WholeRun;
use crate::words::{count, time};

/// The answer in one line, and its kind: the word of an outcome.
pub(super) struct Verdict {
    pub(super) headline: String,
    pub(super) kind: &'static str,
    counts: Summary,
    undecided: usize,
}

impl Verdict {
    pub(super) fn of(page: &Page<'_>) -> Self {
        let counts = page.run.map(WholeRun::summary).unwrap_or_default();
        let undecided = page.run.map_or(0, WholeRun::undecided);
        let (headline, kind) = headline(page, &counts, undecided);
        Self {
            headline,
            kind,
            counts,
            undecided,
        }
    }

    pub(super) fn markup(&self, page: &Page<'_>) -> Markup {
        html! {
            header class={ "verdict " (self.kind) } {
                p.product { "nix-parity" }
                h1 { (self.headline) }
                @if let Some(run) = page.run {
                    p.depth { (self.depth(run)) }
                    (self.bar())
                }
            }
        }
    }

    /// What was done, with what.
    fn depth(&self, run: &WholeRun) -> String {
        let known = &run.run;
        let mut parts = vec![match self.counts.passed + self.counts.failed {
            0 => "nothing was decided".to_owned(),
            _ => depth(known),
        }];
        parts.extend(known.profile.as_ref().map(|p| format!("profile {p}")));
        parts.extend(known.nix.clone());
        parts.push(format!("flake {}", known.flake));
        parts.push(time(self.counts.millis));
        parts.join(" · ")
    }

    /// The shares as a bar, and the same in words.
    fn bar(&self) -> Markup {
        let parts = [
            (self.counts.passed, "pass", "passed"),
            (self.counts.failed, "fail", "failed"),
            (self.counts.errors, "error", "could not be decided"),
            (self.counts.skipped, "skip", "skipped"),
            (self.undecided, "undecided", "not reached"),
        ];
        let all: usize = parts.iter().map(|(n, ..)| n).sum();
        let mut at = 0;
        let rects: Vec<_> = parts
            .iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(n, class, _)| {
                // What is there at all is seen.
                let width = (n * 1_000).checked_div(all).unwrap_or(0).max(6);
                at += width;
                (at - width, width, *class)
            })
            .collect();
        html! {
            svg.shares viewBox={ "0 0 " (at.max(1)) " 12" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                @for (x, width, class) in rects { rect class=(class) x=(x) width=(width) height="12" {} }
            }
            ul.counts {
                @for (n, class, word) in parts.iter().filter(|(n, ..)| *n > 0) {
                    li class=(class) { strong { (n) } " " (word) }
                }
            }
        }
    }
}

fn headline(page: &Page<'_>, counts: &Summary, undecided: usize) -> (String, &'static str) {
    let total = counts.total();
    let all = total + undecided;
    let Some(run) = page.run else {
        return without_run(page);
    };
    let hosts = count(page.host_count(), "host");
    if counts.interrupted || run.finished.is_none() {
        let how = if counts.interrupted {
            "The run was interrupted"
        } else {
            "The run ended without a result"
        };
        let text = format!(
            "{how}: {total} of {} decided, {} failed",
            count(all, "test"),
            counts.failed
        );
        return (text, "error");
    }
    match (counts.failed, counts.errors, counts.passed) {
        (0, 0, 0) if total == 0 => ("No test was run, so nothing is proven".to_owned(), "error"),
        (0, 0, 0) => (
            "Every test was skipped, so nothing is proven".to_owned(),
            "skip",
        ),
        (0, 0, passed) if undecided > 0 => (
            format!(
                "{passed} of {} passed, {undecided} were not decided",
                count(all, "test")
            ),
            "error",
        ),
        (0, 0, 1) => (
            format!("The one test that was tried passes, on {hosts}"),
            "pass",
        ),
        (0, 0, passed) if counts.skipped > 0 => (
            format!("All {passed} tests that were tried pass, on {hosts}"),
            "pass",
        ),
        (0, 0, passed) => (format!("All {passed} tests pass, on {hosts}"), "pass"),
        (0, errors, _) => (
            format!(
                "{errors} of {} on {hosts} could not be decided",
                count(all, "test")
            ),
            "error",
        ),
        (failed, 0, _) => (
            format!("{failed} of {} on {hosts} failed", count(all, "test")),
            "fail",
        ),
        (failed, errors, _) => (
            format!(
                "{failed} of {} on {hosts} failed, {errors} could not be decided",
                count(all, "test")
            ),
            "fail",
        ),
    }
}

fn without_run(page: &Page<'_>) -> (String, &'static str) {
    let headline = match (page.comparisons, page.gap) {
        ([one], _) => match &one.found {
            Found::Compared(found) => {
                let answer = changes::answer(found);
                format!("{} → {}: {answer}", found.old, found.new)
            }
            Found::Added => format!("{} is new", one.host),
            Found::Removed => format!("{} is there no more", one.host),
            Found::Failed(_) => format!("{} could not be compared", one.host),
        },
        ([], Some(gap)) => format!("Proven {} of 100", gap.score),
        ([], None) => "There is nothing to show".to_owned(),
        (many, _) => {
            let differ = many.iter().filter(|host| host.differs()).count();
            let known = many.iter().all(HostComparison::is_known);
            let but = if known {
                ""
            } else {
                ", and not all could be compared"
            };
            format!("{differ} of {} differ{but}", count(many.len(), "host"))
        }
    };
    (headline, "plain")
}
