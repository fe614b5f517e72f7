//! Jobs of launchd: a switch loads what is new, unloads what is gone, and does both with
//! what is another one.

use nix_parity_core::gate::{Action, Effect, Thing};

use crate::gate::services::Jobs;

pub(super) fn effects(old: &Jobs, new: &Jobs, thing: Thing) -> Vec<Effect> {
    let before = old.iter().filter_map(|(label, text)| match new.get(label) {
        None => Some(Effect::new(Action::Stop, thing, label)),
        Some(now) => (now != text).then(|| Effect::new(Action::Restart, thing, label)),
    });
    let added = new.keys().filter(|label| !old.contains_key(*label));
    let started = added.map(|label| Effect::new(Action::Start, thing, label));
    before.chain(started).collect()
}

#[cfg(test)]
mod tests {
    use nix_parity_core::gate::{Action, Thing};

    use super::effects;

    #[test]
    fn jobs_are_compared_by_label_and_text() {
        let jobs = |list: &[(&str, &str)]| {
            let jobs = list.iter().map(|(l, t)| ((*l).to_owned(), (*t).to_owned()));
            jobs.collect()
        };
        let old = jobs(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let new = jobs(&[("b", "1"), ("c", "2"), ("d", "1")]);
        let found = effects(&old, &new, Thing::Daemon);
        let found: Vec<_> = found.iter().map(|e| (e.action, e.name.as_str())).collect();
        assert_eq!(
            found,
            [
                (Action::Stop, "a"),
                (Action::Restart, "c"),
                (Action::Start, "d")
            ]
        );
    }
}
