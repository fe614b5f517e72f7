//! The JSON Schemas that are generated from the parsers' own tables of keys.

use serde_json::Value;

pub use crate::case::suite_schema;
pub use crate::ledger::ledger_schema;
pub use crate::package_map::schema as package_map_schema;

/// The schema of a mapping with these keys, for parsers outside of this crate.
pub fn object(keys: &[crate::yaml::Key], required: &[&str]) -> Value {
    crate::case::object_schema(keys, required)
}

/// A schema as it is committed: indented, with a final newline.
pub fn render(schema: &Value) -> String {
    format!("{schema:#}\n")
}
