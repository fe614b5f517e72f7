//! Values without what only repeats that something else is another one.

use std::collections::BTreeMap;

use nix_parity_core::value::Value;

/// A value without what only repeats that something else changed: the hashes of store
/// paths, and which copy of a tree a file is in, in the names of attributes too.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_hashes(text)),
        Value::Path(text) => Value::Path(without_hashes(text)),
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        Value::Attrs(members) => {
            let members = members.iter().map(|(name, member)| (name, plain(member)));
            Value::Attrs(renamed(members.collect(), without_hashes, Value::to_string))
        }
        Value::Package(package) => {
            let mut package = package.clone();
            package.path = None;
            Value::Package(package)
        }
        other => other.clone(),
    }
}

/// Attributes by other names. Those that come to the same name are numbered in the order
/// of `text`, which must not depend on what `rename` leaves out of their names.
pub fn renamed(
    members: Vec<(&String, Value)>,
    rename: impl Fn(&str) -> String,
    text: impl Fn(&Value) -> String,
) -> BTreeMap<String, Value> {
    let mut out = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (name, member) in members {
        let new = rename(name);
        if new == *name {
            out.insert(new, member);
        } else {
            by_name.entry(new).or_default().push(member);
        }
    }
    for (name, mut members) in by_name {
        if members.len() > 1 {
            members.sort_by_cached_key(&text);
        }
        let mut numbers = 2..;
        for member in members {
            let mut free = name.clone();
            while out.contains_key(&free)
                && let Some(number) = numbers.next()
            {
                free = format!("{name} ({number})");
            }
            out.insert(free, member);
        }
    }
    out
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
    use super::{plain, without_hashes};
    use nix_parity_core::value::Value;

    fn set(members: &[(&str, i64)]) -> Value {
        let members = members
            .iter()
            .map(|(n, v)| ((*n).to_owned(), Value::Int(*v)));
        Value::Attrs(members.collect())
    }

    #[test]
    fn hashes_in_names_go_and_no_attribute_does() {
        let [a, b] = [
            "8f35d0z7gbvqiv05iqr2s0bqv63mx23n",
            "9f35d0z7gbvqiv05iqr2s0bqv63mx23n",
        ];
        let one = |hash: &str| set(&[(&format!("/nix/store/{hash}-source/a.nix"), 1)]);
        assert_eq!(plain(&one(a)), set(&[("a.nix", 1)]));
        assert_eq!(plain(&one(a)), plain(&one(b)));
        // Two that come to one name, in either order of their hashes.
        let two = |first: i64, second: i64| {
            set(&[
                (&format!("/nix/store/{a}-x"), first),
                (&format!("/nix/store/{b}-x"), second),
            ])
        };
        let both = set(&[("/nix/store/…-x", 1), ("/nix/store/…-x (2)", 2)]);
        assert_eq!(plain(&two(1, 2)), both);
        assert_eq!(plain(&two(2, 1)), both);
        assert_ne!(plain(&two(1, 1)), both);
        // One whose new name another has as its own.
        let own = set(&[
            (&format!("/nix/store/{a}-source/y"), 1),
            ("y", 2),
            ("y (2)", 3),
        ]);
        assert_eq!(plain(&own), set(&[("y", 2), ("y (2)", 3), ("y (3)", 1)]));
        let nested = Value::List(vec![one(a)]);
        assert_eq!(plain(&nested), Value::List(vec![set(&[("a.nix", 1)])]));
    }

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
