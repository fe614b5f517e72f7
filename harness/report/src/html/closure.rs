//! What is installed: what packages take, and which came, went or changed.

use maud::{Markup, html};
use nix_parity_core::comparison::{Closure, PackageSize};
use nix_parity_core::size;
use nix_parity_core::text::shorten;

use super::tree::names;
use super::words::limited;
use crate::comparison::growth;
use crate::words::count;

/// The width of the longest bar, in units of the drawing.
const WIDTH: u64 = 160;
/// Up to how many sizes are shown at once.
const OPEN: usize = 12;

pub(super) fn section(closure: &Closure) -> Markup {
    html! {
        @if !closure.is_same() || !closure.sizes.is_empty() {
            h4 { "Closure" }
            p {
                @match closure.growth {
                    Some(bytes) => { (growth(bytes)) " in all" },
                    None => span.faint { "Not built, so sizes are not known: these are the packages that the systems are built with." },
                }
            }
            (versions(closure))
            (names("packages added", &closure.added))
            (names("packages removed", &closure.removed))
            (sizes(&closure.sizes))
        }
    }
}

fn versions(closure: &Closure) -> Markup {
    let (shown, more) = limited(&closure.versions);
    html! {
        @if !closure.versions.is_empty() {
            div.scroll tabindex="0" role="region" aria-label="Versions that changed" {
                table {
                    thead { tr { th scope="col" { "Package" } th scope="col" { "Old" } th scope="col" { "New" } } }
                    tbody {
                        @for change in shown {
                            tr {
                                th scope="row" { (shorten(&change.name, 200)) }
                                td { (shorten(&change.old.join(", "), 200)) }
                                td { (shorten(&change.new.join(", "), 200)) }
                            }
                        }
                    }
                }
            }
            @if more > 0 { p.faint { "… and " (more) " more" } }
        }
    }
}

fn sizes(sizes: &[PackageSize]) -> Markup {
    let longest = sizes
        .iter()
        .map(|size| size.new.max(size.old))
        .max()
        .unwrap_or(0);
    let (shown, more) = limited(sizes);
    html! {
        @if !sizes.is_empty() {
            details open[sizes.len() <= OPEN] {
            summary { "what " (count(sizes.len(), "package")) " take, the largest and those that changed" }
            div.scroll tabindex="0" role="region" aria-label="What packages take" {
                table.sizes {
                    thead {
                        tr {
                            th scope="col" { "Package" }
                            @for title in ["Old", "New", "Change"] { th.number scope="col" { (title) } }
                            th scope="col" { "Size" }
                        }
                    }
                    tbody { @for size in shown { (row(size, longest)) } }
                }
            }
            @if more > 0 { p.faint { "… and " (more) " more" } }
            }
        }
    }
}

fn row(package: &PackageSize, longest: u64) -> Markup {
    let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
    let change = signed(package.new).saturating_sub(signed(package.old));
    let width = |bytes: u64| {
        let width = u128::from(bytes) * u128::from(WIDTH);
        width.checked_div(u128::from(longest)).unwrap_or(0)
    };
    let class = match change {
        0 => "number none",
        1.. => "number grown",
        _ => "number shrunk",
    };
    html! {
        tr {
            th scope="row" { (shorten(&package.name, 120)) }
            td.number { (size::show(package.old)) }
            td.number { (size::show(package.new)) }
            td class=(class) { (growth(change)) }
            td {
                svg.bar viewBox={ "0 0 " (WIDTH) " 10" } preserveAspectRatio="none" aria-hidden="true" focusable="false" {
                    rect.track width=(WIDTH) height="10" rx="2" {}
                    rect.filled width=(width(package.new)) height="10" rx="2" {}
                }
            }
        }
    }
}
