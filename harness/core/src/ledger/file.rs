//! Reading `ledger.yaml`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Ledger, Row, Wanted};
use crate::diagnostic::Diagnostic;
use crate::location::{Located, Location};
use crate::nearest::nearest;
use crate::schema;
use crate::yaml::{self, Key, Kind, Mapping, Node, Reader};

/// The keys of the file.
const LEDGER: &[Key] = &[Key {
    name: "rows",
    doc: "What was promised, one capability each.",
    schema: || json!({"type": "array", "minItems": 1, "items": row_schema()}),
}];

/// The keys of a row.
const ROW: &[Key] = &[
    Key {
        name: "id",
        doc: "What cases call it in `proves`: letters, digits, `-`, `_` and `.`.",
        schema: || json!({"type": "string", "pattern": "^[A-Za-z0-9._-]+$"}),
    },
    Key {
        name: "proposed",
        doc: "What was proposed, in a few words.",
        schema: text,
    },
    Key {
        name: "found",
        doc: "What there was when the ledger was begun.",
        schema: text,
    },
    Key {
        name: "gap",
        doc: "How far that was from the proposal, in a word; shown for as long as the row is not proven.",
        schema: text,
    },
    Key {
        name: "weight",
        doc: "Its share of the score, relative to the other rows; 1 where absent.",
        schema: || json!({"type": "integer", "minimum": 1, "maximum": MAX_WEIGHT}),
    },
    Key {
        name: "wanted",
        doc: "Whether it is wanted. A declined row counts for nothing, and no case may prove it.",
        schema: || json!({"enum": WANTED}),
    },
    Key {
        name: "reason",
        doc: "Why it is declined.",
        schema: text,
    },
];

const WANTED: [&str; 3] = ["required", "optional", "declined"];

/// Larger weights say nothing that smaller ones could not.
const MAX_WEIGHT: u32 = 1_000;

fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

fn row_schema() -> Value {
    schema::object(ROW, &["id", "proposed", "wanted"])
}

/// The JSON Schema of a ledger.
pub fn ledger_schema() -> Value {
    let mut schema = schema::object(LEDGER, &["rows"]);
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("nix-parity ledger");
    schema
}

/// Reads a ledger. `file` is its path as the user should see it.
///
/// # Errors
/// Everything that is wrong with the file, in its order.
pub fn parse_ledger(file: &str, text: &str) -> Result<Ledger, Vec<Diagnostic>> {
    yaml::document(file, text, |reader, node| read(reader, file, node))
}

fn read(reader: &Reader<'_>, file: &str, node: &Node) -> Option<Ledger> {
    if matches!(node.kind, Kind::Null) {
        reader.report(
            reader
                .error_at(Location::point(file, 1, 1), "an empty ledger")
                .note("a ledger has `rows:`"),
        );
        return None;
    }
    let mapping = reader.mapping(node, "a ledger", LEDGER)?;
    let Some(list) = mapping.get("rows") else {
        reader.report(
            reader
                .error(node, "a ledger without `rows`")
                .note("a ledger has `rows:`"),
        );
        return None;
    };
    let nodes = reader.sequence(list, "`rows`")?;
    let rows: Vec<_> = nodes.iter().filter_map(|n| read_row(reader, n)).collect();
    report_duplicates(reader, &rows);
    if reader.is_clean() && rows.iter().all(Row::is_declined) {
        reader.report(
            reader
                .error(list, "no row that is wanted")
                .note("a ledger of nothing, or of declined rows only, has no score"),
        );
    }
    Some(Ledger { rows })
}

fn report_duplicates(reader: &Reader<'_>, rows: &[Row]) {
    let mut seen: BTreeMap<&str, &Location> = BTreeMap::new();
    for row in rows {
        if let Some(first) = seen.insert(&row.id.value, &row.id.location) {
            let message = format!("a second row `{}`", row.id.value);
            let again = reader.error_at(row.id.location.clone(), message);
            reader.report(again.note(format!("the first is in line {}", first.line)));
        }
    }
}

fn read_row(reader: &Reader<'_>, node: &Node) -> Option<Row> {
    let row = reader.mapping(node, "a row", ROW)?;
    let id = needed(reader, node, row, "id").and_then(|node| read_id(reader, node));
    let text = |key: &str| {
        let node = row.get(key)?;
        let text = reader.string(node, &format!("`{key}`"))?;
        Some(text.value)
    };
    let proposed = needed(reader, node, row, "proposed").and_then(|_| text("proposed"));
    let wanted = needed(reader, node, row, "wanted")
        .and_then(|node| reader.string(node, "`wanted`"))
        .and_then(|word| read_wanted(reader, row, &word));
    let weight = match row.get("weight") {
        Some(node) => read_weight(reader, node),
        None => Some(1),
    };
    Some(Row {
        id: id?,
        proposed: proposed?,
        found: text("found"),
        gap: text("gap"),
        weight: weight?,
        wanted: wanted?,
    })
}

/// The value of a key that every row has.
fn needed<'n>(reader: &Reader<'_>, node: &Node, row: Mapping<'n>, key: &str) -> Option<&'n Node> {
    let value = row.get(key);
    if value.is_none() {
        reader.report(reader.error(node, format!("a row without `{key}`")));
    }
    value
}

fn read_id(reader: &Reader<'_>, node: &Node) -> Option<Located<String>> {
    let id = reader.string(node, "`id`")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.value.chars().all(is_plain) {
        return Some(id);
    }
    reader.report(
        reader
            .error(node, format!("`{}` is no id of a row", id.value))
            .note("an id is of letters, digits, `-`, `_` and `.`"),
    );
    None
}

fn read_weight(reader: &Reader<'_>, node: &Node) -> Option<u32> {
    if let Kind::Int(n) = node.kind
        && let Ok(weight) = u32::try_from(n)
        && (1..=MAX_WEIGHT).contains(&weight)
    {
        return Some(weight);
    }
    let message = format!("`weight` is a number from 1 to {MAX_WEIGHT}");
    reader.report(
        reader
            .error(node, message)
            .note("a row that should count for nothing is a declined one"),
    );
    None
}

fn read_wanted(reader: &Reader<'_>, row: Mapping<'_>, word: &Located<String>) -> Option<Wanted> {
    let reason = row.entry("reason");
    match (word.value.as_str(), reason) {
        ("declined", Some(entry)) => Some(Wanted::Declined {
            reason: reader.string(entry.value, "`reason`")?.value,
        }),
        ("declined", None) => {
            reader.report(
                reader
                    .error_at(word.location.clone(), "a declined row without a `reason`")
                    .note("say why it is not wanted"),
            );
            None
        }
        ("required" | "optional", Some(entry)) => {
            reader.report(
                reader
                    .error(entry.key, "`reason` of a row that is not declined")
                    .note("it says why a row is declined"),
            );
            None
        }
        ("required", None) => Some(Wanted::Required),
        ("optional", None) => Some(Wanted::Optional),
        (other, _) => {
            let message = format!("`wanted` is not `{other}`");
            let mut diagnostic = reader.error_at(word.location.clone(), message);
            if let Some(near) = nearest(other, WANTED) {
                diagnostic = diagnostic.label(format!("did you mean `{near}`?"));
            }
            reader.report(diagnostic.note(format!("it is one of {}", WANTED.join(", "))));
            None
        }
    }
}
