//! Which options the configuration's own files set, and which of them cases look at.
//!
//! An option of a home is the same whether the home stands alone or is part of a system,
//! since the same files make both.

mod gather;
mod looks;
mod reads;
mod roots;

pub use roots::Roots;

pub(crate) use gather::setters;
pub(crate) use looks::{Look, looks};

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_core::coverage::{Coverage, FORMAT, Place, UnseenModule, UnseenOption};
use nix_parity_core::host::Host;
use nix_parity_core::option_path::OptionPath;
use rayon::prelude::*;

use self::gather::{Set, gather};
use crate::plan::{Plan, labels};
use crate::run::{Engine, EngineError};

/// An option. Those of homes are apart from those of systems.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    of_home: bool,
    path: Vec<String>,
}

/// Looks at all hosts, side by side.
///
/// # Errors
/// A host cannot be evaluated.
pub fn coverage(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    hosts: &[Host],
    roots: &Roots,
) -> Result<Coverage, EngineError> {
    let found: Result<Vec<_>, _> = hosts
        .par_iter()
        .zip(labels(hosts))
        .map(|(host, label)| gather(engine, plan, host, &label, roots))
        .collect();
    let (mut sets, mut missing) = (Vec::new(), Vec::new());
    for gathered in found? {
        sets.push(gathered.set);
        sets.extend(gathered.homes);
        missing.extend(gathered.missing);
    }
    let mut coverage = Coverage {
        format: FORMAT,
        roots: roots.named.clone(),
        options: 0,
        looked_at: 0,
        places: sets.iter().map(place).collect(),
        unseen: Vec::new(),
        modules: Vec::new(),
        unevaluated: unevaluated(engine, hosts, roots),
        missing,
    };
    count(&sets, &mut coverage);
    Ok(coverage)
}

fn place(set: &Set) -> Place {
    Place {
        label: set.label.clone(),
        options: set.options.len(),
        looked_at: set.options.keys().filter(|path| set.is_seen(path)).count(),
    }
}

/// What is known of an option over all places.
#[derive(Default)]
struct Known {
    seen: bool,
    places: Vec<String>,
    files: BTreeSet<String>,
}

/// Counts each option once, and the files of which no option is seen.
fn count(sets: &[Set], coverage: &mut Coverage) {
    let mut options: BTreeMap<Name, Known> = BTreeMap::new();
    for set in sets {
        for (path, files) in &set.options {
            let name = Name {
                of_home: set.of_home,
                path: path.clone(),
            };
            let known = options.entry(name).or_default();
            known.seen |= set.is_seen(path);
            known.places.push(set.label.clone());
            known.files.extend(files.iter().cloned());
        }
    }
    coverage.options = options.len();
    coverage.looked_at = options.values().filter(|known| known.seen).count();
    let mut modules: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for known in options.values() {
        for file in &known.files {
            let (options, seen) = modules.entry(file).or_default();
            *options += 1;
            *seen |= known.seen;
        }
    }
    let unseen = modules.into_iter().filter(|(_, (_, seen))| !seen);
    coverage.modules = unseen
        .map(|(file, (options, _))| UnseenModule {
            file: file.to_owned(),
            options,
        })
        .collect();
    let unseen = options.into_iter().filter(|(_, known)| !known.seen);
    coverage.unseen = unseen
        .filter_map(|(name, known)| {
            Some(UnseenOption {
                path: OptionPath::from_segments(name.path)?.to_string(),
                places: known.places,
                files: known.files.into_iter().collect(),
            })
        })
        .collect();
}

/// The Nix files below the roots that no host evaluates.
fn unevaluated(engine: &Engine<'_>, hosts: &[Host], roots: &Roots) -> Option<Vec<String>> {
    let mut files = engine.nix_files()?;
    files.retain(|file| roots.have(file));
    for host in hosts {
        for file in engine.evaluated_files(host)? {
            files.remove(&file);
        }
    }
    Some(files.into_iter().collect())
}
