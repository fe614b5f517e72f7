//! The keys of `vm`, of its nodes and of its steps.

use serde_json::{Value, json};

use crate::case::keys::object;
use crate::yaml::Key;

/// The keys of `vm`.
pub(in crate::case) const VM: &[Key] = &[
    Key {
        name: "steps",
        doc: "What is done and looked at on the machine, one after the other.",
        schema: || json!({"type": "array", "minItems": 1, "items": object(STEP, &[])}),
    },
    Key {
        name: "script",
        doc: "The Python text of a test of the NixOS test driver, instead of `steps`. Such a case has a boot of its own.",
        schema: text_schema,
    },
    Key {
        name: "memory",
        doc: "The machine's memory, such as `1GiB`; what the module says where absent.",
        schema: size_schema,
    },
    Key {
        name: "disk",
        doc: "The size of the machine's disk, such as `4GiB`.",
        schema: size_schema,
    },
    Key {
        name: "cores",
        doc: "How many processors the machine has.",
        schema: || json!({"type": "integer", "minimum": 1, "maximum": 256}),
    },
    Key {
        name: "network",
        doc: "false keeps the machine from reaching anything outside of the test.",
        schema: || json!({"type": "boolean"}),
    },
    Key {
        name: "isolated",
        doc: "Whether the case has a boot of its own; cases of a host that are alike otherwise share one.",
        schema: || json!({"type": "boolean"}),
    },
    Key {
        name: "special_args",
        doc: "A Nix set: `specialArgs` for the modules beside those that the hosts were made with.",
        schema: text_schema,
    },
    Key {
        name: "nodes",
        doc: "The machines of a test of several, by name: which host each of them is.",
        schema: || {
            json!({
                "type": "object",
                "minProperties": 1,
                "propertyNames": {"pattern": "^[A-Za-z][A-Za-z0-9-]*$"},
                "additionalProperties": object(NODE, &["host"]),
            })
        },
    },
];

/// The keys of a node.
pub(super) const NODE: &[Key] = &[
    Key {
        name: "host",
        doc: "The NixOS host whose modules it has.",
        schema: text_schema,
    },
    Key {
        name: "with",
        doc: "A module that is added to it, as a Nix expression.",
        schema: text_schema,
    },
];

macro_rules! text_step {
    ($name:literal, $doc:literal) => {
        Key {
            name: $name,
            doc: $doc,
            schema: text_schema,
        }
    };
}

/// The keys of a step: one that says what it does, and how.
pub(super) const STEP: &[Key] = &[
    text_step!("wait_for_unit", "Waits until this systemd unit is active."),
    Key {
        name: "wait_for_open_port",
        doc: "Waits until something listens on this TCP port.",
        schema: || json!({"type": "integer", "minimum": 1, "maximum": 65535}),
    },
    text_step!("wait_for_file", "Waits until this file is there."),
    text_step!(
        "wait_until_succeeds",
        "Repeats a shell command until it succeeds."
    ),
    text_step!("succeed", "Runs a shell command, which must succeed."),
    text_step!("fail", "Runs a shell command, which must fail."),
    Key {
        name: "expect",
        doc: "Runs a shell command, which must succeed, and looks at what it prints, without the last line break.",
        schema: || object(EXPECT, &["command", "is"]),
    },
    Key {
        name: "reboot",
        doc: "true restarts the machine and waits until it is up again.",
        schema: || json!({"const": true}),
    },
    Key {
        name: "screenshot",
        doc: "Puts a picture of the screen, under this name, beside the record of the run.",
        schema: || json!({"type": "string", "pattern": SCREENSHOT}),
    },
    text_step!(
        "copy_from",
        "Copies a file or folder of the machine beside the record of the run."
    ),
    text_step!(
        "ocr",
        "Waits until this regular expression is found in the text on the screen."
    ),
    Key {
        name: "on",
        doc: "The node that the step is for, where there are several.",
        schema: text_schema,
    },
    Key {
        name: "timeout",
        doc: "How long the step may take, such as `30s`; what is left of the case's time where absent.",
        schema: || json!({"type": "string", "pattern": "^[0-9]+ *(ms|s|m|min|h)$"}),
    },
];

/// The keys of `expect` in a step.
pub(super) const EXPECT: &[Key] = &[
    text_step!("command", "The shell command."),
    Key {
        name: "is",
        doc: "What it must print: a text, or matchers for it.",
        schema: || json!({"$ref": "#/$defs/expected"}),
    },
];

/// The names of pictures: they become names of files.
const SCREENSHOT: &str = "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$";

fn text_schema() -> Value {
    json!({"type": "string", "minLength": 1})
}

fn size_schema() -> Value {
    json!({"type": "string", "pattern": "^[0-9]+ *([KMGT]iB|[kMGT]B)$"})
}
