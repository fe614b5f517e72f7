//! Cases that could never run: what is wrong with them, said before anything does.

use nix_parity_core::case::{Case, Check, Reach};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::Host;
use nix_parity_core::location::Location;
use nix_parity_core::nearest::nearest;

use super::{is_for, labels};

fn names(hosts: &[Host]) -> String {
    if hosts.is_empty() {
        return "no hosts".to_owned();
    }
    labels(hosts).join(", ")
}

pub(super) fn case_problems(case: &Case, hosts: &[Host]) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for pattern in case.hosts.unmatched(hosts) {
        let message = if pattern.text.contains([':', '*', '?', '[', '{']) {
            format!("`{}` matches no host", pattern.text)
        } else {
            format!("unknown host `{}`", pattern.text)
        };
        let location = pattern
            .location
            .clone()
            .unwrap_or_else(|| case.location().clone());
        problems.push(unknown(message, &pattern.text, Some(location), hosts));
    }
    for (name, location) in case.check.host_names() {
        let known: Vec<_> = hosts
            .iter()
            .filter(|h| h.name == *name || h.key() == *name)
            .collect();
        if known.is_empty() {
            let message = format!("unknown host `{name}`");
            problems.push(unknown(message, name, Some(location.clone()), hosts));
        } else if !known.iter().any(|h| case.hosts.selects(h)) {
            problems.push(
                Diagnostic::new(format!("`{name}` is not among the hosts of this case"))
                    .at(location.clone(), None)
                    .note("what is said for it could never be looked at; see `hosts`"),
            );
        }
    }
    if let Reach::Across(_) | Reach::NoHost = case.check.reach() {
        if problems.is_empty() {
            problems.extend(compares_nothing(case, hosts));
        }
        return problems;
    }
    if problems.is_empty() && !hosts.iter().any(|host| is_for(case, host)) {
        problems.push(
            Diagnostic::new(format!(
                "`{}` is for no host of this flake",
                case.name.value
            ))
            .at(case.location().clone(), None)
            .note(format!("this flake has {}", names(hosts)))
            .note("what it says is for none of the hosts that `hosts` selects"),
        );
    }
    problems
}

/// A case about several hosts for which there are not enough.
fn compares_nothing(case: &Case, hosts: &[Host]) -> Option<Diagnostic> {
    let Reach::Across(platforms) = case.check.reach() else {
        return None;
    };
    let selected: Vec<_> = hosts.iter().filter(|host| is_for(case, host)).collect();
    let name = &case.name.value;
    let missing = platforms
        .iter()
        .find(|platform| !selected.iter().any(|host| host.platform == **platform));
    let message = match (missing, selected.as_slice()) {
        (Some(platform), _) => format!("`{name}` compares with {platform}, and has no such host"),
        (None, [one]) if matches!(case.check, Check::Parity(_)) => {
            format!("`{name}` compares {} with nothing", one.name)
        }
        _ => return None,
    };
    Some(
        Diagnostic::new(message)
            .at(case.location().clone(), None)
            .note(format!("this flake has {}", names(hosts)))
            .note("see `hosts` of the case, and the platforms that it names"),
    )
}

pub(super) fn unknown(
    message: String,
    name: &str,
    location: Option<Location>,
    hosts: &[Host],
) -> Diagnostic {
    let near = nearest(name, hosts.iter().map(|h| h.name.as_str()));
    let mut diagnostic = Diagnostic::new(message);
    match (location, near) {
        (Some(location), Some(near)) => {
            diagnostic = diagnostic
                .at(location, None)
                .label(format!("did you mean `{near}`?"));
        }
        (Some(location), None) => diagnostic = diagnostic.at(location, None),
        (None, Some(near)) => diagnostic = diagnostic.note(format!("did you mean `{near}`?")),
        (None, None) => {}
    }
    diagnostic
        .note(format!("this flake has {}", names(hosts)))
        .note("a selection that can never match is an error, so that a case cannot silently stop running")
}
