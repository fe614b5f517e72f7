//! Units of systemd, by the rules of `switch-to-configuration` and, for those of homes,
//! of `sd-switch`. What is active is taken to be what another unit pulls in, or a socket
//! or timer of the same name: which units a machine has started otherwise is its own.

use nix_parity_core::gate::{Action, Effect, Thing};

use crate::gate::services::{Difference, Unit, Units};

pub(super) fn effects(old: &Units, new: &Units, thing: Thing) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (name, unit) in old {
        let action = match new.get(name) {
            None => stops(name, unit, old).then_some(Action::Stop),
            Some(other) => changes(name, [unit, other], [old, new]),
        };
        effects.extend(action.map(|action| Effect::new(action, thing, name)));
    }
    let added = new.iter().filter(|(name, _)| !old.contains_key(*name));
    let started = added.filter(|(name, unit)| {
        unit.wanted && !is_passive(name) && !unit.is_on("RefuseManualStart", false)
    });
    effects.extend(started.map(|(name, _)| Effect::new(Action::Start, thing, name)));
    effects
}

/// Whether something runs of it before the switch.
fn runs(name: &str, unit: &Unit, all: &Units) -> bool {
    let stem = name.strip_suffix(".service");
    let socket = stem.is_some_and(|stem| all.contains_key(&format!("{stem}.socket")));
    unit.wanted || socket
}

fn stops(name: &str, unit: &Unit, all: &Units) -> bool {
    runs(name, unit, all) && !is_passive(name) && unit.is_on("X-StopOnRemoval", true)
}

/// Targets run nothing, and slices are read anew without being stopped.
fn is_passive(name: &str) -> bool {
    is(name, "target") || is(name, "slice")
}

fn is(name: &str, suffix: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, end)| end == suffix)
}

fn changes(name: &str, [old, new]: [&Unit; 2], [all, all_new]: [&Units; 2]) -> Option<Action> {
    let difference = old.difference(new);
    let started = !old.wanted && new.wanted && !is_passive(name);
    if started && !runs(name, old, all) {
        return Some(Action::Start);
    }
    if difference == Difference::None || !runs(name, old, all) {
        return None;
    }
    // systemd takes these over when it reads all units anew; of sockets nothing is done.
    if is_passive(name) || is(name, "path") || is(name, "socket") {
        return None;
    }
    if difference == Difference::Reload {
        return Some(Action::Reload);
    }
    if is(name, "mount") {
        let is_base = name == "-.mount" || name == "nix.mount";
        return Some(if is_base {
            Action::Reload
        } else {
            Action::Restart
        });
    }
    match new.word("X-SwitchMethod") {
        Some("reload") => return Some(Action::Reload),
        Some("keep-old") => return Some(Action::Change),
        _ => {}
    }
    if new.is_on("X-ReloadIfChanged", false) {
        return Some(Action::Reload);
    }
    if !new.is_on("X-RestartIfChanged", true)
        || new.is_on("RefuseManualStop", false)
        || new.is_on("X-OnlyManualStart", false)
    {
        return Some(Action::Change);
    }
    // What has ended long since starts once more, where something still pulls it in.
    if old.runs_once() {
        return new.wanted.then_some(Action::Start);
    }
    let goes_on = runs(name, new, all_new);
    Some(if goes_on || !new.is_on("X-StopIfChanged", true) {
        Action::Restart
    } else {
        Action::Stop
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use nix_parity_core::gate::{Action, Thing};

    use super::effects;
    use crate::gate::services::{Unit, Units};

    /// Units by name, `+` before it where another unit pulls it in, with their keys.
    fn units(list: &[(&str, &str)]) -> Units {
        let units = list.iter().map(|(name, keys)| {
            let wanted = name.starts_with('+');
            let mut sections = BTreeMap::new();
            for entry in keys.split(' ').filter(|k| !k.is_empty()) {
                let (section, pair) = entry.split_once('/').unwrap();
                let (key, value) = pair.split_once('=').unwrap();
                let keys: &mut BTreeMap<String, Vec<String>> =
                    sections.entry(section.to_owned()).or_default();
                keys.entry(key.to_owned())
                    .or_default()
                    .push(value.to_owned());
            }
            let name = name.trim_start_matches('+').to_owned();
            (name, Unit::new(&sections, wanted))
        });
        units.collect()
    }

    #[track_caller]
    fn check(old: &[(&str, &str)], new: &[(&str, &str)], expected: &[(Action, &str)]) {
        let found = effects(&units(old), &units(new), Thing::Unit);
        let found: Vec<_> = found.iter().map(|e| (e.action, e.name.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_comes_starts_and_what_goes_stops_where_it_runs() {
        check(
            &[
                ("+a.service", ""),
                ("b.service", ""),
                ("+c.service", "Unit/X-StopOnRemoval=false"),
                ("d.service", ""),
                ("+d.socket", ""),
                ("+x.target", ""),
            ],
            &[
                ("+e.service", ""),
                ("f.service", ""),
                ("+g.timer", ""),
                ("+h.service", "Unit/RefuseManualStart=true"),
                ("+y.target", ""),
            ],
            &[
                (Action::Stop, "a.service"),
                (Action::Stop, "d.service"),
                (Action::Stop, "d.socket"),
                (Action::Start, "e.service"),
                (Action::Start, "g.timer"),
            ],
        );
    }

    #[test]
    fn what_changes_does_what_it_says_of_itself() {
        let old = "Service/ExecStart=/a";
        for (name, flags, action) in [
            ("+a.service", "", Some(Action::Restart)),
            ("a.service", "", None),
            (
                "+a.service",
                "Service/X-RestartIfChanged=false",
                Some(Action::Change),
            ),
            (
                "+a.service",
                "Service/X-ReloadIfChanged=true",
                Some(Action::Reload),
            ),
            (
                "+a.service",
                "Service/X-StopIfChanged=false",
                Some(Action::Restart),
            ),
            (
                "+a.service",
                "Unit/RefuseManualStop=yes",
                Some(Action::Change),
            ),
            (
                "+a.service",
                "Unit/X-SwitchMethod=keep-old",
                Some(Action::Change),
            ),
            ("+a.timer", "", Some(Action::Restart)),
            ("+a.socket", "", None),
            ("+a.path", "", None),
            ("+a.slice", "", None),
            ("+a.target", "", None),
            ("+a.mount", "", Some(Action::Restart)),
            ("+nix.mount", "", Some(Action::Reload)),
        ] {
            let new = format!("Service/ExecStart=/b {flags}");
            let plain = name.trim_start_matches('+');
            let expected: Vec<_> = action.map(|action| (action, plain)).into_iter().collect();
            check(&[(name, old)], &[(name, &new)], &expected);
            check(&[(name, &new)], &[(name, &new)], &[]);
        }
    }

    #[test]
    fn what_has_ended_starts_again_and_what_is_pulled_in_now_starts() {
        let once = "Service/Type=oneshot Service/ExecStart=/";
        check(
            &[("+a.service", &format!("{once}a")), ("b.service", "")],
            &[("+a.service", &format!("{once}b")), ("+b.service", "")],
            &[(Action::Start, "a.service"), (Action::Start, "b.service")],
        );
    }
}
