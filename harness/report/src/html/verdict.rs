//! The answer, before anything else: what came out, and how far that was looked at.

use maud::{Markup, html};
use nix_parity_core::outcome::{Outcome, Summary};

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
        let mut counts = Summary::default();
        for run in page.runs.iter().map(|run| run.summary()) {
            counts.passed += run.passed;
            counts.failed += run.failed;
            counts.errors += run.errors;
            counts.skipped += run.skipped;
            counts.interrupted |= run.interrupted;
            counts.millis = counts.millis.saturating_add(run.millis);
        }
        let planned: usize = page.runs.iter().map(|run| run.run.planned()).sum();
        let undecided = planned.saturating_sub(counts.total());
        let is_cut = page.runs.iter().any(|run| run.finished.is_none());
        let (headline, kind) = headline(page, &counts, undecided, is_cut);
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
                @if !page.runs.is_empty() {
                    p.depth { (self.depth(page)) }
                    (self.bar())
                }
            }
        }
    }

    /// What was done, with what.
    fn depth(&self, page: &Page<'_>) -> String {
        let passed = |is: fn(&nix_parity_core::outcome::TestResult) -> bool| {
            let results = page.runs.iter().flat_map(|run| &run.results);
            let passed = results.filter(|r| r.outcome == Outcome::Pass && is(r));
            passed.count()
        };
        let mut parts = vec![match self.counts.passed + self.counts.failed {
            0 => "nothing was decided".to_owned(),
            _ => depth(passed(|r| r.built), passed(|r| r.booted)),
        }];
        let distinct = |values: Vec<String>| {
            let mut seen: Vec<String> = Vec::new();
            for value in values {
                if !seen.contains(&value) {
                    seen.push(value);
                }
            }
            seen
        };
        let of = |get: fn(&WholeRun) -> Option<String>| {
            distinct(page.runs.iter().filter_map(|run| get(run)).collect())
        };
        parts.extend(of(|run| {
            run.run.profile.as_ref().map(|p| format!("profile {p}"))
        }));
        parts.extend(of(|run| run.run.nix.clone()));
        parts.extend(of(|run| Some(format!("flake {}", run.run.flake))));
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

fn headline(
    page: &Page<'_>,
    counts: &Summary,
    undecided: usize,
    is_cut: bool,
) -> (String, &'static str) {
    let total = counts.total();
    let all = total + undecided;
    if page.runs.is_empty() {
        return without_run(page);
    }
    let hosts = count(page.host_count(), "host");
    if counts.interrupted || is_cut {
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
    match (page.comparisons, page.gap) {
        ([one], _) => {
            let text = crate::comparison::answer(one);
            (format!("{} → {}: {text}", one.old, one.new), "plain")
        }
        ([], Some(gap)) => (format!("Proven {} of 100", gap.score), "plain"),
        ([], None) => ("There is nothing to show".to_owned(), "plain"),
        (many, _) => (count(many.len(), "comparison"), "plain"),
    }
}
