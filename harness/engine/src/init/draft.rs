//! Cases before they are proven, and the text of their files.

use std::fmt::Write as _;

use nix_parity_core::host::{Host, Platform};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::text::one_line;
use nix_parity_core::yaml::{Yaml, text};

use super::found::FoundHost;

/// A file of cases.
#[derive(Clone, Debug)]
pub(super) struct Suite {
    /// Its name, which is the file's too.
    pub(super) name: &'static str,
    /// What it is about, a sentence.
    pub(super) about: &'static str,
    /// Its cases.
    pub(super) cases: Vec<Draft>,
}

/// A case that is not proven yet.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    /// Why somebody would want it, in sentences.
    pub(super) why: String,
    /// The hosts that it is for, by their numbers.
    pub(super) hosts: Vec<usize>,
    /// What is looked at.
    pub(super) check: Check,
}

/// What a draft looks at.
#[derive(Clone, Debug)]
pub(super) enum Check {
    /// Options by host.
    Expect(Vec<(usize, Vec<String>, Yaml)>),
    /// An expression, and what it must come out as on each host.
    Eval(&'static str, Vec<(usize, Yaml)>),
    /// Options that are the same on all hosts.
    Parity(Vec<Vec<String>>),
    /// The values of options.
    Options(Vec<Vec<String>>),
    /// The derivations of the whole.
    Derivation,
}

impl Draft {
    /// The same for fewer hosts; `None` where nothing is left to look at.
    pub(super) fn without(&self, gone: &[usize], hosts: &[FoundHost]) -> Option<Self> {
        let mut draft = self.clone();
        draft.hosts.retain(|host| !gone.contains(host));
        match &mut draft.check {
            Check::Expect(values) => values.retain(|(host, ..)| !gone.contains(host)),
            Check::Eval(_, values) => values.retain(|(host, _)| !gone.contains(host)),
            Check::Parity(_) => {
                let platforms = draft.platforms(hosts);
                if platforms != self.platforms(hosts) || draft.hosts.len() < 2 {
                    return None;
                }
            }
            Check::Options(_) | Check::Derivation => {}
        }
        (!draft.hosts.is_empty()).then_some(draft)
    }

    fn platforms(&self, hosts: &[FoundHost]) -> Vec<Platform> {
        let is_of = |platform: &Platform| {
            let mut own = self.hosts.iter().filter_map(|n| hosts.get(*n));
            own.any(|found| found.host.platform == *platform)
        };
        Platform::ALL.into_iter().filter(is_of).collect()
    }
}

impl Suite {
    /// The text of the file. `schema` is where an editor finds what may be in it.
    pub(super) fn text(&self, hosts: &[FoundHost]) -> String {
        let about = comment(self.about, 0);
        let name = text(self.name);
        format!("{about}suite: {name}\ncases:\n{}", self.cases_text(hosts))
    }

    /// The text of the cases alone.
    pub(super) fn cases_text(&self, hosts: &[FoundHost]) -> String {
        let cases: Vec<_> = self.cases.iter().map(|c| case(c, hosts)).collect();
        cases.join("\n")
    }
}

fn case(draft: &Draft, hosts: &[FoundHost]) -> String {
    let mut out = comment(&draft.why, 2);
    // Writing to a String cannot fail.
    let _ = writeln!(out, "  - name: {}", text(&draft.name));
    if let Some(selected) = selection(draft, hosts) {
        out.push_str(&selected.member("hosts", 4));
    }
    match &draft.check {
        Check::Expect(values) => out.push_str(&expect(values, &draft.hosts, hosts)),
        Check::Eval(expression, values) => {
            out.push_str(&Yaml::from(*expression).member("eval", 4));
            out.push_str(&is(values, &draft.hosts, hosts));
        }
        Check::Parity(paths) => {
            let names = draft.platforms(hosts).into_iter().map(Platform::name);
            let parity = [
                ("across", Yaml::texts(names)),
                ("paths", Yaml::texts(paths.iter().map(|p| spelled(p)))),
            ];
            out.push_str(&Yaml::map(parity).member("parity", 4));
        }
        Check::Options(paths) => {
            let paths = Yaml::texts(paths.iter().map(|path| spelled(path)));
            out.push_str(&Yaml::map([("options", paths)]).member("snapshot", 4));
        }
        Check::Derivation => {
            let system = Yaml::map([("derivation", Yaml::from("system"))]);
            out.push_str(&system.member("snapshot", 4));
        }
    }
    out
}

/// A path as case files have it.
pub(super) fn spelled(path: &[String]) -> String {
    OptionPath::from_segments(path.to_vec()).map_or_else(String::new, |path| path.to_string())
}

/// Lines of a comment, broken between words.
pub(super) fn comment(sentences: &str, column: usize) -> String {
    const WIDTH: usize = 88;
    // Writing to a String cannot fail.
    let (mut out, mut line) = (String::new(), String::new());
    let start = format!("{}#", " ".repeat(column));
    for word in one_line(sentences).split_whitespace() {
        if !line.is_empty() && start.len() + line.len() + word.len() > WIDTH {
            let _ = writeln!(out, "{start}{line}");
            line.clear();
        }
        line.push(' ');
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "{start}{line}");
    }
    out
}

/// The hosts of a case as patterns: none for all, whole platforms where they are whole.
fn selection(draft: &Draft, hosts: &[FoundHost]) -> Option<Yaml> {
    if draft.hosts.len() == hosts.len() {
        return None;
    }
    let mut patterns = Vec::new();
    for platform in Platform::ALL {
        let all = of_platform(hosts, platform);
        let own: Vec<_> = all.iter().filter(|n| draft.hosts.contains(n)).collect();
        // Of one host nobody knows what others of its kind would be like.
        if own.len() > 1 && own.len() == all.len() {
            patterns.push(format!("{platform}:*"));
        } else {
            let own = own.into_iter().filter_map(|n| hosts.get(*n));
            patterns.extend(own.map(|found| pattern(&found.host, &found.label)));
        }
    }
    Some(match patterns.as_slice() {
        [only] => Yaml::from(only.as_str()),
        _ => Yaml::texts(patterns),
    })
}

fn of_platform(hosts: &[FoundHost], platform: Platform) -> Vec<usize> {
    let numbered = hosts.iter().enumerate();
    let of = numbered.filter(|(_, found)| found.host.platform == platform);
    of.map(|(n, _)| n).collect()
}

/// A pattern that only this host matches.
fn pattern(host: &Host, label: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if label == host.name && label != "all" && label.chars().all(is_plain) {
        return label.to_owned();
    }
    let mut escaped = String::new();
    for c in host.name.chars() {
        if "*?[]{}!,\\".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    format!("{}:{escaped}", host.platform)
}

/// `expect`, with each value in the widest scope in which it holds.
fn expect(values: &[(usize, Vec<String>, Yaml)], own: &[usize], hosts: &[FoundHost]) -> String {
    let mut paths: Vec<&Vec<String>> = Vec::new();
    for (_, path, _) in values {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    let mut scopes = Scopes::default();
    for path in paths {
        let of_path = values.iter().filter(|(_, other, _)| other == path);
        let of_path: Vec<_> = of_path.map(|(host, _, value)| (*host, value)).collect();
        scopes.add(&spelled(path), &of_path, own, hosts);
    }
    scopes.text("expect")
}

/// `is`, or `is_on` where hosts differ.
fn is(values: &[(usize, Yaml)], own: &[usize], hosts: &[FoundHost]) -> String {
    let values: Vec<_> = values.iter().map(|(host, value)| (*host, value)).collect();
    let mut scopes = Scopes::default();
    scopes.add("", &values, own, hosts);
    match scopes.common.first() {
        Some((_, value)) => value.member("is", 4),
        None => Yaml::map(scopes.members().map(|(scope, members)| {
            let value = members.into_iter().next().map_or(Yaml::Null, |(_, v)| v);
            (scope, value)
        }))
        .member("is_on", 4),
    }
}

type Members = Vec<(String, Yaml)>;

/// What is said per scope.
#[derive(Default)]
struct Scopes {
    common: Members,
    platforms: Vec<(Platform, Members)>,
    hosts: Vec<(String, Members)>,
}

impl Scopes {
    fn add(&mut self, name: &str, of: &[(usize, &Yaml)], own: &[usize], hosts: &[FoundHost]) {
        let value_on = |host: &usize| of.iter().find(|(n, _)| n == host).map(|(_, v)| *v);
        // The value of all these hosts, if it is one.
        let shared = |numbers: &[usize]| {
            let mut values = numbers.iter().map(value_on);
            let first = values.next()??;
            values.all(|value| value == Some(first)).then_some(first)
        };
        let is_one = |of: &[usize]| of.len() == 1 && hosts.len() > 1 && !name.is_empty();
        if let Some(value) = shared(own).filter(|_| !is_one(own)) {
            self.common.push((name.to_owned(), value.clone()));
            return;
        }
        for platform in Platform::ALL {
            let all = of_platform(hosts, platform);
            let all: Vec<_> = all.into_iter().filter(|n| own.contains(n)).collect();
            if let Some(value) = shared(&all).filter(|_| all.len() > 1) {
                push(&mut self.platforms, platform, name, value);
                continue;
            }
            for number in all {
                if let (Some(value), Some(found)) = (value_on(&number), hosts.get(number)) {
                    push(&mut self.hosts, found.label.clone(), name, value);
                }
            }
        }
    }

    fn members(self) -> impl Iterator<Item = (String, Members)> {
        let common = (!self.common.is_empty()).then(|| ("common".to_owned(), self.common));
        let platforms = self.platforms.into_iter();
        let platforms = platforms.map(|(platform, members)| (platform.to_string(), members));
        let hosts = self.hosts.into_iter();
        // The value of `hosts` is a set of such members itself; here it is flattened once.
        let hosts: Members = hosts
            .map(|(host, members)| {
                let is_single = members.first().is_some_and(|(name, _)| name.is_empty());
                let value = match (is_single, members) {
                    (true, members) => members.into_iter().next().map_or(Yaml::Null, |(_, v)| v),
                    (false, members) => Yaml::Map(members),
                };
                (host, value)
            })
            .collect();
        let hosts = (!hosts.is_empty())
            .then(|| ("hosts".to_owned(), vec![(String::new(), Yaml::Map(hosts))]));
        common.into_iter().chain(platforms).chain(hosts)
    }

    fn text(self, key: &str) -> String {
        Yaml::map(self.members().map(|(scope, mut members)| {
            let value = match members.as_slice() {
                [(name, _)] if name.is_empty() => members.remove(0).1,
                _ => Yaml::Map(members),
            };
            (scope, value)
        }))
        .member(key, 4)
    }
}

fn push<K: PartialEq>(scopes: &mut Vec<(K, Members)>, scope: K, name: &str, value: &Yaml) {
    let member = (name.to_owned(), value.clone());
    match scopes.iter_mut().find(|(known, _)| *known == scope) {
        Some((_, members)) => members.push(member),
        None => scopes.push((scope, vec![member])),
    }
}
