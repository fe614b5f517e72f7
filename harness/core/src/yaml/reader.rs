//! Reading nodes into types, collecting every mistake on the way.

use std::cell::RefCell;
use std::sync::Arc;

use super::node::{Kind, Node};
use crate::diagnostic::Diagnostic;
use crate::location::{Located, Location};
use crate::nearest::nearest;

/// A key that a mapping may have. Parser, schema and documentation share these.
#[derive(Clone, Copy)]
pub struct Key {
    /// As written in YAML.
    pub name: &'static str,
    /// One or two sentences for editors and the reference.
    pub doc: &'static str,
    /// The JSON Schema of its value.
    pub schema: fn() -> serde_json::Value,
}

/// Reads one file, knows its text and collects what is wrong with it.
pub struct Reader<'a> {
    file: Arc<str>,
    lines: Vec<&'a str>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Reader<'a> {
    /// A reader for a text; `file` is its path as the user should see it.
    pub fn new(file: impl Into<Arc<str>>, text: &'a str) -> Self {
        Self {
            file: file.into(),
            lines: super::lines(text).collect(),
            diagnostics: RefCell::default(),
        }
    }

    /// The place of a node.
    pub fn location(&self, node: &Node) -> Location {
        Location {
            file: Arc::clone(&self.file),
            line: node.line,
            column: node.column,
            length: node.length,
        }
    }

    /// A diagnostic that points at the node; hand it to [`Self::report`].
    pub fn error(&self, node: &Node, message: impl Into<String>) -> Diagnostic {
        self.error_at(self.location(node), message)
    }

    /// A diagnostic that points at a place of this file.
    pub fn error_at(&self, location: Location, message: impl Into<String>) -> Diagnostic {
        let line = (location.line as usize)
            .checked_sub(1)
            .and_then(|i| self.lines.get(i))
            .map(|l| (*l).to_owned());
        Diagnostic::new(message).at(location, line)
    }

    /// Keeps a diagnostic for the user.
    pub fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    /// All that was reported.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics.into_inner()
    }

    /// Whether nothing was reported so far.
    pub fn is_clean(&self) -> bool {
        self.diagnostics.borrow().is_empty()
    }

    fn wrong_kind(&self, node: &Node, what: &str, wanted: &str) {
        self.report(
            self.error(node, format!("{what} must be {wanted}"))
                .label(format!("this is {}", node.kind.word())),
        );
    }

    /// A mapping with these keys only; others are reported with the nearest right one.
    pub fn mapping<'n>(&self, node: &'n Node, what: &str, keys: &[Key]) -> Option<Mapping<'n>> {
        let mapping = self.free_mapping(node, what)?;
        for entry in mapping.entries() {
            if keys.iter().any(|k| k.name == entry.name) {
                continue;
            }
            let names = keys.iter().map(|k| k.name);
            let known = names.clone().collect::<Vec<_>>().join(", ");
            let mut diagnostic =
                self.error(entry.key, format!("unknown key `{}` in {what}", entry.name));
            if let Some(name) = nearest(entry.name, names) {
                diagnostic = diagnostic.label(format!("did you mean `{name}`?"));
            }
            self.report(diagnostic.note(format!("{what} takes {known}")));
        }
        Some(mapping)
    }

    /// A mapping with keys that mean something elsewhere, such as option paths.
    pub fn free_mapping<'n>(&self, node: &'n Node, what: &str) -> Option<Mapping<'n>> {
        if let Kind::Mapping(entries) = &node.kind {
            Some(Mapping { entries })
        } else {
            self.wrong_kind(node, what, "a mapping");
            None
        }
    }

    /// A list.
    pub fn sequence<'n>(&self, node: &'n Node, what: &str) -> Option<&'n [Node]> {
        if let Kind::Sequence(items) = &node.kind {
            Some(items)
        } else {
            self.wrong_kind(node, what, "a list");
            None
        }
    }

    /// A string that is not empty.
    pub fn string(&self, node: &Node, what: &str) -> Option<Located<String>> {
        match &node.kind {
            Kind::String(s) if s.trim().is_empty() => {
                self.report(self.error(node, format!("{what} is empty")));
                None
            }
            Kind::String(s) => Some(Located {
                value: s.clone(),
                location: self.location(node),
            }),
            _ => {
                self.wrong_kind(node, what, "a string");
                None
            }
        }
    }

    /// A name: a string on one line, without control characters and `::`.
    pub fn name(&self, node: &Node, what: &str) -> Option<Located<String>> {
        let name = self.string(node, what)?;
        if name.value.chars().any(char::is_control) {
            self.report(self.error(
                node,
                format!("{what} holds a line break or another control character"),
            ));
            return None;
        }
        if name.value.contains("::") {
            self.report(
                self.error(node, format!("{what} holds `::`"))
                    .note("`::` separates suite, case and host in the name of a test"),
            );
            return None;
        }
        Some(name)
    }

    /// A boolean.
    pub fn boolean(&self, node: &Node, what: &str) -> Option<bool> {
        if let Kind::Bool(b) = node.kind {
            Some(b)
        } else {
            self.wrong_kind(node, what, "true or false");
            None
        }
    }

    /// One string or a list of them, at least one. Everything that is wrong with them is
    /// reported where nothing comes back.
    pub fn some_strings(&self, node: &Node, what: &str) -> Option<Vec<Located<String>>> {
        if matches!(&node.kind, Kind::Sequence(items) if items.is_empty()) {
            self.report(self.error(node, format!("{what} is empty")));
            return None;
        }
        let strings = self.strings(node, what);
        // What is no string was reported.
        (!strings.is_empty()).then_some(strings)
    }

    /// One string or a list of them.
    pub fn strings(&self, node: &Node, what: &str) -> Vec<Located<String>> {
        match &node.kind {
            Kind::Sequence(items) => items.iter().filter_map(|n| self.string(n, what)).collect(),
            _ => self.string(node, what).into_iter().collect(),
        }
    }
}

/// A mapping's entries.
#[derive(Clone, Copy)]
pub struct Mapping<'n> {
    entries: &'n [(Node, Node)],
}

/// One entry of a mapping.
#[derive(Clone, Copy)]
pub struct Entry<'n> {
    /// The key as a string.
    pub name: &'n str,
    /// The key's node, for its place.
    pub key: &'n Node,
    /// The value.
    pub value: &'n Node,
}

impl<'n> Mapping<'n> {
    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&'n Node> {
        self.entry(name).map(|e| e.value)
    }

    /// The entry of a key.
    pub fn entry(&self, name: &str) -> Option<Entry<'n>> {
        self.entries().find(|e| e.name == name)
    }

    /// All entries, in the order written.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'n>> + use<'n> {
        self.entries
            .iter()
            .filter_map(|(key, value)| match &key.kind {
                Kind::String(name) => Some(Entry { name, key, value }),
                _ => None,
            })
    }

    /// Whether there is no entry.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
