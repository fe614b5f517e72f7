//! Which options an expression of a case names. What it reads is known to Nix alone, but
//! what it names below `config` is most of it.

use std::collections::BTreeMap;

use rnix::SyntaxKind;
use rnix::ast::{self, Expr};
use rowan::ast::AstNode as _;

use crate::definitions::attribute_name;

type Path = Vec<String>;

/// The paths that are selected from `config` or `options`, as far as they are written
/// down: `config.users.users.${name}.home` is `users.users`. A name that is bound to
/// such a path stands for it: of `let cfg = config.a.b; in cfg.c` it is `a.b.c`.
pub(super) fn reads(text: &str) -> Vec<Path> {
    let root = rnix::Root::parse(text).tree();
    let own = ["config", "options"].map(|name| (name.to_owned(), Path::new()));
    let mut names = BTreeMap::from(own);
    names.extend(aliases(&root, &names));
    let mut found = Vec::new();
    for node in root.syntax().descendants() {
        if let Some(inherit) = ast::Inherit::cast(node.clone()) {
            found.extend(inherited(&inherit, &names));
        } else if let Some(expr) = Expr::cast(node)
            && !is_part_of_more(&expr)
        {
            found.extend(selected(&expr, &names).filter(|path| !path.is_empty()));
        }
    }
    found
}

/// Names that are bound to a path below one of these.
fn aliases(root: &ast::Root, names: &BTreeMap<String, Path>) -> Vec<(String, Path)> {
    let bindings = root
        .syntax()
        .descendants()
        .filter_map(ast::AttrpathValue::cast);
    let alias = |binding: ast::AttrpathValue| {
        let path = selected(&binding.value()?, names)?;
        Some((bound_name(&binding)?, path))
    };
    bindings.filter_map(alias).collect()
}

/// The name that a `let` binds; nothing where it binds a part of a set.
fn bound_name(binding: &ast::AttrpathValue) -> Option<String> {
    ast::LetIn::can_cast(binding.syntax().parent()?.kind()).then_some(())?;
    let mut attributes = binding.attrpath()?.attrs();
    let name = attribute_name(&attributes.next()?)?;
    attributes.next().is_none().then_some(name)
}

/// The path that an expression selects.
fn selected(expr: &Expr, names: &BTreeMap<String, Path>) -> Option<Path> {
    let (start, attributes) = match expr {
        Expr::Ident(ident) => return names.get(ident.ident_token()?.text()).cloned(),
        Expr::Select(select) => (select.expr()?, select.attrpath()?),
        Expr::HasAttr(has) => (has.expr()?, has.attrpath()?),
        _ => return None,
    };
    let mut path = selected(&start, names)?;
    path.extend(attributes.attrs().map_while(|attr| attribute_name(&attr)));
    Some(path)
}

/// `inherit (config.a) b c;`
fn inherited(inherit: &ast::Inherit, names: &BTreeMap<String, Path>) -> Vec<Path> {
    let from = inherit.from().and_then(|from| from.expr());
    let Some(path) = from.and_then(|expr| selected(&expr, names)) else {
        return Vec::new();
    };
    let attributes = inherit.attrs().filter_map(|attr| attribute_name(&attr));
    attributes
        .map(|name| [path.as_slice(), &[name]].concat())
        .collect()
}

/// Whether it is only a step to a longer path: the start of a selection, what is
/// inherited from, or the value of a name that stands for it. Names that are given a
/// value stand for none.
fn is_part_of_more(expr: &Expr) -> bool {
    let Some(parent) = expr.syntax().parent() else {
        return false;
    };
    let is_start = |start: Option<Expr>| start.is_some_and(|s| s.syntax() == expr.syntax());
    if let Some(select) = ast::Select::cast(parent.clone()) {
        return is_start(select.expr());
    }
    if let Some(has) = ast::HasAttr::cast(parent.clone()) {
        return is_start(has.expr());
    }
    if let Some(binding) = ast::AttrpathValue::cast(parent.clone()) {
        return bound_name(&binding).is_some();
    }
    matches!(
        parent.kind(),
        SyntaxKind::NODE_INHERIT_FROM
            | SyntaxKind::NODE_INHERIT
            | SyntaxKind::NODE_ATTRPATH
            | SyntaxKind::NODE_PAT_ENTRY
            | SyntaxKind::NODE_IDENT_PARAM
            | SyntaxKind::NODE_PAT_BIND
    )
}

#[cfg(test)]
mod tests {
    use super::reads;

    #[test]
    fn what_is_selected_is_named() {
        for (text, paths) in [
            ("{ config, ... }: config.a.b", vec!["a.b"]),
            (
                "{ config, lib, ... }: lib.length config.a.b.c",
                vec!["a.b.c"],
            ),
            ("{ options, ... }: options.a ? b", vec!["a.b"]),
            ("{ config, ... }: config.a or config.b.c", vec!["a", "b.c"]),
            ("{ config, ... }: config.a.${\"b\"}.c", vec!["a"]),
            ("{ config, ... }: config.a.\"b.c\".d", vec!["a.b.c.d"]),
            (
                "{ config, ... }: let cfg = config.a.b; in cfg.c && cfg.d.e",
                vec!["a.b.c", "a.b.d.e"],
            ),
            (
                "{ config, ... }: let cfg = config.a.b; in f cfg",
                vec!["a.b"],
            ),
            (
                "{ config, ... }: let inherit (config.a) b c; in b",
                vec!["a.b", "a.c"],
            ),
            ("{ config, ... }: { x = config.a.b; }", vec!["a.b"]),
            ("{ config, ... }: f config", vec![]),
            ("{ pkgs, ... }: pkgs.config.a", vec![]),
            ("{ config = ", vec![]),
        ] {
            let found: Vec<_> = reads(text).iter().map(|path| path.join(".")).collect();
            assert_eq!(found, paths, "{text}");
        }
    }
}
