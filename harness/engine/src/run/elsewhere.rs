//! The files that are known to be evaluated, and for which hosts.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use crate::cache::{Shelf, Stored};
use crate::depend::Dependency;

/// What the traces of all hosts of a flake say of it, as it was when it was first asked for.
/// Each host asks for what is evaluated for the others, so it is read once for all of them.
#[derive(Debug, Default)]
pub(super) struct Evaluated(OnceLock<HashMap<String, By>>);

/// For whom a file is evaluated.
#[derive(Debug)]
enum By {
    One(Shelf),
    Several,
}

impl Evaluated {
    /// Whether a file is known to be evaluated for another host than that of this shelf.
    pub(super) fn elsewhere(&self, file: &str, own: &Shelf) -> bool {
        let known = self.0.get_or_init(|| gather(own));
        match known.get(file) {
            None => false,
            Some(By::One(only)) => only != own,
            Some(By::Several) => true,
        }
    }
}

fn gather(shelf: &Shelf) -> HashMap<String, By> {
    let mut known = HashMap::new();
    for shelf in shelf.others().into_iter().chain([shelf.clone()]) {
        let traces = shelf.traces().into_iter();
        let traces = traces.filter_map(|path| Stored::open(&path)?.dependencies());
        for dependency in traces.flat_map(BTreeMap::into_keys) {
            let Dependency::Evaluated(path) = dependency else {
                continue;
            };
            known
                .entry(path)
                .and_modify(|by| {
                    if !matches!(by, By::One(one) if *one == shelf) {
                        *by = By::Several;
                    }
                })
                .or_insert_with(|| By::One(shelf.clone()));
        }
    }
    known
}
