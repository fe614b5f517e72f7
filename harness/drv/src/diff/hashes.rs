//! The known store paths by their hash part, in shares that are filled side by side.

use std::collections::hash_map::Entry as Place;

use rayon::prelude::*;

use crate::hash::TextMap;
use crate::store_path::HASH;

/// A hash part.
pub(super) type Hash = [u8; HASH];

/// A number of a known path. Old and new paths have one another's class once their
/// derivations are a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Class(pub(super) u32);

/// How many shares there are: some for each of many threads.
const SHARES: u8 = 16;

/// The numbers of paths by their hashes.
pub(super) struct Hashes(Vec<TextMap<Hash, Entry>>);

/// What most mentions need to know: it is next to the hash, since looking elsewhere takes
/// as long as finding it.
pub(super) struct Entry {
    pub(super) number: u32,
    /// Unless the path has another folder or name than its class, or no class yet.
    pub(super) alike: Option<Class>,
}

/// A path whose hash has a number already.
pub(super) struct Again {
    pub(super) number: u32,
    pub(super) first: u32,
}

impl Hashes {
    /// Numbers hashes in this order. Of each that comes again the first number counts;
    /// those that do are told in their order.
    pub(super) fn new(hashes: &[Hash]) -> (Self, Vec<Again>) {
        let share = |share: u8| {
            let mut map: TextMap<Hash, Entry> = TextMap::default();
            map.reserve(hashes.len() / usize::from(SHARES));
            let mut again = Vec::new();
            for (number, hash) in (0..).zip(hashes) {
                if share_of(hash) != share {
                    continue;
                }
                match map.entry(*hash) {
                    Place::Occupied(entry) => again.push(Again {
                        number,
                        first: entry.get().number,
                    }),
                    Place::Vacant(place) => {
                        let alike = None;
                        place.insert(Entry { number, alike });
                    }
                }
            }
            (map, again)
        };
        let (maps, again): (Vec<_>, Vec<_>) = (0..SHARES).into_par_iter().map(share).unzip();
        let mut again: Vec<Again> = again.into_iter().flatten().collect();
        again.sort_unstable_by_key(|again| again.number);
        (Self(maps), again)
    }

    pub(super) fn get(&self, hash: &Hash) -> Option<&Entry> {
        self.0.get(usize::from(share_of(hash)))?.get(hash)
    }

    /// Settles what is alike.
    pub(super) fn settle(&mut self, class: impl Fn(u32) -> Option<Class> + Sync) {
        self.0.par_iter_mut().for_each(|map| {
            for entry in map.values_mut() {
                entry.alike = class(entry.number);
            }
        });
    }
}

/// The last bits of a digit are all but evenly spread.
const fn share_of(hash: &Hash) -> u8 {
    let [.., last] = *hash;
    last % SHARES
}
