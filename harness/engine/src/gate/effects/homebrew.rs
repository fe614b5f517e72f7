//! Homebrew: what `onActivation.cleanup` removes, and what is installed.

use nix_parity_core::gate::{Action, Effect, Thing};

use crate::gate::services::{Homebrew, would_remove};

pub(super) fn effects(
    old: Option<&Homebrew>,
    new: &Homebrew,
    unknown: &mut Vec<String>,
) -> Vec<Effect> {
    if !new.enable {
        // Nothing of it runs any more, and all of it stays.
        return Vec::new();
    }
    let because = format!("onActivation.cleanup = \"{}\"", new.cleanup);
    let cleans = match new.cleanup.as_str() {
        "zap" => Some(Action::Zap),
        "uninstall" => Some(Action::Uninstall),
        _ => None,
    };
    let gone = old.map(|old| between(new, old));
    let mut effects = Vec::new();
    let asked = cleans.and_then(|_| would_remove(new));
    let removed = match (asked, &gone) {
        (Some(Ok(answer)), _) => Some(answer),
        (answer, gone) => {
            if cleans.is_some() {
                let why = match answer {
                    Some(Err(why)) => format!("Homebrew cannot say what it would remove: {why}"),
                    _ => {
                        "what Homebrew would remove besides: it is not here to be asked".to_owned()
                    }
                };
                unknown.push(why);
            }
            // Apps stay whatever becomes of the rest.
            gone.clone()
        }
    };
    for (thing, name) in removed.iter().flatten() {
        let action = match (thing, cleans) {
            (Thing::App, _) | (_, None) => Action::Leave,
            (Thing::Tap, _) => Action::Untap,
            // Formulae have nothing to zap.
            (Thing::Formula, Some(_)) => Action::Uninstall,
            (_, Some(action)) => action,
        };
        let effect = Effect::new(action, *thing, name);
        effects.push(if action == Action::Leave {
            effect
        } else {
            effect.because(&because)
        });
    }
    // What is asked for no more and is an app, Homebrew does not name.
    let told = removed.unwrap_or_default();
    let left = gone.iter().flatten();
    let left = left.filter(|one| one.0 == Thing::App && !told.contains(one));
    effects.extend(left.map(|(thing, name)| Effect::new(Action::Leave, *thing, name)));
    if let Some(old) = old {
        let added = between(old, new).into_iter();
        let added = added.filter(|(thing, _)| *thing != Thing::Tap);
        effects.extend(added.map(|(thing, name)| Effect::new(Action::Install, thing, name)));
    }
    effects
}

/// What `new` asks for and `old` does not.
fn between(old: &Homebrew, new: &Homebrew) -> Vec<(Thing, String)> {
    let lists = |of: &Homebrew| {
        let of = of.clone();
        [
            (Thing::Formula, of.brews),
            (Thing::Cask, of.casks),
            (Thing::Tap, of.taps),
            (Thing::App, of.apps),
        ]
    };
    let old = lists(old);
    let mut found = Vec::new();
    for (thing, names) in lists(new) {
        let known = old.iter().find(|(other, _)| *other == thing);
        let known = known.map(|(_, names)| names.as_slice()).unwrap_or_default();
        let added = names.into_iter().filter(|name| !known.contains(name));
        found.extend(added.map(|name| (thing, name)));
    }
    found
}

#[cfg(test)]
mod tests {
    use nix_parity_core::gate::{Action, Thing};

    use super::effects;
    use crate::gate::services::Homebrew;

    fn homebrew(casks: &[&str], brews: &[&str], apps: &[&str], cleanup: &str) -> Homebrew {
        let list = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect();
        Homebrew {
            enable: true,
            casks: list(casks),
            brews: list(brews),
            apps: list(apps),
            cleanup: cleanup.to_owned(),
            ..Homebrew::default()
        }
    }

    #[test]
    fn what_is_listed_no_more_goes_as_cleanup_says() {
        let old = homebrew(&["alfred", "kitty"], &["jq"], &["Xcode"], "none");
        for (cleanup, cask, brew) in [
            ("none", Action::Leave, Action::Leave),
            ("uninstall", Action::Uninstall, Action::Uninstall),
            ("zap", Action::Zap, Action::Uninstall),
        ] {
            let new = homebrew(&["kitty", "raycast"], &[], &[], cleanup);
            let mut unknown = Vec::new();
            let found = effects(Some(&old), &new, &mut unknown);
            let found: Vec<_> = found
                .iter()
                .map(|e| (e.action, e.thing, e.name.as_str()))
                .collect();
            assert_eq!(
                found,
                [
                    (brew, Thing::Formula, "jq"),
                    (cask, Thing::Cask, "alfred"),
                    (Action::Leave, Thing::App, "Xcode"),
                    (Action::Install, Thing::Cask, "raycast"),
                ]
            );
            // Without Homebrew nobody says what else would go.
            assert_eq!(unknown.is_empty(), cleanup == "none");
        }
        let mut off = homebrew(&[], &[], &[], "zap");
        off.enable = false;
        assert!(effects(Some(&old), &off, &mut Vec::new()).is_empty());
    }
}
