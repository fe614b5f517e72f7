//! The three levels of a comparison, a line for each.

use nix_parity_core::comparison::{
    Closure, Comparison, Derivations, OptionChange, RootCause, Setting,
};

use crate::comparison::{added_and_removed, growth};
use crate::layout::Line;
use crate::style::Role;
use crate::words::count;

/// How much of a level is named.
const MOST: usize = 6;

/// Values that are longer are not told here.
const LONGEST: usize = 40;

/// Where what differs begins.
const COLUMN: usize = 15;

pub(super) fn lines(comparison: &Comparison) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(options) = &comparison.options {
        let own: Vec<_> = options.iter().filter(|option| !option.derived).collect();
        let derived = options.len() - own.len();
        let amount = match derived {
            0 => format!("{} changed", own.len()),
            n => format!("{} changed ({n} more made of others)", own.len()),
        };
        lines.push(line("options", &amount, own.iter().map(|o| option(o))));
    }
    if let Some(derivations) = &comparison.derivations {
        lines.push(of_derivations(derivations));
    }
    if let Some(closure) = &comparison.closure {
        lines.push(of_closure(closure));
    }
    lines
}

/// A level: how much differs, then the first of it.
fn line(level: &str, amount: &str, parts: impl ExactSizeIterator<Item = String>) -> Line {
    let more = parts.len().saturating_sub(MOST);
    let mut named: Vec<_> = parts.take(MOST).collect();
    if more > 0 {
        named.push(format!("and {more} more"));
    }
    let line = Line::new(2).add(Role::Faint, level).pad_to(COLUMN);
    let line = line.add(Role::Strong, amount);
    if named.is_empty() {
        line
    } else {
        line.plain("   ").plain(&named.join(" · "))
    }
}

fn option(option: &OptionChange) -> String {
    let text = |side: &Setting| match side {
        Setting::Value(text) => text.clone(),
        Setting::Unset => "(not there)".to_owned(),
        Setting::Failed(_) => "(cannot be evaluated)".to_owned(),
    };
    let [old, new] = [&option.old, &option.new].map(text);
    let is_short = |text: &String| text.chars().count() <= LONGEST && !text.contains('\n');
    if is_short(&old) && is_short(&new) {
        format!("{} {old} → {new}", option.path)
    } else {
        option.path.clone()
    }
}

fn of_derivations(derivations: &Derivations) -> Line {
    let mut amount = vec![
        count(derivations.causes.len(), "root cause"),
        match derivations.followers {
            1 => "1 follows".to_owned(),
            n => format!("{n} follow"),
        },
    ];
    amount.extend(added_and_removed(derivations));
    let amount = if derivations.is_same() && derivations.ignored > 0 {
        format!("the same but for labels ({})", derivations.ignored)
    } else {
        amount.join(", ")
    };
    line("derivations", &amount, derivations.causes.iter().map(cause))
}

fn cause(cause: &RootCause) -> String {
    let mut changes = cause.changes.iter();
    match (changes.next(), changes.next()) {
        (Some(one), None) => match (&one.old, &one.new) {
            (Some(old), Some(new)) if one.what == "version" => {
                format!("{} {old} → {new}", cause.name)
            }
            _ => format!("{} {}", cause.name, one.what),
        },
        _ => cause.name.clone(),
    }
}

fn of_closure(closure: &Closure) -> Line {
    let amount = match closure.growth {
        Some(bytes) => growth(bytes),
        None if closure.is_same() => "the same packages (not built: sizes unknown)".to_owned(),
        None => {
            let changed = closure.versions.len() + closure.added.len() + closure.removed.len();
            format!(
                "{} changed (not built: sizes unknown)",
                count(changed, "package")
            )
        }
    };
    let versions = closure.versions.iter().map(|change| {
        let [old, new] = [&change.old, &change.new].map(|list| list.join(", "));
        format!("{} {old} → {new}", change.name)
    });
    let added = closure.added.iter().map(|name| format!("+{name}"));
    let removed = closure.removed.iter().map(|name| format!("−{name}"));
    let all: Vec<_> = versions.chain(added).chain(removed).collect();
    line("closure", &amount, all.into_iter())
}
