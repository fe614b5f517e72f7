//! `ledger.lock`: what was proven when somebody last accepted it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::FORMAT;
use crate::diagnostic::Diagnostic;
use crate::yaml::{self, Key, Kind, Mapping, Node, Reader, quoted};

/// What was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The rows that were wanted, by id.
    pub rows: BTreeMap<String, Held>,
}

/// What is known of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// How many of its tests pass.
    pub passed: usize,
    /// How many tests it has.
    pub tests: usize,
}

impl Held {
    /// Whether it has tests and all pass.
    pub const fn is_proven(self) -> bool {
        self.tests > 0 && self.passed == self.tests
    }
}

const HEAD: &str = "# What the cases prove of the ledger, as it was accepted. Written by\n# `nix-parity gap --accept`; `nix-parity gap --ratchet` fails where a row is worse.\n";

const LOCK: &[Key] = &[
    Key {
        name: "format",
        doc: "The version of this format.",
        schema: || json!({"const": FORMAT}),
    },
    Key {
        name: "rows",
        doc: "The rows, by id.",
        schema: || json!({"type": "object"}),
    },
];

const HELD: &[Key] = &[
    Key {
        name: "passed",
        doc: "How many of its tests pass.",
        schema: || json!({"type": "integer", "minimum": 0}),
    },
    Key {
        name: "tests",
        doc: "How many tests it has.",
        schema: || json!({"type": "integer", "minimum": 0}),
    },
];

impl Lock {
    /// The text of the file. Equal locks have equal texts.
    pub fn render(&self) -> String {
        let mut text = format!("{HEAD}format: {FORMAT}\nrows:\n");
        if self.rows.is_empty() {
            text = text.replace("rows:\n", "rows: {}\n");
        }
        for (id, Held { passed, tests }) in &self.rows {
            // Quoted: an id such as `1.5` or `null` would be read as another kind.
            // Writing to a String cannot fail.
            let id = quoted(id);
            let _ = writeln!(text, "  {id}: {{ passed: {passed}, tests: {tests} }}");
        }
        text
    }

    /// Reads the file. `file` is its path as the user should see it.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let noted = |diagnostic: Diagnostic| {
            diagnostic.note("remove it, and write it anew with `nix-parity gap --accept`")
        };
        yaml::document(file, text, read)
            .map_err(|diagnostics| diagnostics.into_iter().map(noted).collect())
    }
}

fn read(reader: &Reader<'_>, node: &Node) -> Option<Lock> {
    let mapping = reader.mapping(node, "the lock", LOCK)?;
    let missing = |key: &str| {
        reader.report(reader.error(node, format!("a lock without `{key}`")));
    };
    let Some(format) = mapping.get("format") else {
        missing("format");
        return None;
    };
    if !matches!(format.kind, Kind::Int(n) if n == i64::from(FORMAT)) {
        let message = format!("this program reads locks of format {FORMAT}");
        reader.report(reader.error(format, message));
        return None;
    }
    let Some(rows) = mapping.get("rows") else {
        missing("rows");
        return None;
    };
    let mut lock = Lock::default();
    for entry in reader.free_mapping(rows, "`rows`")?.entries() {
        let row = reader.mapping(entry.value, "a row", HELD)?;
        let held = Held {
            passed: number(reader, entry.value, row, "passed")?,
            tests: number(reader, entry.value, row, "tests")?,
        };
        if held.passed > held.tests {
            reader.report(reader.error(entry.value, "more tests pass than there are"));
        }
        lock.rows.insert(entry.name.to_owned(), held);
    }
    Some(lock)
}

fn number(reader: &Reader<'_>, node: &Node, row: Mapping<'_>, key: &str) -> Option<usize> {
    let value = row.get(key);
    if let Some(Kind::Int(n)) = value.map(|node| &node.kind)
        && let Ok(n) = usize::try_from(*n)
    {
        return Some(n);
    }
    let message = format!("`{key}` is a number from 0");
    reader.report(reader.error(value.unwrap_or(node), message));
    None
}
