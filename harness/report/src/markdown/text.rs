//! Foreign text in Markdown: spans, blocks, and code within HTML.

use nix_parity_core::text::shorten;

use crate::layout::{escape, harmless};

/// The longest text within a line.
const LONGEST: usize = 300;

/// A code span that nothing in it ends, and that leaves a cell of a table whole.
pub(super) fn span(text: &str) -> String {
    // A table is cut at each bar, code or not.
    let text = escape(&shorten(text, LONGEST)).replace('|', "\\u{7c}");
    let fence = fence(&text, 1);
    // Spaces at both ends are taken off, and a backtick must not touch the fence.
    let pad = if text.is_empty() || text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) {
        " "
    } else {
        ""
    };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A block of code that no line of it ends.
pub(super) fn block(text: &str) -> String {
    // Whoever prints the page in a log may obey what stands in it.
    let text = harmless(text);
    let fence = fence(&text, 3);
    format!("{fence}text\n{}\n{fence}\n", text.trim_end_matches('\n'))
}

/// Code inside of HTML that Markdown does not look into.
pub(super) fn html(text: &str) -> String {
    let text = escape(&shorten(text, LONGEST));
    let escaped = [
        ('&', "&amp;"),
        ('<', "&lt;"),
        ('>', "&gt;"),
        ('"', "&quot;"),
    ]
    .into_iter()
    .fold(text, |text, (from, to)| text.replace(from, to));
    format!("<code>{escaped}</code>")
}

/// Something to unfold: a line of HTML, and Markdown below it.
pub(super) fn details(summary: &str, body: &str) -> String {
    format!("<details><summary>{summary}</summary>\n\n{body}\n</details>\n\n")
}

/// More backticks than stand in a row anywhere in a text, and at least so many.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(least))
}

#[cfg(test)]
mod tests {
    use super::{block, html, span};

    #[test]
    fn nothing_gets_out_of_code() {
        assert_eq!(span("a"), "`a`");
        assert_eq!(span("a`b``c"), "```a`b``c```");
        assert_eq!(span("`"), "`` ` ``");
        assert_eq!(span(""), "`  `");
        assert_eq!(
            span("a|b\\|c\nd\u{202e}"),
            "`a\\u{7c}b\\\\u{7c}c\\nd\\u{202e}`"
        );
        assert_eq!(
            block("a\n```\n````x\n"),
            "`````text\na\n```\n````x\n`````\n"
        );
        assert_eq!(
            html("</code><img src=\"x\">&amp;\n@a"),
            "<code>&lt;/code&gt;&lt;img src=&quot;x&quot;&gt;&amp;amp;\\n@a</code>"
        );
        for text in [
            span("##[group]"),
            html("##[group]"),
            block("##[group]\n::error::"),
        ] {
            assert!(!text.contains("##[") && !text.contains("\n::"), "{text}");
        }
    }
}
