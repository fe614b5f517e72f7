//! Which rows a case is bound to.

use super::Ledger;
use crate::case::{Case, Suite};
use crate::diagnostic::Diagnostic;
use crate::location::Located;
use crate::nearest::nearest;

/// The rows that a case of a suite is evidence for, or of what is missing.
///
/// An expected failure that names its row is evidence against that one only: it is
/// known what is open, and the other rows of the suite are not held back by it.
pub fn bound_rows<'s>(suite: &'s Suite, case: &'s Case) -> Vec<&'s str> {
    let open = case.expected_failure.as_ref();
    let mut rows: Vec<&str> = match open.and_then(|open| open.ledger.as_ref()) {
        Some(row) => vec![&row.value],
        None => {
            let named = suite.proves.iter().chain(&case.proves);
            named.map(|row| row.value.as_str()).collect()
        }
    };
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// What is wrong with the rows that a suite names: each must be in the ledger, and
/// nobody proves what is declined.
pub fn misbound(ledger: &Ledger, suite: &Suite) -> Vec<Diagnostic> {
    let of_cases = suite.cases.iter().flat_map(|case| {
        let open = case.expected_failure.as_ref();
        case.proves
            .iter()
            .chain(open.and_then(|open| open.ledger.as_ref()))
    });
    let named = suite.proves.iter().chain(of_cases);
    named.filter_map(|name| mistake(ledger, name)).collect()
}

fn mistake(ledger: &Ledger, name: &Located<String>) -> Option<Diagnostic> {
    let at = |message: String| Diagnostic::new(message).at(name.location.clone(), None);
    match ledger.row(&name.value) {
        Some(row) if row.is_declined() => {
            let declined = at(format!("row `{}` of the ledger is declined", name.value));
            let note = format!(
                "{}:{} says so; make it wanted there, or take its name away here",
                row.id.location.file, row.id.location.line
            );
            Some(declined.note(note))
        }
        Some(_) => None,
        None => {
            let unknown = at(format!("the ledger has no row `{}`", name.value));
            let ids = ledger.rows.iter().map(|row| row.id.value.as_str());
            Some(match nearest(&name.value, ids.clone()) {
                Some(near) => unknown.label(format!("did you mean `{near}`?")),
                None => unknown.note(format!("it has {}", ids.collect::<Vec<_>>().join(", "))),
            })
        }
    }
}
