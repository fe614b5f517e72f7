//! The names of a flake's inputs, as far as its files say them: which an override may name.

use std::collections::BTreeSet;
use std::path::Path;

use rnix::ast::{self, Attr, Expr, HasEntry as _};
use serde_json::Value as Json;

/// Why an override replaces no input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unmatched {
    /// The name is empty, or a part of it between slashes is.
    Empty,
    /// There is no input of this name; those that there are.
    Unknown(BTreeSet<String>),
}

/// The inputs of a flake.
pub(super) struct Inputs {
    /// The names in `flake.nix`; `None` where they cannot be read from its text.
    own: Option<BTreeSet<String>>,
    /// `flake.lock`, where it is there and can be read.
    lock: Option<Json>,
}

impl Inputs {
    /// Of the flake in a directory.
    pub(super) fn of(dir: &Path) -> Self {
        let text = std::fs::read_to_string(dir.join("flake.nix")).ok();
        let lock = std::fs::read(dir.join("flake.lock")).ok();
        Self {
            own: text.as_deref().and_then(declared),
            lock: lock.and_then(|lock| serde_json::from_slice(&lock).ok()),
        }
    }

    /// Why an override of `input` replaces nothing; `None` where it does, or where only Nix
    /// can tell. `replaced` are all inputs that are overridden: those of another flake
    /// stand below such a one.
    pub(super) fn unmatched(&self, input: &str, replaced: &[&str]) -> Option<Unmatched> {
        let segments: Vec<&str> = input.split('/').collect();
        if segments.iter().any(|segment| segment.trim().is_empty()) {
            return Some(Unmatched::Empty);
        }
        let (first, rest) = segments.split_first()?;
        let own = self.own.as_ref()?;
        if !own.contains(*first) {
            return Some(Unmatched::Unknown(own.clone()));
        }
        let mut node = self.below(self.root()?, first)?;
        let mut path = (*first).to_owned();
        for segment in rest {
            if replaced.contains(&path.as_str()) {
                return None;
            }
            let names = self.names(node);
            if !names.contains(*segment) {
                let names = names.iter().map(|name| format!("{path}/{name}"));
                return Some(Unmatched::Unknown(names.collect()));
            }
            path = format!("{path}/{segment}");
            node = self.below(node, segment)?;
        }
        None
    }

    fn root(&self) -> Option<&str> {
        self.lock.as_ref()?.get("root")?.as_str()
    }

    fn inputs(&self, node: &str) -> Option<&serde_json::Map<String, Json>> {
        let node = self.lock.as_ref()?.get("nodes")?.get(node)?;
        node.get("inputs")?.as_object()
    }

    fn names(&self, node: &str) -> BTreeSet<String> {
        let inputs = self.inputs(node).into_iter();
        inputs.flat_map(|inputs| inputs.keys().cloned()).collect()
    }

    /// The node of an input of a node. One that follows another is found from the root.
    fn below<'n>(&'n self, node: &str, name: &str) -> Option<&'n str> {
        self.follow(self.inputs(node)?.get(name)?, MOST_FOLLOWED)
    }

    fn follow<'n>(&'n self, input: &'n Json, left: usize) -> Option<&'n str> {
        match input {
            Json::String(node) => Some(node),
            Json::Array(path) if left > 0 => {
                let mut node = self.root()?;
                for segment in path {
                    let next = self.inputs(node)?.get(segment.as_str()?)?;
                    node = self.follow(next, left - 1)?;
                }
                Some(node)
            }
            _ => None,
        }
    }
}

/// `follows` in a damaged lock may lead in circles.
const MOST_FOLLOWED: usize = 32;

/// The inputs that the text of `flake.nix` declares: those of `inputs`, which Nix wants
/// written out, and the arguments of `outputs`, which are inputs without being declared.
/// `None` where it says them in a way that only Nix can read.
fn declared(text: &str) -> Option<BTreeSet<String>> {
    let parsed = rnix::Root::parse(text);
    if !parsed.errors().is_empty() {
        return None;
    }
    let Some(Expr::AttrSet(flake)) = parsed.tree().expr() else {
        return None;
    };
    let mut names = BTreeSet::new();
    for entry in flake.attrpath_values() {
        let path: Vec<Attr> = entry.attrpath()?.attrs().collect();
        let (first, rest) = path.split_first()?;
        match (text_of(first)?.as_str(), rest.first(), entry.value()?) {
            ("inputs", Some(name), _) => {
                names.insert(text_of(name)?);
            }
            ("inputs", None, Expr::AttrSet(inputs)) => {
                if inputs.inherits().next().is_some() {
                    return None;
                }
                for entry in inputs.attrpath_values() {
                    names.insert(text_of(&entry.attrpath()?.attrs().next()?)?);
                }
            }
            ("inputs", None, _) => return None,
            ("outputs", None, Expr::Lambda(outputs)) => {
                if let Some(ast::Param::Pattern(pattern)) = outputs.param() {
                    let arguments = pattern.pat_entries().filter_map(|entry| entry.ident());
                    names.extend(
                        arguments.filter_map(|ident| Some(ident.ident_token()?.to_string())),
                    );
                    names.remove("self");
                }
            }
            _ => {}
        }
    }
    Some(names)
}

/// The name that an attribute is written as; `None` of one that is computed.
fn text_of(attr: &Attr) -> Option<String> {
    match attr {
        Attr::Ident(ident) => Some(ident.ident_token()?.to_string()),
        Attr::Str(text) => match text.normalized_parts().as_slice() {
            [] => Some(String::new()),
            [ast::InterpolPart::Literal(text)] => Some(text.clone()),
            _ => None,
        },
        Attr::Dynamic(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Inputs, Unmatched, declared};

    fn names(text: &str) -> Option<Vec<String>> {
        Some(declared(text)?.into_iter().collect())
    }

    #[test]
    fn inputs_are_read_in_all_spellings() {
        for (text, expected) in [
            ("{ outputs = _: { }; }", &[][..]),
            (
                "{ inputs.a.url = \"x\"; inputs.b = { url = \"y\"; }; outputs = i: { }; }",
                &["a", "b"],
            ),
            (
                "{ inputs = { a.url = \"x\"; \"b c\" = { }; a.flake = false; }; }",
                &["a", "b c"],
            ),
            (
                "{ outputs = { self, nixpkgs, extra ? null, ... }@i: { }; }",
                &["extra", "nixpkgs"],
            ),
            (
                "{ inputs.a.inputs.b.follows = \"c\"; outputs = { self, a }: { }; }",
                &["a"],
            ),
        ] {
            let expected = expected.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(names(text), Some(expected), "{text}");
        }
        for text in [
            "{",
            "let x = 1; in { }",
            "{ inputs = import ./i.nix; }",
            "{ inputs.${x}.url = \"x\"; }",
            "",
        ] {
            assert_eq!(names(text), None, "{text}");
        }
    }

    #[test]
    fn an_override_is_held_against_flake_and_lock() {
        let lock = r#"{ "root": "root", "nodes": {
            "root": { "inputs": { "nixpkgs": "nixpkgs_2", "home": "home", "alias": ["home", "nixpkgs"] } },
            "nixpkgs_2": {},
            "home": { "inputs": { "nixpkgs": ["nixpkgs"], "lib": "lib" } },
            "lib": { "inputs": {} } } }"#;
        let own = ["nixpkgs", "home", "alias", "new"].map(str::to_owned);
        let inputs = Inputs {
            own: Some(own.into()),
            lock: serde_json::from_str(lock).ok(),
        };
        for right in [
            "nixpkgs",
            "home",
            "home/nixpkgs",
            "home/lib",
            "alias",
            "new",
            "new/any",
        ] {
            assert_eq!(inputs.unmatched(right, &[]), None, "{right}");
        }
        for empty in ["", "/", "home/", "/home", "home//lib", " "] {
            assert_eq!(
                inputs.unmatched(empty, &[]),
                Some(Unmatched::Empty),
                "{empty:?}"
            );
        }
        for wrong in ["nixpkg", "home/nixpkg", "home/lib/x", "lib", "alias/x"] {
            let found = inputs.unmatched(wrong, &[]);
            assert!(matches!(found, Some(Unmatched::Unknown(_))), "{wrong}");
        }
        // The inputs of a flake that is replaced are those of the one in its place.
        assert_eq!(inputs.unmatched("home/other", &["home"]), None);
    }

    #[test]
    fn a_lock_in_which_inputs_follow_each_other_in_circles_is_no_endless_loop() {
        let lock =
            r#"{ "root": "root", "nodes": { "root": { "inputs": { "a": ["b"], "b": ["a"] } } } }"#;
        let inputs = Inputs {
            own: Some(["a".to_owned(), "b".to_owned()].into()),
            lock: serde_json::from_str(lock).ok(),
        };
        assert_eq!(inputs.unmatched("a/x", &[]), None);
    }
}
