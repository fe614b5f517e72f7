//! Path literals, and what is done with them where they stand.

use rnix::ast::{self, BinOpKind, Expr, HasEntry as _, InterpolPart};
use rowan::ast::AstNode as _;

use super::bindings::{Shadowed, is_variable, name};
use super::{PathUse, READERS, Role};

/// Lists under these names are imported by the module system.
const MODULES: [&str; 5] = [
    "imports",
    "modules",
    "extraModules",
    "sharedModules",
    "homeModules",
];

/// Functions that give back one of their arguments, or nothing.
const CHOOSERS: [&str; 3] = ["optional", "optionals", "mkIf"];

/// What a literal says; nothing where the expression is none. An error is the
/// reason why it can lead anywhere.
pub(super) fn path_use(
    expression: &Expr,
    folder: &str,
    shadowed: &Shadowed,
) -> Option<Result<PathUse, String>> {
    let parts: Vec<InterpolPart<String>> = match expression {
        Expr::PathRel(path) => path.parts().into_iter().map(text_of).collect(),
        _ => return None,
    };
    let mut path = Path::default();
    for part in parts {
        path.push(part);
    }
    let whole = extend(expression, &mut path);
    let role = role(&whole, shadowed);
    Some(match role {
        Found::Text => Err("`toString` of a path".to_owned()),
        Found::Role(role) => path.resolve(folder).map(|path_text| PathUse {
            path: path_text,
            computed: path.computed,
            role,
        }),
    })
}

fn text_of(part: InterpolPart<ast::PathContent>) -> InterpolPart<String> {
    match part {
        InterpolPart::Literal(content) => InterpolPart::Literal(content.text().to_owned()),
        InterpolPart::Interpolation(inner) => InterpolPart::Interpolation(inner),
    }
}

/// A path as far as it is written down.
#[derive(Default)]
struct Path {
    text: String,
    computed: bool,
}

impl Path {
    fn push(&mut self, part: InterpolPart<String>) {
        match part {
            InterpolPart::Literal(text) if !self.computed => self.text.push_str(&text),
            InterpolPart::Literal(_) => {}
            InterpolPart::Interpolation(_) => self.computed = true,
        }
    }

    /// From the top of the tree; of a path with a computed end, its folder.
    fn resolve(&self, folder: &str) -> Result<String, String> {
        let written = if self.computed {
            self.text.rsplit_once('/').map_or("", |(folder, _)| folder)
        } else {
            &self.text
        };
        let mut parts: Vec<&str> = folder.split('/').filter(|p| !p.is_empty()).collect();
        for part in written.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts
                        .pop()
                        .ok_or_else(|| format!("`{written}` leads out of the tree"))?;
                }
                part => parts.push(part),
            }
        }
        Ok(parts.join("/"))
    }
}

/// The largest expression that is this path with text added to its end.
fn extend(expression: &Expr, path: &mut Path) -> Expr {
    let mut whole = expression.clone();
    while let Some(parent) = whole.syntax().parent().and_then(Expr::cast) {
        match &parent {
            Expr::Paren(_) => {}
            Expr::BinOp(sum)
                if sum.operator() == Some(BinOpKind::Add)
                    && sum.lhs().is_some_and(|l| l.syntax() == whole.syntax()) =>
            {
                match sum.rhs() {
                    Some(Expr::Str(string)) => {
                        for part in string.normalized_parts() {
                            path.push(part);
                        }
                    }
                    _ => path.computed = true,
                }
            }
            _ => break,
        }
        whole = parent;
    }
    whole
}

enum Found {
    Role(Role),
    /// It is made text, which holds where the tree lies in the store.
    Text,
}

fn role(whole: &Expr, shadowed: &Shadowed) -> Found {
    let Some(parent) = whole.syntax().parent() else {
        return Found::Role(Role::Any);
    };
    if ast::Interpol::cast(parent.clone()).is_some() {
        return Found::Role(Role::Read);
    }
    if let Some(Expr::Apply(apply)) = Expr::cast(parent)
        && apply
            .argument()
            .is_some_and(|a| a.syntax() == whole.syntax())
        && let Some(function) = apply.lambda()
        && let Some((last, is_builtin)) = function_name(&function)
    {
        let own = shadowed.nothing();
        match last.as_str() {
            "toString" => return Found::Text,
            "import" | "callPackage" if own => return Found::Role(Role::Import),
            "readDir" if is_builtin && own => return Found::Role(Role::List),
            "pathExists" | "readFileType" if is_builtin && own => return Found::Role(Role::Test),
            last if READERS.contains(&last) => return Found::Role(Role::Read),
            _ => {}
        }
    }
    Found::Role(if is_module(whole) {
        Role::Import
    } else {
        Role::Any
    })
}

/// Whether a path is one of a list of modules.
fn is_module(path: &Expr) -> bool {
    let mut at = path.syntax().clone();
    let mut listed = false;
    while let Some(parent) = at.parent() {
        if let Some(binding) = ast::AttrpathValue::cast(parent.clone()) {
            let last = binding.attrpath().and_then(|p| p.attrs().last());
            let is_modules = match last {
                Some(ast::Attr::Ident(ident)) => MODULES.contains(&name(&ident).as_str()),
                _ => false,
            };
            return listed && is_modules;
        }
        match Expr::cast(parent.clone()) {
            Some(Expr::List(_)) => listed = true,
            // The last one is `modules = name: [ … ]`.
            Some(Expr::Paren(_) | Expr::With(_) | Expr::Lambda(_)) => {}
            Some(Expr::BinOp(e)) if e.operator() == Some(BinOpKind::Concat) => {}
            Some(Expr::IfElse(e)) if e.condition().is_none_or(|c| *c.syntax() != at) => {}
            Some(Expr::LetIn(e)) if e.body().is_some_and(|b| *b.syntax() == at) => {}
            Some(Expr::Apply(e)) if chooses(&e) => {
                // `optional` makes a list of its argument.
                listed = true;
            }
            _ => return false,
        }
        at = parent;
    }
    false
}

/// Whether this is `optional CONDITION ARGUMENT` or the like.
fn chooses(apply: &ast::Apply) -> bool {
    let inner = match apply.lambda() {
        Some(Expr::Apply(inner)) => inner.lambda(),
        _ => None,
    };
    inner
        .and_then(|f| function_name(&f))
        .is_some_and(|(last, _)| CHOOSERS.contains(&last.as_str()))
}

/// The last part of a function's name, and whether it is one of `builtins`.
fn function_name(function: &Expr) -> Option<(String, bool)> {
    match function {
        Expr::Ident(ident) => Some((name(ident), false)),
        Expr::Select(select) => {
            let is_builtin =
                matches!(select.expr(), Some(Expr::Ident(i)) if name(&i) == "builtins");
            match select.attrpath()?.attrs().last()? {
                ast::Attr::Ident(last) => Some((name(&last), is_builtin)),
                _ => None,
            }
        }
        Expr::Paren(paren) => function_name(&paren.expr()?),
        // `scopedImport { } ./file.nix`
        Expr::Apply(apply) => match function_name(&apply.lambda()?)? {
            (last, true) if last == "scopedImport" => Some(("import".to_owned(), false)),
            (last, builtin) if last == "hashFile" => Some((last, builtin)),
            _ => None,
        },
        _ => None,
    }
}

/// Whether this is a reading function whose argument is not a path as written: it
/// may read any path that the evaluation has at hand.
pub(super) fn reads_computed(expression: &Expr) -> bool {
    let Some((last, is_builtin)) = (match expression {
        Expr::Ident(ident) if !is_variable(ident) => None,
        Expr::Ident(_) | Expr::Select(_) => function_name(expression),
        _ => None,
    }) else {
        return false;
    };
    // `path` is too common a name to mean the builtin wherever it stands.
    if !READERS.contains(&last.as_str()) || (last == "path" && !is_builtin) {
        return false;
    }
    !applied_to_literal(expression)
}

/// Whether what a function is applied to is a literal, or a set that names one.
fn applied_to_literal(function: &Expr) -> bool {
    let mut at = function.clone();
    loop {
        let Some(parent) = at.syntax().parent().and_then(Expr::cast) else {
            return false;
        };
        match &parent {
            Expr::Paren(_) => {}
            Expr::Apply(apply) if apply.lambda().is_some_and(|l| l.syntax() == at.syntax()) => {
                match apply.argument() {
                    Some(argument) if starts_with_literal(&argument) => return true,
                    // `hashFile "sha256" ./file`, `filterSource (…) ./folder`.
                    Some(_)
                        if matches!(
                            parent.syntax().parent().and_then(Expr::cast),
                            Some(Expr::Apply(_) | Expr::Paren(_))
                        ) => {}
                    _ => return false,
                }
            }
            _ => return false,
        }
        at = parent;
    }
}

fn starts_with_literal(expression: &Expr) -> bool {
    match expression {
        Expr::PathRel(_) => true,
        Expr::Paren(paren) => paren.expr().is_some_and(|e| starts_with_literal(&e)),
        Expr::BinOp(sum) if sum.operator() == Some(BinOpKind::Add) => {
            sum.lhs().is_some_and(|e| starts_with_literal(&e))
        }
        // `builtins.path { path = ./folder; … }`: the literal itself counts, in full.
        Expr::AttrSet(set) => set.attrpath_values().all(|entry| {
            let named = entry.attrpath().and_then(|p| p.attrs().last());
            let is_path = matches!(&named, Some(ast::Attr::Ident(i)) if matches!(name(i).as_str(), "path" | "src" | "root" | "fileset"));
            !is_path || entry.value().is_some_and(|v| starts_with_literal(&v))
        }) && set.inherits().next().is_none(),
        _ => false,
    }
}
