//! How much code a Nix file is.

use std::collections::BTreeSet;

use rnix::SyntaxKind;

/// The lines that hold something else than comments and blanks. A string of several
/// lines is as many lines of code as have text in it.
pub(super) fn lines_of_code(text: &str) -> u64 {
    let mut lines = BTreeSet::new();
    let mut line = 0;
    for (kind, token) in rnix::tokenize(text) {
        let is_code = !matches!(
            kind,
            SyntaxKind::TOKEN_COMMENT | SyntaxKind::TOKEN_WHITESPACE
        );
        for (number, part) in token.split('\n').enumerate() {
            if number > 0 {
                line += 1;
            }
            if is_code && !part.trim().is_empty() {
                lines.insert(line);
            }
        }
    }
    lines.len() as u64
}

#[cfg(test)]
mod tests {
    use super::lines_of_code;

    #[test]
    fn comments_and_blanks_are_no_code() {
        let text =
            "# a\n{ x, ... }:\n\n/* b\n   c */ {\n  y = ''\n    # text\n\n    more\n  ''; # d\n}\n";
        // The function's head, the brace behind the comment, y, two lines of text, its
        // end, and the last brace.
        assert_eq!(lines_of_code(text), 7);
        assert_eq!(lines_of_code(""), 0);
        assert_eq!(lines_of_code("# only\n"), 0);
        assert_eq!(lines_of_code("{ broken = "), 1);
    }
}
