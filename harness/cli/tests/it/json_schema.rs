//! As much of JSON Schema (draft 7) as the committed schemas use. A word that is
//! not known here fails the test, so that none is passed over in silence.

use nix_parity_core::yaml::{self, Kind, Node};
use regex::Regex;
use serde_json::{Map, Value, json};

/// A schema, to hold documents against.
pub(crate) struct Schema(Value);

impl Schema {
    pub(crate) fn parse(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// Why the document is refused; nothing where it is taken.
    pub(crate) fn refusal(&self, document: &Value) -> Option<String> {
        self.check(&self.0, document).err()
    }

    fn check(&self, schema: &Value, value: &Value) -> Result<(), String> {
        for (word, argument) in schema.as_object().expect("a schema is an object") {
            self.check_word(word, argument, schema, value)
                .map_err(|reason| format!("{reason} ({word})"))?;
        }
        Ok(())
    }

    fn check_word(
        &self,
        word: &str,
        argument: &Value,
        schema: &Value,
        value: &Value,
    ) -> Result<(), String> {
        let holds = match word {
            "$schema" | "$defs" | "title" | "description" => true,
            "$ref" => {
                let path = argument.as_str().unwrap().trim_start_matches('#');
                let target = self.0.pointer(path).expect("a reference leads somewhere");
                return self.check(target, value);
            }
            "type" => match argument {
                Value::Array(names) => names.iter().any(|name| is_a(name, value)),
                name => is_a(name, value),
            },
            "enum" => argument.as_array().unwrap().contains(value),
            "const" => argument == value,
            "anyOf" => argument
                .as_array()
                .unwrap()
                .iter()
                .any(|s| self.check(s, value).is_ok()),
            "allOf" => {
                return argument
                    .as_array()
                    .unwrap()
                    .iter()
                    .try_for_each(|s| self.check(s, value));
            }
            "not" => self.check(argument, value).is_err(),
            "items" => match value {
                Value::Array(items) => {
                    return items.iter().try_for_each(|item| self.check(argument, item));
                }
                _ => true,
            },
            "properties" | "additionalProperties" => match value {
                Value::Object(members) => return self.check_members(schema, word, members),
                _ => true,
            },
            "propertyNames" => match value {
                Value::Object(members) => {
                    let names = members.keys().map(|name| json!(name));
                    return names
                        .into_iter()
                        .try_for_each(|name| self.check(argument, &name));
                }
                _ => true,
            },
            "required" => match value {
                Value::Object(members) => argument
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|name| members.contains_key(name.as_str().unwrap())),
                _ => true,
            },
            "pattern" => value.as_str().is_none_or(|text| {
                Regex::new(argument.as_str().unwrap())
                    .unwrap()
                    .is_match(text)
            }),
            "minimum" => value
                .as_f64()
                .is_none_or(|number| number >= argument.as_f64().unwrap()),
            "maximum" => value
                .as_f64()
                .is_none_or(|number| number <= argument.as_f64().unwrap()),
            "minLength" => value
                .as_str()
                .is_none_or(|text| text.chars().count() >= size(argument)),
            "minItems" => value
                .as_array()
                .is_none_or(|items| items.len() >= size(argument)),
            "minProperties" => value
                .as_object()
                .is_none_or(|members| members.len() >= size(argument)),
            "maxProperties" => value
                .as_object()
                .is_none_or(|members| members.len() <= size(argument)),
            other => panic!("`{other}` is a word that these tests do not know"),
        };
        if holds {
            Ok(())
        } else {
            Err(value.to_string())
        }
    }

    fn check_members(
        &self,
        schema: &Value,
        word: &str,
        members: &Map<String, Value>,
    ) -> Result<(), String> {
        let known = |name: &str| schema["properties"].get(name);
        members
            .iter()
            .try_for_each(|(name, member)| match (word, known(name)) {
                ("properties", Some(own)) => self.check(own, member),
                ("additionalProperties", None) => match &schema["additionalProperties"] {
                    Value::Bool(false) => Err(format!("`{name}`")),
                    other => self.check(other, member),
                },
                _ => Ok(()),
            })
    }
}

fn size(argument: &Value) -> usize {
    usize::try_from(argument.as_u64().unwrap()).unwrap()
}

fn is_a(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no type is called `{other}`"),
    }
}

/// A YAML text as an editor's validator sees it.
pub(crate) fn document(text: &str) -> Value {
    fn convert(node: Node) -> Value {
        match node.kind {
            Kind::Null => Value::Null,
            Kind::Bool(b) => json!(b),
            Kind::Int(n) => json!(n),
            Kind::Float(n) => json!(n),
            Kind::String(text) => json!(text),
            Kind::Sequence(items) => items.into_iter().map(convert).collect(),
            Kind::Mapping(entries) => entries
                .into_iter()
                .filter_map(|(key, value)| match key.kind {
                    Kind::String(name) => Some((name, convert(value))),
                    _ => None,
                })
                .collect::<Map<_, _>>()
                .into(),
        }
    }
    convert(yaml::parse(text).unwrap())
}
