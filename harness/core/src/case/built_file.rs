//! `files` of a `build`: what a file of an output must be like.

use serde_json::json;

use super::keys::object;
use crate::location::{Located, Location};
use crate::matcher::{Matcher, parse_text_pattern};
use crate::yaml::{Entry, Key, Kind, Node, Reader};

/// A file of an output, and what it must be like.
#[derive(Clone, Debug)]
pub struct FileCheck {
    /// Its path inside of the output, without a slash in front; `.` is the output itself.
    pub path: String,
    /// Where that is written.
    pub location: Location,
    /// Whether there is one.
    pub exists: bool,
    /// Its permissions, as of `chmod`, once links are followed.
    pub mode: Option<Located<u32>>,
    /// Its text, once links are followed.
    pub contents: Option<Located<Matcher>>,
    /// What the link says that it is.
    pub target: Option<Located<Matcher>>,
}

/// The keys of a file that is more than its text.
const FILE: &[Key] = &[
    Key {
        name: "exists",
        doc: "Whether there is such a file or folder.",
        schema: || json!({"type": "boolean"}),
    },
    Key {
        name: "mode",
        doc: "Its permissions in octal, such as \"0444\", or \"0555\" for what can be run.",
        schema: || json!({"type": "string", "pattern": "^[0-7]{3,4}$"}),
    },
    Key {
        name: "contents",
        doc: "A text that it contains, or matchers for its text.",
        schema: || json!({"$ref": "#/$defs/text"}),
    },
    Key {
        name: "target",
        doc: "A text that the target of the link contains, or matchers for it.",
        schema: || json!({"$ref": "#/$defs/text"}),
    },
];

/// The JSON Schema of what stands at a path of `files`.
pub(super) fn schema() -> serde_json::Value {
    json!({"anyOf": [object(FILE, &[]), {"$ref": "#/$defs/text"}]})
}

const PATH_NOTE: &str = "write it as it is inside of the output, without a slash in front and without `.` and `..`: etc/ssh/sshd_config; `.` alone is the output itself";

impl FileCheck {
    /// Reads `files`.
    pub(super) fn parse_all(reader: &Reader<'_>, node: &Node) -> Option<Vec<Self>> {
        let mapping = reader.free_mapping(node, "`files`")?;
        if mapping.is_empty() {
            reader.report(reader.error(node, "`files` is empty"));
            return None;
        }
        let files: Vec<_> = mapping.entries().map(|e| Self::parse(reader, e)).collect();
        files.into_iter().collect()
    }

    fn parse(reader: &Reader<'_>, entry: Entry<'_>) -> Option<Self> {
        let (path, node) = (entry.name, entry.value);
        if path != "." && !super::snapshot::is_plain_path(path) {
            let error = reader.error(entry.key, format!("`{path}` is no path of a file"));
            reader.report(error.note(PATH_NOTE));
            return None;
        }
        let mut file = Self {
            path: path.to_owned(),
            location: reader.location(entry.key),
            exists: true,
            mode: None,
            contents: None,
            target: None,
        };
        let text = |node: &Node, what: &str| {
            parse_text_pattern(reader, node, what).map(|value| Located {
                value,
                location: reader.location(node),
            })
        };
        if !is_detailed(node) {
            file.contents = Some(text(node, "a file")?);
            return Some(file);
        }
        let mapping = reader.mapping(node, "a file", FILE)?;
        for entry in mapping.entries() {
            match entry.name {
                "exists" => file.exists = reader.boolean(entry.value, "`exists`")?,
                "mode" => file.mode = Some(mode(reader, entry.value)?),
                "contents" => file.contents = Some(text(entry.value, "`contents`")?),
                "target" => file.target = Some(text(entry.value, "`target`")?),
                // That has been reported.
                _ => return None,
            }
        }
        if !file.exists && mapping.entries().count() > 1 {
            let error = reader.error(node, "a file that is not to be there, and what it is like");
            reader.report(error.note("`exists: false` stands alone"));
            return None;
        }
        Some(file)
    }
}

/// Whether a file's keys are those of a file, and not matchers for its text.
fn is_detailed(node: &Node) -> bool {
    let Kind::Mapping(entries) = &node.kind else {
        return false;
    };
    let is_own =
        |key: &Node| matches!(&key.kind, Kind::String(name) if FILE.iter().any(|k| k.name == name));
    entries.iter().any(|(key, _)| is_own(key))
}

fn mode(reader: &Reader<'_>, node: &Node) -> Option<Located<u32>> {
    let read = |text: &str| {
        let is_octal = text.bytes().all(|b| matches!(b, b'0'..=b'7'));
        (is_octal && matches!(text.len(), 3 | 4)).then(|| u32::from_str_radix(text, 8).ok())?
    };
    let value = match &node.kind {
        Kind::String(text) => read(text),
        _ => None,
    };
    if value.is_none() {
        let error = reader.error(node, "`mode` must be permissions in octal");
        // To YAML a number is decimal or octal, as its version has it.
        reader
            .report(error.note(
                "write them as a text, in quotes: \"0444\", or \"0555\" for what can be run",
            ));
    }
    Some(Located {
        value: value?,
        location: reader.location(node),
    })
}
