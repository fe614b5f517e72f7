//! Two texts, and where they differ.

use maud::{Markup, html};
use nix_parity_core::text::shorten;
use similar::{ChangeTag, TextDiff};

use super::words::{left_out, limited, text};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// The longest line that is shown, in characters.
const LONGEST: usize = 600;

/// What two texts are to each other.
#[derive(Clone, Copy)]
pub(super) struct Sides {
    /// The words for the first and the second.
    words: [&'static str; 2],
    /// Their classes.
    classes: [&'static str; 2],
}

/// What was expected, and what there is.
pub(super) const EXPECTED: Sides = Sides {
    words: ["expected", "got"],
    classes: ["want", "have"],
};
/// What was, and what is.
pub(super) const CHANGED: Sides = Sides {
    words: ["old", "new"],
    classes: ["was", "is"],
};

/// Both texts below each other, or the lines that differ where they have lines in common.
pub(super) fn diff(first: &str, second: &str, sides: Sides) -> Markup {
    if !first.contains('\n') && !second.contains('\n') {
        let [a, b] = marked(first, second);
        return both(&[a, b], sides);
    }
    let (old, new): (Vec<_>, Vec<_>) = (first.split('\n').collect(), second.split('\n').collect());
    let diff = TextDiff::from_slices(&old, &new);
    if diff.iter_all_changes().any(|c| c.tag() == ChangeTag::Equal) {
        unified(&diff, sides)
    } else {
        both(&[text(first), text(second)], sides)
    }
}

fn both(texts: &[Markup; 2], sides: Sides) -> Markup {
    html! {
        dl.sides {
            @for ((text, word), class) in texts.iter().zip(sides.words).zip(sides.classes) {
                dt { (word) }
                dd class=(class) { pre { code { (text) } } }
            }
        }
    }
}

fn unified(diff: &TextDiff<'_, '_, str>, sides: Sides) -> Markup {
    let mut lines = Vec::new();
    for (number, ops) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if number > 0 {
            lines.push(("skip", "⋮", String::new()));
        }
        for change in ops.iter().flat_map(|op| diff.iter_changes(op)) {
            let value = shorten(change.value(), LONGEST);
            lines.push(match change.tag() {
                ChangeTag::Delete => (sides.classes[0], "−", shown(&value)),
                ChangeTag::Insert => (sides.classes[1], "+", shown(&value)),
                ChangeTag::Equal => ("same", " ", value),
            });
        }
    }
    let (lines, more) = limited(&lines);
    html! {
        p.legend {
            span class=(sides.classes[0]) { "− " (sides.words[0]) } " "
            span class=(sides.classes[1]) { "+ " (sides.words[1]) }
        }
        pre.unified {
            @for (class, sign, line) in lines {
                span class={ "line " (class) } { span.sign { (sign) } code { (line) @if line.is_empty() { " " } } }
            }
            @if more > 0 { (left_out(more)) }
        }
    }
}

/// A changed line with the spaces at its end made visible: they may be all that changed.
fn shown(line: &str) -> String {
    let text = line.trim_end_matches(' ');
    text.to_owned() + &"·".repeat(line.len() - text.len())
}

/// Two texts of one line with what they do not have in common marked.
fn marked(a: &str, b: &str) -> [Markup; 2] {
    let (left, right): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let shorter = left.len().min(right.len());
    let same = |(a, b): &(&char, &char)| a == b;
    let start = left.iter().zip(&right).take_while(same).count();
    let end = left
        .iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(same)
        .count();
    let end = end.min(shorter - start);
    // Words that have little in common read better whole.
    let is_alike = (start + end) * 2 >= left.len().max(right.len());
    [left, right].map(|chars| {
        let part = |from: usize, to: usize| -> String {
            let part = chars.get(from..to).unwrap_or_default();
            part.iter().collect()
        };
        let (middle, len) = (chars.len() - end, chars.len());
        html! {
            @if is_alike && (start + end) < len {
                (tail(&part(0, start))) b { (shorten(&part(start, middle), LONGEST)) }
                (shorten(&part(middle, len), LONGEST))
            } @else {
                (shorten(&part(0, len), LONGEST))
            }
        }
    })
}

/// The end of a text that is long.
fn tail(text: &str) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text.to_owned();
    }
    let tail: String = text.chars().skip(length - LONGEST / 4).collect();
    format!("… {tail}")
}

#[cfg(test)]
mod tests {
    use super::{EXPECTED, diff};

    #[test]
    fn what_differs_is_marked() {
        let one = diff("\"prohibit-password\"", "\"prohibit-passwords\"", EXPECTED);
        let one = one.into_string();
        assert!(one.contains("prohibit-password<b>s</b>&quot;"), "{one}");
        let other = diff("true", "false", EXPECTED).into_string();
        assert!(!other.contains("<b>"), "{other}");
        let same = diff("aa", "a", EXPECTED).into_string();
        assert!(same.contains("a<b>a</b>"), "{same}");
    }

    #[test]
    fn lines_are_compared_where_some_are_the_same() {
        let lines = diff("a\nb \nc", "a\nb\nc", EXPECTED).into_string();
        assert!(lines.contains("<code>b·</code>"), "{lines}");
        let whole = diff("a list of 3", "[\n  1\n]", EXPECTED).into_string();
        assert!(whole.contains("<dt>expected</dt>"), "{whole}");
    }
}
