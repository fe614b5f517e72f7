//! What differs between two graphs, as a comparison tells it.

use std::collections::BTreeSet;

use nix_parity_core::comparison::{Change, Derivations, RootCause, VersionChange};
use nix_parity_drv::{Bytes, Change as Found, Diff, DrvRef, Graph, Wanted};

use super::options::capped;
use crate::plain::without_hashes;
use crate::structured::attributes_of;

/// What differs, in the terms of a comparison.
pub(super) fn describe(graph: &Graph, diff: &Diff) -> Derivations {
    let names = |refs: &[DrvRef]| refs.iter().map(|r| r.name.clone()).collect();
    // One walk and one table for all causes, of which there may be as many as derivations.
    let chains = graph.roots().last().map(|toplevel| graph.chains(*toplevel));
    let nodes = graph.by_path();
    let chain = |path: &str| chains.as_ref()?.to(*nodes.get(path)?);
    Derivations {
        causes: diff
            .causes
            .iter()
            .map(|cause| RootCause {
                name: cause.new.name.clone(),
                old: Some(cause.old.path.clone()),
                new: Some(cause.new.path.clone()),
                changes: changes(&cause.what),
                followers: cause.followers,
                way_up: chain(&cause.new.path)
                    .map(|chain| {
                        let above = chain.iter().rev().skip(1);
                        above
                            .map(|node| graph.path(*node).derivation_name().to_owned())
                            .collect()
                    })
                    .unwrap_or_default(),
            })
            .collect(),
        added: names(&diff.added),
        removed: names(&diff.removed),
        renamed: diff
            .renamed
            .iter()
            .map(|r| (r.old.name.clone(), r.new.name.clone()))
            .collect(),
        versions: diff
            .version_changes
            .iter()
            .map(|change| VersionChange {
                name: change.name.clone(),
                old: vec![change.old.clone()],
                new: vec![change.new.clone()],
            })
            .collect(),
        followers: diff.followers_total,
        ignored: diff.ignored,
        unchanged: diff.unchanged,
    }
}

/// What changed of a derivation, in words and texts.
pub(crate) fn changes(found: &[Found]) -> Vec<Change> {
    let of_each = |found| attributes(found).unwrap_or_else(|| vec![change(found)]);
    found.iter().flat_map(of_each).collect()
}

/// The structured attributes that changed, which one variable holds together.
fn attributes(found: &Found) -> Option<Vec<Change>> {
    let Found::Env {
        key,
        old: Some(old),
        new: Some(new),
    } = found
    else {
        return None;
    };
    let [old, new] = [old, new].map(|json| attributes_of(&key.0, &json.0));
    let (old, new) = (old?, new?);
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let changed: Vec<_> = names
        .into_iter()
        .map(|name| (name, old.get(name), new.get(name)))
        .filter(|(_, old, new)| old != new)
        .collect();
    // A hash that is another one mostly follows from elsewhere.
    let plain = |text: Option<&String>| text.map(|text| without_hashes(text));
    let own = changed
        .iter()
        .filter(|(_, old, new)| plain(*old) != plain(*new));
    let mut own: Vec<_> = own.collect();
    if own.is_empty() {
        own = changed.iter().collect();
    }
    let change = |(name, old, new): &(&String, Option<&String>, Option<&String>)| {
        both(&format!("env.{name}"), old.cloned(), new.cloned())
    };
    Some(own.into_iter().map(change).collect())
}

fn change(found: &Found) -> Change {
    match found {
        Found::Name { old, new } => both("name", Some(old.clone()), Some(new.clone())),
        Found::System { old, new } => both("system", Some(old.to_string()), Some(new.to_string())),
        Found::Builder { old, new } => {
            both("builder", Some(old.to_string()), Some(new.to_string()))
        }
        Found::Args { old, new } => both("args", Some(lines(old)), Some(lines(new))),
        Found::Env { key, old, new } => {
            let text = |value: &Option<Bytes>| value.as_ref().map(Bytes::to_string);
            both(&format!("env.{key}"), text(old), text(new))
        }
        Found::Output { name, old, new } => {
            both(&format!("output {name}"), old.clone(), new.clone())
        }
        Found::Sources { added, removed } => {
            both("sources", some(removed.join("\n")), some(added.join("\n")))
        }
        Found::Input { old, new } => {
            let name = new.as_ref().or(old.as_ref());
            let name = name.map_or("", |wanted| &wanted.derivation.name);
            let text = |wanted: &Option<Wanted>| wanted.as_ref().map(outputs);
            both(&format!("input {name}"), text(old), text(new))
        }
    }
}

fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn lines(texts: &[Bytes]) -> String {
    let texts: Vec<_> = texts.iter().map(Bytes::to_string).collect();
    texts.join("\n")
}

fn outputs(wanted: &Wanted) -> String {
    let outputs: Vec<_> = wanted.outputs.iter().map(Bytes::to_string).collect();
    outputs.join(", ")
}

/// Texts without hashes where they still differ so: those of what follows differ too,
/// and are not what changed.
fn both(what: &str, old: Option<String>, new: Option<String>) -> Change {
    let plain = |text: &Option<String>| text.as_deref().map(without_hashes);
    let (old, new) = match (plain(&old), plain(&new)) {
        (a, b) if a == b => (old, new),
        plain => plain,
    };
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => {
            let [old, new] = capped([&old, &new]);
            (Some(old), Some(new))
        }
        (old, new) => {
            let cap = |text: String| {
                let [text, _] = capped([&text, ""]);
                text
            };
            (old.map(cap), new.map(cap))
        }
    };
    Change {
        what: what.to_owned(),
        old,
        new,
    }
}

#[cfg(test)]
mod tests {
    use super::changes;
    use nix_parity_core::comparison::Change;
    use nix_parity_drv::{Bytes, Change as Found};

    fn changed(key: &str, old: &str, new: &str) -> Vec<Change> {
        let [key, old, new] = [key, old, new].map(|text| Bytes::from(text.as_bytes()));
        let (old, new) = (Some(old), Some(new));
        changes(&[Found::Env { key, old, new }])
    }

    #[test]
    fn structured_attributes_are_told_one_by_one() {
        let hash = [
            "8f35d0z7gbvqiv05iqr2s0bqv63mx23n",
            "0ccnxa25whszw7mgbgyzdm4nqc0zwnm8",
        ];
        let json = |n: usize, rest: &str| format!("{{\"dep\":\"/nix/store/{}-x\"{rest}}}", hash[n]);
        let found = changed(
            "__json",
            &json(0, ",\"flags\":[\"a\",\"b\"],\"gone\":1,\"same\":true"),
            &json(
                1,
                ",\"flags\":[\"a\",\"c\"],\"new\":\"x\\ny\",\"same\":true",
            ),
        );
        let found: Vec<_> = found
            .iter()
            .map(|c| (c.what.as_str(), c.old.as_deref(), c.new.as_deref()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    "env.flags",
                    Some("[\n  \"a\",\n  \"b\"\n]"),
                    Some("[\n  \"a\",\n  \"c\"\n]")
                ),
                ("env.gone", Some("1"), None),
                ("env.new", None, Some("x\ny")),
            ]
        );
        // Where nothing else changed, the hash is what did.
        let found = changed("__json", &json(0, ""), &json(1, ""));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].what, "env.dep");
        for (key, old) in [("__json", "{"), ("text", "{}")] {
            assert_eq!(changed(key, old, "{\"a\":1}")[0].what, format!("env.{key}"));
        }
    }
}
