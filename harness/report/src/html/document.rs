//! The page as a whole: its head, its parts in their order, and what it may do.

use std::io::{self, Write};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use nix_parity_core::text::printable;
use sha2::{Digest as _, Sha256};

use super::page::Page;
use super::verdict::Verdict;
use super::{changes, failures, gap, grid, hosts, machines, parity, quiet};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Writes a page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn html(page: &Page<'_>, out: &mut dyn Write) -> io::Result<()> {
    // Markup is escaped where it is made; marks that hide text or turn it around are no
    // markup. The page's own text has none of them.
    let text = printable(&document(page).into_string());
    out.write_all(text.as_bytes())
}

fn document(page: &Page<'_>) -> Markup {
    let verdict = Verdict::of(page);
    let results = page.results();
    let (failures, mut anchors) = failures::section(page, &results);
    let (skipped, of_skips) = quiet::section(page, &results);
    let (notes, of_notes) = machines::section(page, &results);
    anchors.extend(of_skips);
    anchors.extend(of_notes);
    let sections = [
        ("failures", "Not passed", failures),
        (
            "verdicts",
            "Verdicts",
            grid::section(page, &results, &anchors),
        ),
        ("parity", "Parity", parity::section(&results, &anchors)),
        ("notes", "Notes", notes),
        ("skipped", "Not tried", skipped),
        ("ledger", "Ledger", gap::section(page, &anchors)),
        ("changes", "Changes", changes::section(page)),
        ("hosts", "Hosts and time", hosts::section(page, &results)),
    ];
    let named: Vec<_> = sections
        .iter()
        .filter(|(id, _, markup)| markup.0.contains(&format!("<section id=\"{id}\"")))
        .collect();
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy());
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (verdict.headline) " · nix-parity" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip-link href="#main" { "To the results" }
                (verdict.markup(page))
                @if named.len() > 1 {
                    nav.sections aria-label="Parts of this page" {
                        ul { @for (id, title, _) in &named { li { a href={ "#" (id) } { (title) } } } }
                    }
                }
                main #main tabindex="-1" {
                    @for (_, _, section) in &sections { (section) }
                }
                footer { (footer(page)) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    }
}

fn footer(page: &Page<'_>) -> Markup {
    let version = page.run.map(|run| run.run.version.as_str());
    html! {
        p {
            "Written by nix-parity"
            @if let Some(version) = version { " from the record of a run of version " (version) }
            ". This page loads nothing and sends nothing."
        }
    }
}

/// What a browser lets the page do: show its own style, run its own script, and show
/// pictures that are part of it. A script or a style that got in otherwise is not run.
fn policy() -> String {
    let hash = |text: &str| BASE64_STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, printable};

    #[test]
    fn style_and_script_stand_in_the_page_as_they_are() {
        for text in [STYLE, SCRIPT] {
            assert_eq!(printable(text), text);
            let lower = text.to_lowercase();
            assert!(!lower.contains("</s") && !lower.contains("<!--"));
        }
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }
}
