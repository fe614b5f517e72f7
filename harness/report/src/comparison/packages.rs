//! What came, what went, and which versions changed.

use nix_parity_core::comparison::{Closure, Derivations, VersionChange};

use super::causes::some;
use crate::layout::Line;
use crate::style::Role;

/// How many names are listed in one line.
const NAMES: usize = 10;
/// How many versions are listed, one per line.
const VERSIONS: usize = 30;

pub(super) fn derivations(derivations: &Derivations) -> Vec<Line> {
    let renamed: Vec<_> = derivations
        .renamed
        .iter()
        .map(|(old, new)| format!("{old} → {new}"))
        .collect();
    [
        ("derivations added    ", &derivations.added),
        ("derivations removed  ", &derivations.removed),
        ("derivations renamed  ", &renamed),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(key, names)| {
        Line::new(2)
            .add(Role::Faint, key)
            .plain(&some(names, NAMES))
    })
    .collect()
}

pub(super) fn closure(closure: &Closure) -> Vec<Line> {
    let mut lines: Vec<_> = closure
        .versions
        .iter()
        .take(VERSIONS)
        .map(version)
        .collect();
    if closure.versions.len() > VERSIONS {
        let more = format!("… and {} more versions", closure.versions.len() - VERSIONS);
        lines.push(Line::new(2).add(Role::Faint, &more));
    }
    for (key, role, names) in [
        ("packages added    ", Role::Good, &closure.added),
        ("packages removed  ", Role::Bad, &closure.removed),
    ] {
        if !names.is_empty() {
            lines.push(
                Line::new(2)
                    .add(Role::Faint, key)
                    .add(role, &some(names, NAMES)),
            );
        }
    }
    lines
}

fn version(change: &VersionChange) -> Line {
    let versions = |versions: &[String]| versions.join(", ");
    Line::new(2)
        .add(Role::Faint, "version  ")
        .plain(&change.name)
        .plain(" ")
        .add(Role::Bad, &versions(&change.old))
        .plain(" → ")
        .add(Role::Good, &versions(&change.new))
}
