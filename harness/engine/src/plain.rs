//! Values without what only repeats that something else is another one.

use std::collections::BTreeMap;

use nix_parity_core::value::Value;

/// A value without what only repeats that something else changed: the hashes of store
/// paths, and which copy of a tree a file is in.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_hashes(text)),
        Value::Path(text) => Value::Path(without_hashes(text)),
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Attrs(members) => Value::Attrs(
            members
                .iter()
                .map(|(name, member)| (name.clone(), plain(member)))
                .collect::<BTreeMap<_, _>>(),
        ),
        Value::Package(package) => {
            let mut package = package.clone();
            package.path = None;
            Value::Package(package)
        }
        other => other.clone(),
    }
}

const STORE: &str = "/nix/store/";
/// Characters of a store path's hash.
const HASH: usize = 32;

/// `/nix/store/HASH-git-2.51/bin` as `/nix/store/…-git-2.51/bin`, and a file of a tree
/// by its path in the tree.
pub fn without_hashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(STORE) {
        out.push_str(before);
        let is_hash = |hash: &str| hash.bytes().all(|b| b.is_ascii_alphanumeric());
        match after.split_at_checked(HASH) {
            Some((hash, name)) if is_hash(hash) && name.starts_with('-') => {
                rest = match name.strip_prefix("-source/") {
                    Some(file) => file,
                    None => {
                        out.push_str("/nix/store/…");
                        name
                    }
                };
            }
            _ => {
                out.push_str(STORE);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace("<input>/", "")
}

#[cfg(test)]
mod tests {
    use super::without_hashes;

    #[test]
    fn hashes_go_and_names_stay() {
        let hash = "8f35d0z7gbvqiv05iqr2s0bqv63mx23n";
        let text = format!("x /nix/store/{hash}-git-2.51/bin:/nix/store/{hash}-source/a.nix");
        assert_eq!(without_hashes(&text), "x /nix/store/…-git-2.51/bin:a.nix");
        for odd in ["/nix/store/", "/nix/store/é", "/nix/store/abc-x"] {
            assert_eq!(without_hashes(odd), odd);
        }
    }
}
