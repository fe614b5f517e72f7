//! What differs between two states of a configuration, in Markdown: a table of the hosts
//! that differ, each of them to unfold, and the others in one line.

use nix_parity_core::comparison::{Comparison, Found, HostComparison, OptionChange};

use super::page::{COMMENT, Page};
use super::text::{block, details, html, span};
use crate::comparison::{answer, growth, lines};
use crate::style::Style;
use crate::words::{count, some_of};

/// By which a comment is found again. It is hidden, and nothing foreign can look like it.
const MARKER: &str = "<!-- nix-parity:diff -->\n";
/// How wide text in blocks is taken to be.
const WIDTH: usize = 100;
/// How much is shown of one host.
const HOST: usize = 24_000;
/// How many names a list gives.
const NAMES: usize = 100;

/// The hosts as a comment on a pull request, which can be found again by its first line.
/// Of two sides that were named the new one is given, else it is the work tree.
pub fn diff_markdown(old: &str, new: Option<&str>, hosts: &[HostComparison]) -> String {
    let mut page = Page::new(COMMENT);
    page.add(MARKER);
    let differing: Vec<_> = hosts.iter().filter(|host| host.differs()).collect();
    let between = match new {
        Some(new) => format!("from {} to {}", span(old), span(new)),
        None => format!("since {}", span(old)),
    };
    page.add(&format!("## nix-parity: what differs {between}\n\n"));
    page.add(&first_line(hosts, differing.len()));

    let mut hidden = 0;
    if !differing.is_empty() {
        page.add("| host | platform | options | root causes | follow | closure |\n|---|---|--:|--:|--:|--:|\n");
        page.add_all(differing.iter().map(|host| row(host)));
        page.note("\n");
        hidden = page.add_all(differing.iter().map(|host| section(host)));
    }
    let unknown: Vec<_> = hosts.iter().filter(|host| !host.is_known()).collect();
    hidden += page.add_all(unknown.iter().map(|host| not_known(host)));
    let same = hosts
        .iter()
        .filter(|host| !host.differs() && host.is_known());
    let same: Vec<_> = same.map(|host| span(&host.host)).collect();
    if !same.is_empty() {
        page.add(&format!(
            "No difference: {}\n",
            some_of(same.into_iter(), NAMES)
        ));
    }
    if hidden > 0 {
        let hosts = count(hidden, "more host");
        page.note(&format!(
            "\nThis page has no room for what differs of {hosts}: see `nix-parity diff`.\n"
        ));
    }
    page.finish()
}

fn first_line(hosts: &[HostComparison], differing: usize) -> String {
    let unknown = hosts.iter().filter(|host| !host.is_known()).count();
    let mut text = match (differing, hosts.len()) {
        (0, _) if unknown > 0 => "No difference found in what could be compared".to_owned(),
        (0, n) => format!(
            "{} the same",
            if n == 1 { "It is" } else { "All hosts are" }
        ),
        (1, 1) => "It differs".to_owned(),
        (1, n) => format!("1 of {n} hosts differs"),
        (d, n) => format!("{d} of {n} hosts differ"),
    };
    if unknown > 0 {
        text.extend([format!(
            ". **{} could not be compared wholly**",
            count(unknown, "host")
        )]);
    }
    text + ".\n\n"
}

fn row(host: &HostComparison) -> String {
    let cells = match &host.found {
        Found::Added => "new |  |  | ".to_owned(),
        Found::Removed => "removed |  |  | ".to_owned(),
        Found::Failed(_) => " |  |  | ".to_owned(),
        Found::Compared(comparison) => cells(comparison),
    };
    let platform = host.platform.map_or("", |platform| platform.name());
    format!("| {} | {platform} | {cells} |\n", span(&host.host))
}

fn cells(comparison: &Comparison) -> String {
    let own = |options: &Vec<OptionChange>| options.iter().filter(|o| !o.derived).count();
    let options = comparison.options.as_ref().map(|o| own(o).to_string());
    let derivations = comparison.derivations.as_ref();
    let closure = comparison
        .closure
        .as_ref()
        .map(|closure| match closure.growth {
            Some(bytes) => growth(bytes),
            None if closure.is_same() => "–".to_owned(),
            None => {
                let n = closure.versions.len() + closure.added.len() + closure.removed.len();
                count(n, "package")
            }
        });
    let causes = derivations.map(|d| d.causes.len().to_string());
    let followers = derivations.map(|d| d.followers.to_string());
    let cells = [options, causes, followers, closure];
    cells.map(Option::unwrap_or_default).join(" | ")
}

fn section(host: &HostComparison) -> String {
    let Found::Compared(comparison) = &host.found else {
        // The table has said it.
        return String::new();
    };
    let style = Style::plain(WIDTH);
    let first = answer(comparison).render(&style);
    let summary = format!("{}: {}", html(&host.host), html(&first));
    let mut text = String::new();
    let mut all = lines(comparison).into_iter().skip(1);
    for line in all.by_ref() {
        let line = line.render(&style);
        if text.len() + line.len() >= HOST {
            text.push_str("… and more: see `nix-parity diff`\n");
            break;
        }
        text.push_str(&line);
        text.push('\n');
    }
    details(&summary, &block(&text))
}

/// What could not be found out.
fn not_known(host: &HostComparison) -> String {
    let reasons: Vec<&str> = match &host.found {
        Found::Failed(reason) => vec![reason],
        Found::Compared(comparison) => comparison.unknown.iter().map(String::as_str).collect(),
        Found::Added | Found::Removed => Vec::new(),
    };
    let summary = format!("{} could not be compared wholly", html(&host.host));
    let lines = reasons.iter().flat_map(|reason| reason.lines());
    let style = Style::plain(WIDTH);
    let lines = lines.map(|line| crate::layout::Line::new(0).plain(line).render(&style));
    let text: Vec<_> = lines.take(40).collect();
    details(&summary, &block(&text.join("\n")))
}
