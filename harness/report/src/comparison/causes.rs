//! Root causes, each once: below the option that is probably behind it, or alone.

use nix_parity_core::comparison::RootCause;

use crate::layout::Line;
use crate::old_new;
use crate::style::Role;
use crate::words::some_of;

/// How many names of what follows are shown.
const NAMES: usize = 3;
/// How many changes of one cause are shown.
const CHANGES: usize = 12;
/// How many causes that belong to no option are shown.
const CAUSES: usize = 20;

/// Which root causes have been told.
pub(super) struct Told<'c> {
    causes: &'c [RootCause],
    told: Vec<bool>,
}

impl<'c> Told<'c> {
    pub(super) fn new(causes: &'c [RootCause]) -> Self {
        Self {
            causes,
            told: vec![false; causes.len()],
        }
    }

    /// A cause below the option that is probably behind it.
    pub(super) fn below(&mut self, number: usize) -> Vec<Line> {
        let (Some(cause), Some(told)) = (self.causes.get(number), self.told.get_mut(number)) else {
            return Vec::new();
        };
        let head = Line::new(2)
            .add(Role::Faint, "└─ probably ")
            .plain(&cause.name);
        if std::mem::replace(told, true) {
            return vec![head.add(Role::Faint, "  (above)")];
        }
        lines(cause, head, 5)
    }

    /// The causes that no option was tied to.
    pub(super) fn rest(&self) -> Vec<Line> {
        let untold = self.causes.iter().zip(&self.told);
        let untold: Vec<_> = untold.filter(|(_, told)| !**told).map(|(c, _)| c).collect();
        let mut out: Vec<_> = untold
            .iter()
            .take(CAUSES)
            .flat_map(|cause| lines(cause, Line::new(2).add(Role::Strong, &cause.name), 5))
            .collect();
        if untold.len() > CAUSES {
            let more = format!("… and {} more root causes", untold.len() - CAUSES);
            out.push(Line::new(2).add(Role::Faint, &more));
        }
        out
    }
}

fn lines(cause: &RootCause, head: Line, indent: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut changes = cause.changes.iter();
    if let Some(first) = changes.next() {
        let (head, rest) = old_new::change(head.plain("   "), first, indent);
        lines.push(head);
        lines.extend(rest);
    }
    for change in changes.by_ref().take(CHANGES - 1) {
        let (head, rest) = old_new::change(Line::new(indent), change, indent);
        lines.push(head);
        lines.extend(rest);
    }
    match changes.count() {
        0 => {}
        n => lines.push(Line::new(indent).add(Role::Faint, &format!("… {n} more changes"))),
    }
    if cause.followers > 0 {
        let mut names: Vec<String> = cause.way_up.iter().take(cause.followers).cloned().collect();
        // The toplevel, which everything ends in, is the last one to name.
        if names.len() > NAMES {
            let last = names.pop();
            names.truncate(NAMES - 1);
            names.extend(last);
        }
        let more = cause.followers.saturating_sub(names.len());
        let text = match (names.is_empty(), more) {
            (true, n) => format!("└─ {n} follow"),
            (false, 0) => format!("└─ follows: {}", names.join(", ")),
            (false, n) => format!("└─ follows: {}, and {n} more", names.join(", ")),
        };
        lines.push(Line::new(indent).add(Role::Faint, &text));
    }
    lines
}

/// The first few of many names.
pub(super) fn some(names: &[String], most: usize) -> String {
    some_of(names.iter().cloned(), most)
}
