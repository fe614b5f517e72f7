//! A snapshot that waits to be accepted, with all that differs from what was.

use std::io::{self, Write};

use similar::{ChangeTag, TextDiff};

use crate::layout::Line;
use crate::style::{Role, Style};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;

/// Writes the difference of an accepted text, if there is one, and a new one, from its
/// first line to its last.
///
/// # Errors
/// When `out` cannot be written to.
pub fn review(
    name: &str,
    old: Option<&str>,
    new: &str,
    out: &mut dyn Write,
    style: &Style,
) -> io::Result<()> {
    let mut lines = vec![Line::new(0).add(Role::Strong, name)];
    if old.is_none() {
        lines.push(Line::new(2).add(Role::Faint, "nothing was accepted yet"));
    }
    let diff = TextDiff::from_lines(old.unwrap_or_default(), new);
    for (number, ops) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            lines.push(Line::new(2).add(Role::Faint, "⋮"));
        }
        for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
            let (role, sign) = match change.tag() {
                ChangeTag::Delete => (Role::Bad, "-"),
                ChangeTag::Insert => (Role::Good, "+"),
                ChangeTag::Equal => (Role::Plain, " "),
            };
            let text = change.value().trim_end_matches('\n');
            let line = Line::new(2).add(role, sign).pad_to(4);
            lines.push(line.add(role, text));
        }
    }
    for line in &lines {
        writeln!(out, "{}", line.render(style))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::review;
    use crate::style::Style;

    fn shown(old: Option<&str>, new: &str) -> String {
        let mut out = Vec::new();
        review("a.snap", old, new, &mut out, &Style::plain(80)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn all_that_differs_is_shown() {
        assert_eq!(
            shown(Some("1\n2\n3"), "1\n4\n3"),
            "a.snap\n    1\n  - 2\n  + 4\n    3\n"
        );
        let lines: Vec<String> = (0..500).map(|n: u32| n.to_string()).collect();
        let long = lines.join("\n") + "\n";
        assert_eq!(shown(None, &long).lines().count(), 2 + 500);
    }

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert!(!shown(None, "\u{1b}[2J").contains('\u{1b}'));
    }
}
