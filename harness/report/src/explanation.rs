//! Why an option has its value, and how a derivation comes into a system.

use std::io::{self, Write};

use nix_parity_core::comparison::Setting;
use nix_parity_core::explanation::{DerivationExplanation, Fate, OptionExplanation, OptionOnHost};

use crate::difference::limited;
use crate::failure::origins;
use crate::layout::{self, Line};
use crate::style::Role;
use crate::{Style, old_new};

/// Where details of a host begin, and the column of their values.
const INDENT: usize = 4;
const COLUMN: usize = INDENT + 10;

/// Writes what there is to know of an option.
///
/// # Errors
/// When `out` cannot be written to.
pub fn option_explanation(
    explanation: &OptionExplanation,
    out: &mut dyn Write,
    style: &Style,
) -> io::Result<()> {
    let (declared, others): (Vec<_>, Vec<_>) =
        explanation.hosts.iter().partition(|host| host.declared);
    let differs = declared
        .iter()
        .any(|host| Some(&host.value) != declared.first().map(|h| &h.value));
    let verdict = match (differs, declared.as_slice()) {
        (true, _) => "  differs between the hosts".to_owned(),
        (false, [only]) => format!("  on {}", only.host),
        (false, all) => format!("  the same on {} hosts", all.len()),
    };
    let mut lines = vec![
        Line::new(0)
            .add(Role::Strong, &explanation.path)
            .plain(&verdict),
    ];
    for host in &declared {
        lines.extend(on_host(host));
    }
    if differs {
        lines.extend(
            declared
                .iter()
                .skip(1)
                .filter_map(|host| declared.first().map(|first| why(first, host)))
                .flatten(),
        );
    }
    if !others.is_empty() {
        let names: Vec<_> = others.iter().map(|host| host.host.as_str()).collect();
        let text = format!("no such option on {}", names.join(", "));
        lines.push(Line::new(0).add(Role::Faint, &text));
    }
    layout::write(&lines, out, style)
}

fn on_host(host: &OptionOnHost) -> Vec<Line> {
    let head = Line::new(2).plain(&host.host).plain("  ");
    let (role, value) = match &host.value {
        Setting::Value(value) => (Role::Strong, value.as_str()),
        Setting::Unset => (Role::Doubt, "(nothing sets it, and it has no default)"),
        Setting::Failed(message) => (Role::Doubt, message.as_str()),
    };
    let mut lines = if value.contains('\n') {
        let value = value
            .split('\n')
            .map(|line| Line::new(INDENT).add(role, line));
        let mut lines = vec![head];
        lines.extend(limited(value.collect(), INDENT));
        lines
    } else {
        vec![head.add(role, value)]
    };
    lines.extend(origins(&host.origins));
    let detail = |key: &str, text: &str| {
        Line::new(INDENT)
            .add(Role::Faint, key)
            .pad_to(COLUMN)
            .plain(text)
    };
    if let Some(priority) = host.priority {
        lines.push(detail("priority", &in_words(priority)));
    }
    lines.extend(host.kind.as_deref().map(|kind| detail("type", kind)));
    for declaration in &host.declarations {
        lines.push(detail("declared", &declaration.to_string()));
    }
    lines
}

fn in_words(priority: i64) -> String {
    let word = match priority {
        ..50 => "stronger than mkForce",
        50 => "mkForce",
        51..100 => "stronger than a plain definition",
        1_000 => "mkDefault",
        1_500.. => "the option's own default",
        _ => "weaker than a plain definition",
    };
    format!("{priority} ({word})")
}

/// Which definitions one of two hosts has and the other has not.
fn why(first: &OptionOnHost, other: &OptionOnHost) -> Option<Line> {
    if first.value == other.value {
        return None;
    }
    let only = |of: &OptionOnHost, not_of: &OptionOnHost| {
        let not_of: Vec<_> = not_of.origins.iter().map(|o| &o.location).collect();
        let only = of.origins.iter().find(|o| !not_of.contains(&&o.location));
        only.map(|origin| origin.location.clone())
    };
    let line = Line::new(2).plain(&format!("{} and {} differ: ", first.host, other.host));
    let (of_first, of_other) = (only(first, other), only(other, first));
    Some(match (of_first, of_other) {
        (None, None) => line.plain("the same definitions have other values there"),
        (here, there) => {
            let said: Vec<_> = [(here, &first.host), (there, &other.host)]
                .into_iter()
                .filter_map(|(place, host)| Some(format!("{} is for {host} only", place?)))
                .collect();
            line.plain(&said.join(", "))
        }
    })
}

/// Writes how a derivation comes into a system.
///
/// # Errors
/// When `out` cannot be written to.
pub fn derivation_explanation(
    explanation: &DerivationExplanation,
    out: &mut dyn Write,
    style: &Style,
) -> io::Result<()> {
    let head = Line::new(0).add(Role::Strong, &explanation.name);
    let (head, chain, changes) = match &explanation.fate {
        None => (
            head.plain(&format!("  is in {} through", explanation.host)),
            explanation.chain.as_slice(),
            [].as_slice(),
        ),
        Some(Fate::Unchanged) => (
            head.plain("  is the same on both sides; it is there through"),
            explanation.chain.as_slice(),
            [].as_slice(),
        ),
        Some(Fate::Added) => (
            head.plain("  is new; it is there through"),
            explanation.chain.as_slice(),
            [].as_slice(),
        ),
        Some(Fate::Cause { changes }) => (
            head.plain("  was itself changed; it is there through"),
            explanation.chain.as_slice(),
            changes.as_slice(),
        ),
        Some(Fate::Follows { chain, changes }) if !chain.is_empty() => (
            head.plain("  merely follows what was changed below it"),
            chain.as_slice(),
            changes.as_slice(),
        ),
        Some(Fate::Follows { .. }) => (
            head.plain("  differs by labels and what `noise` leaves out only"),
            [].as_slice(),
            [].as_slice(),
        ),
    };
    let mut lines = vec![head];
    for (depth, name) in chain.iter().enumerate() {
        let line = Line::new(2 + 2 * depth);
        let line = if depth == 0 {
            line
        } else {
            line.add(Role::Faint, "└─ ")
        };
        lines.push(line.plain(name));
    }
    for change in changes {
        let (head, rest) = old_new::change(Line::new(INDENT), change, INDENT);
        lines.push(head);
        lines.extend(rest);
    }
    lines.push(Line::new(2).add(Role::Faint, &explanation.path));
    layout::write(&lines, out, style)
}
