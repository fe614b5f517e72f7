//! `closure` of a `build`: all that an output needs to run.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use serde_json::json;

use super::keys::{object, some_strings};
use super::reuse::percent_schema;
use crate::location::{Located, Location};
use crate::percent::Percent;
use crate::size;
use crate::yaml::{Key, Mapping, Node, Reader};

/// `closure`: how large it may be, and what is in it.
#[derive(Clone, Debug)]
pub struct ClosureCheck {
    /// The most that it may hold, in bytes as Nix counts them (`narSize`).
    pub max_size: Option<Located<u64>>,
    /// How much more than the recorded base it may hold.
    pub max_growth: Option<Located<Percent>>,
    /// None matches the name of a path in it.
    pub forbid: Vec<NamePattern>,
    /// Each matches the name of a path in it.
    pub require: Vec<NamePattern>,
    /// Where it is written.
    pub location: Location,
}

/// A pattern of the names that store paths have after their hash: `openssl-1.1*`.
#[derive(Clone)]
pub struct NamePattern {
    /// As written.
    pub text: String,
    /// Where.
    pub location: Location,
    matcher: GlobMatcher,
}

impl fmt::Debug for NamePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("NamePattern").field(&self.text).finish()
    }
}

impl NamePattern {
    /// Whether a store path is meant, by its name without the hash.
    pub fn matches(&self, name: &str) -> bool {
        self.matcher.is_match(name)
    }
}

/// The keys of `closure`.
const CLOSURE: &[Key] = &[
    Key {
        name: "max_size",
        doc: "The most that it may hold, such as `4GiB`.",
        schema: || json!({"type": "string", "pattern": "^[0-9]+ *([KMGT]iB|[kMGT]B)$"}),
    },
    Key {
        name: "max_growth",
        doc: "How much more it may hold than the recorded base, a snapshot: `5%`.",
        schema: percent_schema,
    },
    Key {
        name: "forbid",
        doc: "Globs that match the name of no store path in it, such as `openssl-1.1*`.",
        schema: some_strings,
    },
    Key {
        name: "require",
        doc: "Globs that each match the name of a store path in it.",
        schema: some_strings,
    },
];

/// The JSON Schema of `closure`.
pub(super) fn schema() -> serde_json::Value {
    let mut schema = object(CLOSURE, &[]);
    schema["minProperties"] = json!(1);
    schema
}

impl ClosureCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`closure`", CLOSURE)?;
        if mapping.is_empty() {
            let error = reader.error(node, "`closure` of nothing");
            reader.report(error.note("it takes max_size, max_growth, forbid, require"));
            return None;
        }
        let check = Self {
            max_size: amount(reader, mapping, "max_size", size::parse),
            max_growth: amount(reader, mapping, "max_growth", Percent::parse),
            forbid: patterns(reader, mapping, "forbid")?,
            require: patterns(reader, mapping, "require")?,
            location: reader.location(node),
        };
        Some(check)
    }
}

/// The amount at a key, where there is one that is right.
fn amount<T>(
    reader: &Reader<'_>,
    mapping: Mapping<'_>,
    key: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Option<Located<T>> {
    let text = reader.string(mapping.get(key)?, &format!("`{key}`"))?;
    match parse(&text.value) {
        Ok(value) => Some(Located {
            value,
            location: text.location,
        }),
        Err(message) => {
            reader.report(reader.error_at(text.location, message));
            None
        }
    }
}

/// The patterns at a key; `None` where one is wrong.
fn patterns(reader: &Reader<'_>, mapping: Mapping<'_>, key: &str) -> Option<Vec<NamePattern>> {
    let Some(node) = mapping.get(key) else {
        return Some(Vec::new());
    };
    let texts = reader.strings(node, &format!("`{key}`"));
    if texts.is_empty() {
        if reader.is_clean() {
            reader.report(reader.error(node, format!("`{key}` is empty")));
        }
        return None;
    }
    let patterns = texts.into_iter().map(|text| {
        let refuse = |message: String| {
            reader.report(reader.error_at(text.location.clone(), message));
        };
        // Store paths have no slash after the one before their hash.
        if text.value.contains('/') {
            refuse(format!("`{}` is no name of a store path: names have no slash, and stand without their hash", text.value));
            return None;
        }
        match GlobBuilder::new(&text.value).build() {
            Ok(glob) => Some(NamePattern {
                matcher: glob.compile_matcher(),
                text: text.value,
                location: text.location,
            }),
            Err(error) => {
                refuse(format!("`{}` is no glob: {}", text.value, error.kind()));
                None
            }
        }
    });
    patterns.collect()
}
