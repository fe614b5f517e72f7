//! What Nix files take from an input: attributes of it, and files in it.

use std::collections::{BTreeMap, BTreeSet};

use rnix::ast;
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode as _;

use super::syntax::{file_behind, in_module_list, name_of, segments};
use crate::depend::is_variable;

/// Outputs that hold modules.
const MODULE_SETS: [&str; 9] = [
    "nixosModules",
    "darwinModules",
    "homeManagerModules",
    "homeModules",
    "flakeModules",
    "modules",
    "nixosModule",
    "darwinModule",
    "homeManagerModule",
];

/// Outputs that are by system.
const BY_SYSTEM: [&str; 5] = ["packages", "legacyPackages", "apps", "devShells", "checks"];

/// Functions that make hosts.
const MAKERS: [&str; 3] = ["nixosSystem", "darwinSystem", "homeManagerConfiguration"];

/// What stands in for an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// A value that nobody knows.
    Value,
    /// An overlay.
    Overlay,
    /// A module.
    Module,
}

/// What is taken from an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Attributes by path. `None` is any system's name.
    pub(super) attributes: BTreeMap<Vec<Option<String>>, Role>,
    /// Files, and whether each is imported as a module.
    pub(super) files: BTreeMap<String, bool>,
    /// Whether it is used as a whole.
    whole: bool,
}

impl Uses {
    /// Adds what a file takes from an input of this name.
    pub(super) fn add(&mut self, text: &str, input: &str) {
        let root = rnix::Root::parse(text).tree();
        for node in root.syntax().descendants() {
            if let Some(ident) = ast::Ident::cast(node.clone()) {
                self.add_ident(&ident, input);
            } else if let Some(inherit) = ast::Inherit::cast(node) {
                self.add_inherit(&inherit, input);
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.attributes.is_empty() && self.files.is_empty() && !self.whole
    }

    /// Whether hosts are made with a function of it.
    pub(super) fn make_hosts(&self) -> bool {
        let mut names = self.attributes.keys().filter_map(|path| path.last());
        names.any(|name| name.as_deref().is_some_and(|name| MAKERS.contains(&name)))
    }

    /// In words, sorted.
    pub(super) fn described(&self) -> Vec<String> {
        let attributes = self.attributes.keys().map(|path| {
            let names = path.iter().map(|name| name.as_deref().unwrap_or("SYSTEM"));
            names.collect::<Vec<_>>().join(".")
        });
        let files = self.files.keys().cloned();
        let whole = self.whole.then(|| "its folder as a whole".to_owned());
        attributes.chain(files).chain(whole).collect()
    }

    fn add_ident(&mut self, ident: &ast::Ident, input: &str) {
        let name = ident.to_string();
        if !is_variable(ident) || (name != input && name != "inputs") {
            return;
        }
        // The whole of `inputs.NAME.a.b`, of which this is the beginning.
        let (mut node, mut path) = (ident.syntax().clone(), Vec::new());
        while let Some(parent) = node.parent() {
            let is_inner = match ast::Select::cast(parent.clone()) {
                Some(select) if select.expr().is_some_and(|e| *e.syntax() == node) => {
                    path.extend(segments(select.attrpath()));
                    true
                }
                _ => parent.kind() == SyntaxKind::NODE_PAREN,
            };
            if !is_inner {
                break;
            }
            node = parent;
        }
        // What is inherited from is looked at where that is.
        let is_inherited = node.parent().map(|parent| parent.kind());
        if is_inherited == Some(SyntaxKind::NODE_INHERIT_FROM) {
            return;
        }
        if name == "inputs" {
            if path.first().and_then(Option::as_deref) != Some(input) {
                return;
            }
            path.remove(0);
        }
        self.add_path(path, &node);
    }

    /// `inherit (inputs.NAME) a b;`
    fn add_inherit(&mut self, inherit: &ast::Inherit, input: &str) {
        let from = inherit.from().and_then(|from| from.expr());
        let Some(from) = from.map(|from| from.syntax().text().to_string()) else {
            return;
        };
        let below = from.trim().strip_prefix("inputs.").unwrap_or(from.trim());
        let mut names = below.split('.');
        if names.next() != Some(input) {
            return;
        }
        let above: Vec<_> = names.map(|name| Some(name.to_owned())).collect();
        for attr in inherit.attrs() {
            let mut path = above.clone();
            path.push(name_of(&attr));
            self.add_attribute(path, Role::Value);
        }
    }

    /// Adds what is taken at a path, where it stands as this node.
    fn add_path(&mut self, mut path: Vec<Option<String>>, node: &SyntaxNode) {
        if path == [Some("outPath".to_owned())] {
            path.clear();
        }
        let is_module = in_module_list(node);
        if !path.is_empty() {
            self.add_attribute(path, if is_module { Role::Module } else { Role::Value });
            return;
        }
        match file_behind(node) {
            Some(file) => {
                let known = self.files.entry(file).or_default();
                *known |= is_module;
            }
            None => self.whole = true,
        }
    }

    fn add_attribute(&mut self, path: Vec<Option<String>>, role: Role) {
        let first = path.first().and_then(Option::as_deref).unwrap_or_default();
        let role = if MODULE_SETS.contains(&first) {
            Role::Module
        } else if matches!(first, "overlays" | "overlay") {
            Role::Overlay
        } else {
            role
        };
        let by_system = BY_SYSTEM.contains(&first);
        // Behind a name that is computed nothing is known, but for systems.
        let known: Vec<_> = path
            .into_iter()
            .enumerate()
            .take_while(|(n, name)| name.is_some() || (by_system && *n == 1))
            .map(|(_, name)| name)
            .collect();
        if !known.is_empty() {
            let known = self.attributes.entry(known).or_insert(role);
            *known = role.max(*known);
        }
    }

    /// The attributes that have no others below them; a set is made of those.
    pub(super) fn leaves(&self) -> impl Iterator<Item = (&Vec<Option<String>>, Role)> {
        let paths: BTreeSet<_> = self.attributes.keys().collect();
        self.attributes.iter().filter_map(move |(path, role)| {
            let mut others = paths.iter();
            let is_set = others.any(|o| o.len() > path.len() && o.starts_with(path));
            (!is_set).then_some((path, *role))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Uses};

    const WHOLE: &str = "its folder as a whole";

    fn uses(text: &str) -> (Vec<String>, Vec<Role>) {
        let mut uses = Uses::default();
        uses.add(text, "secrets");
        (uses.described(), uses.attributes.into_values().collect())
    }

    #[test]
    fn what_is_taken_is_found() {
        use Role::{Module, Overlay, Value};
        for (text, what, roles) in [
            (
                "{ inputs, ... }: inputs.secrets.a.b",
                vec!["a.b"],
                vec![Value],
            ),
            (
                "{ secrets, ... }: secrets.\"a b\".c or 1",
                vec!["a b.c"],
                vec![Value],
            ),
            ("{ secrets }: (secrets.a).b", vec!["a.b"], vec![Value]),
            (
                "{ inputs }: { imports = [ inputs.secrets.x ]; }",
                vec!["x"],
                vec![Module],
            ),
            (
                "i: { modules = [ secrets.nixosModules.default ]; }",
                vec!["nixosModules.default"],
                vec![Module],
            ),
            (
                "inputs.secrets.overlays.default",
                vec!["overlays.default"],
                vec![Overlay],
            ),
            (
                "p: secrets.packages.${p.system}.tool",
                vec!["packages.SYSTEM.tool"],
                vec![Value],
            ),
            ("x: secrets.lib.${x}.y", vec!["lib"], vec![Value]),
            (
                "{ inherit (inputs.secrets) a; inherit (secrets.lib) b; }",
                vec!["a", "lib.b"],
                vec![Value, Value],
            ),
            ("{ f = \"${secrets}/a/b.age\"; }", vec!["a/b.age"], vec![]),
            (
                "{ f = \"${inputs.secrets}/a.age\"; }",
                vec!["a.age"],
                vec![],
            ),
            (
                "{ f = inputs.secrets + \"/a.age\"; }",
                vec!["a.age"],
                vec![],
            ),
            ("{ f = \"${secrets}/../x\"; }", vec![WHOLE], vec![]),
            ("{ f = \"${secrets}/${x}\"; }", vec![WHOLE], vec![]),
            (
                "{ secrets = 1; x.secrets.y = 2; z = a.secrets.b; }",
                vec![],
                vec![],
            ),
            ("{ inputs.secrets.url = \"x\"; }", vec![], vec![]),
            ("{ secrets.", vec![], vec![]),
        ] {
            assert_eq!(
                uses(text),
                (what.into_iter().map(str::to_owned).collect(), roles),
                "{text}"
            );
        }
    }
}
