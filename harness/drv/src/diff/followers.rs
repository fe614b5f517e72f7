//! Which pairs follow which causes.

use rayon::prelude::*;

/// How many pairs follow each cause, and how many follow any.
pub(super) struct Followers {
    /// One number for each cause, in their order.
    pub(super) of: Vec<usize>,
    pub(super) total: usize,
}

/// Goes up from each cause, through pairs that are none, to those that refer to them.
/// `referrers` and `is_cause` have an entry per pair.
#[expect(
    clippy::indexing_slicing,
    reason = "all lists have one entry per pair, and referrers are pairs"
)]
pub(super) fn count(referrers: &[Vec<usize>], is_cause: &[bool]) -> Followers {
    let above = |starts: &[usize]| {
        let mut seen = vec![false; referrers.len()];
        let mut left = starts.to_vec();
        let mut followers = 0;
        while let Some(pair) = left.pop() {
            for &referrer in &referrers[pair] {
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
