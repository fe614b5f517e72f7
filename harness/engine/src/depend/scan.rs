//! What the text of a Nix file says about the files that evaluating it can read.
//! Nix's log shows which files are evaluated and which paths are copied to the
//! store; it does not show what is read, listed or tested for. A pure evaluation
//! gets a path of its own tree from a path literal or from `self` only, so the
//! literals of the files that were evaluated, with what is done to them there, say
//! what can have been looked at.
//!
//! What is not recognised counts as reading everything that the path leads to.

mod bindings;
mod paths;
mod tree_uses;

pub(crate) use bindings::is_variable;

use rnix::ast;
use rowan::ast::AstNode as _;

use self::bindings::Shadowed;

/// What a file can read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Uses {
    /// Paths that it names.
    pub(super) paths: Vec<PathUse>,
    /// Why it can depend on anything in the tree, if it can.
    pub(super) tree: Option<String>,
    /// Whether it reads files by a path that is not written where it is read.
    pub(super) reads_computed: bool,
}

/// A path in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PathUse {
    /// The path from the top of the tree; of one with a computed end, the folder
    /// in which it certainly lies.
    pub(super) path: String,
    /// Whether the end of the path is computed.
    pub(super) computed: bool,
    /// What is done with it.
    pub(super) role: Role,
}

/// What is done with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is imported, as an expression or as a module: the log shows the file.
    Import,
    /// A folder is listed.
    List,
    /// It is tested what is there.
    Test,
    /// It is read or copied.
    Read,
    /// Not known.
    Any,
}

/// Functions that read a file, by the last part of their name.
const READERS: [&str; 13] = [
    "readFile",
    "hashFile",
    "filterSource",
    "path",
    "fileContents",
    "readLines",
    "importJSON",
    "importTOML",
    "cleanSource",
    "cleanSourceWith",
    "sourceByRegex",
    "sourceFilesBySuffices",
    "toSource",
];

/// Reads a file of the tree that lies in this folder.
pub(super) fn scan(text: &str, folder: &str) -> Uses {
    let parsed = rnix::Root::parse(text);
    if !parsed.errors().is_empty() {
        return Uses {
            tree: Some("it cannot be parsed".to_owned()),
            ..Uses::default()
        };
    }
    let root = parsed.tree();
    let shadowed = Shadowed::of(root.syntax());
    let mut uses = Uses::default();
    for node in root.syntax().descendants() {
        if uses.tree.is_none() {
            uses.tree = tree_uses::reason(&node);
        }
        if let Some(expression) = ast::Expr::cast(node) {
            if paths::reads_computed(&expression) {
                uses.reads_computed = true;
            }
            match paths::path_use(&expression, folder, &shadowed) {
                Some(Ok(path)) => uses.paths.push(path),
                Some(Err(reason)) => {
                    uses.tree.get_or_insert(reason);
                }
                None => {}
            }
        }
    }
    uses
}

#[cfg(test)]
mod tests;
