//! `matrix`: which machines of a CI system run what.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use nix_parity_core::schema;
use nix_parity_core::yaml::{Key, Kind, Node, Reader};
use serde_json::{Value, json};

/// How the tests are divided over the machines of a CI system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runners {
    /// The double of the machine that evaluates: any can evaluate any host.
    pub evaluate: String,
    /// The labels of a machine of each double.
    pub of_system: BTreeMap<String, Vec<String>>,
    /// The labels of machines that boot others, where those are not the ones above.
    pub booting: BTreeMap<String, Vec<String>>,
    /// How many jobs share one kind of work where the command line does not say.
    pub shards: Option<NonZeroUsize>,
}

impl Default for Runners {
    fn default() -> Self {
        // Those that GitHub offers everybody.
        let offered = [
            ("x86_64-linux", "ubuntu-24.04"),
            ("aarch64-linux", "ubuntu-24.04-arm"),
            ("aarch64-darwin", "macos-15"),
            ("x86_64-darwin", "macos-15-intel"),
        ];
        let offered = offered.map(|(system, label)| (system.to_owned(), vec![label.to_owned()]));
        Self {
            evaluate: "x86_64-linux".to_owned(),
            of_system: offered.into(),
            booting: BTreeMap::new(),
            shards: None,
        }
    }
}

impl Runners {
    /// The labels of a machine of a double.
    pub fn of(&self, system: &str) -> Option<&[String]> {
        self.of_system.get(system).map(Vec::as_slice)
    }

    /// The labels of a machine of a double that boots others.
    pub fn booting(&self, system: &str) -> Option<&[String]> {
        let own = self.booting.get(system).map(Vec::as_slice);
        own.or_else(|| self.of(system))
    }
}

const MATRIX: &[Key] = &[
    Key {
        name: "evaluate",
        doc: "The double of the machine that evaluates, which any can do for any host; `x86_64-linux` where absent.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "runners",
        doc: "The label of a runner, or several, by the double that it builds for; GitHub's own for those that are absent.",
        schema: labels,
    },
    Key {
        name: "vm",
        doc: "The label of a runner that boots machines, or several, by its double; that of `runners` for those that are absent.",
        schema: labels,
    },
    Key {
        name: "shards",
        doc: "How many jobs share one kind of work; 1 where absent.",
        schema: || json!({"type": "integer", "minimum": 1, "maximum": 256}),
    },
];

fn labels() -> Value {
    let label = json!({"type": "string", "minLength": 1});
    let label = json!({"anyOf": [label, {"type": "array", "minItems": 1, "items": label}]});
    json!({"type": "object", "additionalProperties": label})
}

/// The JSON Schema of `matrix`.
pub(super) fn schema() -> Value {
    schema::object(MATRIX, &[])
}

pub(super) fn read(reader: &Reader<'_>, node: &Node) -> Option<Runners> {
    let mapping = reader.mapping(node, "`matrix`", MATRIX)?;
    let mut runners = Runners::default();
    if let Some(node) = mapping.get("runners") {
        runners
            .of_system
            .extend(read_labels(reader, node, "`runners`")?);
    }
    if let Some(node) = mapping.get("vm") {
        runners.booting = read_labels(reader, node, "`vm`")?;
    }
    if let Some(node) = mapping.get("shards") {
        let shards = match node.kind {
            Kind::Int(n @ 1..=256) => usize::try_from(n).ok().and_then(NonZeroUsize::new),
            _ => None,
        };
        if shards.is_none() {
            reader.report(reader.error(node, "`shards` is a number from 1 to 256"));
        }
        runners.shards = shards;
    }
    if let Some(node) = mapping.get("evaluate") {
        runners.evaluate = reader.name(node, "`evaluate`")?.value;
        if runners.of(&runners.evaluate).is_none() {
            let message = format!("`runners` has none for `{}`", runners.evaluate);
            reader.report(reader.error(node, message));
        }
    }
    Some(runners)
}

fn read_labels(
    reader: &Reader<'_>,
    node: &Node,
    what: &str,
) -> Option<BTreeMap<String, Vec<String>>> {
    let mut labels = BTreeMap::new();
    for entry in reader.free_mapping(node, what)?.entries() {
        let names = match &entry.value.kind {
            Kind::Sequence(nodes) if !nodes.is_empty() => nodes.as_slice(),
            _ => std::slice::from_ref(entry.value),
        };
        let names = names
            .iter()
            .map(|node| Some(reader.name(node, "the label of a runner")?.value));
        labels.insert(entry.name.to_owned(), names.collect::<Option<_>>()?);
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use crate::project::ProjectFile;

    #[test]
    fn what_is_named_is_added_to_what_github_offers() {
        let file = ProjectFile::parse(
            "matrix: { shards: 4, runners: { x86_64-linux: [self-hosted, big], riscv64-linux: board }, vm: { aarch64-linux: arm-kvm } }\n",
        )
        .unwrap();
        let runners = file.runners;
        assert_eq!(runners.of("x86_64-linux").unwrap(), ["self-hosted", "big"]);
        assert_eq!(runners.of("riscv64-linux").unwrap(), ["board"]);
        assert_eq!(runners.of("aarch64-darwin").unwrap(), ["macos-15"]);
        assert_eq!(runners.booting("aarch64-linux").unwrap(), ["arm-kvm"]);
        assert_eq!(runners.booting("riscv64-linux").unwrap(), ["board"]);
        assert_eq!(runners.of("no-such"), None);
        assert_eq!(runners.shards.map(usize::from), Some(4));
    }

    #[test]
    fn mistakes_are_placed() {
        for (text, message) in [
            (
                "matrix: { shards: 0 }",
                "`shards` is a number from 1 to 256",
            ),
            (
                "matrix: { shards: 257 }",
                "`shards` is a number from 1 to 256",
            ),
            ("matrix: { runner: {} }", "unknown key `runner` in `matrix`"),
            ("matrix: { evaluate: vax }", "`runners` has none for `vax`"),
            ("matrix: { runners: { a: [] } }", "the label of a runner"),
            (
                "matrix: { runners: { a: \"x\\ny\" } }",
                "the label of a runner holds",
            ),
        ] {
            let error = ProjectFile::parse(text).unwrap_err().remove(0);
            assert!(error.message.starts_with(message), "{text}: {error:?}");
            assert!(error.location.is_some());
        }
    }
}
