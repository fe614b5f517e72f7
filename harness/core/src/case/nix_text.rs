//! Nix expressions written inside case files.

use std::sync::Arc;

use crate::location::Location;
use crate::yaml::{Node, Reader};

/// A Nix expression that has been found to parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NixText {
    /// The expression.
    pub text: Arc<str>,
    /// Where its YAML value begins.
    pub location: Location,
}

impl NixText {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node, what: &str) -> Option<Self> {
        let text = reader.string(node, what)?;
        let parse = rnix::Root::parse(&text.value);
        if let Some(error) = parse.errors().first() {
            let message = error.to_string();
            let mut diagnostic =
                reader.error(node, format!("{what} is not a Nix expression: {message}"));
            let offset = error_offset(error).map_or(0, |o| o.min(text.value.len()));
            let before = text.value.get(..offset).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            if text.value.contains('\n') {
                diagnostic = diagnostic.note(format!(
                    "in line {line} of the expression: {}",
                    text.value.lines().nth(line - 1).unwrap_or_default().trim()
                ));
            }
            reader.report(diagnostic);
            return None;
        }
        Some(Self {
            text: text.value.into(),
            location: text.location,
        })
    }
}

fn error_offset(error: &rnix::ParseError) -> Option<usize> {
    use rnix::ParseError as E;
    match error {
        E::Unexpected(range)
        | E::UnexpectedExtra(range)
        | E::UnexpectedDoubleBind(range)
        | E::UnexpectedWanted(_, range, _)
        | E::DuplicatedArgs(range, _) => Some(range.start().into()),
        E::UnexpectedEOF | E::UnexpectedEOFWanted(_) => Some(usize::MAX),
        _ => None,
    }
}
