//! An old and a new text: beside each other where they are short, else the lines that
//! differ.

use nix_parity_core::comparison::Change;
use similar::{ChangeTag, TextDiff};

use crate::difference::{from_where_they_part, limited};
use crate::layout::Line;
use crate::style::Role;
use crate::words::count;

/// Two texts of one line each, after what stands in the line already.
pub(crate) fn inline(line: Line, old: &str, new: &str) -> Line {
    let (old, new) = from_where_they_part(old, new);
    line.add(Role::Bad, &old).plain(" → ").add(Role::Good, &new)
}

/// The lines of two texts that differ.
pub(crate) fn block(old: &str, new: &str, indent: usize) -> Vec<Line> {
    limited(changed_lines(old, new, indent), indent)
}

fn changed_lines(old: &str, new: &str, indent: usize) -> Vec<Line> {
    let (old, new): (Vec<_>, Vec<_>) = (old.split('\n').collect(), new.split('\n').collect());
    let diff = TextDiff::from_slices(&old, &new);
    diff.iter_all_changes()
        .filter_map(|change| {
            let (role, sign) = match change.tag() {
                ChangeTag::Equal => return None,
                ChangeTag::Delete => (Role::Bad, "- "),
                ChangeTag::Insert => (Role::Good, "+ "),
            };
            // Where the text ends is no line.
            let is_end = change.value().is_empty();
            (!is_end).then(|| Line::new(indent).add(role, sign).add(role, change.value()))
        })
        .collect()
}

/// What changed of a derivation: the line that says so, and those below it.
pub(crate) fn change(head: Line, change: &Change, indent: usize) -> (Line, Vec<Line>) {
    let what = &change.what;
    match (&change.old, &change.new) {
        (Some(old), Some(new)) if !old.contains('\n') && !new.contains('\n') => {
            let line = head.plain(what).plain(": ");
            (inline(line, old, new), Vec::new())
        }
        (None, None) => (head.plain(what), Vec::new()),
        (old, new) if !what.starts_with("input ") => {
            let [old, new] = [old, new].map(|text| text.as_deref().unwrap_or(""));
            let all = changed_lines(old, new, indent + 2);
            let line = head.plain(what).plain(": ");
            (
                line.plain(&count(all.len(), "line")),
                limited(all, indent + 2),
            )
        }
        (None, _) => (head.plain("new ").plain(what), Vec::new()),
        (_, None) => (head.plain("no more ").plain(what), Vec::new()),
        _ => (head.plain(what), Vec::new()),
    }
}
