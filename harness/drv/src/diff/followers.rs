//! Which pairs follow which causes.

use rayon::prelude::*;

/// How many pairs follow each cause, and how many follow any.
pub(super) struct Followers {
    /// One number for each cause, in their order.
    pub(super) of: Vec<usize>,
    pub(super) total: usize,
}

/// For each pair the pairs that depend on it, all in one list.
pub(super) struct Referrers {
    // Where those of each pair begin, and where the last ends.
    starts: Vec<usize>,
    all: Vec<usize>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "the numbers are those of the pairs"
)]
impl Referrers {
    /// From what each pair depends on.
    pub(super) fn new<'c>(depends: impl ExactSizeIterator<Item = &'c [usize]> + Clone) -> Self {
        let mut starts = vec![0; depends.len() + 1];
        for &pair in depends.clone().flatten() {
            starts[pair] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from behind, which makes of each end a beginning.
        let mut all = vec![0; end];
        for (referrer, depends) in depends.enumerate() {
            for &pair in depends {
                starts[pair] -= 1;
                all[starts[pair]] = referrer;
            }
        }
        Self { starts, all }
    }

    fn of(&self, pair: usize) -> &[usize] {
        &self.all[self.starts[pair]..self.starts[pair + 1]]
    }
}

/// Goes up from each cause, through pairs that are none, to those that refer to them.
/// `is_cause` has an entry per pair.
#[expect(
    clippy::indexing_slicing,
    reason = "all lists have one entry per pair, and referrers are pairs"
)]
pub(super) fn count(referrers: &Referrers, is_cause: &[bool]) -> Followers {
    let above = |starts: &[usize]| {
        let mut seen = vec![false; is_cause.len()];
        let mut left = starts.to_vec();
        let mut followers = 0;
        while let Some(pair) = left.pop() {
            for &referrer in referrers.of(pair) {
                if !is_cause[referrer] && !std::mem::replace(&mut seen[referrer], true) {
                    followers += 1;
                    left.push(referrer);
                }
            }
        }
        followers
    };
    let causes: Vec<usize> = (0..is_cause.len()).filter(|&pair| is_cause[pair]).collect();
    Followers {
        of: causes.par_iter().map(|&cause| above(&[cause])).collect(),
        total: above(&causes),
    }
}
