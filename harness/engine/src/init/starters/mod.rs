//! What starter cases are made of, one subject per file. Each is about what hosts set
//! already, so it holds now, and fails when that is changed without being meant.

mod access;
mod health;
mod machines;
mod nix;
mod records;
mod shared;
mod users;

use std::collections::BTreeSet;

use nix_parity_core::host::Platform;
use nix_parity_core::matcher;
use nix_parity_core::text::one_line;
use nix_parity_core::value::Value;
use nix_parity_core::yaml::Yaml;

use super::draft::{Check, Draft, Suite};
use super::found::{Facts, FoundHost, is_telling};

/// What there is to make cases of, and what cases look at already.
pub(super) struct Ground<'a> {
    pub(super) hosts: &'a [FoundHost],
    /// Of each host, the options that some case looks at.
    pub(super) seen: Vec<BTreeSet<Vec<String>>>,
    /// The hosts of whose derivations there is a snapshot.
    pub(super) recorded: Vec<bool>,
}

impl<'a> Ground<'a> {
    /// The hosts that can be evaluated, with their numbers.
    fn facts(&self) -> impl Iterator<Item = (usize, &'a FoundHost, &'a Facts)> {
        let numbered = self.hosts.iter().enumerate();
        numbered.filter_map(|(n, found)| Some((n, found, found.facts.as_ref().ok()?)))
    }

    fn is_seen(&self, host: usize, path: &[String]) -> bool {
        self.seen.get(host).is_some_and(|seen| seen.contains(path))
    }

    /// Whether a case may be made of a value: nobody looks at it yet, and it says something.
    fn is_open(&self, host: usize, path: &[String], value: &Value) -> bool {
        !self.is_seen(host, path) && is_telling(value)
    }
}

/// All starter cases. What one looks at is not looked at again, but for what hosts share.
pub(super) fn suites(mut ground: Ground<'_>) -> Vec<Suite> {
    let mut suites = vec![shared::suite(&ground)];
    let others = [
        machines::suite,
        users::suite,
        access::suite,
        nix::suite,
        health::suite,
    ];
    for suite in others {
        suites.push(suite(&ground));
    }
    for suite in &suites {
        for draft in &suite.cases {
            claim(draft, &mut ground.seen);
        }
    }
    suites.push(records::suite(&ground));
    for draft in suites.iter_mut().flat_map(|suite| &mut suite.cases) {
        // Hosts may be called whatever Nix takes for a name.
        // Names of hosts are in it, which may hold what names of cases may not.
        draft.name = one_line(&draft.name);
        while draft.name.contains("::") {
            draft.name = draft.name.replace("::", ":");
        }
    }
    suites.retain(|suite| !suite.cases.is_empty());
    suites
}

/// Notes what a case looks at.
fn claim(draft: &Draft, seen: &mut [BTreeSet<Vec<String>>]) {
    let mut add = |host: usize, path: &Vec<String>| {
        if let Some(seen) = seen.get_mut(host) {
            seen.insert(path.clone());
        }
    };
    match &draft.check {
        Check::Expect(values) => {
            for (host, path, _) in values {
                add(*host, path);
            }
        }
        Check::Options(paths) => {
            for host in &draft.hosts {
                for path in paths {
                    add(*host, path);
                }
            }
        }
        // That all are like the first one does not say what that one is like: its record does.
        Check::Parity(paths) => {
            for host in draft.hosts.iter().skip(1) {
                for path in paths {
                    add(*host, path);
                }
            }
        }
        Check::Eval(..) | Check::Derivation => {}
    }
}

fn segments(path: &str) -> Vec<String> {
    path.split('.').map(str::to_owned).collect()
}

/// What a value must equal; nothing where no case can say it.
fn equal(value: &Value) -> Option<Yaml> {
    let plain = plain(value)?;
    // A set may look like a matcher.
    Some(match plain {
        Yaml::Map(members) if members.is_empty() || looks_like_matchers(&members) => {
            Yaml::map([("equals", Yaml::Map(members))])
        }
        plain => plain,
    })
}

fn looks_like_matchers(members: &[(String, Yaml)]) -> bool {
    // A slip of the pen for one is refused too, so sets with any name of that sort are
    // said to be sets.
    members.iter().any(|(name, _)| {
        matcher::NAMES.contains(&name.as_str())
            || nix_parity_core::nearest::nearest(name, matcher::NAMES).is_some()
    })
}

fn plain(value: &Value) -> Option<Yaml> {
    Some(match value {
        Value::Null => Yaml::Null,
        Value::Bool(value) => Yaml::Bool(*value),
        Value::Int(value) => Yaml::Int(*value),
        Value::Float(value) if value.is_finite() => Yaml::Float(*value),
        Value::String(text) | Value::Path(text) if !text.contains("/nix/store/") => {
            Yaml::from(text.as_str())
        }
        Value::List(items) => Yaml::List(items.iter().map(plain).collect::<Option<_>>()?),
        Value::Attrs(members) => {
            let members = members.iter();
            let members = members.map(|(name, value)| {
                let lasts = !name.contains("/nix/store/");
                Some((lasts.then(|| name.clone())?, plain(value)?))
            });
            Yaml::Map(members.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// The same, but the order of a list says nothing.
fn equal_set(value: &Value) -> Option<Yaml> {
    match value {
        Value::List(items) if !items.is_empty() => Some(Yaml::map([("set_equals", plain(value)?)])),
        other => equal(other),
    }
}

/// Options by host, as long as some are open.
#[derive(Default)]
struct Expected(Vec<(usize, Vec<String>, Yaml)>);

impl Expected {
    fn add(&mut self, host: usize, path: Vec<String>, value: Option<Yaml>) {
        if let Some(value) = value {
            self.0.push((host, path, value));
        }
    }

    /// Adds options that something sets on hosts of these platforms, as they are.
    fn add_set(&mut self, ground: &Ground<'_>, platforms: &[Platform], paths: &[&str]) {
        for path in paths {
            let path = segments(path);
            for (n, found, facts) in ground.facts() {
                let is_of = platforms.contains(&found.host.platform);
                if let Some(value) = facts.at(&path).filter(|_| is_of)
                    && ground.is_open(n, &path, value)
                {
                    self.add(n, path.clone(), equal_set(value));
                }
            }
        }
    }

    /// Adds what the flake's own files set directly below a path.
    fn add_own_below(&mut self, ground: &Ground<'_>, path: &str) {
        let above = segments(path);
        for (n, _, facts) in ground.facts() {
            for (path, value) in facts.own() {
                let is_below = path.len() == above.len() + 1 && path.starts_with(&above);
                if is_below && ground.is_open(n, path, value) {
                    self.add(n, path.clone(), equal_set(value));
                }
            }
        }
        self.0.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    }

    fn draft(self, name: &str, why: &str) -> Option<Draft> {
        let mut hosts: Vec<_> = self.0.iter().map(|(host, ..)| *host).collect();
        hosts.sort_unstable();
        hosts.dedup();
        (!hosts.is_empty()).then(|| Draft {
            name: name.to_owned(),
            why: why.to_owned(),
            hosts,
            check: Check::Expect(self.0),
        })
    }
}

const SYSTEMS: [Platform; 2] = [Platform::Darwin, Platform::Nixos];
