//! Small pieces that many sections are made of.

use maud::{Markup, html};
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::location::Location;
use nix_parity_core::outcome::Outcome;
use nix_parity_core::text::shorten;

/// The longest line of a text that is shown, in characters.
const LONGEST: usize = 1_000;
/// How many lines of a text are shown.
const LINES: usize = 60;

/// `file:line`.
pub(super) fn place(location: &Location) -> Markup {
    let text = Location::point(location.file.clone(), location.line, 0).to_string();
    html! { code.place { (shorten(&text, LONGEST)) } }
}

/// The outcome as a word with its colour.
pub(super) fn badge(outcome: &Outcome) -> Markup {
    html! { span class={ "badge " (outcome.word()) } { (outcome.word()) } }
}

/// Text of any length, with its line ends.
pub(super) fn text(text: &str) -> Markup {
    let lines: Vec<_> = text.trim_end_matches('\n').split('\n').collect();
    let (shown, more) = limited(&lines);
    html! {
        @for (number, line) in shown.iter().enumerate() {
            @if number > 0 { "\n" }
            (shorten(line, LONGEST))
        }
        @if more > 0 { "\n" (left_out(more)) }
    }
}

/// Those of many lines that are shown, and how many are not.
pub(super) fn limited<T>(lines: &[T]) -> (&[T], usize) {
    // Leaving out one would take as much room.
    match lines.get(..LINES) {
        Some(shown) if lines.len() > LINES + 1 => (shown, lines.len() - LINES),
        _ => (lines, 0),
    }
}

/// That some lines are not shown.
pub(super) fn left_out(lines: usize) -> Markup {
    html! { span.faint { "… " (lines) " more lines" } }
}

/// Lines of a file with their numbers, the one that is meant marked.
pub(super) fn excerpt(excerpt: &Excerpt) -> Markup {
    html! {
        pre.source {
            @for (number, line) in (excerpt.first..).zip(&excerpt.lines) {
                @let is_meant = number == excerpt.location.line;
                @let class = if is_meant { "line meant" } else { "line" };
                span class=(class) {
                    span.number { (number) }
                    code { (line) @if line.is_empty() { " " } }
                }
            }
        }
    }
}

/// Where a link to a file leads. Nothing in it can be a scheme, a query or a fragment.
pub(super) fn href(base: &str, path: &str) -> String {
    let mut out = String::new();
    if path.starts_with('/') {
        out.push_str("file://");
    } else if base.starts_with('/') {
        out.push_str("file://");
        encode(base, &mut out);
    } else {
        out.push_str("./");
        encode(base, &mut out);
    }
    encode(path, &mut out);
    out
}

fn encode(path: &str, out: &mut String) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
}

fn hex(digit: u8) -> char {
    char::from_digit(u32::from(digit), 16).map_or('0', |c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{href, text};

    #[test]
    fn links_lead_to_files_and_nowhere_else() {
        for (base, path, link) in [
            ("", "a/b.png", "./a/b.png"),
            ("../", "a b.png", "./../a%20b.png"),
            ("", "javascript:alert(1)", "./javascript%3Aalert%281%29"),
            ("", "x?y#z\"é", "./x%3Fy%23z%22%C3%A9"),
            ("/srv/p/", "a.log", "file:///srv/p/a.log"),
            ("../", "/nix/store/x", "file:///nix/store/x"),
        ] {
            assert_eq!(href(base, path), link);
        }
        // Two slashes would name another machine.
        assert_eq!(href("", "//host/x"), "file:////host/x");
    }

    #[test]
    fn long_texts_are_cut() {
        let long = text(&"line\n".repeat(100)).into_string();
        assert!(long.ends_with("… 40 more lines</span>"), "{long}");
        assert_eq!(text("a<b\n\n").into_string(), "a&lt;b");
    }
}
