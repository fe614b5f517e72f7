//! `snapshot`: what a case compares with what was accepted before.

use std::fmt;

use serde_json::json;

use super::expect::PATH_NOTE;
use super::keys::some_strings;
use crate::location::{Located, Location};
use crate::option_path::OptionPath;
use crate::yaml::{Key, Node, Reader};

/// `snapshot`: one part per kind, each compared with a file of its own.
#[derive(Clone, Debug)]
pub struct SnapshotCheck {
    /// The parts, in the order written; at least one.
    pub parts: Vec<Located<SnapshotPart>>,
}

/// One kind of snapshot, and what it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotPart {
    /// The derivations that an attribute is built from.
    Derivation(Attribute),
    /// The names and versions of the same.
    Closure(Attribute),
    /// The values of options and of all that is below them.
    Options(Vec<OptionPath>),
    /// The text of files of the system, or of the home folder, by their path.
    Files(Vec<String>),
}

/// Something of a host that is a derivation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// The host's toplevel.
    System,
    /// What is at a path below `config`.
    Path(OptionPath),
}

impl Attribute {
    /// The path below `config`; `None` is the host's toplevel.
    pub const fn path(&self) -> Option<&OptionPath> {
        match self {
            Self::System => None,
            Self::Path(path) => Some(path),
        }
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str(SYSTEM),
            Self::Path(path) => path.fmt(f),
        }
    }
}

impl SnapshotPart {
    /// The word for this kind, as case files and the names of snapshots have it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Derivation(_) => "derivation",
            Self::Closure(_) => "closure",
            Self::Options(_) => "options",
            Self::Files(_) => "files",
        }
    }
}

/// What it is of.
impl fmt::Display for SnapshotPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derivation(attribute) | Self::Closure(attribute) => attribute.fmt(f),
            Self::Options(paths) => {
                let paths: Vec<_> = paths.iter().map(OptionPath::to_string).collect();
                f.write_str(&paths.join(", "))
            }
            Self::Files(paths) => f.write_str(&paths.join(", ")),
        }
    }
}

/// The word for the host's toplevel.
const SYSTEM: &str = "system";

/// The keys of `snapshot`.
pub(super) const SNAPSHOT: &[Key] = &[
    Key {
        name: "derivation",
        doc: "The derivations that this is built from: `system`, the host's toplevel, or a path of its config such as `system.build.etc`.",
        schema: attribute_schema,
    },
    Key {
        name: "closure",
        doc: "The names and versions of all that this is built from: `system`, or a path of the host's config.",
        schema: attribute_schema,
    },
    Key {
        name: "options",
        doc: "Option paths: their values, and all that is below them.",
        schema: some_strings,
    },
    Key {
        name: "files",
        doc: "Paths of files, such as `etc/ssh/sshd_config`, or below the home folder: their text, as far as evaluation knows it.",
        schema: some_strings,
    },
];

pub(super) fn attribute_schema() -> serde_json::Value {
    json!({"type": "string", "minLength": 1})
}

impl SnapshotCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`snapshot`", SNAPSHOT)?;
        if mapping.is_empty() {
            reader.report(
                reader
                    .error(node, "`snapshot` of nothing")
                    .note("it takes derivation, closure, options, files"),
            );
            return None;
        }
        let mut parts = Vec::new();
        for entry in mapping.entries() {
            let part = match entry.name {
                "derivation" => SnapshotPart::Derivation(attribute(reader, entry.value, SUBJECT)?),
                "closure" => SnapshotPart::Closure(attribute(reader, entry.value, SUBJECT)?),
                "options" => SnapshotPart::Options(list(reader, entry.value, "options", option)?),
                "files" => SnapshotPart::Files(list(reader, entry.value, "files", file)?),
                _ => return None,
            };
            parts.push(Located {
                value: part,
                location: reader.location(entry.key),
            });
        }
        Some(Self { parts })
    }
}

const SUBJECT: &str = "what a snapshot is of";

/// Reads what is a derivation: `system`, or a path of the config.
pub(super) fn attribute(reader: &Reader<'_>, node: &Node, what: &str) -> Option<Attribute> {
    let text = reader.string(node, what)?;
    if text.value == SYSTEM {
        return Some(Attribute::System);
    }
    option(reader, &text).map(Attribute::Path)
}

fn list<T: PartialEq>(
    reader: &Reader<'_>,
    node: &Node,
    what: &str,
    read: impl Fn(&Reader<'_>, &Located<String>) -> Option<T>,
) -> Option<Vec<T>> {
    let mut found = Vec::new();
    for text in reader.some_strings(node, &format!("`{what}`"))? {
        let item = read(reader, &text)?;
        if found.contains(&item) {
            let message = format!("`{}` is given twice", text.value);
            reader.report(reader.error_at(text.location, message));
            return None;
        }
        found.push(item);
    }
    Some(found)
}

fn option(reader: &Reader<'_>, text: &Located<String>) -> Option<OptionPath> {
    OptionPath::parse(&text.value)
        .map_err(|error| {
            let at: Location = text.location.clone();
            reader.report(reader.error_at(at, error.to_string()).note(PATH_NOTE));
        })
        .ok()
}

/// A path in normal form: there is one spelling of each file.
fn file(reader: &Reader<'_>, text: &Located<String>) -> Option<String> {
    let path = text.value.as_str();
    if is_plain_path(path) {
        return Some(path.to_owned());
    }
    let message = format!("`{path}` is no path of a file");
    reader.report(
        reader.error_at(text.location.clone(), message).note(
            "write it without a slash in front and without `.` and `..`: etc/ssh/sshd_config",
        ),
    );
    None
}

/// Whether a path stays below where it begins, in the one spelling that it has.
pub(super) fn is_plain_path(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.all(|part| !part.is_empty() && part != "." && part != "..")
        && !path.contains(char::is_control)
}
