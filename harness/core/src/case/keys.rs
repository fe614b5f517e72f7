//! The keys of a case file, and the JSON Schema made of them.

use serde_json::{Value, json};

use super::budget::BUDGET;
use super::check::THROWS;
use super::parity::{PACKAGE_PARITY, PARITY};
use super::reuse::REUSE;
use super::scope;
use super::snapshot::SNAPSHOT;
use super::tree::TREE;
use super::vm::VM;
use crate::matcher;
use crate::yaml::Key;

/// The keys of the file.
pub(super) const SUITE: &[Key] = &[
    Key {
        name: "suite",
        doc: "The suite's name, the first part of its tests' names. The file's stem where absent.",
        schema: || reference("name"),
    },
    Key {
        name: "proves",
        doc: "Rows of the ledger that this suite's cases prove.",
        schema: || reference("strings"),
    },
    Key {
        name: "defaults",
        doc: "What applies to every case that does not say otherwise.",
        schema: || object(DEFAULTS, &[]),
    },
    Key {
        name: "cases",
        doc: "The cases.",
        schema: || json!({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/case"}}),
    },
];

/// The keys of `defaults`.
pub(super) const DEFAULTS: &[Key] = &[HOSTS, TIMEOUT, TAGS];

const HOSTS: Key = Key {
    name: "hosts",
    doc: "The hosts a case is for: `all`, names, globs, `darwin:*`, `nixos:*`, `home:*`, `system:*-linux`; `not:` takes away.",
    schema: || reference("hosts"),
};

const TIMEOUT: Key = Key {
    name: "timeout",
    doc: "How long a case's queries may take together, such as `60s` or `5m`.",
    schema: || json!({"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h)$"}),
};

const TAGS: Key = Key {
    name: "tags",
    doc: "Words to select cases by. A case's own are added to the defaults.",
    schema: || reference("strings"),
};

/// The keys of a case.
pub(super) const CASE: &[Key] = &[
    Key {
        name: "name",
        doc: "The case's name, unique in its suite.",
        schema: || reference("name"),
    },
    HOSTS,
    TAGS,
    TIMEOUT,
    Key {
        name: "proves",
        doc: "Rows of the ledger that this case proves.",
        schema: || reference("strings"),
    },
    Key {
        name: "with",
        doc: "A module that is added to the host before looking at it, as a Nix expression: what if.",
        schema: || reference("nix"),
    },
    Key {
        name: "expect",
        doc: "Option paths and what their values must be, by scope.",
        schema: || scope::schema(&json!({"$ref": "#/$defs/options"})),
    },
    Key {
        name: "eval",
        doc: "A Nix function of `{ config, options, pkgs, lib, host, ... }` whose result is looked at.",
        schema: || reference("nix"),
    },
    Key {
        name: "is",
        doc: "What the result of `eval` must be.",
        schema: || reference("expected"),
    },
    Key {
        name: "is_on",
        doc: "What the result of `eval` must be, by scope.",
        schema: || scope::schema(&json!({"$ref": "#/$defs/expected"})),
    },
    Key {
        name: "throws",
        doc: "How evaluation must be refused: by an assertion of the host, or with a message. Of `eval` where given, else of the host's toplevel.",
        schema: || {
            let mut schema = object(THROWS, &[]);
            schema["minProperties"] = json!(1);
            schema["maxProperties"] = json!(1);
            schema
        },
    },
    Key {
        name: "warns",
        doc: "A text that one of the host's `warnings` contains, or matchers for it.",
        schema: || reference("text"),
    },
    Key {
        name: "snapshot",
        doc: "What is compared with what was accepted before, by kind; each has its own file below `snapshots/`.",
        schema: || at_least_one(SNAPSHOT),
    },
    Key {
        name: "budget",
        doc: "How much work evaluating the host's toplevel may be, by Nix's own counters.",
        schema: || at_least_one(BUDGET),
    },
    Key {
        name: "build",
        doc: "What a derivation of the host comes out as when it is really built: its files, all that it needs, or how it fails.",
        schema: super::build::schema,
    },
    Key {
        name: "parity",
        doc: "Options that have the same value on all hosts. One test for all of them.",
        schema: || object(PARITY, &["paths"]),
    },
    Key {
        name: "package_parity",
        doc: "The same programs on all hosts, whatever installs them. One test for all of them.",
        schema: || object(PACKAGE_PARITY, &["mapping"]),
    },
    Key {
        name: "reuse",
        doc: "The share of the configuration that hosts of several platforms use. One test for all of them.",
        schema: || object(REUSE, &["roots", "at_least"]),
    },
    Key {
        name: "tree",
        doc: "Files in the flake's folder that must be there, and that must not. One test, of no host.",
        schema: || at_least_one(TREE),
    },
    Key {
        name: "vm",
        doc: "What must hold on the running machine: a NixOS host is built as a virtual machine and booted.",
        schema: || at_least_one(VM),
    },
    Key {
        name: "expected_failure",
        doc: "The case is known not to hold yet: it passes while it fails, and fails when it starts to pass.",
        schema: || object(EXPECTED_FAILURE, &["until"]),
    },
];

/// The keys of `expected_failure`.
pub(super) const EXPECTED_FAILURE: &[Key] = &[
    Key {
        name: "until",
        doc: "What the case waits for.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "ledger",
        doc: "The row of the ledger that is open until then.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
];

fn at_least_one(keys: &[Key]) -> Value {
    let mut schema = object(keys, &[]);
    schema["minProperties"] = json!(1);
    schema
}

/// The JSON Schema of what [`Reader::some_strings`](crate::yaml::Reader::some_strings) reads.
pub(super) fn some_strings() -> Value {
    json!({"anyOf": [
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}}
    ]})
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{name}") })
}

/// The JSON Schema of a mapping with these keys.
pub(crate) fn object(keys: &[Key], required: &[&str]) -> Value {
    let properties: serde_json::Map<_, _> = keys
        .iter()
        .map(|key| {
            let mut schema = (key.schema)();
            // A reference may not have neighbours in older drafts.
            if schema.get("$ref").is_some() {
                schema = json!({"allOf": [schema]});
            }
            schema["description"] = json!(key.doc);
            (key.name.to_owned(), schema)
        })
        .collect();
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}

/// The JSON Schema of a case file (draft 7, which editors know best).
pub fn suite_schema() -> Value {
    let mut schema = object(SUITE, &["cases"]);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("nix-parity case file");
    schema["$defs"] = json!({
        "name": {"type": "string", "minLength": 1, "not": {"pattern": "::"}},
        "strings": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string", "minLength": 1}}]},
        "nix": {"type": "string", "minLength": 1},
        "hosts": {"anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "array", "minItems": 1, "items": {"anyOf": [
                {"type": "string", "minLength": 1},
                {"type": "object", "additionalProperties": false, "required": ["not"], "properties": {"not": {"type": "string", "minLength": 1}}}
            ]}}
        ]},
        "text": {"anyOf": [{"type": "string", "minLength": 1}, {"type": "object", "minProperties": 1}]},
        "options": {"type": "object", "minProperties": 1, "additionalProperties": {"$ref": "#/$defs/expected"}},
        "expected": matcher::schema(),
        "case": object(CASE, &["name"]),
    });
    schema
}
