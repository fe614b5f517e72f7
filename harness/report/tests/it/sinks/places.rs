//! The places of a record at which foreign text can stand: all of its strings but the words
//! that have a meaning to whoever reads it. Found in the record itself, so that what is
//! added to a record later is a place at once.

use std::collections::BTreeMap;

use serde_json::Value;

/// One place: all strings that say the same, so that what is called by its name elsewhere in
/// a record still is.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// Where it is, without positions in lists, such as `test_finished.id.host`.
    pub(super) name: String,
    pointers: Vec<String>,
}

impl Place {
    /// Puts a text there.
    pub(super) fn put(&self, record: &mut Value, text: &str) {
        for pointer in &self.pointers {
            *record.pointer_mut(pointer).unwrap() = text.into();
        }
    }
}

/// The places of a record, of those in the same place of a list the first. `reads` says
/// whether a record can still be read: where it cannot, a word was replaced and no text.
pub(super) fn places(record: &Value, reads: &dyn Fn(&Value) -> bool) -> Vec<Place> {
    let mut strings = Vec::new();
    collect(record, String::new(), String::new(), &mut strings);
    strings.retain(|(pointer, ..)| {
        let mut changed = record.clone();
        *changed.pointer_mut(pointer).unwrap() = "a word that nobody knows".into();
        reads(&changed)
    });
    let mut found: BTreeMap<&str, Place> = BTreeMap::new();
    for (_, name, text) in &strings {
        found.entry(name).or_insert_with(|| Place {
            name: name.clone(),
            pointers: strings
                .iter()
                .filter(|(_, _, other)| other == text)
                .map(|(pointer, ..)| pointer.clone())
                .collect(),
        });
    }
    found.into_values().collect()
}

/// Pointer, name and text of each string.
fn collect(
    value: &Value,
    pointer: String,
    name: String,
    strings: &mut Vec<(String, String, String)>,
) {
    match value {
        Value::String(text) => strings.push((pointer, name, text.clone())),
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                collect(item, format!("{pointer}/{n}"), name.clone(), strings);
            }
        }
        Value::Object(members) => {
            // What kind of event or problem it is belongs to the name.
            let kinds = ["event", "outcome", "problem", "fate"];
            let kinds = kinds.iter().filter_map(|kind| members.get(*kind)?.as_str());
            let kind: Vec<_> = kinds.collect();
            let name = [name, kind.join(".")].join(if kind.is_empty() { "" } else { "." });
            for (key, member) in members {
                let escaped = key.replace('~', "~0").replace('/', "~1");
                let name = format!("{name}.{key}");
                collect(member, format!("{pointer}/{escaped}"), name, strings);
            }
        }
        _ => {}
    }
}
