//! A whole file: its tree is read, and everything that is wrong with it is told.

use super::{Node, Reader, parse};
use crate::diagnostic::Diagnostic;
use crate::location::Location;

/// Reads a file with `read`, which reports what is wrong. `file` is its path as the user
/// should see it.
///
/// # Errors
/// Everything that is wrong with the file, in the order of its lines.
pub fn document<T>(
    file: &str,
    text: &str,
    read: impl FnOnce(&Reader<'_>, &Node) -> Option<T>,
) -> Result<T, Vec<Diagnostic>> {
    let reader = Reader::new(file, text);
    let found = match parse(text) {
        Ok(node) => read(&reader, &node),
        Err(error) => {
            reader.report(match error.place {
                Some((line, column)) => {
                    reader.error_at(Location::point(file, line, column), error.message)
                }
                None => Diagnostic::new(error.message).at(Location::point(file, 0, 0), None),
            });
            None
        }
    };
    let mut diagnostics = reader.finish();
    match found {
        Some(found) if diagnostics.is_empty() => Ok(found),
        _ => {
            // Within a line what was found first may be the cause of the rest.
            diagnostics.sort_by_key(|d| d.location.as_ref().map(|l| l.line));
            Err(diagnostics)
        }
    }
}
