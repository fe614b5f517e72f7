//! Expected and got, side by side or as a diff.

use similar::{ChangeTag, TextDiff};

use crate::layout::Line;
use crate::style::Role;

/// The longest diff or value that is printed; what is beyond is counted.
const MOST_LINES: usize = 40;
/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// From this length on, two values on one line each are shown from shortly before
/// where they part.
const LONG: usize = 160;
/// What is shown of two long values before they part.
const BEFORE: usize = 30;

/// The lines for a value that is not the expected one. Keys stand at `indent`,
/// values at `column`.
pub(crate) fn lines(expected: &str, got: &str, indent: usize, column: usize) -> Vec<Line> {
    if !expected.contains('\n') && !got.contains('\n') {
        let (expected, got) = from_where_they_part(expected, got);
        return vec![
            keyed("expected", &expected, indent, column),
            keyed("got", &got, indent, column),
        ];
    }
    let old: Vec<_> = expected.split('\n').collect();
    let new: Vec<_> = got.split('\n').collect();
    let diff = TextDiff::from_slices(&old, &new);
    // Words such as "a list that includes …" have no line in common with a value;
    // a diff would only interleave them.
    if diff.iter_all_changes().any(|c| c.tag() == ChangeTag::Equal) {
        unified(&diff, indent)
    } else {
        let mut lines = block("expected", &old, indent, column);
        lines.extend(block("got", &new, indent, column));
        lines
    }
}

fn keyed(key: &str, value: &str, indent: usize, column: usize) -> Line {
    Line::new(indent)
        .add(Role::Faint, key)
        .pad_to(column)
        .plain(value)
}

fn block(key: &str, text: &[&str], indent: usize, column: usize) -> Vec<Line> {
    if let [line] = text {
        return vec![keyed(key, line, indent, column)];
    }
    let mut lines = vec![Line::new(indent).add(Role::Faint, key)];
    let body = text.iter().map(|line| Line::new(indent + 2).plain(line));
    lines.extend(limited(body.collect(), indent + 2));
    lines
}

fn unified(diff: &TextDiff<'_, '_, str>, indent: usize) -> Vec<Line> {
    let mut body = Vec::new();
    for (number, ops) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            body.push(Line::new(indent).add(Role::Faint, "⋮"));
        }
        for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
            let (role, sign, text) = match change.tag() {
                ChangeTag::Delete => (Role::Bad, "-", spaces_shown(change.value())),
                ChangeTag::Insert => (Role::Good, "+", spaces_shown(change.value())),
                ChangeTag::Equal => (Role::Plain, " ", change.value().to_owned()),
            };
            let line = Line::new(indent).add(role, sign).pad_to(indent + 2);
            body.push(line.add(role, &text));
        }
    }
    let mut lines = vec![
        Line::new(indent)
            .add(Role::Bad, "- expected")
            .plain("  ")
            .add(Role::Good, "+ got"),
    ];
    lines.extend(limited(body, indent));
    lines
}

/// A changed line with the spaces at its end escaped: they may be all that changed.
fn spaces_shown(line: &str) -> String {
    let text = line.trim_end_matches(' ');
    text.to_owned() + &"\\u{20}".repeat(line.len() - text.len())
}

/// At most [`MOST_LINES`] of these, and how many are left out.
pub(crate) fn limited(mut lines: Vec<Line>, indent: usize) -> Vec<Line> {
    let all = lines.len();
    // Leaving out a single line would take as much room as printing it.
    if all > MOST_LINES + 1 {
        lines.truncate(MOST_LINES);
        let more = format!("… {} more lines", all - MOST_LINES);
        lines.push(Line::new(indent).add(Role::Faint, &more));
    }
    lines
}

/// Two long texts that begin alike, without most of what they have in common.
pub(crate) fn from_where_they_part(a: &str, b: &str) -> (String, String) {
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let long = a.chars().count().max(b.chars().count()) > LONG;
    let skip = common.saturating_sub(BEFORE);
    if !long || skip < BEFORE {
        return (a.to_owned(), b.to_owned());
    }
    let tail = |text: &str| {
        let tail: String = text.chars().skip(skip).collect();
        format!("… {tail}")
    };
    (tail(a), tail(b))
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::style::Style;

    fn show(expected: &str, got: &str) -> String {
        let rendered: Vec<_> = lines(expected, got, 0, 10)
            .iter()
            .map(|l| l.render(&Style::plain(80)))
            .collect();
        rendered.join("\n")
    }

    #[test]
    fn long_lines_are_shown_where_they_part() {
        let common = "x".repeat(500);
        let shown = show(&format!("{common}old"), &format!("{common}new"));
        let x = "x".repeat(30);
        assert_eq!(shown, format!("expected  … {x}old\ngot       … {x}new"));
    }

    #[test]
    fn values_without_a_line_in_common_are_not_interleaved() {
        assert_eq!(
            show("a list of 3", "[\n  1\n]"),
            "expected  a list of 3\ngot\n  [\n    1\n  ]"
        );
    }

    #[test]
    fn a_missing_last_newline_shows() {
        assert_eq!(show("a\nb\n", "a\nb"), "- expected  + got\n  a\n  b\n-");
        assert_eq!(
            show("a\nb ", "a\nb"),
            "- expected  + got\n  a\n- b\\u{20}\n+ b"
        );
    }

    #[test]
    fn long_diffs_say_how_much_is_left_out() {
        let old: String = (0..100).map(|n| n.to_string() + "\n").collect();
        let shown = show(&old, "");
        assert_eq!(shown.lines().count(), 1 + 40 + 1);
        assert!(shown.ends_with("… 61 more lines"), "{shown}");
    }
}
