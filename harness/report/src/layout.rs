//! Lines of text made of pieces, and the only place where foreign text becomes
//! output: whatever is added to a line is escaped here.

use std::fmt::Write as _;
use std::io::{self, Write};

use nix_parity_core::text;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::style::{Role, Style};

/// The longest piece of a line. A value may be a megabyte on one line; the record
/// has it in full.
const LONGEST: usize = 1_000;

/// One line, before it is known how wide the output is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    indent: usize,
    pieces: Vec<(Role, String)>,
    right: Option<(Role, String)>,
}

impl Line {
    /// A line that begins at this column.
    pub(crate) fn new(indent: usize) -> Self {
        Self {
            indent,
            ..Self::default()
        }
    }

    /// A line without text.
    pub(crate) fn blank() -> Self {
        Self::default()
    }

    /// Appends text, escaped.
    pub(crate) fn add(mut self, role: Role, text: &str) -> Self {
        let text = escape(&text::shorten(text, LONGEST));
        if !text.is_empty() {
            self.pieces.push((role, text));
        }
        self
    }

    /// Appends text that is nothing in particular.
    pub(crate) fn plain(self, text: &str) -> Self {
        self.add(Role::Plain, text)
    }

    /// Appends spaces up to a column.
    pub(crate) fn pad_to(mut self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        if missing > 0 {
            self.pieces.push((Role::Plain, " ".repeat(missing)));
        }
        self
    }

    /// What stands at the right margin, or on a line of its own where there is no room.
    pub(crate) fn right(mut self, role: Role, text: &str) -> Self {
        self.right = Some((role, escape(&text::shorten(text, LONGEST))));
        self
    }

    /// Columns taken by all but the right margin.
    pub(crate) fn width(&self) -> usize {
        self.indent + self.pieces.iter().map(|(_, t)| t.width()).sum::<usize>()
    }

    /// The part that fits into this many columns, for lines that must not wrap.
    pub(crate) fn cut(mut self, width: usize) -> Self {
        self.right = None;
        self.indent = self.indent.min(width);
        let mut left = width - self.indent;
        for (_, text) in &mut self.pieces {
            let mut end = 0;
            for (at, c) in text.char_indices() {
                let columns = c.width().unwrap_or(0);
                if columns > left {
                    left = 0;
                    break;
                }
                left -= columns;
                end = at + c.len_utf8();
            }
            text.truncate(end);
        }
        self
    }

    /// The line as text, without a newline at its end.
    pub(crate) fn render(&self, style: &Style) -> String {
        let mut line = self.clone();
        disarm(&mut line.pieces);
        if let Some((role, text)) = line.right.take() {
            let (used, needed) = (line.width(), text.width());
            if used + 2 + needed > style.width {
                let mut below = Self::new(self.indent + 2);
                below.pieces.push((role, text));
                return format!("{}\n{}", line.render(style), below.render(style));
            }
            line = line.pad_to(style.width - needed);
            line.pieces.push((role, text));
            // Where nothing else stands in the line, it begins here.
            disarm(&mut line.pieces);
        }
        let blank = |(_, text): &(Role, String)| text.trim_end_matches(' ').is_empty();
        while line.pieces.last().is_some_and(blank) {
            line.pieces.pop();
        }
        let lead = if line.pieces.is_empty() {
            0
        } else {
            line.indent
        };
        let mut out = " ".repeat(lead);
        for (role, text) in &line.pieces {
            let ansi = role.ansi();
            if style.colour && !ansi.is_plain() {
                // Writing to a String cannot fail.
                let _ = write!(out, "{}{text}{}", ansi.render(), ansi.render_reset());
            } else {
                out.push_str(text);
            }
        }
        out
    }
}

/// Writes lines, each with its newline.
pub(crate) fn write(lines: &[Line], out: &mut dyn Write, style: &Style) -> io::Result<()> {
    for line in lines {
        writeln!(out, "{}", line.render(style))?;
    }
    Ok(())
}

/// Text that is safe inside a line: escaped, and not `##[…]`, which GitHub's and
/// Azure's runners obey wherever it stands.
pub(crate) fn escape(text: &str) -> String {
    text::one_line(text).replace("##[", "#\\u{23}[")
}

/// Text of any number of lines that neither a terminal nor a CI runner obeys.
pub fn harmless(text: &str) -> String {
    let text = text::printable(text);
    let lines: Vec<_> = text.split('\n').map(disarmed).collect();
    lines.join("\n")
}

/// One line of text that no runner obeys, wherever it is printed; escaped before.
pub(crate) fn disarmed(line: &str) -> String {
    let line = line.replace("##[", "#\\u{23}[");
    if line.trim_start().starts_with("::") {
        return line.replacen(':', "\\u{3a}", 1);
    }
    line
}

/// Keeps a line from being `::command::`, which GitHub's runner obeys at the start
/// of a line, spaces before it or not.
fn disarm(pieces: &mut [(Role, String)]) {
    let start: String = pieces
        .iter()
        .flat_map(|(_, text)| text.chars())
        .skip_while(|c| c.is_whitespace())
        .take(2)
        .collect();
    if start == "::"
        && let Some((_, text)) = pieces.iter_mut().find(|(_, t)| !t.trim().is_empty())
    {
        *text = text.replacen(':', "\\u{3a}", 1);
    }
}

#[cfg(test)]
mod tests {
    use super::Line;
    use crate::style::{Role, Style};

    fn show(line: &Line, width: usize) -> String {
        line.render(&Style::plain(width))
    }

    #[test]
    fn the_right_part_moves_below_where_there_is_no_room() {
        let line = Line::new(1).plain("left").right(Role::Place, "right");
        assert_eq!(show(&line, 14), " left    right");
        assert_eq!(show(&line, 12), " left  right");
        assert_eq!(show(&line, 11), " left\n   right");
        assert_eq!(show(&line, 0), " left\n   right");
    }

    #[test]
    fn widths_are_columns() {
        let line = Line::new(0).plain("日本語").right(Role::Plain, "x");
        assert_eq!(show(&line, 10), "日本語   x");
        assert_eq!(show(&line.clone().cut(5), 10), "日本");
        assert_eq!(show(&line.clone().cut(1), 10), "");
        assert_eq!(show(&line.cut(0), 10), "");
    }

    #[test]
    fn runner_commands_are_disarmed() {
        let command = Line::new(4).plain("::error file=x::y");
        assert_eq!(show(&command, 80), "    \\u{3a}:error file=x::y");
        let far = command.right(Role::Plain, "x");
        assert_eq!(show(&far, 30), "    \\u{3a}:error file=x::y   x");
        let alone = Line::new(2).right(Role::Plain, "::x");
        assert_eq!(show(&alone, 9), "      \\u{3a}:x");
        let split = Line::new(0).plain(" ").plain(":").plain(":stop::");
        assert_eq!(show(&split, 80), " \\u{3a}:stop::");
        let anywhere = Line::new(0).plain("a ##[error]b");
        assert_eq!(show(&anywhere, 80), "a #\\u{23}[error]b");
        let name = Line::new(0).plain("FAIL  a::b");
        assert_eq!(show(&name, 80), "FAIL  a::b");
    }

    #[test]
    fn colour_surrounds_text_and_adds_none() {
        let line = Line::new(0).add(Role::Bad, "a\u{1b}[0m").plain("b");
        let style = Style {
            colour: true,
            width: 80,
        };
        assert_eq!(line.render(&style), "\u{1b}[31ma\\u{1b}[0m\u{1b}[0mb");
    }
}
