//! One of several parts of a selection, for machines that share the work.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use super::Plan;

/// The `index`th of `of` parts, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    of: usize,
}

impl Shard {
    /// A part; none where there is no such part.
    pub fn new(index: usize, of: usize) -> Option<Self> {
        (1..=of).contains(&index).then_some(Self { index, of })
    }

    /// Which of so many things it holds. Parts differ by at most one thing, and with
    /// as many things as parts none is empty.
    pub fn range(self, total: usize) -> Range<usize> {
        // In wide numbers, since a part is whatever number a user writes.
        let at = |index: usize| {
            let cut = total as u128 * index as u128 / self.of as u128;
            usize::try_from(cut).unwrap_or(total)
        };
        at(self.index - 1)..at(self.index)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, of)| {
            let (index, of) = (index.parse().ok()?, of.parse().ok()?);
            Self::new(index, of)
        });
        parts.ok_or_else(|| format!("`{text}` is not a part such as 2/5"))
    }
}

impl Plan<'_> {
    /// Keeps one part of the tests. They are cut host by host, since each part that has
    /// a test of a host evaluates it; tests of several hosts come last. Of the same
    /// selection of the same cases every machine cuts the same parts.
    #[must_use]
    pub fn shard(mut self, shard: Shard) -> Self {
        let range = shard.range(self.len());
        let mut next = 0..;
        let mut is_in = || next.next().is_some_and(|number| range.contains(&number));
        for plan in &mut self.hosts {
            plan.tests.retain(|_| is_in());
        }
        self.joint.retain(|_| is_in());
        self.without_idle_hosts()
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_are_everything_once_and_alike(total in 0_usize..5_000, of in 1_usize..300) {
            let parts: Vec<_> = (1..=of)
                .filter_map(|index| Shard::new(index, of))
                .map(|shard| shard.range(total))
                .collect();
            prop_assert_eq!(parts.len(), of);
            let all: Vec<usize> = parts.iter().cloned().flatten().collect();
            prop_assert_eq!(all, (0..total).collect::<Vec<_>>());
            for part in parts {
                prop_assert!((total / of..=total.div_ceil(of)).contains(&part.len()));
            }
        }
    }

    #[test]
    fn what_is_no_part_is_refused() {
        for text in ["", "1", "0/3", "4/3", "-1/3", "1/0", "1/3/5", "a/b", " 1/2"] {
            let error = text.parse::<Shard>().unwrap_err();
            assert!(error.contains("is not a part such as 2/5"), "{text}");
        }
        assert_eq!("2/5".parse::<Shard>().unwrap().to_string(), "2/5");
        let last = Shard::new(usize::MAX, usize::MAX).unwrap();
        assert_eq!(last.range(3), 2..3);
    }
}
