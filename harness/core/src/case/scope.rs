//! Scopes: what is said for all hosts, for a platform, and for one host.

use std::collections::BTreeMap;

use serde_json::json;

use crate::host::{Host, Platform};
use crate::location::Location;
use crate::yaml::{Key, Node, Reader};

/// Something said per scope.
#[derive(Clone, Debug)]
pub struct Scoped<T> {
    /// For every selected host.
    pub common: Option<T>,
    /// For the hosts of a platform.
    pub platforms: BTreeMap<Platform, T>,
    /// For single hosts, by name.
    pub hosts: BTreeMap<String, T>,
    /// The names used in `hosts`, and where, to be checked against the flake.
    pub names: HostNames,
}

/// Host names and where they were written.
pub type HostNames = Vec<(String, Location)>;

impl<T> Default for Scoped<T> {
    fn default() -> Self {
        Self {
            common: None,
            platforms: BTreeMap::new(),
            hosts: BTreeMap::new(),
            names: Vec::new(),
        }
    }
}

impl<T> Scoped<T> {
    /// Everything that applies to the host, the most general first.
    pub fn layers(&self, host: &Host) -> impl Iterator<Item = &T> {
        let own = self
            .hosts
            .get(&host.name)
            .or_else(|| self.hosts.get(&host.key()));
        self.common
            .iter()
            .chain(self.platforms.get(&host.platform))
            .chain(own)
    }

    /// What applies to the host: the most specific there is.
    pub fn for_host(&self, host: &Host) -> Option<&T> {
        self.layers(host).last()
    }

    /// Reads the scopes of a mapping, each with `item`.
    pub(super) fn parse(
        reader: &Reader<'_>,
        node: &Node,
        what: &str,
        item: impl Fn(&Node) -> Option<T>,
    ) -> Option<Self> {
        let mapping = reader.mapping(node, what, SCOPES)?;
        if mapping.is_empty() {
            reader.report(reader.error(node, format!("{what} says nothing")));
        }
        let mut scoped = Self::default();
        for entry in mapping.entries() {
            match (entry.name, entry.name.parse::<Platform>()) {
                ("common", _) => scoped.common = item(entry.value),
                ("hosts", _) => {
                    for host in reader.free_mapping(entry.value, "`hosts`")?.entries() {
                        scoped
                            .names
                            .push((host.name.to_owned(), reader.location(host.key)));
                        if let Some(value) = item(host.value) {
                            scoped.hosts.insert(host.name.to_owned(), value);
                        }
                    }
                }
                (_, Ok(platform)) => {
                    if let Some(value) = item(entry.value) {
                        scoped.platforms.insert(platform, value);
                    }
                }
                // An unknown key has been reported.
                (_, Err(_)) => {}
            }
        }
        Some(scoped)
    }
}

const fn any() -> fn() -> serde_json::Value {
    || json!({})
}

/// The keys of a scoped mapping.
pub(super) const SCOPES: &[Key] = &[
    Key {
        name: "common",
        doc: "For every selected host.",
        schema: any(),
    },
    Key {
        name: "darwin",
        doc: "For the nix-darwin hosts; overrides `common`.",
        schema: any(),
    },
    Key {
        name: "nixos",
        doc: "For the NixOS hosts; overrides `common`.",
        schema: any(),
    },
    Key {
        name: "home",
        doc: "For the home-manager hosts; overrides `common`.",
        schema: any(),
    },
    Key {
        name: "hosts",
        doc: "For single hosts by name; overrides everything else.",
        schema: any(),
    },
];

/// The JSON Schema of a scoped mapping with this item.
pub(super) fn schema(item: &serde_json::Value) -> serde_json::Value {
    let properties: serde_json::Map<_, _> = SCOPES
        .iter()
        .map(|key| {
            let mut schema = if key.name == "hosts" {
                json!({"type": "object", "additionalProperties": item})
            } else {
                json!({"allOf": [item]})
            };
            schema["description"] = json!(key.doc);
            (key.name.to_owned(), schema)
        })
        .collect();
    json!({"type": "object", "minProperties": 1, "additionalProperties": false, "properties": properties})
}
