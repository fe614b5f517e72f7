//! One thing that is not as it should be: what, the difference, who set it, the lines.

use maud::{Markup, html};
use nix_parity_core::location::Location;
use nix_parity_core::observation::NixError;
use nix_parity_core::outcome::{Finding, Origin, OriginRole, Problem, Side};
use nix_parity_core::text::shorten;

use super::diff::{EXPECTED, diff};
use super::page::Page;
use super::words::{excerpt, limited, place, text};

/// How many definitions outside of the project are listed.
const FOREIGN: usize = 3;
/// How many steps of a trace are shown.
const STEPS: usize = 12;

pub(super) fn finding(page: &Page<'_>, finding: &Finding) -> Markup {
    let (what, at) = title(&finding.problem);
    html! {
        section.finding {
            h4 { code { (shorten(&finding.subject, 300)) (shorten(at, 300)) } " " (what) }
            (problem(&finding.problem))
            div.because {
                (asked(page, &finding.location))
                (origins(page, &finding.origins))
                @if let Problem::Evaluation { error } = &finding.problem {
                    (stopped(page, error))
                }
            }
            @for note in &finding.notes { pre.note { (text(note)) } }
        }
    }
}

/// What is wrong in words, and where inside of what was looked at.
fn title(problem: &Problem) -> (&'static str, &str) {
    match problem {
        Problem::Mismatch { at, .. } => ("is not as expected", at),
        Problem::Disparity { at, .. } => ("is not the same", at),
        Problem::Snapshot { accepted: true, .. } => ("is not what was accepted", ""),
        Problem::Snapshot { .. } => ("was not accepted yet", ""),
        Problem::Build { .. } => ("does not build", ""),
        Problem::Evaluation { .. } => ("could not be evaluated", ""),
        Problem::Machine { .. } => ("could not be found out", ""),
        Problem::UnexpectedPass { .. } => ("passes", ""),
    }
}

fn problem(problem: &Problem) -> Markup {
    match problem {
        Problem::Mismatch { expected, got, .. } => diff(expected, got, EXPECTED),
        Problem::Disparity { sides, .. } => disparity(sides),
        Problem::Snapshot { file, changes, .. } => html! {
            @if !changes.is_empty() { pre.unified { (text(&changes.join("\n"))) } }
            p.faint { "snapshot " code.place { (file) } }
        },
        Problem::Build {
            derivation,
            reason,
            log,
        } => html! {
            pre.message { (text(&format!("{derivation}: {reason}"))) }
            @if !log.is_empty() { pre.log { (text(&log.join("\n"))) } }
        },
        Problem::Evaluation { error } => trace(error),
        Problem::Machine { message } => html! { pre.message { (text(message)) } },
        Problem::UnexpectedPass { until } => diff(
            &format!("to fail until {until}"),
            "a pass: take `expected_failure` out of the case",
            EXPECTED,
        ),
    }
}

fn disparity(sides: &[Side]) -> Markup {
    html! {
        dl.sides.hosts {
            @for side in sides {
                dt { (side.hosts.join(", ")) }
                dd.have { pre { code { (text(&side.value)) } } }
            }
        }
    }
}

/// Nix's message, and the steps to it, the project's own first.
fn trace(error: &NixError) -> Markup {
    let inside_out = || error.trace.iter().rev();
    let is_own = |location: &Option<Location>| location.as_ref().is_some_and(Location::is_own);
    let (own, foreign): (Vec<_>, Vec<_>) = inside_out().partition(|frame| is_own(&frame.location));
    let shown: Vec<_> = own.into_iter().chain(foreign).take(STEPS).collect();
    let more = error.trace.len() - shown.len();
    html! {
        pre.message { (text(&error.message)) }
        @if let Some(location) = &error.location { p.faint { "raised in " (place(location)) } }
        @if !shown.is_empty() {
            details.steps {
                summary { "the way there" }
                ul {
                    @for frame in shown {
                        li {
                            (shorten(frame.text.trim_start_matches("… ").trim_end_matches(':'), 300))
                            @if let Some(location) = &frame.location { " " (place(location)) }
                        }
                    }
                    @if more > 0 { li.faint { "… " (more) " more" } }
                }
            }
        }
    }
}

fn asked(page: &Page<'_>, location: &Location) -> Markup {
    html! {
        @if let Some(lines) = page.source(location) {
            figure { figcaption { "asked for in " (place(location)) } (excerpt(lines)) }
        } @else if !location.file.is_empty() {
            p.asked { span.faint { "asked for in " } (place(location)) }
        }
    }
}

fn stopped(page: &Page<'_>, error: &NixError) -> Markup {
    let place_and_lines = error
        .nearest_own()
        .and_then(|location| Some((location, page.source(location)?)));
    html! {
        @if let Some((location, lines)) = place_and_lines {
            figure { figcaption { "evaluated in " (place(location)) } (excerpt(lines)) }
        }
    }
}

/// Who set a value: with their lines those that were told, then the others, the project's
/// own files first.
fn origins(page: &Page<'_>, origins: &[Origin]) -> Markup {
    let is_shown = |origin: &&Origin| page.source(&origin.location).is_some();
    let (shown, others): (Vec<&Origin>, Vec<&Origin>) = origins.iter().partition(is_shown);
    let (own, foreign): (Vec<_>, Vec<_>) =
        others.iter().copied().partition(|o| o.location.is_own());
    let (own, left) = limited(&own);
    let more = left + foreign.len().saturating_sub(FOREIGN);
    html! {
        @for origin in shown {
            @if let Some(lines) = page.source(&origin.location) {
                figure { figcaption { (role(origin)) (place(&origin.location)) } (excerpt(lines)) }
            }
        }
        @if !others.is_empty() {
            ul.origins {
                @for origin in own.iter().chain(foreign.iter().take(FOREIGN)) {
                    li {
                        span.faint { (role(origin)) } (place(&origin.location))
                        @if let Some(text) = &origin.text { " " code { (shorten(text, 300)) } }
                    }
                }
                @if more > 0 { li.faint { "… and " (more) " more" } }
            }
        }
    }
}

const fn role(origin: &Origin) -> &'static str {
    match origin.role {
        OriginRole::Definition => "set by ",
        OriginRole::Declaration => "declared in ",
    }
}
