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

/// A bit for each cause that is followed at once.
type Word = u128;
const BITS: usize = Word::BITS as usize;
/// How many words of them a pair has: one where that is enough, else what a processor
/// fetches at once anyhow.
const WORDS: usize = 4;

/// Goes up from each cause, through pairs that are none, to those that refer to them.
/// `is_cause` has an entry per pair.
///
/// Causes can be as many as pairs, so not each of them is gone up from alone: whom many of
/// them reach is found in one walk, each with a bit of its own.
#[expect(clippy::indexing_slicing, reason = "there is an entry per pair")]
pub(super) fn count(referrers: &Referrers, is_cause: &[bool]) -> Followers {
    let above = Above::new(referrers, is_cause);
    let counts = if above.causes.len() <= BITS {
        above.counts_of_each::<1>()
    } else {
        above.counts_of_each::<WORDS>()
    };
    let mut of = vec![0; is_cause.len()];
    for (&place, count) in above.causes.iter().zip(counts) {
        of[above.pairs[place]] = count;
    }
    let of = of.into_iter().zip(is_cause);
    Followers {
        of: of.filter(|(_, cause)| **cause).map(|(n, _)| n).collect(),
        total: above.counts::<1>(above.causes.iter().map(|&place| (place, 0)))[0],
    }
}

/// What is above the causes: the pairs that follow any of them, and the causes that any
/// follows, each before those that refer to it. Where pairs refer to each other in a circle,
/// some are behind.
struct Above {
    pairs: Vec<usize>,
    /// The places of causes among the pairs.
    causes: Vec<usize>,
    is_cause: Vec<bool>,
    // Where the referrers of each begin, and where the last ends; and their places.
    starts: Vec<usize>,
    referrers: Vec<usize>,
}

#[expect(
    clippy::indexing_slicing,
    reason = "lists have an entry per pair or per place, and referrers are pairs"
)]
impl Above {
    fn new(referrers: &Referrers, is_cause: &[bool]) -> Self {
        let follows = |pair: usize| referrers.of(pair).iter().filter(|&&r| !is_cause[r]);
        let mut pairs = Vec::new();
        let mut seen = vec![false; is_cause.len()];
        for cause in (0..is_cause.len()).filter(|&pair| is_cause[pair]) {
            if follows(cause).next().is_none() {
                continue;
            }
            let mut way = vec![(cause, follows(cause))];
            while let Some((pair, left)) = way.last_mut() {
                match left.find(|&&referrer| !std::mem::replace(&mut seen[referrer], true)) {
                    Some(&referrer) => way.push((referrer, follows(referrer))),
                    None => {
                        pairs.push(*pair);
                        way.pop();
                    }
                }
            }
        }
        pairs.reverse();
        let mut places = vec![0; is_cause.len()];
        for (place, &pair) in pairs.iter().enumerate() {
            places[pair] = place;
        }
        let mut above = Self {
            causes: Vec::new(),
            is_cause: pairs.iter().map(|&pair| is_cause[pair]).collect(),
            starts: vec![0],
            referrers: Vec::new(),
            pairs,
        };
        for (place, &pair) in above.pairs.iter().enumerate() {
            above.referrers.extend(follows(pair).map(|&r| places[r]));
            above.starts.push(above.referrers.len());
            if is_cause[pair] {
                above.causes.push(place);
            }
        }
        above
    }

    /// How many follow each cause, with so many words of them at once.
    fn counts_of_each<const N: usize>(&self) -> Vec<usize> {
        let at_once = self.causes.par_chunks(N * BITS);
        at_once
            .flat_map_iter(|causes| {
                let bits = causes.iter().copied().zip(0..);
                self.counts::<N>(bits).into_iter().take(causes.len())
            })
            .collect()
    }

    /// How many followers have each bit, when each of these causes has this one.
    fn counts<const N: usize>(&self, causes: impl Iterator<Item = (usize, usize)>) -> Vec<usize> {
        let mut bits = vec![[0; N]; self.pairs.len()];
        for (place, bit) in causes {
            bits[place][bit / BITS] |= 1 << (bit % BITS);
        }
        let mut again = true;
        while again {
            again = false;
            for place in 0..bits.len() {
                let own = bits[place];
                for &referrer in &self.referrers[self.starts[place]..self.starts[place + 1]] {
                    let had = bits[referrer];
                    bits[referrer] = std::array::from_fn(|word| had[word] | own[word]);
                    // It was looked at before this.
                    again |= referrer < place && bits[referrer] != had;
                }
            }
        }
        let followers = bits
            .iter()
            .zip(&self.is_cause)
            .filter(|(_, cause)| !**cause);
        let followers = followers.map(|(bits, _)| bits);
        (0..N)
            .flat_map(|word| count_bits(followers.clone().map(|bits| bits[word])))
            .collect()
    }
}

/// How many of some words have each bit. All bits are counted at once: the n-th digits of
/// the binary numbers that they are counted with are one word.
fn count_bits(words: impl Iterator<Item = Word>) -> [usize; BITS] {
    let mut digits: Vec<Word> = Vec::new();
    for word in words {
        let mut carry = word;
        for digit in &mut digits {
            (*digit, carry) = (*digit ^ carry, *digit & carry);
            if carry == 0 {
                break;
            }
        }
        if carry != 0 {
            digits.push(carry);
        }
    }
    std::array::from_fn(|bit| {
        let digits = digits.iter().zip(0..);
        digits
            .map(|(digit, n)| usize::from(digit >> bit & 1 == 1) << n)
            .sum()
    })
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::{Referrers, count, count_bits};

    /// Goes up from each cause alone.
    fn one_by_one(depends: &[Vec<usize>], is_cause: &[bool], starts: &[usize]) -> usize {
        let (mut seen, mut left) = (vec![false; is_cause.len()], starts.to_vec());
        while let Some(pair) = left.pop() {
            for (referrer, depends) in depends.iter().enumerate() {
                if depends.contains(&pair)
                    && !is_cause[referrer]
                    && !std::mem::replace(&mut seen[referrer], true)
                {
                    left.push(referrer);
                }
            }
        }
        seen.into_iter().filter(|seen| *seen).count()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(50) })]

        /// Circles are among them, and more causes than one word has bits for.
        #[test]
        fn followers_are_those_of_each_cause_alone(
            pairs in vec((vec(0_usize..200, 0..3), 0_u8..4), 1..200),
            many in 0_u8..4,
        ) {
            let number = pairs.len();
            let depends: Vec<Vec<usize>> = pairs
                .iter()
                .map(|(depends, _)| depends.iter().map(|n| n % number).collect())
                .collect();
            let is_cause: Vec<bool> = pairs.iter().map(|(_, cause)| *cause < many).collect();
            let causes: Vec<usize> = (0..number).filter(|&n| is_cause[n]).collect();
            let found = count(&Referrers::new(depends.iter().map(Vec::as_slice)), &is_cause);
            let each: Vec<usize> = causes
                .iter()
                .map(|&cause| one_by_one(&depends, &is_cause, &[cause]))
                .collect();
            prop_assert_eq!(found.of, each);
            prop_assert_eq!(found.total, one_by_one(&depends, &is_cause, &causes));
        }
    }

    /// More than are followed at once.
    #[test]
    fn each_of_many_causes_has_its_own_followers() {
        let number = 3 * super::WORDS * super::BITS + 1;
        // Behind the causes a follower of each, and with every third its follower.
        let depends: Vec<Vec<usize>> = (0..3 * number)
            .map(|pair| match (pair / number, pair % number) {
                (1, cause) => vec![cause],
                (2, cause) if cause % 3 == 0 => vec![number + cause],
                _ => Vec::new(),
            })
            .collect();
        let is_cause: Vec<bool> = (0..3 * number).map(|pair| pair < number).collect();
        let found = count(
            &Referrers::new(depends.iter().map(Vec::as_slice)),
            &is_cause,
        );
        let wanted: Vec<usize> = (0..number)
            .map(|cause| 1 + usize::from(cause % 3 == 0))
            .collect();
        assert_eq!(found.of, wanted);
        assert_eq!(found.total, wanted.iter().sum());
    }

    #[test]
    fn bits_are_counted() {
        let words = (0..1_000).map(|n| n | 1 << 127);
        let counts = count_bits(words);
        assert_eq!(
            (counts[0], counts[9], counts[10], counts[127]),
            (500, 488, 0, 1_000)
        );
    }
}
