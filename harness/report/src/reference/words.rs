//! What a value may be, in words, from its schema.

use serde_json::Value;

/// What the patterns of the schemas are for, by a part that only those have.
const PATTERNS: [(&str, &str); 5] = [
    ("(ms|s|m|min|h)", "a duration"),
    ("[KMGT]iB", "a size"),
    ("%", "a percentage"),
    ("[kMG]$", "a number such as `12M`"),
    ("[0-7]{3,4}", "a mode in octal"),
];

/// What the value of a key may be.
pub(super) fn value(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        return reference(target.rsplit('/').next().unwrap_or(target)).to_owned();
    }
    for several in ["allOf", "anyOf"] {
        if let Some(members) = schema[several].as_array() {
            let mut words: Vec<_> = members.iter().map(value).collect();
            words.dedup();
            return words.join(", or ");
        }
    }
    if let Some(members) = schema["enum"].as_array() {
        return members.iter().map(literal).collect::<Vec<_>>().join(", ");
    }
    if let Some(only) = schema.get("const") {
        return literal(only);
    }
    match schema["type"].as_str() {
        Some("string") => text(schema).to_owned(),
        Some("integer") => integer(schema),
        Some("number") => "a number".to_owned(),
        Some("boolean") => "true or false".to_owned(),
        Some("array") if schema["items"].is_object() => {
            format!("a list, each of it {}", value(&schema["items"]))
        }
        Some("array") => "a list".to_owned(),
        Some("object") if schema["additionalProperties"].is_object() => {
            let inner = value(&schema["additionalProperties"]);
            format!("a mapping of names, each to {inner}")
        }
        Some("object") => "a mapping".to_owned(),
        _ if schema["type"].is_array() => "a list or a mapping".to_owned(),
        _ => "any value".to_owned(),
    }
}

/// What the definitions that several keys share are called.
fn reference(name: &str) -> &str {
    match name {
        "name" => "a name",
        "nix" => "Nix text",
        "case" => "[a case](#a-case)",
        "hosts" => "a text, or a list of texts and `not: TEXT`",
        "strings" => "a text, or a list of texts",
        "text" => "a text, or [matchers](#matchers)",
        "expected" => "a value, or [matchers](#matchers)",
        "options" => "a mapping of option paths, each to a value or [matchers](#matchers)",
        other => other,
    }
}

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}

fn text(schema: &Value) -> &'static str {
    let pattern = schema["pattern"].as_str().unwrap_or_default();
    let known = PATTERNS.iter().find(|(part, _)| pattern.contains(part));
    known.map_or("a text", |(_, words)| words)
}

fn integer(schema: &Value) -> String {
    let (least, most) = (schema["minimum"].as_u64(), schema["maximum"].as_u64());
    match (least, most) {
        (Some(least), Some(most)) => format!("a whole number from {least} to {most}"),
        (Some(least), None) => format!("a whole number of at least {least}"),
        _ => "a whole number".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::value;

    #[test]
    fn values_are_named() {
        let percentage = json!({"type": "string", "pattern": "^[0-9]+([.][0-9])? *%$"});
        assert_eq!(value(&percentage), "a percentage");
        let bounds = json!({"type": "integer", "minimum": 1, "maximum": 9});
        assert_eq!(value(&bounds), "a whole number from 1 to 9");
        let either = json!({"anyOf": [{"enum": ["a", "b"]}, {"type": "array", "items": {"type": "string"}}]});
        assert_eq!(value(&either), "`a`, `b`, or a list, each of it a text");
        let named = json!({"type": "object", "additionalProperties": {"$ref": "#/$defs/expected"}});
        assert_eq!(
            value(&named),
            "a mapping of names, each to a value, or [matchers](#matchers)"
        );
        assert_eq!(value(&json!({})), "any value");
    }
}
