//! `tree`: which files the configuration has beside its flake, and which not.

use std::fmt;

use globset::{Glob, GlobBuilder, GlobMatcher};

use super::keys::some_strings;
use crate::location::{Located, Location};
use crate::yaml::{Key, Node, Reader};

/// `tree`: files that must be there, and files that must not.
#[derive(Clone, Debug)]
pub struct TreeCheck {
    /// Each matches a file.
    pub present: Vec<FilePattern>,
    /// None matches a file.
    pub absent: Vec<FilePattern>,
}

/// A pattern of files: one with a slash is relative to the flake's folder, one without
/// matches names in all folders.
#[derive(Clone)]
pub struct FilePattern {
    /// As written.
    pub text: String,
    /// Where.
    pub location: Location,
    matcher: GlobMatcher,
}

impl fmt::Debug for FilePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FilePattern").field(&self.text).finish()
    }
}

impl FilePattern {
    /// Whether a file is meant, by its path relative to the flake's folder.
    pub fn matches(&self, path: &str) -> bool {
        self.matcher.is_match(path)
    }
}

/// The keys of `tree`.
pub(super) const TREE: &[Key] = &[
    Key {
        name: "present",
        doc: "Paths or globs, each of which matches a file in the flake's folder: with a slash relative to it, without one in any folder.",
        schema: some_strings,
    },
    Key {
        name: "absent",
        doc: "Paths or globs that match no file in the flake's folder.",
        schema: some_strings,
    },
];

impl TreeCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`tree`", TREE)?;
        let patterns = |key: &str| {
            let Some(node) = mapping.get(key) else {
                return Some(Vec::new());
            };
            let texts = reader.some_strings(node, &format!("`{key}`"))?.into_iter();
            texts.map(|text| pattern(reader, text)).collect()
        };
        let check = Self {
            present: patterns("present")?,
            absent: patterns("absent")?,
        };
        if check.present.is_empty() && check.absent.is_empty() {
            if mapping
                .entries()
                .any(|e| !TREE.iter().any(|k| k.name == e.name))
            {
                // A key that there is not; that has been reported.
                return None;
            }
            let error = reader.error(node, "`tree` of nothing");
            reader.report(error.note("it takes present, absent: lists of paths or globs"));
            return None;
        }
        Some(check)
    }
}

fn pattern(reader: &Reader<'_>, text: Located<String>) -> Option<FilePattern> {
    match glob(&text.value) {
        Ok(glob) => Some(FilePattern {
            matcher: glob.compile_matcher(),
            text: text.value,
            location: text.location,
        }),
        Err(message) => {
            reader.report(reader.error_at(text.location, message));
            None
        }
    }
}

fn glob(text: &str) -> Result<Glob, String> {
    if text.starts_with('/') || text.split('/').any(|part| part == "..") {
        return Err(format!("`{text}` leads out of the flake's folder"));
    }
    let plain = text.trim_end_matches('/').trim_start_matches("./");
    // A folder is there when something is in it.
    let pattern = match (plain.contains('/'), text.ends_with('/')) {
        (true, false) => plain.to_owned(),
        (true, true) => format!("{plain}/**"),
        (false, true) => format!("**/{plain}/**"),
        (false, false) => format!("**/{plain}"),
    };
    GlobBuilder::new(&pattern)
        .literal_separator(true)
        .build()
        .map_err(|error| format!("`{text}` is no glob: {}", error.kind()))
}

#[cfg(test)]
mod tests {
    use super::glob;

    fn matches(pattern: &str, path: &str) -> bool {
        glob(pattern).unwrap().compile_matcher().is_match(path)
    }

    #[test]
    fn without_a_slash_a_name_is_meant_wherever_it_is() {
        assert!(matches("*.nix.backup*", "a/b/x.nix.backup2"));
        assert!(matches("flake.nix", "flake.nix"));
        assert!(matches("result/", "a/result/x/y"));
        assert!(!matches("result/", "result"));
    }

    #[test]
    fn with_a_slash_it_is_relative_to_the_flake() {
        assert!(matches("config/lib/*.nix", "config/lib/a.nix"));
        assert!(!matches("config/lib/*.nix", "config/lib/a/b.nix"));
        assert!(!matches("lib/a.nix", "config/lib/a.nix"));
        assert!(matches("./config/", "config/lib/a.nix"));
        assert!(matches("config/**/*.nix", "config/a/b/c.nix"));
    }

    #[test]
    fn nothing_outside_is_meant() {
        for wrong in ["/etc", "../x", "a/../../b", "[", "a{"] {
            assert!(glob(wrong).is_err(), "{wrong}");
        }
    }
}
