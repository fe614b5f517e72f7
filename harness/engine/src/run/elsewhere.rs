//! The files that are known to be evaluated, and for which hosts.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::cache::{Shelf, Stored};
use crate::depend::Claim;

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
        for stored in traces.filter_map(|path| Stored::open(&path)) {
            let claims = stored.claims().into_iter().flatten();
            for path in claims.filter_map(Claim::evaluated) {
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
    }
    known
}
