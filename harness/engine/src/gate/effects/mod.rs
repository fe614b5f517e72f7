//! What a switch does, from what runs before it and what is to run after it.

mod homebrew;
mod jobs;
mod units;

use std::collections::BTreeMap;

use nix_parity_core::gate::{Effect, Thing, Unknown};

use super::services::{Answer, Home, Homebrew, Services};
use homebrew::Found as OfHomebrew;

/// What is only known of systems that passed through a gate.
const NOT_RECORDED: &str =
    "nothing was recorded of what runs; it is known from the next switch through the gate on";

/// How Homebrew is asked what it would remove.
pub(super) type Ask<'a> = &'a dyn Fn(&Homebrew) -> Result<Answer, Unknown>;

/// What a switch does, and what of that is not known.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) effects: Vec<Effect>,
    pub(super) unknown: Vec<Unknown>,
    /// Why it would end without having switched.
    pub(super) aborts: Vec<String>,
}

/// What a switch does.
pub(super) fn effects(old: &Services, new: &Services, ask: Ask<'_>) -> Found {
    let mut found = Found {
        unknown: old.unknown.iter().chain(&new.unknown).cloned().collect(),
        ..Found::default()
    };
    if let Some([old, new]) = found.both("units", [&old.units, &new.units]) {
        found.effects.extend(units::effects(old, new, Thing::Unit));
    }
    if let Some([old, new]) = found.both("units of users", [&old.user_units, &new.user_units]) {
        found
            .effects
            .extend(units::effects(old, new, Thing::UserUnit));
    }
    if let Some([old, new]) = found.both("daemons", [&old.daemons, &new.daemons]) {
        found.effects.extend(jobs::effects(old, new, Thing::Daemon));
    }
    if let Some([old, new]) = found.both("agents", [&old.agents, &new.agents]) {
        found.effects.extend(jobs::effects(old, new, Thing::Agent));
    }
    homes(&mut found, [&old.homes, &new.homes]);
    if let Some(new) = &new.homebrew {
        found.add(homebrew::effects(old.homebrew.as_ref(), new, ask));
    }
    found.sorted()
}

/// What switching once more to what runs does: Homebrew removes what came by hand since.
pub(super) fn again(now: &Services, ask: Ask<'_>) -> Found {
    let unknown = now.unknown.iter().filter(|unknown| unknown.needs_answer);
    let mut found = Found {
        unknown: unknown.cloned().collect(),
        ..Found::default()
    };
    if let Some(homebrew) = &now.homebrew {
        found.add(homebrew::effects(Some(homebrew), homebrew, ask));
    }
    found.sorted()
}

impl Found {
    fn add(&mut self, of_homebrew: OfHomebrew) {
        self.effects.extend(of_homebrew.effects);
        self.unknown.extend(of_homebrew.unknown);
        self.aborts.extend(of_homebrew.aborts);
    }

    /// What matters most comes first.
    fn sorted(mut self) -> Self {
        let risk = |effect: &Effect| std::cmp::Reverse(effect.risk);
        self.effects.sort_by(|a, b| (risk(a), a).cmp(&(risk(b), b)));
        self
    }

    /// Both sides, where they are known. What only the new side has is none of nothing.
    fn both<'s, T>(&mut self, what: &str, sides: [&'s Option<T>; 2]) -> Option<[&'s T; 2]> {
        match sides {
            [Some(old), Some(new)] => Some([old, new]),
            [None, Some(_)] => {
                let what = format!("{what}: {NOT_RECORDED}");
                self.unknown.push(Unknown::new(what));
                None
            }
            // That the new side is not known is said where it was asked.
            [_, None] => None,
        }
    }
}

type Homes = BTreeMap<String, Home>;

fn homes(found: &mut Found, [old, new]: [&Option<Homes>; 2]) {
    let Some(new) = new else {
        return;
    };
    let nothing = Homes::new();
    let old = match old {
        Some(old) => old,
        None if new.is_empty() => &nothing,
        None => {
            let users: Vec<_> = new.keys().map(String::as_str).collect();
            let what = format!("units and agents of the home of {}", users.join(", "));
            let what = format!("{what}: {NOT_RECORDED}");
            found.unknown.push(Unknown::new(what));
            return;
        }
    };
    let none = Home {
        starts: true,
        ..Home::default()
    };
    for user in old
        .keys()
        .chain(new.keys().filter(|u| !old.contains_key(*u)))
    {
        let [old, new] = [old, new].map(|homes| homes.get(user).unwrap_or(&none));
        let mut effects = jobs::effects(&old.agents, &new.agents, Thing::Agent);
        if new.starts {
            effects.extend(units::effects(&old.units, &new.units, Thing::UserUnit));
        }
        found.effects.extend(effects.into_iter().map(|effect| {
            if user.is_empty() {
                effect
            } else {
                effect.of_user(user)
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use nix_parity_core::gate::{Action, Effect, Thing, Unknown};

    use crate::gate::services::{Answer, Cleanup, Home, Homebrew, Jobs, Services};

    fn effects(old: &Services, new: &Services) -> (Vec<Effect>, Vec<Unknown>) {
        let found = super::effects(old, new, &|_| Err(Unknown::removals("not here")));
        (found.effects, found.unknown)
    }

    fn with_agent(text: &str) -> Services {
        let home = Home {
            agents: Jobs::from([("sync".to_owned(), text.to_owned())]),
            starts: true,
            ..Home::default()
        };
        Services {
            homes: Some(BTreeMap::from([("lars".to_owned(), home)])),
            ..Services::default()
        }
    }

    #[test]
    fn homes_are_compared_where_something_is_known_of_them() {
        let (old, new) = (with_agent("a"), with_agent("b"));
        let (found, unknown) = effects(&old, &new);
        assert!(unknown.is_empty(), "{unknown:?}");
        assert_eq!(
            (found[0].action, found[0].thing),
            (Action::Restart, Thing::Agent)
        );
        assert_eq!(found[0].user.as_deref(), Some("lars"));
        // A user who is gone, and one who was not there.
        let none = Services {
            homes: Some(BTreeMap::new()),
            ..Services::default()
        };
        assert_eq!(effects(&old, &none).0[0].action, Action::Stop);
        assert_eq!(effects(&none, &new).0[0].action, Action::Start);
        let (found, unknown) = effects(&Services::default(), &new);
        assert!(found.is_empty());
        assert!(unknown[0].what.contains("home of lars"), "{unknown:?}");
    }

    #[test]
    fn switching_once_more_removes_what_came_by_hand_since() {
        let now = Services {
            homebrew: Some(Homebrew {
                enable: true,
                cleanup: Cleanup::Zap,
                ..Homebrew::default()
            }),
            unknown: vec![Unknown::new("units")],
            ..Services::default()
        };
        let says = |text: &'static str| {
            let code = Some(i32::from(!text.is_empty()));
            super::again(&now, &|_| Ok(Answer::of(text, "", code)))
        };
        let found = says("Would uninstall casks:\nby-hand\n");
        assert_eq!(found.effects[0].action, Action::Zap);
        let found = says("");
        // Nothing else is another one, known or not.
        assert!(found.effects.is_empty() && found.unknown.is_empty());
        let unknown = Services {
            unknown: vec![Unknown::removals("what Homebrew is asked for: no")],
            ..Services::default()
        };
        let found = super::again(&unknown, &|_| Ok(Answer::default()));
        assert_eq!(found.unknown.len(), 1);
    }

    #[test]
    fn what_one_side_does_not_know_is_said() {
        let new = Services {
            units: Some(BTreeMap::new()),
            unknown: vec![Unknown::new("units of users: infinite recursion")],
            ..Services::default()
        };
        let (found, unknown) = effects(&Services::default(), &new);
        assert!(found.is_empty());
        assert_eq!(unknown.len(), 2, "{unknown:?}");
    }
}
