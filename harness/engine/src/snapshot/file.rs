//! The format of snapshot files: that of the crate insta, so that its tools work on
//! them too. Values that are YAML are between two lines of dashes; what follows is
//! the text.

use std::collections::BTreeMap;

use nix_parity_core::text::printable;
use serde_json::{Value, json};

const DASHES: &str = "---";

/// What is said of a snapshot beside its text. It is for readers: whether a test passes
/// is not decided by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The case file, relative to the project.
    pub source: String,
    /// The name of the test.
    pub test: String,
    /// What kind of snapshot it is.
    pub kind: String,
    /// What it is of.
    pub attribute: String,
}

impl Header {
    /// The file of a snapshot with this text, made with these inputs.
    pub(crate) fn file(&self, body: &str, pins: &BTreeMap<String, String>) -> String {
        let note = match self.kind.as_str() {
            "derivation" => {
                "All that building it needs. What is so for most stands below `*`. Digests are of arguments and variables, without what repeats another derivation's change."
            }
            "closure" => "Names and versions of all that building it needs: the build closure.",
            "options" => "Values of options, as they come out.",
            "size" => "What the output needs to run, itself included: the runtime closure.",
            _ => "The text of files, as far as evaluation knows it.",
        };
        // What JSON says, YAML says likewise.
        let mut lines = vec![
            DASHES.to_owned(),
            format!("source: {}", json!(self.source)),
            format!("description: {}", json!(note)),
            format!(
                "expression: {}",
                json!(format!("{} of {}", self.kind, self.attribute))
            ),
            "info:".to_owned(),
            format!("  test: {}", json!(self.test)),
        ];
        if !pins.is_empty() {
            lines.push("  inputs:".to_owned());
            let pins = pins.iter();
            lines.extend(pins.map(|(name, pin)| format!("    {}: {}", json!(name), json!(pin))));
        }
        lines.push(DASHES.to_owned());
        format!("{}\n{}\n", lines.join("\n"), normal(body))
    }
}

/// The text of a snapshot file; `None` where it is none.
pub(super) fn body(file: &str) -> Option<String> {
    let file = file.replace("\r\n", "\n");
    let rest = file.strip_prefix(DASHES)?.strip_prefix('\n')?;
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == DASHES {
            return rest.get(at..).map(normal);
        }
    }
    None
}

/// What the header says that a snapshot is of, in whichever way YAML is quoted.
pub(super) fn expression(file: &str) -> Option<String> {
    let header = file.strip_prefix(DASHES)?.lines().skip(1);
    let mut header = header.take_while(|line| line.trim_end() != DASHES);
    let text = header
        .find_map(|line| line.strip_prefix("expression:"))?
        .trim();
    let single = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
    match single {
        Some(text) => Some(text.replace("''", "'")),
        None if text.starts_with('"') => serde_json::from_str(text).ok(),
        None => Some(text.to_owned()),
    }
}

/// A text without what its file does not keep: what acts on terminals, and empty lines
/// around it.
pub(super) fn normal(text: &str) -> String {
    printable(text.trim_end().trim_start_matches('\n'))
}

/// What the lock file of a flake pins: for each input its revision, or its hash.
pub fn pins(lock: &str) -> BTreeMap<String, String> {
    let lock: Value = serde_json::from_str(lock).unwrap_or_default();
    let root = lock["root"].as_str().unwrap_or_default();
    let nodes = &lock["nodes"];
    let inputs = nodes[root]["inputs"].as_object().into_iter().flatten();
    inputs
        .filter_map(|(name, node)| {
            let locked = &nodes[node.as_str()?]["locked"];
            let pin = locked["rev"]
                .as_str()
                .or_else(|| locked["narHash"].as_str())?;
            Some((name.clone(), pin.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Header, body, pins};

    #[test]
    fn what_is_written_is_read() {
        let header = Header {
            source: "cases/a \"b\".yaml".to_owned(),
            test: "---\n---".to_owned(),
            kind: "files".to_owned(),
            attribute: "etc/x".to_owned(),
        };
        let pins = [("nix\"pkgs".to_owned(), "1".to_owned())].into();
        for text in ["a\n---\nb", "", "  x", "---"] {
            assert_eq!(body(&header.file(text, &pins)).as_deref(), Some(text));
        }
        assert_eq!(
            body(&header.file("\na\r\u{1b}[0m\n\n", &pins)).as_deref(),
            Some("a\\u{d}\\u{1b}[0m")
        );
        assert_eq!(
            body("---\r\nsource: x\r\n---\r\na\r\nb\r\n").as_deref(),
            Some("a\nb")
        );
        for text in ["", "a", "---", "---\na"] {
            assert_eq!(body(text), None, "{text}");
        }
    }

    #[test]
    fn pins_are_revisions_or_hashes() {
        let lock = r#"{"root": "r", "nodes": {
            "r": {"inputs": {"a": "x", "b": "y", "c": ["a", "b"]}},
            "x": {"locked": {"rev": "1", "narHash": "2"}},
            "y": {"locked": {"narHash": "3"}}}}"#;
        let found = pins(lock);
        assert_eq!(found.get("a").map(String::as_str), Some("1"));
        assert_eq!(found.get("b").map(String::as_str), Some("3"));
        assert_eq!(found.len(), 2);
        assert!(pins("{").is_empty());
    }
}
