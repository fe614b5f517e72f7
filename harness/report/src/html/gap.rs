//! The ledger: what was promised beside what is proven, and how that came.

use maud::{Markup, html};
use nix_parity_core::ledger::{Gap, Held, Reality, Standing, State};
use nix_parity_core::text::shorten;

use super::failures::Anchors;
use super::page::Page;
use super::words::limited;
use crate::ledger::{cells, open, worse_words};

/// The size of the drawing of the score, and the room around it.
const WIDTH: usize = 640;
const HEIGHT: usize = 120;
const ROOM: usize = 10;
/// The size of that of a row.
const SMALL: [usize; 2] = [64, 16];

pub(super) fn section(page: &Page<'_>, anchors: &Anchors<'_>) -> Markup {
    html! {
        @if page.gap.is_some() || !page.history.is_empty() {
            section #ledger {
                h2 { "Ledger" }
                @if let Some(gap) = page.gap { (score(gap)) }
                (history(page.history))
                @if let Some(gap) = page.gap { (table(gap, page.history, anchors)) }
            }
        }
    }
}

fn score(gap: &Gap) -> Markup {
    html! {
        p.score {
            "Proven " strong { (gap.score) } " of 100"
            @if let Some(was) = gap.was { " (was " (was) ")" }
            span.faint { " · planned is not counted" }
        }
        @for row in &gap.worse { p.worse { strong { "Worse: " } (worse_words(row)) } }
    }
}

/// The score over the commits, as a line, and as a table for whoever cannot see it.
fn history(states: &[State]) -> Markup {
    let (Some(first), Some(last)) = (states.first(), states.last()) else {
        return html! {};
    };
    let scores: Vec<_> = states
        .iter()
        .map(|state| f64::from(state.score) / 100.0)
        .collect();
    let size = [WIDTH, HEIGHT];
    let points = points(&scores, size, ROOM);
    let said = format!(
        "The score over {}: {} of 100 on {}, {} on {}.",
        crate::words::count(states.len(), "state"),
        first.score,
        day(&first.date),
        last.score,
        day(&last.date)
    );
    html! {
        figure.history {
            svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(said) {
                @for (share, word) in [(0.0, "0"), (0.5, "50"), (1.0, "100")] {
                    @let y = height(share, HEIGHT, ROOM);
                    line.scale x1="30" x2=(WIDTH) y1=(y) y2=(y) {}
                    text x="24" y=(y + 4) text-anchor="end" { (word) }
                }
                polyline.line points=(joined(&points)) fill="none" {}
                @for (x, y) in &points { circle.dot cx=(x) cy=(y) r="3.5" {} }
            }
            figcaption { (said) }
            details {
                summary { "all of them" }
                table {
                    thead { tr { th scope="col" { "Date" } th scope="col" { "Commit" } th scope="col" { "Score" } th scope="col" { "Proven rows" } } }
                    tbody {
                        @for state in states.iter().rev().take(100) {
                            tr {
                                th scope="row" { (day(&state.date)) }
                                td { code { (state.commit.chars().take(12).collect::<String>()) } @if state.uncommitted { " and uncommitted changes" } }
                                td.number { (state.score) }
                                td.number { (state.rows.values().filter(|held| held.is_proven()).count()) " of " (state.rows.len()) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn table(gap: &Gap, history: &[State], anchors: &Anchors<'_>) -> Markup {
    let has_history = history.len() > 1;
    html! {
        div.scroll tabindex="0" role="region" aria-label="Rows of the ledger" {
            table.ledger {
                thead {
                    tr {
                        @for title in ["Component", "Proposed", "Reality", "Gap", "Evidence"] { th scope="col" { (title) } }
                        @if has_history { th scope="col" { "History" } }
                    }
                }
                tbody { @for row in &gap.rows { (self::row(row, history, has_history, anchors)) } }
            }
        }
    }
}

fn row(row: &Standing, history: &[State], has_history: bool, anchors: &Anchors<'_>) -> Markup {
    let [id, proposed, reality, gap, evidence] = cells(row);
    let class = match row.reality {
        Reality::Proven => "pass",
        Reality::Partly => "error",
        Reality::Failing | Reality::Unproven => "fail",
        Reality::Declined => "skip",
    };
    html! {
        tr {
            th scope="row" { (id) }
            td { (shorten(&proposed, 300)) }
            td class=(class) { (reality) }
            td { (gap) }
            td {
                @if row.open.len() > 1 { (tests(row, &evidence, anchors)) } @else { (shorten(&evidence, 300)) }
            }
            @if has_history { td { (sparkline(&row.id, history)) } }
        }
    }
}

/// The tests that prove nothing.
fn tests(row: &Standing, evidence: &str, anchors: &Anchors<'_>) -> Markup {
    let (shown, more) = limited(&row.open);
    let anchor = |test: &str| {
        let mut anchors = anchors.iter();
        let found = anchors.find(|(id, _)| id.to_string() == test);
        found.map(|(_, anchor)| anchor)
    };
    html! {
        details {
            summary { (shorten(evidence, 300)) }
            ul {
                @for test in shown {
                    @let text = shorten(&open(test), 300);
                    li { @match anchor(&test.test) { Some(to) => a href={ "#" (to) } { (text) }, None => (text) } }
                }
                @if more > 0 { li.faint { "… " (more) " more" } }
            }
        }
    }
}

/// How much of a row's tests passed over time.
fn sparkline(row: &str, history: &[State]) -> Markup {
    let share = |held: &Held| match held.tests {
        0 => 0.0,
        #[expect(clippy::cast_precision_loss, reason = "a drawing of 16 pixels")]
        tests => held.passed as f64 / tests as f64,
    };
    let held: Vec<_> = history
        .iter()
        .filter_map(|state| state.rows.get(row))
        .collect();
    let shares: Vec<_> = held.iter().map(|held| share(held)).collect();
    let (Some(first), Some(last)) = (held.first(), held.last()) else {
        return html! { span.none { "–" } };
    };
    let said = format!(
        "{} of {} tests passed at first, {} of {} at last",
        first.passed, first.tests, last.passed, last.tests
    );
    html! {
        svg.spark viewBox={ "0 0 " (SMALL[0]) " " (SMALL[1]) } role="img" aria-label=(said) {
            polyline.line points=(joined(&points(&shares, SMALL, 2))) fill="none" {}
        }
    }
}

/// Where shares of the whole stand in a drawing of this size.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares are from 0 to 1, and nobody draws a million states"
)]
fn points(shares: &[f64], [width, height]: [usize; 2], room: usize) -> Vec<(usize, usize)> {
    let left = if height > 40 { 36 } else { room };
    let across = (width - left - room) as f64;
    let steps = shares.len().saturating_sub(1).max(1) as f64;
    let points = shares.iter().enumerate();
    points
        .map(|(n, share)| {
            let x = left + (across * n as f64 / steps).round() as usize;
            (x, self::height(*share, height, room))
        })
        .collect()
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "shares are from 0 to 1"
)]
fn height(share: f64, height: usize, room: usize) -> usize {
    let whole = (height - 2 * room) as f64;
    room + ((1.0 - share.clamp(0.0, 1.0)) * whole).round() as usize
}

fn joined(points: &[(usize, usize)]) -> String {
    let points: Vec<_> = points.iter().map(|(x, y)| format!("{x},{y}")).collect();
    points.join(" ")
}

/// The day of a date.
fn day(date: &str) -> String {
    date.chars().take(10).collect()
}
