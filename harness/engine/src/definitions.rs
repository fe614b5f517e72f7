//! Where in a file an option is set. Nix only says which file a definition comes
//! from; its syntax tree says the line.

use nix_parity_core::location::Location;
use rnix::TextRange;
use rnix::ast::{self, HasEntry as _};
use rowan::ast::AstNode as _;

/// A place in a file that sets an option, or something it is part of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Line from 1, column from 1 in characters.
    pub line: u32,
    /// See `line`.
    pub column: u32,
    /// The value as written.
    pub text: String,
    /// How many segments of the path are named here.
    depth: usize,
}

impl Definition {
    /// The place, in this file.
    pub fn location(&self, file: &str) -> Location {
        Location::point(file, self.line, self.column)
    }
}

/// The places in a module's text that set the option at this path, in their
/// order. Names are followed through `config`, nested sets, `mkIf`, `mkMerge`,
/// `let` and functions. Where no place names the whole path, the ones that name
/// most of it are given.
pub fn find(text: &str, path: &[String]) -> Vec<Definition> {
    let root = rnix::Root::parse(text);
    let Some(expression) = root.tree().expr() else {
        return Vec::new();
    };
    let mut search = Search {
        text,
        path,
        found: Vec::new(),
    };
    search.visit(&expression, 0);
    let deepest = search.found.iter().map(|d| d.depth).max().unwrap_or(0);
    search.found.retain(|d| d.depth == deepest);
    search.found.sort_by_key(|d| (d.line, d.column));
    search.found
}

struct Search<'a> {
    text: &'a str,
    path: &'a [String],
    found: Vec<Definition>,
}

impl Search<'_> {
    /// Looks into an expression whose value lies at the first `depth` segments of the path.
    fn visit(&mut self, expression: &ast::Expr, depth: usize) {
        match expression {
            ast::Expr::AttrSet(set) => self.visit_set(set, depth),
            ast::Expr::LetIn(e) => self.visit_all(e.body(), depth),
            ast::Expr::With(e) => self.visit_all(e.body(), depth),
            ast::Expr::Assert(e) => self.visit_all(e.body(), depth),
            ast::Expr::Lambda(e) => self.visit_all(e.body(), depth),
            ast::Expr::Paren(e) => self.visit_all(e.expr(), depth),
            ast::Expr::Root(e) => self.visit_all(e.expr(), depth),
            ast::Expr::Apply(e) => {
                self.visit_all(e.lambda(), depth);
                self.visit_all(e.argument(), depth);
            }
            ast::Expr::IfElse(e) => {
                self.visit_all(e.body(), depth);
                self.visit_all(e.else_body(), depth);
            }
            ast::Expr::BinOp(e) => {
                self.visit_all(e.lhs(), depth);
                self.visit_all(e.rhs(), depth);
            }
            ast::Expr::List(e) => e.items().for_each(|item| self.visit(&item, depth)),
            _ => {}
        }
    }

    fn visit_all(&mut self, expression: Option<ast::Expr>, depth: usize) {
        if let Some(expression) = expression {
            self.visit(&expression, depth);
        }
    }

    fn visit_set(&mut self, set: &ast::AttrSet, depth: usize) {
        for entry in set.attrpath_values() {
            let (Some(attrpath), Some(value)) = (entry.attrpath(), entry.value()) else {
                continue;
            };
            let mut names = attrpath
                .attrs()
                .map(|attr| attribute_name(&attr))
                .peekable();
            if depth == 0 && names.peek().is_some_and(|n| n.as_deref() == Some("config")) {
                names.next();
            }
            let Some(new_depth) = self.follow(depth, names) else {
                continue;
            };
            if new_depth > depth {
                self.keep(
                    attrpath.syntax().text_range(),
                    value.syntax().text_range(),
                    new_depth,
                );
            }
            self.visit(&value, new_depth);
        }
        for inherit in set.inherits() {
            for attr in inherit.attrs() {
                let range = attr.syntax().text_range();
                if attribute_name(&attr).is_some_and(|n| self.path.get(depth) == Some(&n)) {
                    self.keep(range, range, depth + 1);
                }
            }
        }
    }

    /// How far these names lead along the path; `None` when they lead elsewhere.
    /// A computed name may be any.
    fn follow(&self, depth: usize, names: impl Iterator<Item = Option<String>>) -> Option<usize> {
        let mut at = depth;
        for name in names {
            match (self.path.get(at), name) {
                // The path ends inside of what is set here.
                (None, _) => break,
                (Some(segment), Some(name)) if *segment != name => return None,
                (Some(_), _) => at += 1,
            }
        }
        Some(at)
    }

    fn keep(&mut self, place: TextRange, value: TextRange, depth: usize) {
        let start = usize::from(place.start());
        let before = self.text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let value = usize::from(value.start())..usize::from(value.end());
        self.found.push(Definition {
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
            text: self.text.get(value).unwrap_or_default().to_owned(),
            depth,
        });
    }
}

/// The name of one part of a path; `None` when it is computed.
pub(crate) fn attribute_name(attr: &ast::Attr) -> Option<String> {
    match attr {
        ast::Attr::Ident(ident) => ident.ident_token().map(|t| t.text().to_owned()),
        ast::Attr::Str(string) => match string.normalized_parts().as_slice() {
            [] => Some(String::new()),
            [ast::InterpolPart::Literal(text)] => Some(text.clone()),
            _ => None,
        },
        ast::Attr::Dynamic(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::find;

    fn places(text: &str, path: &str) -> Vec<(u32, u32, String)> {
        let path: Vec<_> = path.split('.').map(str::to_owned).collect();
        find(text, &path)
            .into_iter()
            .map(|d| (d.line, d.column, d.text))
            .collect()
    }

    #[test]
    fn definitions_are_found_however_they_are_written() {
        for (text, line, value) in [
            ("{ a.b.c = 1; }", 1, "1"),
            (
                "{ lib, ... }:\n{\n  a = {\n    b.c = lib.mkForce 1;\n  };\n}",
                4,
                "lib.mkForce 1",
            ),
            (
                "{ config, lib, ... }: let x = { a.b.c = 9; }; in\n{ config = lib.mkIf true { a.b.c = 1; }; }",
                2,
                "1",
            ),
            (
                "{ config = mkMerge [ { a.x = 1; }\n { a.b = { c = 1; }; } ]; }",
                2,
                "1",
            ),
            ("{ a.\"b\" = { inherit (x)\n c; }; }", 2, "c"),
            ("{ a.${n}.c = 1; }", 1, "1"),
            ("{ a = if x then { } else {\n b.c = 1; }; }", 2, "1"),
            (
                "{ options.a.b.c = mkOption { };\n config.a.b.c = 1; }",
                2,
                "1",
            ),
        ] {
            let got = places(text, "a.b.c");
            assert_eq!(got.len(), 1, "{text}: {got:?}");
            assert_eq!((got[0].0, got[0].2.as_str()), (line, value), "{text}");
        }
    }

    #[test]
    fn the_nearest_outer_place_is_given_when_the_path_is_inside_a_value() {
        assert_eq!(
            places("{\n a.b = f x;\n a.z = 1; }", "a.b.c"),
            [(2, 2, "f x".to_owned())]
        );
        assert_eq!(
            places("{ a.b.c.d = 1; }", "a.b.c"),
            [(1, 3, "1".to_owned())]
        );
        assert_eq!(places("{ x = 1; }", "a.b.c"), []);
        assert_eq!(places("{ broken", "a"), []);
    }

    #[test]
    fn several_definitions_are_all_given() {
        let got = places("mkMerge [\n { a.b = 1; }\n { a.b = 2; } ]", "a.b");
        assert_eq!(got.iter().map(|g| g.0).collect::<Vec<_>>(), [2, 3]);
    }
}
