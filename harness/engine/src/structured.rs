//! Structured attributes of derivations, which one variable holds as JSON.

use std::collections::BTreeMap;

use serde_json::Value;

/// The variable.
const JSON: &[u8] = b"__json";

/// The attributes in a variable, as texts; `None` where it holds no structured attributes.
pub(crate) fn attributes_of(key: &[u8], value: &[u8]) -> Option<BTreeMap<String, String>> {
    if key != JSON {
        return None;
    }
    let attributes: BTreeMap<String, Value> = serde_json::from_slice(value).ok()?;
    let text = |value: Value| match value {
        Value::String(text) => text,
        other => format!("{other:#}"),
    };
    Some(
        attributes
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect(),
    )
}
