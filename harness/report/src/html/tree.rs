//! Derivations from their root causes: what changed of each, and what follows it up to
//! the system.

use maud::{Markup, html};
use nix_parity_core::comparison::{Change, Derivations, OptionChange, RootCause};
use nix_parity_core::text::shorten;

use super::diff::{CHANGED, diff};
use super::words::limited;
use crate::words::{count, some_of};

/// How many root causes of one comparison are shown.
const CAUSES: usize = 120;
/// How many changes of one cause are shown.
const CHANGES: usize = 12;
/// How many steps of the way up are shown.
const STEPS: usize = 40;
/// How much is written of root causes, in bytes.
const BUDGET: usize = 250_000;

pub(super) fn section(derivations: &Derivations, options: &[OptionChange], prefix: &str) -> Markup {
    let mut written = 0;
    let mut causes = Vec::new();
    for (number, cause) in derivations.causes.iter().take(CAUSES).enumerate() {
        let behind = options
            .iter()
            .filter(|option| option.causes.contains(&number));
        let behind: Vec<_> = behind.map(|option| option.path.as_str()).collect();
        let item = self::cause(cause, &format!("{prefix}-{number}"), &behind).into_string();
        written += item.len();
        if written > BUDGET {
            break;
        }
        causes.push(maud::PreEscaped(item));
    }
    let more = derivations.causes.len() - causes.len();
    html! {
        @if !derivations.causes.is_empty() {
            h4 { "Derivations, from their root causes" }
            ul.tree { @for cause in &causes { (cause) } }
            @if more > 0 { p.cut { "… and " (count(more, "more root cause")) } }
        }
        (names("added", &derivations.added))
        (names("removed", &derivations.removed))
        (names("renamed", &renamed(derivations)))
        p.faint {
            (count(derivations.unchanged, "derivation")) " are the same"
            @if derivations.ignored > 0 { ", " (derivations.ignored) " differ by labels and `noise` only" }
        }
    }
}

fn renamed(derivations: &Derivations) -> Vec<String> {
    let renamed = derivations.renamed.iter();
    renamed.map(|(old, new)| format!("{old} → {new}")).collect()
}

fn cause(cause: &RootCause, anchor: &str, options: &[&str]) -> Markup {
    let whats: Vec<_> = cause
        .changes
        .iter()
        .map(|change| change.what.clone())
        .collect();
    let more = cause.changes.len().saturating_sub(CHANGES);
    html! {
        li {
            details {
                summary {
                    code.cause { (shorten(&cause.name, 200)) } " "
                    span.what { (shorten(&some_of(whats.into_iter(), 3), 200)) }
                    span.faint { " · " (follow(cause.followers)) }
                }
                div.body id=(anchor) tabindex="-1" {
                    @if !options.is_empty() {
                        p { span.faint { "probably set by " } code { (shorten(&options.join(", "), 400)) } }
                    }
                    @for change in cause.changes.iter().take(CHANGES) { (self::change(change)) }
                    @if more > 0 { p.faint { "… and " (more) " more changes" } }
                    (followers(cause))
                }
            }
        }
    }
}

fn follow(followers: usize) -> String {
    match followers {
        0 => "nothing follows".to_owned(),
        1 => "1 follows".to_owned(),
        n => format!("{n} follow"),
    }
}

fn change(change: &Change) -> Markup {
    let [old, new] = [&change.old, &change.new].map(|text| text.as_deref().unwrap_or(""));
    html! {
        h5 { code { (shorten(&change.what, 200)) } }
        @match (&change.old, &change.new) {
            (None, None) => p.faint { "what of it changed is not known here" },
            (Some(_), Some(_)) => (diff(old, new, CHANGED)),
            (None, Some(_)) => (diff("(not there)", new, CHANGED)),
            (Some(_), None) => (diff(old, "(not there)", CHANGED)),
        }
    }
}

/// What follows, each below what it follows, on the shortest way up to the system.
fn followers(cause: &RootCause) -> Markup {
    let (way, _) = cause.way_up.split_at(cause.way_up.len().min(STEPS));
    let elsewhere = cause.followers.saturating_sub(cause.way_up.len());
    html! {
        @if !way.is_empty() { ul.tree { (step(way)) } }
        @if elsewhere > 0 { p.faint { "and " (elsewhere) " more, on other ways" } }
    }
}

fn step(way: &[String]) -> Markup {
    let Some((first, rest)) = way.split_first() else {
        return html! {};
    };
    html! {
        li {
            @if rest.is_empty() {
                code { (shorten(first, 200)) }
            } @else {
                details open {
                    summary { code { (shorten(first, 200)) } }
                    ul.tree { (step(rest)) }
                }
            }
        }
    }
}

/// Names of derivations or packages, folded where there are many.
pub(super) fn names(word: &str, names: &[String]) -> Markup {
    let (shown, more) = limited(names);
    html! {
        @if !names.is_empty() {
            details open[names.len() <= 8] {
                summary { (names.len()) " " (word) }
                ul.names {
                    @for name in shown { li { code { (shorten(name, 200)) } } }
                    @if more > 0 { li.faint { "… " (more) " more" } }
                }
            }
        }
    }
}
