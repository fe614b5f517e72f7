//! Reading matchers from YAML.

use std::collections::BTreeMap;

use regex::RegexBuilder;
use serde_json::json;

use super::{Comparison, Matcher, PackagePattern, TypeName, VersionTest};
use crate::nearest::nearest;
use crate::value::Value;
use crate::yaml::{Entry, Key, Kind, Node, Reader};

/// Every matcher's name.
pub const NAMES: [&str; 20] = [
    "equals",
    "not",
    "any_of",
    "all_of",
    "matches",
    "contains",
    "includes",
    "includes_packages",
    "set_equals",
    "length",
    "type",
    "one_of",
    "gt",
    "ge",
    "lt",
    "le",
    "each",
    "keys",
    "present",
    "absent_or",
];

/// Reads an expected value: a mapping whose keys are all matcher names is a
/// matcher, several of them must all hold; anything else is compared for equality.
pub fn parse_expected(reader: &Reader<'_>, node: &Node) -> Option<Matcher> {
    let Kind::Mapping(_) = &node.kind else {
        return Some(Matcher::Equals(value(node)));
    };
    let mapping = reader.free_mapping(node, "an expectation")?;
    let is_name = |e: &Entry<'_>| NAMES.contains(&e.name);
    if mapping.is_empty() || !mapping.entries().all(|e| is_name(&e)) {
        // `{ includes: …, lenght: 3 }` is a slip, not a set with such members.
        let slip = mapping.entries().find_map(|e| {
            let name = nearest(e.name, NAMES.into_iter().filter(|n| n.len() > 3));
            name.filter(|_| !is_name(&e) && e.name.len() > 3)
                .map(|name| (e, name))
        });
        if let Some((entry, name)) = slip {
            reader.report(
                reader
                    .error(entry.key, format!("unknown matcher `{}`", entry.name))
                    .label(format!("did you mean `{name}`?"))
                    .note("if a set with this member is meant, write `equals:` above it"),
            );
            return None;
        }
        return Some(Matcher::Equals(value(node)));
    }
    let mut all: Vec<_> = mapping
        .entries()
        .map(|e| parse_one(reader, e))
        .collect::<Option<_>>()?;
    match all.len() {
        1 => all.pop(),
        _ => Some(Matcher::AllOf(all)),
    }
}

/// Reads a pattern for messages: a plain string must be contained, a mapping is a matcher.
pub fn parse_text_pattern(reader: &Reader<'_>, node: &Node, what: &str) -> Option<Matcher> {
    match &node.kind {
        Kind::Mapping(_) => match parse_expected(reader, node)? {
            // No text is ever equal to a set.
            Matcher::Equals(Value::Attrs(_)) => {
                reader.report(
                    reader.error(node, format!("{what} takes a text, or matchers for one")),
                );
                None
            }
            matcher => Some(matcher),
        },
        _ => reader
            .string(node, what)
            .map(|text| Matcher::Contains(Value::String(text.value))),
    }
}

fn parse_one(reader: &Reader<'_>, entry: Entry<'_>) -> Option<Matcher> {
    let node = entry.value;
    let inner = || parse_expected(reader, node).map(Box::new);
    match entry.name {
        "equals" => Some(Matcher::Equals(value(node))),
        "not" => inner().map(Matcher::Not),
        "any_of" => several(reader, entry).map(Matcher::AnyOf),
        "all_of" => several(reader, entry).map(Matcher::AllOf),
        "matches" => regex(reader, node),
        "contains" => Some(Matcher::Contains(value(node))),
        "includes" => includes(reader, node),
        "includes_packages" => packages(reader, node).map(Matcher::IncludesPackages),
        "set_equals" => values(reader, entry).map(Matcher::SetEquals),
        "length" => length(reader, node),
        "type" => type_name(reader, node),
        "one_of" => values(reader, entry).and_then(|values| {
            if values.is_empty() {
                reader.report(reader.error(node, "`one_of` without a value can never hold"));
                return None;
            }
            Some(Matcher::OneOf(values))
        }),
        "gt" => order(reader, entry, Comparison::Gt),
        "ge" => order(reader, entry, Comparison::Ge),
        "lt" => order(reader, entry, Comparison::Lt),
        "le" => order(reader, entry, Comparison::Le),
        "each" => inner().map(Matcher::Each),
        "keys" => match &node.kind {
            Kind::Sequence(items) => Some(Matcher::Keys(Box::new(Matcher::SetEquals(
                items.iter().map(value).collect(),
            )))),
            _ => inner().map(Matcher::Keys),
        },
        "present" => reader.boolean(node, "`present`").map(Matcher::Present),
        _ => inner().map(Matcher::AbsentOr),
    }
}

fn several(reader: &Reader<'_>, entry: Entry<'_>) -> Option<Vec<Matcher>> {
    let what = format!("`{}`", entry.name);
    let items = reader.sequence(entry.value, &what)?;
    if items.is_empty() {
        reader.report(reader.error(
            entry.value,
            format!("{what} without an alternative says nothing"),
        ));
        return None;
    }
    items.iter().map(|n| parse_expected(reader, n)).collect()
}

fn values(reader: &Reader<'_>, entry: Entry<'_>) -> Option<Vec<Value>> {
    let items = reader.sequence(entry.value, &format!("`{}`", entry.name))?;
    Some(items.iter().map(value).collect())
}

fn regex(reader: &Reader<'_>, node: &Node) -> Option<Matcher> {
    let text = reader.string(node, "`matches`")?;
    match RegexBuilder::new(&text.value).size_limit(1 << 20).build() {
        Ok(regex) => Some(Matcher::Matches(regex)),
        Err(error) => {
            // The crate draws the place below the message; the last line says what is wrong.
            let message = error.to_string();
            let reason = message.lines().last().unwrap_or_default();
            let reason = reason.strip_prefix("error: ").unwrap_or(reason);
            reader.report(reader.error(node, format!("not a regular expression: {reason}")));
            None
        }
    }
}

fn includes(reader: &Reader<'_>, node: &Node) -> Option<Matcher> {
    match &node.kind {
        Kind::Mapping(_) => {
            let members = reader
                .free_mapping(node, "`includes`")?
                .entries()
                .map(|e| Some((e.name.to_owned(), parse_expected(reader, e.value)?)))
                .collect::<Option<BTreeMap<_, _>>>()?;
            Some(Matcher::IncludesMembers(members))
        }
        Kind::Sequence(items) => {
            let items = items
                .iter()
                .map(|n| parse_expected(reader, n))
                .collect::<Option<_>>()?;
            Some(Matcher::IncludesItems(items))
        }
        _ => {
            reader.report(
                reader
                    .error(
                        node,
                        "`includes` takes a list of elements or a mapping of members",
                    )
                    .note("for a part of a string, or a single element, use `contains`"),
            );
            None
        }
    }
}

const PACKAGE_KEYS: &[Key] = &[
    Key {
        name: "pname",
        doc: "The package's name without version.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "version",
        doc: "A version, or a bound such as `>=14`, in Nix's order of versions.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
];

fn packages(reader: &Reader<'_>, node: &Node) -> Option<Vec<PackagePattern>> {
    let items = reader.sequence(node, "`includes_packages`")?;
    items
        .iter()
        .map(|item| match &item.kind {
            Kind::Mapping(_) => {
                let mapping = reader.mapping(item, "a package", PACKAGE_KEYS)?;
                let Some(pname) = mapping.get("pname") else {
                    reader.report(reader.error(item, "a package without `pname`"));
                    return None;
                };
                let pname = reader.string(pname, "`pname`")?.value;
                let version = match mapping.get("version") {
                    None => None,
                    Some(node) => Some(version(reader, node)?),
                };
                Some(PackagePattern { pname, version })
            }
            _ => Some(PackagePattern {
                pname: reader.string(item, "a package")?.value,
                version: None,
            }),
        })
        .collect()
}

fn version(reader: &Reader<'_>, node: &Node) -> Option<VersionTest> {
    if let Kind::Int(_) | Kind::Float(_) = node.kind {
        reader.report(
            reader
                .error(node, "a version must be a string")
                .note("quote it: YAML reads 1.10 as the number 1.1"),
        );
        return None;
    }
    let text = reader.string(node, "`version`")?;
    let parsed = VersionTest::parse(&text.value);
    if parsed.is_none() {
        reader.report(reader.error(node, "not a version, nor a bound such as `>=14`"));
    }
    parsed
}

fn length(reader: &Reader<'_>, node: &Node) -> Option<Matcher> {
    let inner = match &node.kind {
        Kind::Int(n) if *n >= 0 => Matcher::Equals(Value::Int(*n)),
        Kind::Mapping(_) => parse_expected(reader, node)?,
        _ => {
            reader.report(reader.error(
                node,
                "`length` takes a number from 0, or a matcher such as `ge: 1`",
            ));
            return None;
        }
    };
    Some(Matcher::Length(Box::new(inner)))
}

fn type_name(reader: &Reader<'_>, node: &Node) -> Option<Matcher> {
    // `type: null` is the type's name, written as YAML's word for nothing.
    let text = match &node.kind {
        Kind::Null => "null".to_owned(),
        _ => reader.string(node, "`type`")?.value,
    };
    if let Some(name) = TypeName::ALL.into_iter().find(|n| *n == text) {
        return Some(Matcher::Type(TypeName(name)));
    }
    let mut diagnostic = reader
        .error(node, format!("unknown type `{text}`"))
        .note(format!("the types are {}", TypeName::ALL.join(", ")))
        .note("if a set with a member `type` is meant, write `equals:` above it");
    if let Some(name) = nearest(&text, TypeName::ALL) {
        diagnostic = diagnostic.label(format!("did you mean `{name}`?"));
    }
    reader.report(diagnostic);
    None
}

#[expect(
    clippy::cast_precision_loss,
    reason = "bounds beyond 2^53 do not occur"
)]
fn order(reader: &Reader<'_>, entry: Entry<'_>, comparison: Comparison) -> Option<Matcher> {
    let bound = match entry.value.kind {
        Kind::Int(n) => n as f64,
        Kind::Float(n) => n,
        _ => {
            reader.report(
                reader
                    .error(entry.value, format!("`{}` takes a number", entry.name))
                    .label(format!("this is {}", entry.value.kind.word())),
            );
            return None;
        }
    };
    Some(Matcher::Order(comparison, bound))
}

/// A node as the value it spells.
fn value(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::Bool(b) => Value::Bool(*b),
        Kind::Int(n) => Value::Int(*n),
        Kind::Float(n) => Value::Float(*n),
        Kind::String(s) => Value::String(s.clone()),
        Kind::Sequence(items) => Value::List(items.iter().map(value).collect()),
        Kind::Mapping(entries) => Value::Attrs(
            entries
                .iter()
                .filter_map(|(k, v)| match &k.kind {
                    Kind::String(name) => Some((name.clone(), value(v))),
                    _ => None,
                })
                .collect(),
        ),
    }
}

/// The JSON Schema of an expected value. An editor offers the matchers, but any
/// value is allowed, since it may be meant for equality.
pub fn schema() -> serde_json::Value {
    let expected = json!({"$ref": "#/$defs/expected"});
    let list = json!({"type": "array", "minItems": 1, "items": expected});
    let property = |doc: &str, schema: serde_json::Value| {
        let mut schema = schema;
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), json!(doc));
        }
        schema
    };
    let package: serde_json::Map<_, _> = PACKAGE_KEYS
        .iter()
        .map(|k| (k.name.to_owned(), property(k.doc, (k.schema)())))
        .collect();
    json!({
        "description": "A value to be equal to, or matchers that must all hold.",
        "anyOf": [
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": false,
                "properties": {
                    "equals": property("The same value, taken literally.", json!({})),
                    "not": property("The inner one does not hold.", expected.clone()),
                    "any_of": property("At least one holds.", list.clone()),
                    "all_of": property("All hold.", list),
                    "matches": property("The regular expression is found anywhere in the text.", json!({"type": "string", "minLength": 1})),
                    "contains": property("A part of a string, or an element of a list.", json!({})),
                    "includes": property("At least these elements of a list, or these members of a set.", json!({"type": ["array", "object"]})),
                    "includes_packages": property("At least these packages, by name and version.", json!({
                        "type": "array",
                        "items": {"anyOf": [
                            {"type": "string", "minLength": 1},
                            {"type": "object", "additionalProperties": false, "required": ["pname"], "properties": package}
                        ]}
                    })),
                    "set_equals": property("The same elements in any order.", json!({"type": "array"})),
                    "length": property("How many characters, elements or members.", json!({"anyOf": [{"type": "integer", "minimum": 0}, {"type": "object"}]})),
                    "type": property("The kind of value.", json!({"enum": TypeName::ALL.iter().map(|n| json!(n)).chain([json!(null)]).collect::<Vec<_>>()})),
                    "one_of": property("One of these values.", json!({"type": "array", "minItems": 1})),
                    "gt": property("A number greater than this.", json!({"type": "number"})),
                    "ge": property("A number of at least this.", json!({"type": "number"})),
                    "lt": property("A number less than this.", json!({"type": "number"})),
                    "le": property("A number of at most this.", json!({"type": "number"})),
                    "each": property("Every element of a list or member of a set.", expected.clone()),
                    "keys": property("The names of a set's members: a list in any order, or matchers on the sorted list.", expected.clone()),
                    "present": property("Whether there is a value at all.", json!({"type": "boolean"})),
                    "absent_or": property("Nothing is there, or the inner one holds.", expected)
                }
            },
            {}
        ]
    })
}
