//! What differs between two sides: options with who set them, derivations from their root
//! causes, packages.

use maud::{Markup, html};
use nix_parity_core::comparison::{Comparison, Found, HostComparison, OptionChange};
use nix_parity_core::text::shorten;

use super::diff::{CHANGED, diff};
use super::page::Page;
use super::words::{place, text};
use super::{closure, tree};
use crate::style::Style;
use crate::words::{count, setting};

/// How many options of one comparison are shown.
const OPTIONS: usize = 150;

pub(super) fn section(page: &Page<'_>) -> Markup {
    html! {
        @if !page.comparisons.is_empty() {
            section #changes {
                h2 { "Changes" }
                @for (number, comparison) in (1..).zip(page.comparisons) {
                    (host(number, comparison))
                }
            }
        }
    }
}

/// How much differs, in one line.
pub(super) fn answer(comparison: &Comparison) -> String {
    crate::comparison::answer(comparison).render(&Style::plain(usize::MAX))
}

fn host(number: usize, host: &HostComparison) -> Markup {
    let word = match &host.found {
        Found::Compared(found) => return comparison(number, found),
        Found::Added => "is new",
        Found::Removed => "is there no more",
        Found::Failed(_) => "could not be compared",
    };
    html! {
        article.comparison {
            h3 { code { (shorten(&host.host, 200)) } " " (word) }
            @if let Found::Failed(why) = &host.found { pre.message { (text(why)) } }
        }
    }
}

fn comparison(number: usize, comparison: &Comparison) -> Markup {
    let options = comparison.options.as_deref().unwrap_or_default();
    let (derived, own): (Vec<_>, Vec<_>) = options.iter().partition(|option| option.derived);
    let prefix = format!("c{number}");
    html! {
        article.comparison {
            h3 { code { (shorten(&comparison.old, 200)) } " → " code { (shorten(&comparison.new, 200)) } }
            p.answer { (answer(comparison)) }
            @if !own.is_empty() {
                h4 { "Options" }
                (self::options(&own, comparison, &prefix))
            }
            @if !derived.is_empty() {
                details {
                    summary { (count(derived.len(), "option")) " made of others by modules of inputs" }
                    (self::options(&derived, comparison, &prefix))
                }
            }
            @if let Some(derivations) = &comparison.derivations {
                (tree::section(derivations, options, &prefix))
            }
            @if let Some(closure) = &comparison.closure { (closure::section(closure)) }
            @for note in comparison.notes.iter().chain(&comparison.unknown) { pre.note { (text(note)) } }
        }
    }
}

fn options(options: &[&OptionChange], comparison: &Comparison, prefix: &str) -> Markup {
    let more = options.len().saturating_sub(OPTIONS);
    html! {
        ul.options {
            @for option in options.iter().take(OPTIONS) { li { (self::option(option, comparison, prefix)) } }
            @if more > 0 { li.faint { "… and " (more) " more" } }
        }
    }
}

fn option(option: &OptionChange, comparison: &Comparison, prefix: &str) -> Markup {
    let causes = comparison.derivations.as_ref().map(|d| &d.causes);
    let behind = option
        .causes
        .iter()
        .filter_map(|at| Some((at, causes?.get(*at)?)));
    let own = option.origins.iter().find(|o| o.location.is_own());
    let [old, new] = [&option.old, &option.new].map(setting);
    html! {
        p.path {
            code { (shorten(&option.path, 300)) }
            @if let Some(origin) = own.or(option.origins.first()) {
                span.faint { " set by " } (place(&origin.location))
            }
        }
        (diff(&old, &new, CHANGED))
        @for (at, cause) in behind {
            p.faint { "probably behind " a href={ "#" (prefix) "-" (at) } { (shorten(&cause.name, 200)) } }
        }
    }
}
