//! The places of a Nix file where one line can be made wrong.

use rnix::{Root, SyntaxKind, SyntaxNode, TextRange, ast};
use rowan::ast::AstNode as _;

/// What is done to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `true` becomes `false`, and the other way round.
    Flip,
    /// An element of a list goes.
    Drop,
    /// A string becomes another one.
    Change,
    /// A module is not imported any more.
    Import,
}

impl Kind {
    /// Each of them.
    pub(crate) const ALL: [Self; 4] = [Self::Flip, Self::Drop, Self::Change, Self::Import];
}

/// A place, and what is done there.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    pub(crate) kind: Kind,
    range: TextRange,
}

impl Site {
    /// The text with the mutation.
    pub(crate) fn mutated(&self, text: &str) -> String {
        let (before, here, after) = self.parts(text);
        let there = match (self.kind, here) {
            (Kind::Flip, "true") => "false".to_owned(),
            (Kind::Flip, _) => "true".to_owned(),
            (Kind::Drop | Kind::Import, _) => String::new(),
            (Kind::Change, here) => format!("{}x\"", here.strip_suffix('"').unwrap_or(here)),
        };
        format!("{before}{there}{after}")
    }

    /// What stands before it, there, and behind it.
    fn parts<'t>(&self, text: &'t str) -> (&'t str, &'t str, &'t str) {
        let (before, rest) = text.split_at(self.range.start().into());
        let (here, after) = rest.split_at(self.range.len().into());
        (before, here, after)
    }

    /// Its line, counted from 1.
    pub(crate) fn line(&self, text: &str) -> usize {
        self.parts(text).0.matches('\n').count() + 1
    }

    /// For a list of survivors.
    pub(crate) fn described(&self, text: &str) -> String {
        format!("{:?} {}", self.kind, self.parts(text).1)
    }
}

/// All places of a text. Only what is on one line; texts for readers, such as the
/// description of an option, are none.
pub(crate) fn sites(text: &str) -> Vec<Site> {
    let root = Root::parse(text).tree();
    let mut found = Vec::new();
    for node in root.syntax().descendants() {
        let kind = match node.kind() {
            SyntaxKind::NODE_IDENT if is_boolean(&node) => Kind::Flip,
            SyntaxKind::NODE_STRING if is_plain_string(&node) && !is_for_readers(&node) => {
                Kind::Change
            }
            _ => continue,
        };
        found.push(Site {
            kind,
            range: node.text_range(),
        });
    }
    for list in root.syntax().descendants().filter_map(ast::List::cast) {
        let kind = if is_named(list.syntax(), "imports") {
            Kind::Import
        } else {
            Kind::Drop
        };
        let elements = list.items().map(|item| item.syntax().text_range());
        found.extend(elements.map(|range| Site { kind, range }));
    }
    found.retain(|site| !site.parts(text).1.contains('\n'));
    found
}

fn is_boolean(node: &SyntaxNode) -> bool {
    // The name of an attribute is no value.
    let is_value = node
        .parent()
        .is_none_or(|parent| parent.kind() != SyntaxKind::NODE_ATTRPATH);
    is_value && (node.text() == "true" || node.text() == "false")
}

fn is_plain_string(node: &SyntaxNode) -> bool {
    let is_value = node
        .parent()
        .is_none_or(|parent| parent.kind() != SyntaxKind::NODE_ATTRPATH);
    let text = node.text().to_string();
    is_value && text.starts_with('"') && !text.contains("${")
}

/// Whether a value is that of an attribute of this name, perhaps behind `++` or `with`.
fn is_named(node: &SyntaxNode, name: &str) -> bool {
    let entry = node.ancestors().find_map(ast::AttrpathValue::cast);
    let path = entry.and_then(|entry| entry.attrpath());
    let last = path.and_then(|path| path.attrs().last());
    last.is_some_and(|attr| attr.syntax().text() == name)
}

fn is_for_readers(node: &SyntaxNode) -> bool {
    ["description", "longDescription", "example"]
        .iter()
        .any(|name| is_named(node, name))
}

#[cfg(test)]
mod tests {
    use super::sites;

    #[test]
    fn each_kind_of_place_is_found_and_changed() {
        let text = "{\n  imports = [ ./a.nix ./b.nix ];\n  x.enable = true;\n  y = [ \"s\" z ];\n  description = \"for readers\";\n}\n";
        let mut mutants: Vec<_> = sites(text)
            .iter()
            .map(|site| format!("{}: {}", site.line(text), site.described(text)))
            .collect();
        mutants.sort();
        assert_eq!(
            mutants,
            [
                "2: Import ./a.nix",
                "2: Import ./b.nix",
                "3: Flip true",
                "4: Change \"s\"",
                "4: Drop \"s\"",
                "4: Drop z",
            ]
        );
        let all: Vec<_> = sites(text).iter().map(|site| site.mutated(text)).collect();
        assert!(all.iter().any(|text| text.contains("x.enable = false;")));
        assert!(all.iter().any(|text| text.contains("[ \"sx\" z ]")));
        assert!(all.iter().any(|text| text.contains("[ ./a.nix  ]")));
    }
}
