//! The keys of `parity.yaml`: the parser's tables, and the schema made of them.

use nix_parity_core::schema;
use nix_parity_core::yaml::Key;
use serde_json::{Value, json};

use super::super::runners;

pub(super) const ROOT: &[Key] = &[
    Key {
        name: "flake",
        doc: "The flake under test; `.` where absent. Relative paths are relative to this file.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "cases",
        doc: "The folder with the case files; `cases` where absent.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "profile",
        doc: "The profile to use where the command line names none.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "profiles",
        doc: "Ways to evaluate the flake, by name.",
        schema: || json!({"type": "object", "additionalProperties": schema::object(PROFILE, &[])}),
    },
    Key {
        name: "hosts",
        doc: "The hosts under test by platform: a list of names, or a mapping of names to doubles such as `x86_64-linux`. Where absent, Nix is asked which hosts the flake offers.",
        schema: || schema::object(HOSTS, &[]),
    },
    Key {
        name: "redact",
        doc: "Option paths whose values, and all below, are never shown or kept: names with `*` for any part of one and `**` for any of them, such as `**.password*`.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
    Key {
        name: "evaluation",
        doc: "What bounds evaluation.",
        schema: || schema::object(EVALUATION, &[]),
    },
    Key {
        name: "build",
        doc: "Where `build` cases build, as Nix's options of these names say.",
        schema: || schema::object(BUILD, &[]),
    },
    Key {
        name: "noise",
        doc: "What comparisons and snapshots of derivations leave out, besides the labels of a platform's toplevel.",
        schema: || json!({"type": "array", "items": schema::object(NOISE, &["derivation", "env"])}),
    },
    Key {
        name: "ledger",
        doc: "The file that says what was promised; `ledger.yaml` where absent, if there is one.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "coverage",
        doc: "The folders and files of the flake whose options `nix-parity coverage` looks for cases of; all of it where absent.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
    Key {
        name: "matrix",
        doc: "The machines of a CI system that `nix-parity matrix` divides the tests over.",
        schema: runners::schema,
    },
];

pub(super) const BUILD: &[Key] = &[
    Key {
        name: "builders",
        doc: "The machines that build: as `builders` of nix.conf, such as `@/etc/nix/machines`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "store",
        doc: "The store to build in, such as `ssh-ng://big`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "eval_store",
        doc: "The store that derivations are copied from; that of this machine where absent.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "jobs",
        doc: "How many builds run at once on this machine: `max-jobs` of nix.conf.",
        schema: || json!({"type": "integer", "minimum": 0}),
    },
];

pub(super) const NOISE: &[Key] = &[
    Key {
        name: "derivation",
        doc: "A glob of names of derivations, such as `etc-os-release`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "env",
        doc: "A glob of the variables of their environment whose change says nothing, such as `text`.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
];

pub(super) const PROFILE: &[Key] = &[
    Key {
        name: "override_inputs",
        doc: "Flake inputs and the flake references that replace them, as `--override-input` does.",
        schema: || json!({"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}),
    },
    Key {
        name: "stubs",
        doc: "Those of these inputs that stand in for what cannot be fetched: a case that needs what such a stub does not have is skipped.",
        schema: || json!({"anyOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string", "minLength": 1}}]}),
    },
];

pub(super) const HOSTS: &[Key] = &[
    Key {
        name: "darwin",
        doc: "Hosts of `darwinConfigurations`.",
        schema: host_names,
    },
    Key {
        name: "nixos",
        doc: "Hosts of `nixosConfigurations`.",
        schema: host_names,
    },
    Key {
        name: "home",
        doc: "Hosts of `homeConfigurations`.",
        schema: host_names,
    },
];

pub(super) const EVALUATION: &[Key] = &[
    Key {
        name: "jobs",
        doc: "How many hosts are evaluated at once; `auto` goes by the machine.",
        schema: || json!({"anyOf": [{"const": "auto"}, {"type": "integer", "minimum": 1}]}),
    },
    Key {
        name: "timeout",
        doc: "How long one case's queries may take where the case does not say, such as `10m`.",
        schema: time,
    },
    Key {
        name: "host_timeout",
        doc: "How long all cases of one host may take together, loading the flake included; no limit where absent.",
        schema: time,
    },
    Key {
        name: "run_timeout",
        doc: "How long a run may take, loading the flake included; no limit where absent.",
        schema: time,
    },
    Key {
        name: "memory",
        doc: "How much memory the Nix process of one host may hold, such as `6GiB`; no limit where absent. A process that holds more is ended, and what it was asked is asked once more in a fresh one.",
        schema: || json!({"type": "string", "pattern": "^[0-9]+ *([KMGT]iB|[kMGT]B)$"}),
    },
];

fn time() -> Value {
    json!({"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h)$"})
}

fn host_names() -> Value {
    json!({"anyOf": [
        {"type": "array", "items": {"type": "string", "minLength": 1}},
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}}
    ]})
}

/// The JSON Schema of `parity.yaml`.
pub fn project_schema() -> Value {
    let mut schema = schema::object(ROOT, &[]);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("nix-parity project file");
    schema
}
