//! What differs between what is installed: by what the outputs refer to where both
//! are in the store, else by the packages that the derivations know.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use nix_parity_core::comparison::{Closure, PackageSize, VersionChange};
use nix_parity_drv::{Graph, NodeId, StorePath, split_name};

use crate::inspect::contents;
use crate::run::{Engine, EngineError};

/// How many packages are listed by size, besides those whose size changed.
const LARGEST: usize = 40;

/// The versions of packages by name.
pub(super) type Packages = BTreeMap<String, BTreeSet<String>>;

/// What differs between the two toplevels of a graph.
pub(super) fn describe(engine: &Engine<'_>, graph: &Graph) -> Result<Closure, EngineError> {
    let &[old, new] = graph.roots() else {
        return Ok(Closure::default());
    };
    if old == new {
        let built = output(graph, old).is_some_and(|path| Path::new(&path).exists());
        return Ok(Closure {
            built,
            growth: built.then_some(0),
            ..Closure::default()
        });
    }
    let outputs =
        [old, new].map(|root| output(graph, root).filter(|path| Path::new(path).exists()));
    if let [Some(old), Some(new)] = outputs
        && let Some(closure) = of_outputs(engine, [&old, &new])?
    {
        return Ok(closure);
    }
    let [old, new] = [old, new].map(|root| {
        let nodes = below(graph, root).into_iter();
        packages(nodes.filter_map(|node| {
            let download = graph.derivation(node).is_fixed_output();
            (!download).then(|| graph.path(node).derivation_name())
        }))
    });
    Ok(between(&old, &new))
}

/// What differs between what two outputs refer to; nothing where one is not in the store.
pub(crate) fn of_outputs(
    engine: &Engine<'_>,
    [old, new]: [&str; 2],
) -> Result<Option<Closure>, EngineError> {
    let nix = engine.nix()?;
    let (Some(old), Some(new)) = (contents(nix, old), contents(nix, new)) else {
        return Ok(None);
    };
    let size = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let names = |paths: &BTreeMap<String, u64>| {
        let names = paths.keys().filter_map(|path| StorePath::parse(path).ok());
        packages(names.map(StorePath::name))
    };
    let mut closure = between(&names(&old.paths), &names(&new.paths));
    closure.built = true;
    closure.growth = Some(size(new.size()) - size(old.size()));
    closure.sizes = sizes(&old.paths, &new.paths);
    Ok(Some(closure))
}

/// What packages take, those that take most first. What neither changed nor is large is
/// left out.
fn sizes(old: &BTreeMap<String, u64>, new: &BTreeMap<String, u64>) -> Vec<PackageSize> {
    let mut by_name: BTreeMap<&str, [u64; 2]> = BTreeMap::new();
    for (side, paths) in [old, new].into_iter().enumerate() {
        for (path, size) in paths {
            if let Ok(path) = StorePath::parse(path) {
                let (name, _) = split_name(path.name());
                let known = by_name.entry(name).or_default();
                known[side] = known[side].saturating_add(*size);
            }
        }
    }
    let mut sizes: Vec<_> = by_name
        .into_iter()
        .map(|(name, [old, new])| PackageSize {
            name: name.to_owned(),
            old,
            new,
        })
        .collect();
    sizes.sort_by(|a, b| b.new.cmp(&a.new).then(b.old.cmp(&a.old)));
    let mut place = 0;
    sizes.retain(|size| {
        place += 1;
        place <= LARGEST || size.old != size.new
    });
    sizes
}

fn output(graph: &Graph, node: NodeId) -> Option<String> {
    let derivation = graph.derivation(node);
    let out = derivation.outputs.iter().find(|o| *o.name == *b"out")?;
    out.path.map(|path| path.as_str().to_owned())
}

/// A node and all below it, in the order of their numbers: those closest to the roots
/// first.
pub(crate) fn below(graph: &Graph, root: NodeId) -> BTreeSet<NodeId> {
    let mut seen = BTreeSet::from([root]);
    let mut left = vec![root];
    while let Some(node) = left.pop() {
        let new = graph.references(node).iter().filter(|n| seen.insert(**n));
        left.extend(new.copied().collect::<Vec<_>>());
    }
    seen
}

fn packages<'n>(names: impl Iterator<Item = &'n str>) -> Packages {
    of_titles(names.map(split_name))
}

/// Those of these names and versions that have a version. The system's own, whose names
/// are labels, are no packages.
pub(super) fn of_titles<'n>(titles: impl Iterator<Item = (&'n str, &'n str)>) -> Packages {
    let mut packages = Packages::new();
    for (name, version) in titles {
        let is_system = ["nixos-system-", "darwin-system-"]
            .iter()
            .any(|system| format!("{name}-").starts_with(system));
        if !version.is_empty() && !is_system {
            let versions = packages.entry(name.to_owned()).or_default();
            versions.insert(without_output(version).to_owned());
        }
    }
    packages
}

/// `1.2-dev` is `1.2` as well.
fn without_output(version: &str) -> &str {
    const OUTPUTS: [&str; 9] = [
        "-bin", "-dev", "-lib", "-man", "-doc", "-info", "-data", "-out", "-static",
    ];
    OUTPUTS
        .iter()
        .find_map(|output| version.strip_suffix(output))
        .unwrap_or(version)
}

/// What differs between two lists of packages.
pub(super) fn between(old: &Packages, new: &Packages) -> Closure {
    let only = |of: &Packages, not_of: &Packages| -> Vec<String> {
        of.iter()
            .filter(|(name, _)| !not_of.contains_key(*name))
            .flat_map(|(name, versions)| versions.iter().map(move |v| format!("{name}-{v}")))
            .collect()
    };
    let list = |versions: &BTreeSet<String>| versions.iter().cloned().collect();
    Closure {
        added: only(new, old),
        removed: only(old, new),
        versions: old
            .iter()
            .filter_map(|(name, old)| {
                let new = new.get(name).filter(|new| *new != old)?;
                Some(VersionChange {
                    name: name.clone(),
                    old: list(old),
                    new: list(new),
                })
            })
            .collect(),
        ..Closure::default()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{between, packages, sizes};

    #[test]
    fn packages_take_what_their_paths_do() {
        let paths = |sizes: &[(&str, u64)]| -> BTreeMap<String, u64> {
            let hash = "a".repeat(32);
            let path = |name: &str| format!("/nix/store/{hash}-{name}");
            sizes.iter().map(|(name, n)| (path(name), *n)).collect()
        };
        let old = paths(&[("git-2.50", 5), ("git-2.50-man", 1), ("vim-9", 3)]);
        let new = paths(&[("git-2.51", 7), ("git-2.50", 5), ("jq-1.7", 2)]);
        let all: Vec<_> = sizes(&old, &new)
            .into_iter()
            .map(|size| (size.name, size.old, size.new))
            .collect();
        let named = |name: &str, old, new| (name.to_owned(), old, new);
        assert_eq!(
            all,
            [named("git", 6, 12), named("jq", 0, 2), named("vim", 3, 0)]
        );
        let many: Vec<_> = (0..100).map(|n| format!("p{n}x-1")).collect();
        let many: Vec<_> = many.iter().map(|name| (name.as_str(), 1)).collect();
        assert_eq!(sizes(&paths(&many), &paths(&many)).len(), 40);
    }

    #[test]
    fn packages_are_compared_by_name_and_version() {
        assert!(
            packages(["nixos-system-pc-26.05", "darwin-system-26.05+6"].into_iter()).is_empty()
        );
        let old = packages(["git-2.50", "git-2.50-man", "vim-9", "etc", "openssl-1.1"].into_iter());
        let new = packages(["git-2.51", "etc", "openssl-1.1", "openssl-3.0", "jq-1.7"].into_iter());
        let closure = between(&old, &new);
        assert_eq!(closure.added, ["jq-1.7"]);
        assert_eq!(closure.removed, ["vim-9"]);
        let versions: Vec<_> = closure
            .versions
            .iter()
            .map(|v| (v.name.as_str(), v.old.join(" "), v.new.join(" ")))
            .collect();
        let text = |t: &str| t.to_owned();
        assert_eq!(
            versions,
            [
                ("git", text("2.50"), text("2.51")),
                ("openssl", text("1.1"), text("1.1 3.0"))
            ]
        );
        assert!(between(&old, &old).is_same());
    }
}
