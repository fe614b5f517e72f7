//! What came of tests besides their verdict: notes, steps with their times, pictures and
//! logs of machines.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{Markup, html};
use nix_parity_core::outcome::{Outcome, TestResult};
use nix_parity_core::text::shorten;

use super::failures::{Anchors, name};
use super::page::{Artefact, Page};
use super::words::{href, limited, text};

/// How many tests that passed with a word are listed.
const TESTS: usize = 200;

/// The tests that passed and have more to say than that.
pub(super) fn section<'p>(page: &Page<'_>, results: &[&'p TestResult]) -> (Markup, Anchors<'p>) {
    let has_more = |r: &&&TestResult| {
        let more = r.note.is_some() || !r.details.is_empty() || !r.artefacts.is_empty();
        r.outcome == Outcome::Pass && more
    };
    let tests: Vec<_> = results.iter().filter(has_more).collect();
    let more = tests.len().saturating_sub(TESTS);
    let named: Vec<_> = (1..).zip(tests.iter().take(TESTS)).collect();
    let section = html! {
        @if !tests.is_empty() {
            section #notes {
                h2 { "Passed, with a word" }
                @for (number, result) in &named {
                    details.test data-outcome="pass" open[!result.artefacts.is_empty()] {
                        summary {
                            h3 { (super::words::badge(&result.outcome)) " " (name(&result.id)) }
                            @if let Some(note) = &result.note { span.word { (shorten(note, 200)) } }
                        }
                        div.body id={ "n" (number) } tabindex="-1" {
                            @if let Some(note) = &result.note { pre.note { (text(note)) } }
                            (details(result))
                            (artefacts(page, result))
                        }
                    }
                }
                @if more > 0 { p.cut { "… and " (more) " more" } }
            }
        }
    };
    let anchors = named
        .into_iter()
        .map(|(n, result)| (&result.id, format!("n{n}")));
    (section, anchors.collect())
}

/// What a note is the sum of; of a booted machine its steps.
pub(super) fn details(result: &TestResult) -> Markup {
    let (shown, more) = limited(&result.details);
    html! {
        @if !result.details.is_empty() {
            @if result.booted { h4 { "Steps" } }
            ol.details[result.booted] {
                @for detail in shown { (self::detail(detail, result.booted)) }
                @if more > 0 { li.faint { "… " (more) " more" } }
            }
        }
    }
}

/// A line, of a step with what became of it in front.
fn detail(line: &str, is_step: bool) -> Markup {
    let state = line.split_once(": ").filter(|_| is_step);
    html! {
        @match state {
            Some((state, step)) => {
                @let word = if state.starts_with("passed") { "pass" } else if state.starts_with("failed") { "fail" } else { "skip" };
                li { span class={ "state " (word) } { (state) } " " code { (shorten(step, 400)) } }
            },
            None => li { (shorten(line, 400)) },
        }
    }
}

/// The files that came of a test: pictures as such, the others by their names.
pub(super) fn artefacts(page: &Page<'_>, result: &TestResult) -> Markup {
    let is_bad = result.outcome != Outcome::Pass;
    html! {
        @if !result.artefacts.is_empty() {
            div.artefacts {
                @for path in &result.artefacts {
                    @if let Some(Artefact::Picture(bytes)) = page.artefacts.get(path) {
                        figure {
                            img src={ "data:image/png;base64," (BASE64_STANDARD.encode(bytes)) } alt={ "the screen: " (last(path)) };
                            figcaption { (link(page, path)) }
                        }
                    }
                }
                ul.files {
                    @for path in &result.artefacts { (file(page, path, is_bad)) }
                }
            }
        }
    }
}

fn file(page: &Page<'_>, path: &str, is_bad: bool) -> Markup {
    html! {
        @match page.artefacts.get(path) {
            Some(Artefact::Picture(_)) => {},
            Some(Artefact::Tail(lines)) if is_bad => li {
                (link(page, path))
                details { summary { "its last lines" } pre.log { (text(&lines.join("\n"))) } }
            },
            Some(Artefact::Left(why)) => li { (link(page, path)) " " span.faint { (why) } },
            _ => li { (link(page, path)) },
        }
    }
}

fn link(page: &Page<'_>, path: &str) -> Markup {
    html! { a href=(href(&page.base, path)) { (shorten(path, 300)) } }
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
