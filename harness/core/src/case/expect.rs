//! `expect`: option paths and what their values must be, by scope.

use std::collections::BTreeMap;

use super::scope::Scoped;
use crate::host::Host;
use crate::location::Location;
use crate::matcher::{Matcher, parse_expected};
use crate::option_path::OptionPath;
use crate::yaml::{Node, Reader};

/// One option path and what is asked of it.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// The path below the host's `config`.
    pub path: OptionPath,
    /// What its value must be.
    pub matcher: Matcher,
    /// Where the path is written.
    pub location: Location,
}

/// The expectations of a case.
#[derive(Clone, Debug, Default)]
pub struct Expectations {
    /// By scope, each in the order written.
    pub scopes: Scoped<Vec<Expectation>>,
}

impl Expectations {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let scopes = Scoped::parse(reader, node, "`expect`", |n| paths(reader, n))?;
        Some(Self { scopes })
    }

    /// What applies to a host: for each path the most specific scope that names
    /// it, in the order of first mention.
    pub fn for_host(&self, host: &Host) -> Vec<&Expectation> {
        let mut order: Vec<&Expectation> = Vec::new();
        let mut index: BTreeMap<&OptionPath, usize> = BTreeMap::new();
        for expectation in self.scopes.layers(host).flatten() {
            match index.get(&expectation.path) {
                Some(&i) => order[i] = expectation,
                None => {
                    index.insert(&expectation.path, order.len());
                    order.push(expectation);
                }
            }
        }
        order
    }
}

/// How option paths are written.
pub(super) const PATH_NOTE: &str =
    "paths are written as in Nix: services.nginx.virtualHosts.\"example.org\".root";

fn paths(reader: &Reader<'_>, node: &Node) -> Option<Vec<Expectation>> {
    let mapping = reader.free_mapping(node, "a scope of `expect`")?;
    if mapping.is_empty() {
        reader.report(reader.error(node, "a scope of `expect` without an option path"));
    }
    let mut seen: BTreeMap<OptionPath, Location> = BTreeMap::new();
    let mut expectations = Vec::new();
    for entry in mapping.entries() {
        let location = reader.location(entry.key);
        let path = match OptionPath::parse(entry.name) {
            Ok(path) => path,
            Err(error) => {
                reader.report(reader.error(entry.key, error.to_string()).note(PATH_NOTE));
                continue;
            }
        };
        if let Some(first) = seen.insert(path.clone(), location.clone()) {
            reader.report(
                reader
                    .error(entry.key, format!("`{path}` is given twice in one scope"))
                    .note(format!("first in line {}", first.line)),
            );
            continue;
        }
        if let Some(matcher) = parse_expected(reader, entry.value) {
            expectations.push(Expectation {
                path,
                matcher,
                location,
            });
        }
    }
    Some(expectations)
}
