//! Store paths without their hashes: those differ with everything that a path is made
//! from, which its own snapshot says better.

/// Where store paths are, whatever the store of the machine.
const FOLDER: &str = "/nix/store/";
/// How many characters a hash has.
const HASH: usize = 32;

/// The text with `/nix/store/…-NAME` for each store path.
pub(super) fn without_hashes(text: &str) -> String {
    replace(text, |_, _| None)
}

/// Each store path replaced by what is said for its hash and the text behind it, with
/// how much of that text it replaces; where nothing is said, the hash is left out.
pub(super) fn replace<'t>(
    text: &'t str,
    mut name: impl FnMut(&'t str, &'t str) -> Option<(String, usize)>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(FOLDER) {
        out.push_str(before);
        out.push_str(FOLDER);
        rest = after;
        let Some((hash, behind)) = after
            .split_at_checked(HASH)
            .filter(|(hash, behind)| is_hash(hash) && behind.starts_with('-'))
        else {
            continue;
        };
        if let Some((text, length)) = name(hash, behind) {
            out.push_str(&text);
            rest = behind.get(length..).unwrap_or_default();
        } else {
            out.push('…');
            rest = behind;
            // The copy of a copy of a tree is called after its hash.
            let inner = behind
                .strip_prefix('-')
                .and_then(|b| b.split_at_checked(HASH));
            if let Some((_, more)) = inner.filter(|(h, b)| is_hash(h) && b.starts_with('-')) {
                rest = more;
            }
        }
    }
    out.push_str(rest);
    out
}

fn is_hash(text: &str) -> bool {
    text.bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_go_and_names_stay() {
        let hash = "0ccnxa25whszw7mgbgyzdm4nqc0zwnm8";
        assert_eq!(
            without_hashes(&format!(
                "a /nix/store/{hash}-b-1/c:/nix/store/{hash}-{hash}-source"
            )),
            "a /nix/store/…-b-1/c:/nix/store/…-source"
        );
        for text in ["/nix/store/", "/nix/store/x-y", "/nix/store/ü", ""] {
            assert_eq!(without_hashes(text), text);
        }
    }
}
