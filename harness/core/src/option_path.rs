//! Paths of options and attributes, as Nix writes them: `a.b."c.d"`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path of at least one segment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OptionPath(Vec<String>);

/// Why a text is not a path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// There is nothing between two dots, or at an end.
    #[error("an empty name in an option path; quote it if it is meant: a.\"\"")]
    Empty,
    /// A quote is not closed.
    #[error("an option path with an open quote")]
    OpenQuote,
    /// Text follows a closing quote.
    #[error("a dot is missing after a quoted name in an option path")]
    AfterQuote,
    /// `${…}` cannot be known before Nix runs.
    #[error("an option path cannot interpolate `${{…}}`")]
    Interpolation,
}

impl OptionPath {
    /// Builds a path from its segments; `None` when there is none.
    pub fn from_segments(segments: Vec<String>) -> Option<Self> {
        (!segments.is_empty()).then_some(Self(segments))
    }

    /// Reads `a.b."c.d"`. Within quotes `\"`, `\\`, `\n`, `\r`, `\t` and `\$` are escapes.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut segments = Vec::new();
        let mut chars = text.trim().chars().peekable();
        loop {
            let segment = if chars.peek() == Some(&'"') {
                chars.next();
                let quoted = read_quoted(&mut chars)?;
                match chars.next() {
                    None => {
                        segments.push(quoted);
                        return Ok(Self(segments));
                    }
                    Some('.') => quoted,
                    Some(_) => return Err(PathError::AfterQuote),
                }
            } else {
                let (segment, more) = read_plain(&mut chars)?;
                if !more {
                    segments.push(segment);
                    return Ok(Self(segments));
                }
                segment
            };
            segments.push(segment);
        }
    }

    /// The segments, without quotes.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// The path of a part of its value, named as in [`Mismatch::at`]: as far as it goes by
    /// names, since what stands at a place in a list has no path. Nothing where that is no
    /// further than this.
    ///
    /// [`Mismatch::at`]: crate::matcher::Mismatch::at
    pub fn of_part(&self, at: &str) -> Option<Self> {
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = at.find(|c| {
            let ends = matches!(c, '[' | ' ') && !is_quoted;
            is_quoted ^= c == '"' && !is_escaped;
            is_escaped = c == '\\' && !is_escaped;
            ends
        });
        let names = at.get(..end.unwrap_or(at.len()))?.strip_prefix('.')?;
        let below = Self::parse(names).ok()?;
        Some(Self([self.0.as_slice(), &below.0].concat()))
    }
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn read_quoted(chars: &mut Chars<'_>) -> Result<String, PathError> {
    let mut out = String::new();
    loop {
        match chars.next().ok_or(PathError::OpenQuote)? {
            '"' => return Ok(out),
            '\\' => match chars.next().ok_or(PathError::OpenQuote)? {
                'n' => out.push('\n'),
                'r' => out.push('\r'),
                't' => out.push('\t'),
                c => out.push(c),
            },
            '$' if chars.peek() == Some(&'{') => return Err(PathError::Interpolation),
            c => out.push(c),
        }
    }
}

/// Reads up to a dot, and says whether there was one.
fn read_plain(chars: &mut Chars<'_>) -> Result<(String, bool), PathError> {
    let mut out = String::new();
    let more = loop {
        match chars.next() {
            None => break false,
            Some('.') => break true,
            Some('"') => return Err(PathError::AfterQuote),
            Some('$') if chars.peek() == Some(&'{') => return Err(PathError::Interpolation),
            Some(c) => out.push(c),
        }
    };
    if out.trim().is_empty() {
        return Err(PathError::Empty);
    }
    Ok((out.trim().to_owned(), more))
}

/// Whether Nix takes this name in a path without quotes. Keywords are quoted,
/// as Nix does when it prints attribute sets.
pub fn is_identifier(name: &str) -> bool {
    const KEYWORDS: [&str; 9] = [
        "if", "then", "else", "assert", "with", "let", "in", "rec", "inherit",
    ];
    let mut chars = name.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '\''))
        && !KEYWORDS.contains(&name)
}

/// Writes a Nix string literal.
pub fn nix_string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '$' => out.push_str("\\$"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

impl fmt::Display for OptionPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, segment) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            // A number is most likely the index of a list.
            let index = !segment.is_empty() && segment.bytes().all(|b| b.is_ascii_digit());
            if index || is_identifier(segment) {
                f.write_str(segment)?;
            } else {
                f.write_str(&nix_string(segment))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{OptionPath, PathError};
    use proptest::prelude::*;

    fn segments(text: &str) -> Vec<String> {
        OptionPath::parse(text).unwrap().segments().to_vec()
    }

    #[test]
    fn reads_what_nix_writes() {
        assert_eq!(segments("a.b-c.d'"), ["a", "b-c", "d'"]);
        assert_eq!(
            segments(r#"etc."ssh/sshd_config".text"#),
            ["etc", "ssh/sshd_config", "text"]
        );
        assert_eq!(segments(r#""a.b"."""#), ["a.b", ""]);
        assert_eq!(
            segments("services.nginx.virtualHosts.0"),
            ["services", "nginx", "virtualHosts", "0"]
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, error) in [
            ("", PathError::Empty),
            ("a..b", PathError::Empty),
            ("a.", PathError::Empty),
            ("a.\"b", PathError::OpenQuote),
            ("a.\"b\"c", PathError::AfterQuote),
            ("a.b\"c\"", PathError::AfterQuote),
            ("a.${x}", PathError::Interpolation),
        ] {
            assert_eq!(OptionPath::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_part_has_a_path_up_to_a_list() {
        let path = OptionPath::parse("a.b").unwrap();
        for (at, part) in [
            (".EDITOR", Some("a.b.EDITOR")),
            (r#"."x [1].\"y"[2].z"#, Some(r#"a.b."x [1].\"y""#)),
            (".c.d", Some("a.b.c.d")),
            (".c (keys)", Some("a.b.c")),
            (" (keys)", None),
            ("[0].c", None),
            ("", None),
        ] {
            let found = path.of_part(at).map(|path| path.to_string());
            assert_eq!(found.as_deref(), part, "{at}");
        }
    }

    proptest! {
        #[test]
        fn printing_and_reading_are_inverse(names in prop::collection::vec(any::<String>(), 1..5)) {
            let path = OptionPath::from_segments(names).unwrap();
            prop_assert_eq!(OptionPath::parse(&path.to_string()).unwrap(), path);
        }
    }
}
