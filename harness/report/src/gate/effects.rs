//! What the switch will do, what matters most first, alike together.

use nix_parity_core::gate::{Effect, Risk};

use crate::layout::Line;
use crate::style::Role;
use crate::words::some_of;

/// How many are named that the same is done to.
const NAMES: usize = 8;

/// What stands before the first of them.
const LEAD: &str = "the switch will   ";

/// The lines; `is_all` says whether nothing else can happen.
pub(super) fn lines(effects: &[Effect], is_all: bool) -> Vec<Line> {
    if effects.is_empty() {
        let nothing = if is_all {
            "start, stop and remove nothing"
        } else {
            return Vec::new();
        };
        return vec![Line::new(2).add(Role::Faint, LEAD).plain(nothing)];
    }
    let mut groups: Vec<(&Effect, Vec<String>)> = Vec::new();
    for effect in effects {
        match groups.iter_mut().find(|(first, _)| is_like(first, effect)) {
            Some((_, names)) => names.push(effect.name.clone()),
            None => groups.push((effect, vec![effect.name.clone()])),
        }
    }
    let mut lead = LEAD.to_owned();
    let mut lines = Vec::new();
    for (effect, names) in groups {
        let line = Line::new(2).add(Role::Faint, &lead);
        lines.push(group(line.pad_to(2 + LEAD.len()), effect, names));
        lead.clear();
    }
    lines
}

fn is_like(one: &Effect, other: &Effect) -> bool {
    let about = |effect: &Effect| (effect.action, effect.thing, effect.risk);
    about(one) == about(other) && one.user == other.user && one.because == other.because
}

fn group(line: Line, effect: &Effect, names: Vec<String>) -> Line {
    let mut line = line.add(Role::Strong, effect.action.word()).plain(" ");
    let thing = effect.thing.word();
    if !thing.is_empty() {
        line = line.plain(thing).plain(" ");
    }
    line = line.plain(&some_of(names.into_iter(), NAMES));
    if let Some(user) = &effect.user {
        line = line.plain(" of ").plain(user);
    }
    if let Some(because) = &effect.because {
        line = line.plain(" (").plain(because).plain(")");
    }
    match effect.risk {
        Risk::Low => line,
        Risk::Medium => line.add(Role::Doubt, "   medium"),
        Risk::High => line.add(Role::Bad, "   high"),
        Risk::Unknown => line.add(Role::Bad, "   unknown"),
    }
}
