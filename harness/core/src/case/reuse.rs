//! `reuse`: how much of a configuration several platforms have in common.

use serde_json::json;

use super::across;
use super::keys::some_strings;
use crate::host::Platform;
use crate::location::Located;
use crate::percent::Percent;
use crate::yaml::{Key, Node, Reader};

/// `reuse`: a share of lines, and perhaps of files, that is used on all platforms.
#[derive(Clone, Debug)]
pub struct ReuseCheck {
    /// Folders or files of the flake whose code counts; at least one.
    pub roots: Vec<String>,
    /// The platforms that must share it.
    pub between: Vec<Platform>,
    /// The share of lines of code that hosts of each of them use.
    pub lines: Located<Percent>,
    /// The share of files, where one is asked for.
    pub files: Option<Located<Percent>>,
}

/// The keys of `reuse`.
pub(super) const REUSE: &[Key] = &[
    Key {
        name: "roots",
        doc: "Folders or files of the flake whose code counts.",
        schema: some_strings,
    },
    Key {
        name: "between",
        doc: "The platforms that share it, among the hosts of the case; darwin and nixos where absent.",
        schema: || across::schema(2),
    },
    Key {
        name: "at_least",
        doc: "The share of lines of code, comments and blank lines left out, in files that contribute to hosts of each of these platforms, such as `80%`.",
        schema: percent_schema,
    },
    Key {
        name: "files_at_least",
        doc: "The same share of files.",
        schema: percent_schema,
    },
];

pub(super) fn percent_schema() -> serde_json::Value {
    json!({"type": "string", "pattern": "^[0-9]+([.][0-9])? *%$"})
}

impl ReuseCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`reuse`", REUSE)?;
        let (Some(roots), Some(lines)) = (mapping.get("roots"), mapping.get("at_least")) else {
            reader.report(
                reader
                    .error(node, "`reuse` without `roots` or `at_least`")
                    .note("for example `{ roots: [config], at_least: 80% }`"),
            );
            return None;
        };
        let mut found = Vec::new();
        for root in reader.some_strings(roots, "`roots`")? {
            let plain = root.value.trim_end_matches('/');
            let parts = |wrong| plain.split('/').any(|part| part == wrong);
            if plain != "." && (parts("") || parts(".") || parts("..")) {
                let error = reader.error_at(root.location, "not a folder of the flake");
                reader.report(error.note("it is relative to the flake, such as `config`"));
                return None;
            }
            found.push(plain.to_owned());
        }
        Some(Self {
            roots: found,
            between: match mapping.get("between") {
                Some(node) => across::parse(reader, node, "`between`", 2)?,
                None => vec![Platform::Darwin, Platform::Nixos],
            },
            lines: share(reader, lines, "`at_least`")?,
            files: match mapping.get("files_at_least") {
                Some(node) => Some(share(reader, node, "`files_at_least`")?),
                None => None,
            },
        })
    }

    /// Whether a file of the flake counts.
    pub fn counts(&self, file: &str) -> bool {
        self.roots.iter().any(|root| {
            let below = |rest: &str| rest.is_empty() || rest.starts_with('/');
            root == "." || file.strip_prefix(root.as_str()).is_some_and(below)
        })
    }
}

fn share(reader: &Reader<'_>, node: &Node, what: &str) -> Option<Located<Percent>> {
    let text = reader.string(node, what)?;
    match Percent::parse(&text.value) {
        Ok(value) if value.is_part() => Some(Located {
            value,
            location: text.location,
        }),
        Ok(_) => {
            reader.report(reader.error(node, format!("{what} is more than all of it")));
            None
        }
        Err(message) => {
            reader.report(reader.error(node, message));
            None
        }
    }
}
