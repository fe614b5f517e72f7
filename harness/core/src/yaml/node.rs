//! A YAML document as a tree of located nodes, read through serde-saphyr with
//! its guards against alias bombs and deep nesting.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

/// Larger files are refused before they are parsed; 10,000 cases are about 3 MB.
pub const MAX_FILE_BYTES: u64 = 32 * 1024 * 1024;

/// One node and its place.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Length in characters; 0 for block collections.
    pub length: u32,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Nothing, `~` or `null`.
    Null,
    /// `true` or `false`; the other words of YAML 1.1 are strings.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    String(String),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping in the order written; keys are nodes that hold strings.
    Mapping(Vec<(Node, Node)>),
}

impl Kind {
    /// The word for this kind, for messages.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "an integer",
            Self::Float(_) => "a float",
            Self::String(_) => "a string",
            Self::Sequence(_) => "a list",
            Self::Mapping(_) => "a mapping",
        }
    }
}

/// Why a text is not YAML that we take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// Line and column from 1, where known.
    pub place: Option<(u32, u32)>,
}

/// Parses one document.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        budget: serde_saphyr::budget! {
            // What anchors repeat is copied: hand-written files hold little of it.
            max_recorded_anchor_events: 100_000,
            max_nodes: 4_000_000,
            max_events: 8_000_000,
            max_depth: 128,
        },
    };
    serde_saphyr::from_str_with_options::<Spanned<Kind>>(text, options)
        .map(Node::from)
        .map_err(|error| syntax_error(text, &error))
}

fn syntax_error(text: &str, error: &serde_saphyr::Error) -> SyntaxError {
    let place = error
        .location()
        .map(|l| (to_u32(l.line()), to_u32(l.column())))
        .filter(|(line, _)| *line > 0);
    let has_tab = place
        .and_then(|(line, _)| super::lines(text).nth(line as usize - 1))
        .is_some_and(|line| {
            line.starts_with('\t') || line.trim_start_matches(' ').starts_with('\t')
        });
    let next_line_tab = place
        .and_then(|(line, _)| super::lines(text).nth(line as usize))
        .is_some_and(|line| line.trim_start_matches(' ').starts_with('\t'));
    let full = error.without_snippet().to_string();
    // The message repeats the place in front of itself.
    let message = match full.split_once(": ") {
        Some((head, rest)) if head.contains("line ") => rest,
        _ => full.as_str(),
    };
    let (message, place) = if has_tab || next_line_tab {
        let place = place.map(|(line, _)| (line + u32::from(!has_tab), 1));
        (
            "a tab in the indentation: YAML takes spaces only".to_owned(),
            place,
        )
    } else if message.contains("budget breached") || message.contains("recursion limit") {
        (
            "too large or too deeply nested, aliases counted out".to_owned(),
            place,
        )
    } else if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let key = rest.split(", set ").next().unwrap_or(rest);
        (format!("`{key}` is given twice"), place)
    } else if message.starts_with("multiple YAML documents") {
        ("more than one YAML document in a file".to_owned(), place)
    } else {
        // The place is told apart from the message.
        let message = first_line(message);
        let message = message.split(" at line ").next().unwrap_or(message);
        (message.to_owned(), place)
    };
    SyntaxError { message, place }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or(text)
}

fn to_u32(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

impl From<Spanned<Kind>> for Node {
    fn from(spanned: Spanned<Kind>) -> Self {
        Self {
            line: to_u32(spanned.referenced.line()),
            column: to_u32(spanned.referenced.column()),
            length: to_u32(spanned.referenced.span().len()),
            kind: spanned.value,
        }
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        Kind::deserialize(deserializer)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Kind, E> {
        Ok(Kind::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Kind, E> {
        Ok(Kind::Int(n))
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<Kind, E> {
        i64::try_from(n)
            .map(Kind::Int)
            .map_err(|_| E::custom("an integer that Nix cannot hold"))
    }

    fn visit_f64<E>(self, n: f64) -> Result<Kind, E> {
        Ok(Kind::Float(n))
    }

    fn visit_str<E>(self, text: &str) -> Result<Kind, E> {
        Ok(Kind::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Kind, E> {
        Ok(Kind::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Kind, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = seq.next_element::<Spanned<Kind>>()? {
            nodes.push(node.into());
        }
        Ok(Kind::Sequence(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Kind, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let key = Node::from(Spanned {
                value: Kind::String(key.value),
                referenced: key.referenced,
                defined: key.defined,
            });
            entries.push((key, map.next_value::<Spanned<Kind>>()?.into()));
        }
        Ok(Kind::Mapping(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, parse};

    fn error(text: &str) -> (String, Option<(u32, u32)>) {
        let e = parse(text).unwrap_err();
        (e.message, e.place)
    }

    #[test]
    fn nodes_know_their_place() {
        let node = parse("a: 1\nb: [yes, é]\n").unwrap();
        let Kind::Mapping(entries) = node.kind else {
            panic!("a mapping")
        };
        let (key, value) = &entries[1];
        assert_eq!((key.line, key.column), (2, 1));
        let Kind::Sequence(items) = &value.kind else {
            panic!("a list")
        };
        assert!(matches!(&items[0].kind, Kind::String(s) if s == "yes"));
        assert_eq!(
            (items[1].line, items[1].column, items[1].length),
            (2, 10, 1)
        );
    }

    #[test]
    fn mistakes_are_said_in_our_words() {
        assert_eq!(
            error("a: 1\n\tb: 2\n"),
            (
                "a tab in the indentation: YAML takes spaces only".to_owned(),
                Some((2, 1))
            )
        );
        assert_eq!(
            error("a: 1\na: 2\n"),
            ("`a` is given twice".to_owned(), Some((2, 1)))
        );
        let (message, _) = error(&format!("a: {}", "[".repeat(10_000)));
        assert!(message.contains("too deeply nested"), "{message}");
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (previous, name) in ('a'..'k').zip('b'..='k') {
            let aliases = vec![format!("*{previous}"); 9].join(",");
            text.extend([format!("{name}: &{name} [{aliases}]\n")]);
        }
        let (message, place) = error(&text);
        assert!(message.contains("too large"), "{message}");
        assert!(place.is_some());
    }
}
