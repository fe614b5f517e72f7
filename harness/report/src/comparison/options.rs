//! Options: what they were and are, who set them, what they are probably behind.

use nix_parity_core::comparison::OptionChange;
use nix_parity_core::location::Location;

use super::causes::Told;
use crate::layout::Line;
use crate::style::Role;
use crate::{old_new, words};

/// How many options that modules made of others are listed.
const DERIVED: usize = 8;

pub(super) fn block(option: &OptionChange, told: &mut Told<'_>) -> Vec<Line> {
    let mut lines = head(option, 2);
    for cause in &option.causes {
        lines.extend(told.below(*cause));
    }
    lines
}

/// Those that no file of the flake sets, below the others.
pub(super) fn derived(options: &[&OptionChange]) -> Vec<Line> {
    if options.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::new(2).add(Role::Faint, "made of others by modules of inputs")];
    for option in options.iter().take(DERIVED) {
        lines.extend(head(option, 4).into_iter().take(1));
    }
    if options.len() > DERIVED {
        let more = format!(
            "… and {}",
            words::count(options.len() - DERIVED, "more option")
        );
        lines.push(Line::new(4).add(Role::Faint, &more));
    }
    lines
}

fn head(option: &OptionChange, indent: usize) -> Vec<Line> {
    let path = Line::new(indent).add(Role::Strong, &option.path);
    let place = option.origins.iter().find(|o| o.location.is_own());
    let place = place.or(option.origins.first());
    let located = |line: Line| match place {
        Some(origin) => line.right(Role::Place, &short(&origin.location)),
        None => line,
    };
    let [old, new] = [&option.old, &option.new].map(words::setting);
    if !old.contains('\n') && !new.contains('\n') {
        return vec![located(old_new::inline(path.plain("  "), &old, &new))];
    }
    let mut lines = vec![located(path)];
    lines.extend(old_new::block(&old, &new, indent + 2));
    lines
}

/// `file:line`.
fn short(location: &Location) -> String {
    Location::point(location.file.clone(), location.line, 0).to_string()
}
