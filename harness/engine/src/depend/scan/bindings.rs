//! Which of the names that are looked for mean something else in a file.

use rnix::{SyntaxKind, SyntaxNode, ast};
use rowan::ast::AstNode as _;

/// Whether a file gives `import` or `builtins` a meaning of its own.
pub(super) struct Shadowed(bool);

impl Shadowed {
    pub(super) fn of(root: &SyntaxNode) -> Self {
        Self(
            root.descendants()
                .filter_map(ast::Ident::cast)
                .any(|ident| {
                    !is_variable(&ident) && matches!(name(&ident).as_str(), "import" | "builtins")
                }),
        )
    }

    /// Whether `import` and `builtins` are Nix's own.
    pub(super) fn nothing(&self) -> bool {
        !self.0
    }
}

pub(super) fn name(ident: &ast::Ident) -> String {
    ident
        .ident_token()
        .map(|token| token.text().to_owned())
        .unwrap_or_default()
}

/// Whether a name stands for a value here, and is not being given one.
pub(crate) fn is_variable(ident: &ast::Ident) -> bool {
    !ident.syntax().parent().is_some_and(|parent| {
        matches!(
            parent.kind(),
            SyntaxKind::NODE_PAT_ENTRY
                | SyntaxKind::NODE_IDENT_PARAM
                | SyntaxKind::NODE_PAT_BIND
                | SyntaxKind::NODE_INHERIT
                | SyntaxKind::NODE_ATTRPATH
        )
    })
}
