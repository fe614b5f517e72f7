//! Reading a case file.

use std::collections::BTreeMap;
use std::time::Duration;

use super::check::Check;
use super::keys;
use super::nix_text::NixText;
use super::{Case, ExpectedFailure, Suite};
use crate::diagnostic::Diagnostic;
use crate::duration;
use crate::location::{Located, Location};
use crate::select::{HostPatterns, HostSelection};
use crate::yaml::{self, Kind, Mapping, Node, Reader};

/// Reads a case file. `file` is its path as the user should see it; its stem
/// names the suite where the file does not.
///
/// # Errors
/// Everything that is wrong with the file, in its order.
pub fn parse_suite(file: &str, text: &str) -> Result<Suite, Vec<Diagnostic>> {
    yaml::document(file, text, |reader, node| read_suite(reader, file, node))
}

fn read_suite(reader: &Reader<'_>, file: &str, node: &Node) -> Option<Suite> {
    if matches!(node.kind, Kind::Null) {
        reader.report(
            reader
                .error_at(Location::point(file, 1, 1), "an empty case file")
                .note("a case file has `suite:` and `cases:`"),
        );
        return None;
    }
    let mapping = reader.mapping(node, "a case file", keys::SUITE)?;
    let name = match mapping.get("suite") {
        Some(node) => reader.name(node, "`suite`"),
        None => Some(Located {
            value: stem(file).to_owned(),
            location: Location::point(file, 1, 1),
        }),
    };
    let patterns = HostPatterns::default();
    let defaults = match mapping.get("defaults") {
        Some(node) => Defaults::parse(reader, &patterns, node),
        None => Defaults::default(),
    };
    let Some(cases) = mapping.get("cases") else {
        reader.report(
            reader
                .error(node, "a case file without `cases`")
                .note("a case file has `suite:` and `cases:`"),
        );
        return None;
    };
    let nodes = reader.sequence(cases, "`cases`")?;
    if nodes.is_empty() {
        reader.report(reader.error(cases, "`cases` is empty"));
    }
    let cases: Vec<_> = nodes
        .iter()
        .filter_map(|node| read_case(reader, &defaults, &patterns, node))
        .collect();
    if cases.len() < nodes.len() && reader.is_clean() {
        // Whoever drops a case says why; a case must never stop running unseen.
        reader.report(reader.error(node, "a case that cannot be read"));
    }
    report_duplicates(reader, &cases);
    Some(Suite {
        name: name?,
        proves: proves(reader, mapping),
        cases,
    })
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.split('.')
        .next()
        .filter(|s| !s.is_empty())
        .unwrap_or(name)
}

fn report_duplicates(reader: &Reader<'_>, cases: &[Case]) {
    let mut seen: BTreeMap<&str, &Location> = BTreeMap::new();
    for case in cases {
        if let Some(first) = seen.insert(&case.name.value, &case.name.location) {
            reader.report(
                reader
                    .error_at(
                        case.name.location.clone(),
                        format!("a second case named `{}`", case.name.value),
                    )
                    .note(format!("the first is in line {}", first.line)),
            );
        }
    }
}

#[derive(Default)]
struct Defaults {
    hosts: HostSelection,
    timeout: Option<Duration>,
    tags: Vec<String>,
}

impl Defaults {
    fn parse(reader: &Reader<'_>, patterns: &HostPatterns, node: &Node) -> Self {
        let Some(mapping) = reader.mapping(node, "`defaults`", keys::DEFAULTS) else {
            return Self::default();
        };
        Self {
            hosts: mapping
                .get("hosts")
                .map(|n| hosts(reader, patterns, n))
                .unwrap_or_default(),
            timeout: timeout(reader, mapping),
            tags: tags(reader, mapping),
        }
    }
}

fn read_case(
    reader: &Reader<'_>,
    defaults: &Defaults,
    patterns: &HostPatterns,
    node: &Node,
) -> Option<Case> {
    let mapping = reader.mapping(node, "a case", keys::CASE)?;
    let name = match mapping.get("name") {
        Some(node) => reader.name(node, "`name`"),
        None => {
            reader.report(reader.error(node, "a case without a `name`"));
            None
        }
    };
    let check = Check::parse(reader, node, mapping);
    let variant = optional(mapping, "with", |n| NixText::parse(reader, n, "`with`"));
    let expected_failure = optional(mapping, "expected_failure", |n| {
        read_expected_failure(reader, n)
    });
    let mut all_tags = defaults.tags.clone();
    all_tags.extend(tags(reader, mapping));
    let hosts = match mapping.get("hosts") {
        Some(node) => hosts(reader, patterns, node),
        None => defaults.hosts.clone(),
    };
    let timeout = timeout(reader, mapping).or(defaults.timeout);
    let proves = proves(reader, mapping);
    Some(Case {
        name: name?,
        hosts,
        tags: all_tags,
        timeout,
        proves,
        variant: variant.ok()?,
        check: check?,
        expected_failure: expected_failure.ok()?,
    })
}

/// A value was given and is wrong; that has been reported.
struct Reported;

/// Reads the value of a key where there is one.
fn optional<T>(
    mapping: Mapping<'_>,
    key: &str,
    read: impl Fn(&Node) -> Option<T>,
) -> Result<Option<T>, Reported> {
    mapping
        .get(key)
        .map(|node| read(node).ok_or(Reported))
        .transpose()
}

fn read_expected_failure(reader: &Reader<'_>, node: &Node) -> Option<ExpectedFailure> {
    let mapping = reader.mapping(node, "`expected_failure`", keys::EXPECTED_FAILURE)?;
    let Some(until) = mapping.get("until") else {
        reader.report(
            reader
                .error(node, "`expected_failure` without `until`")
                .note("say what the case waits for"),
        );
        return None;
    };
    Some(ExpectedFailure {
        until: reader.string(until, "`until`")?.value,
        ledger: mapping
            .get("ledger")
            .and_then(|n| reader.string(n, "`ledger`")),
    })
}

fn hosts(reader: &Reader<'_>, patterns: &HostPatterns, node: &Node) -> HostSelection {
    let nodes = match &node.kind {
        Kind::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    if nodes.is_empty() {
        reader.report(
            reader
                .error(node, "`hosts` selects none")
                .note("leave it out, or write `all`"),
        );
    }
    let patterns = nodes
        .iter()
        .filter_map(|node| {
            let (text, node) = match &node.kind {
                // `- not: server` is a mapping to YAML.
                Kind::Mapping(entries) => match entries.as_slice() {
                    [(key, value)] if matches!(&key.kind, Kind::String(k) if k == "not") => (
                        format!("not:{}", reader.string(value, "`not`")?.value),
                        value,
                    ),
                    _ => {
                        reader.report(
                            reader.error(node, "a host pattern is a string, or `not: pattern`"),
                        );
                        return None;
                    }
                },
                _ => (reader.string(node, "a host pattern")?.value, node),
            };
            match patterns.parse(&text, Some(reader.location(node))) {
                Ok(pattern) => Some(pattern),
                Err(message) => {
                    reader.report(reader.error(node, message));
                    None
                }
            }
        })
        .collect();
    HostSelection { patterns }
}

fn timeout(reader: &Reader<'_>, mapping: Mapping<'_>) -> Option<Duration> {
    let node = mapping.get("timeout")?;
    if let Kind::Int(_) | Kind::Float(_) = node.kind {
        reader.report(
            reader
                .error(node, "a length of time without a unit")
                .label("for example `60s`"),
        );
        return None;
    }
    let text = reader.string(node, "`timeout`")?;
    duration::parse(&text.value)
        .map_err(|message| reader.report(reader.error(node, message)))
        .ok()
}

fn tags(reader: &Reader<'_>, mapping: Mapping<'_>) -> Vec<String> {
    let node = mapping.get("tags");
    node.map(|n| reader.strings(n, "`tags`"))
        .unwrap_or_default()
        .into_iter()
        .map(|tag| tag.value)
        .collect()
}

fn proves(reader: &Reader<'_>, mapping: Mapping<'_>) -> Vec<Located<String>> {
    mapping
        .get("proves")
        .map(|n| reader.strings(n, "`proves`"))
        .unwrap_or_default()
}
