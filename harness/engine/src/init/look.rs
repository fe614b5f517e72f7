//! Looking at hosts: what is asked of each.

use std::collections::BTreeMap;

use nix_parity_core::demand::Demand;
use nix_parity_core::host::Host;
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::value::Value;
use rayon::prelude::*;

use super::found::{Fact, Facts, FoundHost, Person, is_system};
use super::secrets;
use crate::coverage::{Roots, setters};
use crate::inspect::{HOMES, Settings, homes};
use crate::judge::Oracle;
use crate::nix::Subject;
use crate::plan::labels;
use crate::run::{Engine, EngineError};

/// Sets with more members than this are taken as they are.
const MOST_MEMBERS: usize = 64;

/// What no case is made of: what is built, what the module system itself is told, and what
/// is looked at otherwise.
const LEFT_OUT: [&str; 13] = [
    "_module",
    "assertions",
    "documentation",
    "home-manager.extraSpecialArgs",
    "home-manager.sharedModules",
    "home-manager.users",
    "lib",
    "nixpkgs",
    "system.build",
    "system.configurationRevision",
    "system.nixos",
    // Asked for one by one: one undefined part of an account hides all of them.
    "users.users",
    "warnings",
];

/// What is asked of an account.
const OF_PERSON: [&str; 6] = [
    "isNormalUser",
    "home",
    "shell",
    "uid",
    "extraGroups",
    "openssh.authorizedKeys.keys",
];

/// Looks at all hosts, as many side by side as the project says.
///
/// # Errors
/// No usable Nix was found, or it was interrupted.
pub(super) fn find(engine: &Engine<'_>, hosts: &[Host]) -> Result<Vec<FoundHost>, EngineError> {
    let roots = Roots::new(engine, &[])?;
    let look = |(host, label): (&Host, String)| -> Result<FoundHost, EngineError> {
        let (system, facts) = engine.consult(host, |oracle| look_at(oracle, host, &roots))??;
        let mut host = host.clone();
        host.system = host.system.or(system);
        Ok(FoundHost { host, label, facts })
    };
    let all = || hosts.par_iter().zip(labels(hosts)).map(look).collect();
    engine.threads()?.install(all)
}

/// Why a host cannot be evaluated, if it cannot.
///
/// # Errors
/// No usable Nix was found, or it was interrupted.
pub fn first_error(engine: &Engine<'_>, host: &Host) -> Result<Option<NixError>, EngineError> {
    engine.consult(host, |oracle| {
        let first = oracle.ask_host(Subject::OptionName { number: 0 })?;
        Ok(match first {
            Observation::Threw(error) | Observation::Failed(error) => Some(error),
            _ => None,
        })
    })?
}

type Looked = (Option<String>, Result<Facts, NixError>);

fn look_at(oracle: &mut dyn Oracle, host: &Host, roots: &Roots) -> Result<Looked, EngineError> {
    let system = match oracle.ask_host(Subject::System)? {
        Observation::Value(Value::String(system)) => Some(system),
        Observation::Threw(error) | Observation::Failed(error) => return Ok((None, Err(error))),
        _ => None,
    };
    // A host that cannot say this much would fail each of the many questions to come.
    let first = oracle.ask_host(Subject::OptionName { number: 0 })?;
    if let Observation::Threw(error) | Observation::Failed(error) = first {
        return Ok((system, Err(error)));
    }
    let mut facts = Facts::default();
    facts.add_settings(oracle, host, roots)?;
    facts.add_homes(oracle, roots)?;
    if is_system(host.platform) {
        facts.add_people(oracle, host, roots)?;
    }
    facts.failing = messages(oracle.ask_host(Subject::FailedAssertions)?);
    facts.warnings = messages(oracle.ask_host(Subject::Warnings)?);
    let hidden = secrets::rules();
    facts.options.retain(|path, fact| {
        let Some(path) = OptionPath::from_segments(path.clone()) else {
            return false;
        };
        for rules in [&hidden, oracle.redaction()] {
            if let Some(shown) = rules.shown(&path, &fact.value) {
                fact.value = shown;
            }
        }
        secrets::take_out(&mut fact.value);
        fact.value != Value::Redacted
    });
    Ok((system, Ok(facts)))
}

/// Messages, where they can be asked for and all of them may be shown.
fn messages(answer: Observation) -> Option<Vec<String>> {
    let Observation::Value(Value::List(items)) = answer else {
        return None;
    };
    let texts = items.into_iter().map(|item| match item {
        Value::String(text) if !secrets::rules().may_quote(None, &text) => Some(text),
        _ => None,
    });
    texts.collect()
}

impl Facts {
    fn add_settings(
        &mut self,
        oracle: &mut dyn Oracle,
        host: &Host,
        roots: &Roots,
    ) -> Result<(), EngineError> {
        let settings = Settings::of(oracle)?;
        self.missing.extend(settings.missing);
        for (path, setting) in settings.of {
            if is_left_out(&path) {
                continue;
            }
            let own = setting.files.iter().any(|file| is_own(file, roots));
            let value = match setting.value {
                Ok(value) => value,
                Err(message) => {
                    if own {
                        self.missing.push(unknown(&path, &message));
                    }
                    continue;
                }
            };
            if let (true, Value::Attrs(members)) = (own, &value)
                && (1..=MOST_MEMBERS).contains(&members.len())
            {
                self.add_members(oracle, host, roots, &path, members);
            }
            self.options.insert(path, Fact { value, own });
        }
        Ok(())
    }

    /// Adds the members of a set of which the flake's own files set some.
    fn add_members(
        &mut self,
        oracle: &mut dyn Oracle,
        host: &Host,
        roots: &Roots,
        path: &[String],
        members: &BTreeMap<String, Value>,
    ) {
        for (name, value) in members {
            let path = [path, std::slice::from_ref(name)].concat();
            let Some(asked) = OptionPath::from_segments(path.clone()) else {
                continue;
            };
            let files = setters(oracle, host, &asked);
            let fact = Fact {
                value: value.clone(),
                own: files.iter().any(|file| is_own(file, roots)),
            };
            self.options.insert(path, fact);
        }
    }

    /// Adds the accounts, and who is in the group whose members become root.
    fn add_people(
        &mut self,
        oracle: &mut dyn Oracle,
        host: &Host,
        roots: &Roots,
    ) -> Result<(), EngineError> {
        let value = |oracle: &mut dyn Oracle, path: &[String], demand| {
            let Some(path) = OptionPath::from_segments(path.to_vec()) else {
                return Ok(None);
            };
            match oracle.ask_host(Subject::Option { path, demand })? {
                Observation::Value(value) => Ok(Some(value)),
                _ => Ok::<_, EngineError>(None),
            }
        };
        let full = Demand::Full { paths: false };
        let users = ["users", "users"].map(str::to_owned).to_vec();
        let Some(Value::Attrs(accounts)) = value(oracle, &users, Demand::Shape)? else {
            return Ok(());
        };
        for name in accounts.into_keys() {
            let account = [users.as_slice(), std::slice::from_ref(&name)].concat();
            let Some(path) = OptionPath::from_segments(account.clone()) else {
                continue;
            };
            let files = setters(oracle, host, &path);
            let mut settings = BTreeMap::new();
            for below in OF_PERSON {
                let mut path = account.clone();
                path.extend(below.split('.').map(str::to_owned));
                if let Some(value) = value(oracle, &path, full.clone())? {
                    settings.insert(below, value);
                }
            }
            let own = files.iter().any(|file| is_own(file, roots));
            self.people.push(Person {
                name,
                own,
                settings,
            });
        }
        let wheel = ["users", "groups", "wheel", "members"]
            .map(str::to_owned)
            .to_vec();
        if let Some(value) = value(oracle, &wheel, full)? {
            self.options.insert(wheel, Fact { value, own: false });
        }
        Ok(())
    }

    /// Adds what the flake's own files set in the homes that are part of a system.
    fn add_homes(&mut self, oracle: &mut dyn Oracle, roots: &Roots) -> Result<(), EngineError> {
        let homes = match homes(oracle)? {
            Ok(homes) => homes,
            Err(message) => {
                self.missing.push(format!("what its homes set: {message}"));
                return Ok(());
            }
        };
        for (user, settings) in homes {
            let start = [HOMES[0], HOMES[1], &user].map(str::to_owned);
            for (path, files) in settings {
                if is_left_out(&path) || !files.iter().any(|file| is_own(file, roots)) {
                    continue;
                }
                let path = [&start, path.as_slice()].concat();
                let Some(asked) = OptionPath::from_segments(path.clone()) else {
                    continue;
                };
                let subject = Subject::Option {
                    path: asked,
                    demand: Demand::Full { paths: false },
                };
                match oracle.ask_host(subject)? {
                    Observation::Value(value) => {
                        self.options.insert(path, Fact { value, own: true });
                    }
                    Observation::Threw(error) | Observation::Failed(error) => {
                        self.missing.push(unknown(&path, &error.message));
                    }
                    Observation::Missing(_) => {}
                }
            }
            self.homes.push(user);
        }
        Ok(())
    }
}

/// What is said of an option whose value cannot be known. Messages may quote secrets.
fn unknown(path: &[String], message: &str) -> String {
    let path = path.join(".");
    let first = message.lines().next().unwrap_or_default();
    if first.is_empty() || secrets::rules().may_quote(None, message) {
        format!("{path} cannot be evaluated")
    } else {
        format!("{path} cannot be evaluated: {first}")
    }
}

/// Whether a definition is the flake's own: in one of its files, or written in a call.
fn is_own(file: &str, roots: &Roots) -> bool {
    file == "<unknown-file>" || roots.have(file)
}

fn is_left_out(path: &[String]) -> bool {
    let path = path.join(".");
    LEFT_OUT.iter().any(|left_out| {
        let rest = path.strip_prefix(left_out);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}
