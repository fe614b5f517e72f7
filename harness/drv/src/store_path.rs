//! Store paths and what their names say. Nothing here looks at a disk.

use std::fmt;

use memchr::memrchr;

/// How many characters the hash part has.
pub(crate) const HASH: usize = 32;

/// The folder of nearly all store paths.
pub(crate) const USUAL: &str = "/nix/store/";

/// The longest name that Nix allows, in bytes.
const LONGEST_NAME: usize = 211;

/// A store path, `DIR/HASH-NAME`: an absolute folder, 32 characters of Nix's base 32,
/// and a name. A view of text that is held elsewhere.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StorePath<'a> {
    text: &'a str,
    // Where the hash part begins.
    base: usize,
}

/// Why a text is no store path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadStorePath {
    /// It does not begin with a slash.
    #[error("a store path is absolute")]
    Relative,
    /// The folder is missing, or has empty parts, `.`, `..`, control characters, or what
    /// would need escapes in a derivation.
    #[error("a store path is in a plain folder")]
    Folder,
    /// The last part does not begin with a hash and a dash.
    #[error("a store path has {HASH} characters of Nix's base 32 and a dash in front of its name")]
    Hash,
    /// The name is empty, too long, or holds what Nix does not allow.
    #[error(
        "the name of a store path has 1 to {LONGEST_NAME} of the characters a-z, A-Z, 0-9 and +-._?="
    )]
    Name,
}

impl<'a> StorePath<'a> {
    /// Reads a store path in any store folder.
    pub fn parse(text: &'a str) -> Result<Self, BadStorePath> {
        // Nearly all are so, and files name them by the thousand.
        if let Some(rest) = text.strip_prefix(USUAL)
            && let Some((hash, [b'-', name @ ..])) = rest.as_bytes().split_at_checked(HASH)
            && are_base32(hash)
            && is_name(name)
        {
            let base = USUAL.len();
            return Ok(Self { text, base });
        }
        if !text.starts_with('/') {
            return Err(BadStorePath::Relative);
        }
        let base = memrchr(b'/', text.as_bytes()).map_or(0, |slash| slash + 1);
        let (folder, name) = text.as_bytes().split_at(base);
        if !is_folder(folder) {
            return Err(BadStorePath::Folder);
        }
        let (hash, name) = name.split_at_checked(HASH).ok_or(BadStorePath::Hash)?;
        let (b'-', name) = name.split_first().ok_or(BadStorePath::Hash)? else {
            return Err(BadStorePath::Hash);
        };
        if !are_base32(hash) {
            return Err(BadStorePath::Hash);
        }
        if !is_name(name) {
            return Err(BadStorePath::Name);
        }
        Ok(Self { text, base })
    }

    /// A text that was read as a store path before.
    pub(crate) fn known(text: &'a str) -> Self {
        let base = memrchr(b'/', text.as_bytes()).map_or(0, |slash| slash + 1);
        Self { text, base }
    }

    /// All of it.
    pub const fn as_str(self) -> &'a str {
        self.text
    }

    /// The store's folder, `/nix/store`.
    pub fn folder(self) -> &'a str {
        self.text.get(..self.base - 1).unwrap_or_default()
    }

    /// The last part, `HASH-NAME`.
    pub fn base_name(self) -> &'a str {
        self.text.get(self.base..).unwrap_or_default()
    }

    /// The 32 characters that identify it.
    pub fn hash_part(self) -> &'a str {
        self.text
            .get(self.base..self.base + HASH)
            .unwrap_or_default()
    }

    /// What follows the hash part and its dash, with `.drv` where it is there.
    pub fn name(self) -> &'a str {
        self.text.get(self.base + HASH + 1..).unwrap_or_default()
    }

    /// Whether it is the path of a derivation.
    pub fn is_derivation(self) -> bool {
        self.text.strip_suffix(".drv").is_some()
    }

    /// The name without `.drv`: what the derivation calls itself.
    pub fn derivation_name(self) -> &'a str {
        let name = self.name();
        name.strip_suffix(".drv").unwrap_or(name)
    }
}

impl fmt::Display for StorePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

impl fmt::Debug for StorePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.text, f)
    }
}

/// Name and version of a package name as `builtins.parseDrvName` splits them: at the
/// first dash that no letter follows. Without one the version is empty.
pub fn split_name(name: &str) -> (&str, &str) {
    let dash = name
        .as_bytes()
        .windows(2)
        .position(|pair| matches!(pair, [b'-', next] if !next.is_ascii_alphabetic()));
    dash.and_then(|dash| Some((name.get(..dash)?, name.get(dash + 1..)?)))
        .unwrap_or((name, ""))
}

/// Whether it is a digit of Nix's base 32, which leaves out e, o, t and u.
pub(crate) const fn is_base32(byte: u8) -> bool {
    KINDS[byte as usize] & DIGIT != 0
}

/// Whether all bytes are digits of Nix's base 32.
pub(crate) fn are_base32(bytes: &[u8]) -> bool {
    are(bytes, DIGIT)
}

/// Whether all bytes are of a kind. Nearly all that are asked about are, so none of them
/// is stopped at.
fn are(bytes: &[u8], kind: u8) -> bool {
    let kinds = bytes.iter().map(|&b| KINDS[usize::from(b)]);
    kinds.fold(kind, |all, kind| all & kind) != 0
}

/// What a byte can be in a store path; looked up, since each byte of each path is.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte = 0_u8;
    loop {
        let mut kind = 0;
        if matches!(byte, b'0'..=b'9' | b'a'..=b'd' | b'f'..=b'n' | b'p'..=b's' | b'v'..=b'z') {
            kind |= DIGIT;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'?' | b'=') {
            kind |= NAME;
        }
        kinds[byte as usize] = kind;
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    kinds
};
const DIGIT: u8 = 1;
const NAME: u8 = 2;

/// Whether it is a folder, with both its slashes, whose parts stand for themselves.
fn is_folder(folder: &[u8]) -> bool {
    let strange = |b: &u8| b.is_ascii_control() || matches!(b, b'"' | b'\\');
    let plain = |part: &[u8]| !matches!(part, b"" | b"." | b"..") && !part.iter().any(strange);
    folder
        .strip_prefix(b"/")
        .and_then(|rest| rest.strip_suffix(b"/"))
        .is_some_and(|parts| parts.split(|b| *b == b'/').all(plain))
}

fn is_name(name: &[u8]) -> bool {
    // `.` and `..` mean folders, also in front of a dash.
    let dots = |rest: &[u8]| matches!(rest, [] | [b'-', ..]);
    let folder = match name {
        [b'.', b'.', rest @ ..] | [b'.', rest @ ..] => dots(rest),
        _ => false,
    };
    (1..=LONGEST_NAME).contains(&name.len()) && are(name, NAME) && !folder
}

#[cfg(test)]
mod tests {
    use super::{BadStorePath, StorePath, split_name};

    const HASH: &str = "8f35d0z7gbvqiv05iqr2s0bqv63mx23n";

    #[test]
    fn parts_of_a_path() {
        let text = format!("/nix/store/{HASH}-bash-5.3p3.drv");
        let path = StorePath::parse(&text).unwrap();
        assert_eq!(path.folder(), "/nix/store");
        assert_eq!(path.hash_part(), HASH);
        assert_eq!(path.name(), "bash-5.3p3.drv");
        assert_eq!(path.derivation_name(), "bash-5.3p3");
        assert_eq!(path.base_name(), &text[11..]);
        assert!(path.is_derivation());

        let elsewhere = format!("/home/lars/store/{HASH}-x");
        let path = StorePath::parse(&elsewhere).unwrap();
        assert_eq!(path.folder(), "/home/lars/store");
        assert!(!path.is_derivation());
    }

    #[test]
    fn what_is_no_store_path_is_refused_with_its_reason() {
        use BadStorePath::{Folder, Hash, Name, Relative};
        let long = format!("/nix/store/{HASH}-{}", "x".repeat(212));
        for (text, reason) in [
            ("", Relative),
            ("nix/store", Relative),
            (&format!("{HASH}-x"), Relative),
            ("/", Folder),
            (&format!("/{HASH}-x"), Folder),
            (&format!("//store/{HASH}-x"), Folder),
            (&format!("/nix/../{HASH}-x"), Folder),
            (&format!("/nix/store//{HASH}-x"), Folder),
            ("/nix/store/", Hash),
            (&format!("/nix/store/{HASH}"), Hash),
            (&format!("/nix/store/{}-x", &HASH[1..]), Hash),
            (&format!("/nix/store/e{}-x", &HASH[1..]), Hash),
            (&format!("/nix/store/{}é-x", &HASH[2..]), Hash),
            (&format!("/nix/store/{HASH}-"), Name),
            (&format!("/nix/store/{HASH}-."), Name),
            (&format!("/nix/store/{HASH}-..-x"), Name),
            (&format!("/nix/store/{HASH}-a b"), Name),
            (&format!("/nix/store/{HASH}-é"), Name),
            (&long, Name),
        ] {
            assert_eq!(StorePath::parse(text), Err(reason), "{text}");
        }
        assert!(StorePath::parse(&long[..long.len() - 1]).is_ok());
        assert!(StorePath::parse(&format!("/nix/store/{HASH}-.hidden")).is_ok());
    }

    /// What `builtins.parseDrvName` says of the same names.
    #[test]
    fn names_split_as_nix_splits_them() {
        for (name, split) in [
            ("nix-0.12pre12876", ("nix", "0.12pre12876")),
            ("bash", ("bash", "")),
            ("python3.11-requests-2.0", ("python3.11-requests", "2.0")),
            ("a-b-c", ("a-b-c", "")),
            ("a-b-1-c-2", ("a-b", "1-c-2")),
            ("a-", ("a-", "")),
            ("a--b", ("a", "-b")),
            ("-1", ("", "1")),
            ("a-_b", ("a", "_b")),
            ("", ("", "")),
        ] {
            assert_eq!(split_name(name), split, "{name}");
        }
    }
}
