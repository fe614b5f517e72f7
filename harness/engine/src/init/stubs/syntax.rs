//! What a place in a Nix file says of itself: names, the list that it is in, a file behind it.

use rnix::ast::{self, InterpolPart};
use rnix::{SyntaxKind, SyntaxNode};
use rowan::ast::AstNode as _;

/// Options and arguments whose lists hold modules.
const MODULE_LISTS: [&str; 4] = ["imports", "modules", "sharedModules", "extraModules"];

pub(super) fn segments(path: Option<ast::Attrpath>) -> Vec<Option<String>> {
    let attrs = path
        .into_iter()
        .flat_map(|path| path.attrs().collect::<Vec<_>>());
    attrs.map(|attr| name_of(&attr)).collect()
}

/// The name that an attribute has, unless it is computed.
pub(super) fn name_of(attr: &ast::Attr) -> Option<String> {
    match attr {
        ast::Attr::Ident(ident) => Some(ident.to_string()),
        ast::Attr::Str(text) => literal(text),
        ast::Attr::Dynamic(_) => None,
    }
}

fn literal(text: &ast::Str) -> Option<String> {
    let parts = text.normalized_parts();
    match parts.as_slice() {
        [] => Some(String::new()),
        [InterpolPart::Literal(text)] => Some(text.clone()),
        _ => None,
    }
}

/// Whether something is an element of a list of modules.
pub(super) fn in_module_list(node: &SyntaxNode) -> bool {
    let mut above = node.ancestors().skip(1);
    let Some(list) = above.find(|node| node.kind() == SyntaxKind::NODE_LIST) else {
        return false;
    };
    let entry = list.ancestors().find_map(ast::AttrpathValue::cast);
    let name = entry.and_then(|entry| entry.attrpath()?.attrs().last());
    name.and_then(|attr| name_of(&attr))
        .is_some_and(|name| MODULE_LISTS.contains(&name.as_str()))
}

/// The file of `"${NAME}/file"` or `NAME + "/file"`, as far as its name is written there.
pub(super) fn file_behind(node: &SyntaxNode) -> Option<String> {
    let parent = node.parent()?;
    let text = if let Some(interpolation) = ast::Interpol::cast(parent.clone()) {
        let text = ast::Str::cast(interpolation.syntax().parent()?)?;
        let mut parts = text.normalized_parts().into_iter();
        parts.find(|part| {
            matches!(part, InterpolPart::Interpolation(i) if i.syntax() == interpolation.syntax())
        })?;
        match (parts.next(), parts.next()) {
            (Some(InterpolPart::Literal(text)), None) => text,
            _ => return None,
        }
    } else {
        let sum = ast::BinOp::cast(parent)?;
        let is_left = sum.lhs().is_some_and(|lhs| lhs.syntax() == node);
        match sum.rhs() {
            Some(ast::Expr::Str(text)) if is_left => literal(&text)?,
            _ => return None,
        }
    };
    let path = text.strip_prefix('/')?;
    let is_inside = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    is_inside.then(|| path.to_owned())
}
