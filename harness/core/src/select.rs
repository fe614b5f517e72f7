//! Choosing hosts: names, globs, `platform:glob`, `system:glob`, and `not:` of any of them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use crate::host::{Host, Platform};
use crate::location::Location;
use crate::nearest::nearest;

/// One pattern of a selection.
#[derive(Clone, Debug)]
pub struct HostPattern {
    /// Hosts that match are taken away instead of added.
    pub negated: bool,
    /// As written, for messages.
    pub text: String,
    /// Where it was written; absent when it came from the command line.
    pub location: Option<Location>,
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    All,
    Name(Glob),
    Platform(Platform, Glob),
    System(Glob),
}

/// Shared, since each copy of a matcher keeps a working memory of its own.
type Glob = Arc<GlobMatcher>;

impl HostPattern {
    /// Reads a pattern. The text says what is wrong when it is not one.
    pub fn parse(text: &str, location: Option<Location>) -> Result<Self, String> {
        let (negated, pattern) = match text.strip_prefix("not:") {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let kind = match pattern.split_once(':') {
            None if pattern == "all" => Kind::All,
            None => Kind::Name(glob(pattern)?),
            Some(("system", rest)) => Kind::System(glob(rest)?),
            Some((platform, rest)) => {
                let platform: Platform = platform.parse().map_err(|_| {
                    let words = ["darwin", "nixos", "home", "system", "not"];
                    let hint = nearest(platform, words)
                        .map(|word| format!(", did you mean `{word}:`"))
                        .unwrap_or_default();
                    format!("`{platform}:` is neither a platform, `system:` nor `not:`{hint}")
                })?;
                Kind::Platform(platform, glob(rest)?)
            }
        };
        Ok(Self {
            negated,
            text: text.to_owned(),
            location,
            kind,
        })
    }

    /// Whether the host is meant, `not:` left aside.
    pub fn matches(&self, host: &Host) -> bool {
        match &self.kind {
            Kind::All => true,
            Kind::Name(glob) => glob.is_match(&host.name) || glob.is_match(host.key()),
            Kind::Platform(platform, glob) => {
                *platform == host.platform && glob.is_match(&host.name)
            }
            Kind::System(glob) => host.system.as_deref().is_some_and(|s| glob.is_match(s)),
        }
    }

    /// Whether the hosts' doubles must be known to decide this pattern.
    pub const fn needs_system(&self) -> bool {
        matches!(self.kind, Kind::System(_))
    }
}

/// Reads the patterns of a file, each text once: cases by the thousand name the same
/// few hosts, and a compiled glob takes more memory than the case that it is in.
#[derive(Debug, Default)]
pub struct HostPatterns {
    known: RefCell<BTreeMap<String, HostPattern>>,
}

impl HostPatterns {
    /// As [`HostPattern::parse`].
    pub fn parse(&self, text: &str, location: Option<Location>) -> Result<HostPattern, String> {
        if let Some(known) = self.known.borrow().get(text) {
            return Ok(HostPattern {
                location,
                ..known.clone()
            });
        }
        let pattern = HostPattern::parse(text, location)?;
        self.known
            .borrow_mut()
            .insert(text.to_owned(), pattern.clone());
        Ok(pattern)
    }
}

fn glob(pattern: &str) -> Result<Glob, String> {
    if pattern.trim().is_empty() {
        return Err("an empty host pattern".to_owned());
    }
    GlobBuilder::new(pattern)
        .literal_separator(false)
        .backslash_escape(true)
        .build()
        .map(|glob| Arc::new(glob.compile_matcher()))
        .map_err(|e| format!("`{pattern}` is not a glob: {}", e.kind()))
}

/// Patterns as one list. A list that only takes away starts from all hosts.
#[derive(Clone, Debug, Default)]
pub struct HostSelection {
    /// In the order written.
    pub patterns: Vec<HostPattern>,
}

impl HostSelection {
    /// Whether the host is selected. Without any pattern all hosts are.
    pub fn selects(&self, host: &Host) -> bool {
        let mut added = self.patterns.iter().filter(|p| !p.negated).peekable();
        let included = added.peek().is_none() || added.any(|p| p.matches(host));
        included && !self.patterns.iter().any(|p| p.negated && p.matches(host))
    }

    /// Patterns that no host matches: each is a mistake, since a case must not
    /// silently stop running.
    pub fn unmatched<'a>(&'a self, hosts: &'a [Host]) -> impl Iterator<Item = &'a HostPattern> {
        self.patterns
            .iter()
            .filter(|p| !matches!(p.kind, Kind::All) && !hosts.iter().any(|h| p.matches(h)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::{HostPattern, HostPatterns, HostSelection};
    use crate::host::{Host, Platform};
    use crate::location::Location;

    fn hosts() -> Vec<Host> {
        let mut mac = Host::new(Platform::Darwin, "macbook-air");
        mac.system = Some("aarch64-darwin".to_owned());
        let mut pc = Host::new(Platform::Nixos, "future-nixos-pc");
        pc.system = Some("x86_64-linux".to_owned());
        vec![mac, pc, Host::new(Platform::Home, "lars@pc")]
    }

    fn chosen(patterns: &[&str]) -> Vec<String> {
        let patterns = patterns
            .iter()
            .map(|p| HostPattern::parse(p, None).unwrap())
            .collect();
        let selection = HostSelection { patterns };
        hosts()
            .into_iter()
            .filter(|h| selection.selects(h))
            .map(|h| h.name)
            .collect()
    }

    #[test]
    fn patterns_add_and_take_away() {
        assert_eq!(chosen(&["all"]).len(), 3);
        assert_eq!(chosen(&[]).len(), 3);
        assert_eq!(chosen(&["macbook-air"]), ["macbook-air"]);
        assert_eq!(chosen(&["*-pc", "home:*"]), ["future-nixos-pc", "lars@pc"]);
        assert_eq!(chosen(&["nixos:*"]), ["future-nixos-pc"]);
        assert_eq!(chosen(&["system:*-darwin"]), ["macbook-air"]);
        assert_eq!(chosen(&["not:home:*"]), ["macbook-air", "future-nixos-pc"]);
        assert_eq!(
            chosen(&["all", "not: darwin:*", "not:lars*"]),
            ["future-nixos-pc"]
        );
    }

    /// Patterns that add; each can take away too.
    const ADDING: [&str; 7] = [
        "all",
        "macbook-air",
        "*-pc",
        "nixos:*",
        "home:lars*",
        "system:*-linux",
        "nobody",
    ];

    fn patterns() -> impl Strategy<Value = Vec<String>> {
        let pattern = (select(&ADDING[..]), any::<bool>());
        let pattern = pattern.prop_map(|(text, negated)| {
            let not = if negated { "not:" } else { "" };
            format!("{not}{text}")
        });
        prop::collection::vec(pattern, 0..5)
    }

    fn chosen_by(patterns: &[String]) -> Vec<String> {
        chosen(&patterns.iter().map(String::as_str).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn neither_order_nor_repetition_of_patterns_matters(patterns in patterns(), turn in any::<Index>()) {
            let mut turned = [&patterns[..], &patterns[..]].concat();
            if !turned.is_empty() {
                let by = turn.index(turned.len());
                turned.rotate_left(by);
            }
            prop_assert_eq!(chosen_by(&turned), chosen_by(&patterns));
        }

        #[test]
        fn what_is_taken_away_is_exactly_what_would_be_added(patterns in patterns(), text in select(&ADDING[..])) {
            let before = chosen_by(&patterns);
            let added = chosen(&[text]);
            let mut without = before.clone();
            without.retain(|host| !added.contains(host));
            let taken_away = [&patterns[..], &[format!("not:{text}")]].concat();
            prop_assert_eq!(chosen_by(&taken_away), without);
        }
    }

    #[test]
    fn wrong_patterns_are_told_apart() {
        assert!(HostPattern::parse("", None).is_err());
        assert!(HostPattern::parse("nixos:", None).is_err());
        assert!(HostPattern::parse("[", None).is_err());
        let error = HostPattern::parse("nixso:*", None).unwrap_err();
        assert!(error.contains("did you mean `nixos:`"), "{error}");
    }

    #[test]
    fn a_pattern_read_again_is_the_same_at_its_own_place() {
        let patterns = HostPatterns::default();
        let read = |text, line| patterns.parse(text, Some(Location::point("a.yaml", line, 1)));
        let first = read("not:nixos:*", 1).unwrap();
        let again = read("not:nixos:*", 2).unwrap();
        assert_eq!((first.negated, again.negated), (true, true));
        assert_eq!(again.text, first.text);
        assert_eq!(again.location.as_ref().map(|l| l.line), Some(2));
        for host in hosts() {
            assert_eq!(again.matches(&host), first.matches(&host));
        }
        // Neither another pattern nor a wrong one is mistaken for one that is known.
        assert!(read("nixos:*", 3).is_ok_and(|p| !p.negated));
        assert!(read("[", 4).is_err() && read("[", 5).is_err());
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_found() {
        let selection = HostSelection {
            patterns: vec![
                HostPattern::parse("macbok-air", None).unwrap(),
                HostPattern::parse("nixos:*", None).unwrap(),
            ],
        };
        let hosts = hosts();
        let texts: Vec<_> = selection
            .unmatched(&hosts)
            .map(|p| p.text.as_str())
            .collect();
        assert_eq!(texts, ["macbok-air"]);
    }
}
