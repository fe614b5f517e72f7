//! The names of snapshots. Suites, cases and hosts are called whatever people like;
//! their files stay in the folder, and no two of them share one.

use std::fmt;

use nix_parity_core::id::TestId;

/// Names of files may have 255 bytes; a pending one has some more at its end.
const LONGEST: usize = 200;

/// The folder of a host whose name is empty: no name becomes this when it is escaped.
const NAMELESS: &str = "%";

/// How the names of accepted snapshots end.
const EXTENSION: &str = ".snap";

/// The path of a snapshot below the folder of snapshots:
/// `HOST/SUITE__CASE@KIND.snap`, with `KIND.PROFILE` under a profile other than the
/// project's own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// The snapshot of a kind that a test takes.
    pub fn new(id: &TestId, kind: &str, profile: Option<&str>) -> Self {
        let profile = profile.map(|name| format!(".{}", escape(name)));
        let end = format!("@{kind}{}{EXTENSION}", profile.unwrap_or_default());
        let test = format!("{}__{}", escape(&id.suite), escape(&id.case));
        let test = bounded(test, LONGEST.saturating_sub(end.len()));
        Self(format!("{}/{test}{end}", Self::folder(&id.host)))
    }

    /// The folder of a host.
    pub(super) fn folder(host: &str) -> String {
        if host.is_empty() {
            // Nix takes attributes without a name. A folder without one would make the path
            // one from the root of the file system.
            return NAMELESS.to_owned();
        }
        bounded(escape(host), LONGEST)
    }

    /// A path that was found in the folder.
    pub(super) const fn found(path: String) -> Self {
        Self(path)
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The word for its kind.
    pub fn kind(&self) -> &str {
        self.end().split('.').next().unwrap_or_default()
    }

    /// Kind and profile. Dots and signs in names are escaped.
    fn end(&self) -> &str {
        let stem = self.0.strip_suffix(EXTENSION).unwrap_or(&self.0);
        stem.rsplit_once('@').map_or("", |(_, end)| end)
    }

    /// Whether a snapshot under this profile is called so.
    pub fn is_of_profile(&self, profile: Option<&str>) -> bool {
        let found = self.end().split_once('.');
        found.map(|(_, profile)| profile) == profile.map(escape).as_deref()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Letters, digits and dashes as they are, a space as `_`, the rest as `%XX`. Two
/// spaces in a row, which would look like what separates suite and case, are escaped.
fn escape(text: &str) -> String {
    use fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' => out.push(char::from(byte)),
            b' ' if !out.is_empty() && !out.ends_with('_') => out.push('_'),
            // Writing to a String cannot fail.
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    if out.ends_with('_') {
        out.pop();
        out.push_str("%20");
    }
    out
}

/// A name that is too long ends in a digest instead.
fn bounded(mut name: String, longest: usize) -> String {
    const DIGEST: usize = 16;
    if name.len() > longest {
        let digest = blake3::hash(name.as_bytes()).to_hex();
        name.truncate(longest.saturating_sub(DIGEST + 1));
        name.push('-');
        name.push_str(&digest[..DIGEST]);
    }
    name
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use nix_parity_core::id::TestId;
    use proptest::prelude::*;

    use super::Name;

    fn name(suite: &str, case: &str, host: &str) -> Name {
        let id = TestId {
            suite: suite.to_owned(),
            case: case.to_owned(),
            host: host.to_owned(),
        };
        Name::new(&id, "derivation", None)
    }

    #[test]
    fn plain_names_stay_readable() {
        assert_eq!(
            name("boot", "the system boots", "pc").as_str(),
            "pc/boot__the_system_boots@derivation.snap"
        );
    }

    #[test]
    fn hostile_names_stay_inside_and_apart() {
        let hostile = [
            ("..", "/etc/passwd", "../.."),
            ("..", "\0", "."),
            ("a", "b__c", "h"),
            ("a__b", "c", "h"),
            ("a", "_b", "h"),
            ("a", " b", "h"),
            ("a ", "b", "h"),
            ("a", "b  c", "h"),
            ("a", "b _c", "h"),
            ("a", "b@closure.snap", "h"),
            ("a", "b", ""),
            ("a", "b", "%"),
            ("ä", "ß\n", "h:x"),
        ];
        let mut seen = HashMap::new();
        for case in hostile {
            let name = name(case.0, case.1, case.2);
            assert_eq!(name.as_str().split('/').count(), 2, "{name}");
            assert!(!name.as_str().starts_with('/'), "{name}");
            let parts = name.as_str().split('/');
            assert!(parts.clone().all(|p| !p.starts_with('.')), "{name}");
            assert_eq!(seen.insert(name.clone(), case), None, "{name}");
        }
        let long = name(&"x".repeat(500), &"y".repeat(500), &"z".repeat(500));
        assert!(long.as_str().split('/').all(|part| part.len() <= 200));
    }

    #[test]
    fn profiles_are_apart() {
        let id = TestId {
            suite: "a".to_owned(),
            case: "b".to_owned(),
            host: "h".to_owned(),
        };
        let plain = Name::new(&id, "files", None);
        let other = Name::new(&id, "files", Some("up.stream"));
        assert_eq!(other.as_str(), "h/a__b@files.up%2Estream.snap");
        assert!(plain.is_of_profile(None) && !plain.is_of_profile(Some("up.stream")));
        assert!(!other.is_of_profile(None) && other.is_of_profile(Some("up.stream")));
    }

    proptest! {
        #[test]
        fn no_two_tests_share_a_file(
            a in ("[ _a-]{0,4}", "[ _a-]{0,4}"),
            b in ("[ _a-]{0,4}", "[ _a-]{0,4}"),
        ) {
            prop_assume!(a != b);
            prop_assert_ne!(name(&a.0, &a.1, "h"), name(&b.0, &b.1, "h"));
        }
    }
}
