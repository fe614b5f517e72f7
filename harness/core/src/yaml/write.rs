//! Writing YAML that our own parser, and any other, reads back as what it was: strings of
//! a foreign configuration may hold anything.

use std::fmt::{self, Write as _};

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float. One that is no number cannot be written: it is `null`.
    Float(f64),
    /// A string.
    Text(String),
    /// A sequence.
    List(Vec<Yaml>),
    /// A mapping, in this order.
    Map(Vec<(String, Yaml)>),
}

/// Lines longer than this are broken where they can be.
const WIDTH: usize = 100;

impl Yaml {
    /// A mapping.
    pub fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Self)>) -> Self {
        let members = members.into_iter();
        Self::Map(members.map(|(name, value)| (name.into(), value)).collect())
    }

    /// A sequence of strings.
    pub fn texts<T: Into<String>>(items: impl IntoIterator<Item = T>) -> Self {
        let items = items.into_iter().map(|item| Self::Text(item.into()));
        Self::List(items.collect())
    }

    /// A member `name: value` that stands at a column, with an end of line: on one line
    /// where it fits, else with what it holds below.
    pub fn member(&self, name: &str, column: usize) -> String {
        let (start, key) = (" ".repeat(column), text(name));
        let line = format!("{start}{key}: {self}\n");
        if line.chars().count() <= WIDTH {
            return line;
        }
        match self {
            Self::Map(members) if !members.is_empty() => {
                let inner = members.iter();
                let inner: String = inner.map(|(n, v)| v.member(n, column + 2)).collect();
                format!("{start}{key}:\n{inner}")
            }
            Self::List(items) if !items.is_empty() => {
                let inner = items.iter();
                inner.fold(format!("{start}{key}:\n"), |mut out, item| {
                    // Writing to a String cannot fail.
                    let _ = writeln!(out, "{start}  - {item}");
                    out
                })
            }
            _ => line,
        }
    }
}

impl From<&str> for Yaml {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Yaml {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// On one line.
impl fmt::Display for Yaml {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            // With a point or an exponent, so that it is read as a float again.
            Self::Float(value) if value.is_finite() => write!(f, "{value:?}"),
            Self::Float(_) | Self::Null => f.write_str("null"),
            Self::Text(value) => f.write_str(&text(value)),
            Self::List(items) => {
                f.write_str("[")?;
                for (n, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if n > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
            Self::Map(members) if members.is_empty() => f.write_str("{}"),
            Self::Map(members) => {
                f.write_str("{ ")?;
                for (n, (name, value)) in members.iter().enumerate() {
                    let comma = if n > 0 { ", " } else { "" };
                    write!(f, "{comma}{}: {value}", text(name))?;
                }
                f.write_str(" }")
            }
        }
    }
}

/// A string as it is written: as it is where nobody can take it for something else, else
/// in double quotes, with everything escaped that is not plainly visible.
pub fn text(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// A string in double quotes, whatever it holds.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_visible(c) => out.push(c),
            // Writing to a String cannot fail.
            c if u32::from(c) <= 0xffff => drop(write!(out, "\\u{:04x}", u32::from(c))),
            c => drop(write!(out, "\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Whether every reader of YAML 1.1 and 1.2 takes a text for this string, in a list or a
/// mapping too. What some of them take for a truth, a number, a time or nothing is not.
fn is_plain(text: &str) -> bool {
    const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let starts = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '/';
    let is_inner = |c: char| c.is_ascii_alphanumeric() || " _-./@+*'=$%^~".contains(c);
    text.starts_with(starts)
        && text.chars().all(is_inner)
        && !text.ends_with(' ')
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

/// Printable and not in the way of reading what is beside it.
fn is_visible(c: char) -> bool {
    crate::text::one_line(c.encode_utf8(&mut [0; 4])) == c.to_string()
        && !matches!(c, '\u{85}' | '\u{a0}' | '\u{ad}' | '\u{fffe}' | '\u{ffff}')
        && !c.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Yaml, text};
    use crate::yaml::{Kind, Node, parse};

    #[test]
    fn what_is_plain_stays_and_what_is_not_is_quoted() {
        for plain in [
            "fish",
            "a b",
            "/home/lars",
            "nixos-26.05",
            "a.b.c",
            "lars@pc",
            "http",
        ] {
            assert_eq!(text(plain), plain);
        }
        for (quoted, as_written) in [
            ("", r#""""#),
            ("no", r#""no""#),
            ("True", r#""True""#),
            ("1", r#""1""#),
            ("1:20", r#""1:20""#),
            ("a: b", r#""a: b""#),
            ("a #b", r#""a #b""#),
            ("nixos:*", r#""nixos:*""#),
            ("a\nb", r#""a\nb""#),
            ("${x}", r#""${x}""#),
            ("a\u{202e}b\u{1b}", r#""a\u202eb\u001b""#),
            ("\u{e0041}", r#""\U000e0041""#),
            ("~", r#""~""#),
            ("- a", r#""- a""#),
        ] {
            assert_eq!(text(quoted), as_written);
        }
    }

    /// What was read again.
    fn again(node: &Node) -> Yaml {
        match &node.kind {
            Kind::Null => Yaml::Null,
            Kind::Bool(value) => Yaml::Bool(*value),
            Kind::Int(value) => Yaml::Int(*value),
            Kind::Float(value) => Yaml::Float(*value),
            Kind::String(text) => Yaml::Text(text.clone()),
            Kind::Sequence(items) => Yaml::List(items.iter().map(again).collect()),
            Kind::Mapping(members) => Yaml::map(members.iter().map(|(name, value)| {
                let Kind::String(name) = &name.kind else {
                    panic!("a key is a string")
                };
                (name.clone(), again(value))
            })),
        }
    }

    fn hostile() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[-:#&*!|>'\"%@`{}\\[\\],? \t\n\r~$\\\\a-cnoyx0-9._=<]{0,12}",
            "(true|no|null|0x1f|1e3|\\.inf|\\.nan|1_000|0o7|2001-01-01|---|\\.\\.\\.|<<|=)",
        ]
    }

    fn yaml() -> impl Strategy<Value = Yaml> {
        let leaf = prop_oneof![
            Just(Yaml::Null),
            any::<bool>().prop_map(Yaml::Bool),
            any::<i64>().prop_map(Yaml::Int),
            (-1e18..1e18f64).prop_map(Yaml::Float),
            hostile().prop_map(Yaml::Text),
        ];
        leaf.prop_recursive(3, 24, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Yaml::List),
                prop::collection::btree_map(hostile(), inner, 0..5).prop_map(Yaml::map),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(value in yaml(), name in hostile()) {
            let document = value.member(&name, 0);
            let node = parse(&document).map_err(|e| TestCaseError::fail(format!("{e:?}: {document}")))?;
            prop_assert_eq!(again(&node), Yaml::map([(name, value)]), "{}", document);
        }
    }
}
