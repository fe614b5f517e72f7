//! What makes a file depend on the whole tree: where it lies in the store, its
//! revision, positions in files, and paths that are taken apart.

use rnix::ast::{self, Attr, Expr, InterpolPart};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode as _;

use super::bindings::{is_variable, name};

/// What `self` has besides the flake's outputs.
const OF_TREE: [&str; 13] = [
    "outPath",
    "sourceInfo",
    "outputs",
    "narHash",
    "rev",
    "shortRev",
    "dirtyRev",
    "dirtyShortRev",
    "revCount",
    "lastModified",
    "lastModifiedDate",
    "submodules",
    "_type",
];

/// Names of functions whose result can tell where the tree lies, or leads from a
/// path to another one.
const REVEALING: [&str; 8] = [
    "__curPos",
    "unsafeGetAttrPos",
    "dirOf",
    "hashString",
    "toFile",
    "splitRoot",
    "deconstruct",
    "locateDominatingFile",
];

/// Why this part of a file makes it depend on the whole tree.
pub(super) fn reason(node: &SyntaxNode) -> Option<String> {
    match Expr::cast(node.clone()) {
        Some(Expr::Ident(ident)) if is_variable(&ident) => of_name(&ident, node),
        Some(Expr::Str(string)) => climbs(&string),
        Some(Expr::Select(select)) => of_attributes(&select.attrpath()?),
        Some(Expr::HasAttr(test)) => of_attributes(&test.attrpath()?),
        Some(Expr::CurPos(_)) => Some("`__curPos`".to_owned()),
        _ => ast::Inherit::cast(node.clone()).and_then(|i| of_inherit(&i)),
    }
}

fn of_name(ident: &ast::Ident, node: &SyntaxNode) -> Option<String> {
    let name = name(ident);
    if REVEALING.contains(&name.as_str()) {
        return Some(format!("`{name}`"));
    }
    let parent = node.parent();
    let select = parent.clone().and_then(ast::Select::cast);
    let test = parent.clone().and_then(ast::HasAttr::cast);
    match name.as_str() {
        "self" if !is_fixed_point(node) => {
            let selected = select.and_then(|s| s.attrpath()?.attrs().next());
            match (selected, test) {
                (Some(attr), _) if selects_output(&attr) => None,
                _ => Some("`self`".to_owned()),
            }
        }
        "builtins" => {
            let known = match (select, parent.and_then(Expr::cast)) {
                (Some(select), _) => {
                    matches!(select.attrpath()?.attrs().next(), Some(Attr::Ident(_)))
                }
                (None, Some(Expr::With(_))) => true,
                (None, _) => {
                    test.is_some() || node.parent()?.kind() == SyntaxKind::NODE_INHERIT_FROM
                }
            };
            (!known).then(|| "`builtins` as a value".to_owned())
        }
        _ => None,
    }
}

/// Whether `self` is the first parameter of an overlay, `self: super: …`.
fn is_fixed_point(node: &SyntaxNode) -> bool {
    for ancestor in node.ancestors() {
        let Some(lambda) = ast::Lambda::cast(ancestor) else {
            continue;
        };
        match lambda.param() {
            Some(ast::Param::IdentParam(param))
                if param.ident().is_some_and(|i| name(&i) == "self") =>
            {
                return matches!(lambda.body(), Some(Expr::Lambda(_)));
            }
            Some(ast::Param::Pattern(pattern)) => {
                let binds = |e: ast::PatEntry| e.ident().is_some_and(|i| name(&i) == "self");
                if pattern.pat_entries().any(binds) {
                    return false;
                }
            }
            _ => {}
        }
    }
    false
}

fn selects_output(attr: &Attr) -> bool {
    match attr {
        Attr::Ident(ident) => !OF_TREE.contains(&name(ident).as_str()),
        _ => false,
    }
}

/// `inputs.self.rev`, `inputs.self` and what reveals by its last name.
fn of_attributes(path: &ast::Attrpath) -> Option<String> {
    let attrs: Vec<Attr> = path.attrs().collect();
    for (i, attr) in attrs.iter().enumerate() {
        let Attr::Ident(ident) = attr else { continue };
        let name = name(ident);
        if REVEALING.contains(&name.as_str()) {
            return Some(format!("`{name}`"));
        }
        if name == "self" && !attrs.get(i + 1).is_some_and(selects_output) {
            return Some("`self`".to_owned());
        }
    }
    None
}

fn of_inherit(inherit: &ast::Inherit) -> Option<String> {
    inherit.attrs().find_map(|attr| match attr {
        Attr::Ident(ident) => {
            let name = name(&ident);
            // `inherit self` hands it on under its name, by which it is found again.
            let reveals = REVEALING.contains(&name.as_str());
            reveals.then(|| format!("`{name}`"))
        }
        _ => None,
    })
}

/// A text that leads out of a folder when it is added to a path. Texts with blanks
/// are prose or scripts.
fn climbs(string: &ast::Str) -> Option<String> {
    let is_name = string
        .syntax()
        .parent()
        .is_some_and(|parent| parent.kind() == SyntaxKind::NODE_ATTRPATH);
    if is_name || is_added_to_path(string) {
        return None;
    }
    let parts = string.normalized_parts();
    let literals = || {
        parts.iter().filter_map(|part| match part {
            InterpolPart::Literal(text) => Some(text.as_str()),
            InterpolPart::Interpolation(_) => None,
        })
    };
    if literals().any(|text| text.contains(char::is_whitespace)) {
        return None;
    }
    literals()
        .any(|text| text.split('/').any(|part| part == ".."))
        .then(|| "a text with `..`".to_owned())
}

/// Whether the text is added to a path literal, where it is followed as it is
/// written.
fn is_added_to_path(string: &ast::Str) -> bool {
    let sum = string.syntax().parent().and_then(ast::BinOp::cast);
    let is_text = string.normalized_parts().len() <= 1
        && !string
            .normalized_parts()
            .iter()
            .any(|p| matches!(p, InterpolPart::Interpolation(_)));
    is_text
        && sum.is_some_and(|sum| {
            sum.operator() == Some(ast::BinOpKind::Add)
                && matches!(sum.lhs(), Some(Expr::PathRel(_)))
        })
}
