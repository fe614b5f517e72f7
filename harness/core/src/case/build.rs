//! `build`: what a derivation of a host comes out as when it is really built.

use serde_json::json;

use super::built_file::FileCheck;
use super::closure::ClosureCheck;
use super::keys::object;
use super::snapshot::{Attribute, attribute, attribute_schema};
use crate::location::{Located, Location};
use crate::matcher::{Matcher, parse_text_pattern};
use crate::yaml::{Key, Node, Reader};

/// `build`: it builds, and this is what comes out; or it fails, and how.
#[derive(Clone, Debug)]
pub struct BuildCheck {
    /// What is built.
    pub attribute: Attribute,
    /// Files of its output, in the order written.
    pub files: Vec<FileCheck>,
    /// All that its output needs to run.
    pub closure: Option<ClosureCheck>,
    /// The build must fail, and its log satisfy this.
    pub fails: Option<Located<Matcher>>,
    /// Where it is written.
    pub location: Location,
}

/// The keys of `build`.
pub(super) const BUILD: &[Key] = &[
    Key {
        name: "attr",
        doc: "What is built: `system`, the host's toplevel, or a path of its config such as `system.build.etc`.",
        schema: attribute_schema,
    },
    Key {
        name: "files",
        doc: "Files of the output by their paths, such as `etc/ssh/sshd_config`, or `.` for the output itself: a text that they contain, matchers for their text, or `exists`, `mode`, `contents`, `target`.",
        schema: || json!({"type": "object", "minProperties": 1, "additionalProperties": super::built_file::schema()}),
    },
    Key {
        name: "closure",
        doc: "All that the output needs to run: how large it may be, and what is in it or not.",
        schema: super::closure::schema,
    },
    Key {
        name: "fails",
        doc: "The build must fail: a text that its log contains, or matchers for it.",
        schema: || json!({"$ref": "#/$defs/text"}),
    },
];

/// The JSON Schema of `build`.
pub(super) fn schema() -> serde_json::Value {
    object(BUILD, &["attr"])
}

impl BuildCheck {
    /// Whether its closure is compared with a recorded base.
    pub fn weighs_growth(&self) -> bool {
        let closure = self.closure.as_ref();
        closure.is_some_and(|closure| closure.max_growth.is_some())
    }

    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`build`", BUILD)?;
        let is_known = |name: &str| BUILD.iter().any(|key| key.name == name);
        if mapping.entries().any(|entry| !is_known(entry.name)) {
            // That has been reported.
            return None;
        }
        let Some(what) = mapping.get("attr") else {
            let error = reader.error(node, "`build` without `attr`");
            reader.report(error.note("say what is built: `attr: system`, or a path of the config"));
            return None;
        };
        let attribute = attribute(reader, what, "`attr`")?;
        let files = match mapping.get("files") {
            Some(node) => FileCheck::parse_all(reader, node)?,
            None => Vec::new(),
        };
        let closure = match mapping.get("closure") {
            Some(node) => Some(ClosureCheck::parse(reader, node)?),
            None => None,
        };
        let fails = match mapping.entry("fails") {
            Some(entry) => {
                if !files.is_empty() || closure.is_some() {
                    let message = "`fails` of a build whose output is looked at";
                    let error = reader.error(entry.key, message);
                    reader.report(error.note("a build that fails has no output"));
                    return None;
                }
                Some(Located {
                    value: parse_text_pattern(reader, entry.value, "`fails`")?,
                    location: reader.location(entry.key),
                })
            }
            None => None,
        };
        Some(Self {
            attribute,
            files,
            closure,
            fails,
            location: reader.location(node),
        })
    }
}
