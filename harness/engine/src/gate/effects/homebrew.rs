//! Homebrew: what `onActivation.cleanup` removes, and what is installed.

use nix_parity_core::gate::{Action, Effect, Thing, Unknown};

use crate::gate::services::{Answer, Brewfile, Cleanup, Homebrew, app_id};

/// How many packages are named that would make a switch abort.
const NAMES: usize = 8;

/// What a switch does with Homebrew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::gate) struct Found {
    pub(in crate::gate) effects: Vec<Effect>,
    pub(in crate::gate) unknown: Vec<Unknown>,
    /// Why the switch would end without having switched.
    pub(in crate::gate) aborts: Vec<String>,
}

/// `ask` asks Homebrew itself.
pub(in crate::gate) fn effects(
    old: Option<&Homebrew>,
    new: &Homebrew,
    ask: &dyn Fn(&Homebrew) -> Result<Answer, Unknown>,
) -> Found {
    let mut found = Found::default();
    if !new.enable {
        // Nothing of it runs any more, and all of it stays.
        return found;
    }
    let gone = old
        .map(|old| between(&new.listed, &old.listed))
        .unwrap_or_default();
    match &new.cleanup {
        Cleanup::Keep => found.leave(gone),
        Cleanup::Check => {
            match ask(new) {
                Ok(answer) => found.check(answer, &new.because),
                Err(unknown) => found.unknown.push(unknown),
            }
            found.leave(gone);
        }
        Cleanup::Uninstall => found.clean((Action::Uninstall, gone), new, ask),
        Cleanup::Zap => found.clean((Action::Zap, gone), new, ask),
        Cleanup::Unknown(value) => {
            let what = format!(
                "what Homebrew would remove: onActivation.cleanup is {value}, which nix-parity does not know"
            );
            found.unknown.push(Unknown::removals(what));
        }
    }
    if let Some(old) = old {
        let added = between(&old.listed, &new.listed).into_iter();
        let added = added.filter(|(thing, _)| *thing != Thing::Tap);
        let added = added.map(|(thing, name)| Effect::new(Action::Install, thing, name));
        found.effects.extend(added);
        let lines = other_lines(&old.listed, &new.listed);
        if !lines.is_empty() {
            let what = "what lines of the Brewfile do that came or went";
            found.unknown.push(Unknown::foreign(what, lines));
        }
    }
    found
}

impl Found {
    fn leave(&mut self, gone: Vec<(Thing, String)>) {
        let left = gone.into_iter();
        let left = left.map(|(thing, name)| Effect::new(Action::Leave, thing, name));
        self.effects.extend(left);
    }

    /// A switch that checks ends where anything would be removed.
    fn check(&mut self, answer: Answer, because: &str) {
        if !answer.is_clean {
            let all = answer.removed.iter();
            let mut names: Vec<_> = all
                .map(|(thing, n)| format!("{} {n}", thing.word()))
                .collect();
            names.extend(answer.unknown.iter().cloned());
            let more = names.len().saturating_sub(NAMES);
            names.truncate(NAMES);
            if more > 0 {
                names.push(format!("{more} more"));
            }
            let what = "the switch would abort, since Homebrew has packages that are not listed";
            self.aborts
                .push(format!("{what} ({because}): {}", names.join(", ")));
        }
        self.not_understood(answer.unknown);
    }

    fn not_understood(&mut self, lines: Vec<String>) {
        if !lines.is_empty() {
            let what = "what Homebrew would remove: its answer is not understood";
            self.unknown.push(Unknown::foreign(what, lines));
        }
    }

    /// What is removed, as Homebrew says; without its answer what is listed no more.
    fn clean(
        &mut self,
        (action, gone): (Action, Vec<(Thing, String)>),
        new: &Homebrew,
        ask: &dyn Fn(&Homebrew) -> Result<Answer, Unknown>,
    ) {
        let mut remove = |thing: Thing, name: String| {
            let action = match thing {
                Thing::Tap => Action::Untap,
                Thing::Cask => action,
                // Only casks have something to zap.
                _ => Action::Uninstall,
            };
            let effect = Effect::new(action, thing, name);
            self.effects.push(effect.because(&new.because));
        };
        match ask(new) {
            Ok(answer) => {
                let left: Vec<_> = gone
                    .into_iter()
                    // Of apps and of what editors and languages have, Homebrew removes some
                    // by its version and by what else is listed: all that it does not
                    // name stays.
                    .filter(|(thing, _)| {
                        !matches!(thing, Thing::Formula | Thing::Cask | Thing::Tap)
                    })
                    .filter(|one| !answer.removed.iter().any(|other| is_same(one, other)))
                    .collect();
                for (thing, name) in answer.removed {
                    remove(thing, name);
                }
                self.leave(left);
                self.not_understood(answer.unknown);
            }
            Err(unknown) => {
                let mut left = Vec::new();
                for (thing, name) in gone {
                    // Homebrew removes none of a kind of which none is listed.
                    let is_of_brew = matches!(thing, Thing::Formula | Thing::Cask | Thing::Tap);
                    if is_of_brew || new.listed.has(thing) {
                        remove(thing, name);
                    } else {
                        left.push((thing, name));
                    }
                }
                self.leave(left);
                self.unknown.push(unknown);
            }
        }
    }
}

/// Apps are the same by their number, whatever they are called.
fn is_same(one: &(Thing, String), other: &(Thing, String)) -> bool {
    let id = |(thing, name): &(Thing, String)| (*thing == Thing::App).then(|| app_id(name))?;
    one == other || one.0 == other.0 && id(one).is_some() && id(one) == id(other)
}

/// What `new` asks for and `old` does not.
fn between(old: &Brewfile, new: &Brewfile) -> Vec<(Thing, String)> {
    let added = new.entries.iter();
    let added = added.filter(|one| !old.entries.iter().any(|other| is_same(one, other)));
    added.cloned().collect()
}

/// Lines that are no entries and only on one side.
fn other_lines(old: &Brewfile, new: &Brewfile) -> Vec<String> {
    let only = |one: &Brewfile, other: &Brewfile| {
        let lines = one.others.iter();
        let lines = lines.filter(|line| !other.others.contains(line));
        lines.cloned().collect::<Vec<_>>()
    };
    [only(old, new), only(new, old)].concat()
}

#[cfg(test)]
#[path = "homebrew_tests.rs"]
mod tests;
