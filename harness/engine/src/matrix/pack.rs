//! Putting work into as many heaps as there are machines. Pure.

use std::cmp::Reverse;
use std::time::Duration;

use crate::plan::Shard;

/// What is not torn apart, unless it is divisible: the work of one kind on one host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// What it takes.
    pub(super) cost: Duration,
    /// How many tests it is.
    pub(super) tests: usize,
}

/// A unit, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// Which one.
    pub(super) unit: usize,
    /// Which part; all of it where absent.
    pub(super) part: Option<Shard>,
}

/// At most `heaps` heaps of alike cost, none of them empty. Where there are fewer units
/// than heaps, divisible ones are cut by their tests, the most expensive first.
pub(super) fn pack(units: &[Unit], heaps: usize, divisible: bool) -> Vec<Vec<Piece>> {
    if units.len() >= heaps || !divisible {
        return whole(units, heaps);
    }
    let mut cuts = vec![1_usize; units.len()];
    for _ in units.len()..heaps {
        let costs = units.iter().zip(&cuts).enumerate();
        let most = costs
            .filter(|(_, (unit, cut))| unit.tests > **cut)
            .max_by_key(|(index, (unit, cut))| (each(unit.cost, **cut), Reverse(*index)));
        let Some((index, _)) = most else {
            break;
        };
        cuts[index] += 1;
    }
    let pieces = cuts.iter().enumerate().flat_map(|(unit, cut)| {
        (1..=*cut).map(move |index| Piece {
            unit,
            part: Shard::new(index, *cut).filter(|_| *cut > 1),
        })
    });
    pieces.map(|piece| vec![piece]).collect()
}

/// The most expensive first, each to the heap that has least.
fn whole(units: &[Unit], heaps: usize) -> Vec<Vec<Piece>> {
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|unit| Reverse(units[*unit].cost));
    let mut filled = vec![(Duration::ZERO, Vec::new()); heaps.min(units.len())];
    for unit in order {
        let least = filled
            .iter_mut()
            .min_by_key(|(cost, heap)| (*cost, heap.len()));
        if let Some((cost, heap)) = least {
            *cost += units[unit].cost;
            heap.push(unit);
        }
    }
    let mut heaps: Vec<Vec<usize>> = filled.into_iter().map(|(_, heap)| heap).collect();
    // As the flake has them, so that jobs of the same hosts are named alike.
    for heap in &mut heaps {
        heap.sort_unstable();
    }
    heaps.retain(|heap| !heap.is_empty());
    heaps.sort();
    let piece = |unit| Piece { unit, part: None };
    let pieces = |heap: Vec<usize>| heap.into_iter().map(piece).collect();
    heaps.into_iter().map(pieces).collect()
}

fn each(cost: Duration, cuts: usize) -> Duration {
    cost / u32::try_from(cuts).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Unit, pack};
    use proptest::prelude::*;
    use std::time::Duration;

    fn units() -> impl Strategy<Value = Vec<Unit>> {
        let unit = (0_u64..100_000, 1_usize..50).prop_map(|(millis, tests)| Unit {
            cost: Duration::from_millis(millis),
            tests,
        });
        prop::collection::vec(unit, 0..20)
    }

    proptest! {
        #[test]
        fn every_test_is_in_one_heap(units in units(), heaps in 1_usize..60, divisible: bool) {
            let packed = pack(&units, heaps, divisible);
            prop_assert!(packed.len() <= heaps);
            let mut seen: Vec<Vec<u32>> = units.iter().map(|unit| vec![0; unit.tests]).collect();
            for heap in &packed {
                prop_assert!(!heap.is_empty());
                for piece in heap {
                    let tests = units[piece.unit].tests;
                    prop_assert!(divisible || piece.part.is_none());
                    let range = piece.part.map_or(0..tests, |part| part.range(tests));
                    prop_assert!(!range.is_empty());
                    for test in &mut seen[piece.unit][range] {
                        *test += 1;
                    }
                }
            }
            prop_assert!(seen.iter().flatten().all(|times| *times == 1));
        }

        #[test]
        fn no_heap_is_more_than_twice_what_is_best(units in units(), heaps in 1_usize..20) {
            let packed = pack(&units, heaps, false);
            let cost = |heap: &Vec<super::Piece>| -> Duration {
                heap.iter().map(|piece| units[piece.unit].cost).sum()
            };
            let all: Duration = units.iter().map(|unit| unit.cost).sum();
            let longest = units.iter().map(|unit| unit.cost).max().unwrap_or_default();
            let best = longest.max(all / u32::try_from(heaps).unwrap());
            for heap in &packed {
                prop_assert!(cost(heap) <= best * 2);
            }
        }
    }

    #[test]
    fn what_takes_longest_is_cut_most() {
        let unit = |seconds, tests| Unit {
            cost: Duration::from_secs(seconds),
            tests,
        };
        let cuts = |units: &[Unit], heaps| -> Vec<usize> {
            let packed = pack(units, heaps, true);
            let of = |unit| packed.iter().filter(|heap| heap[0].unit == unit).count();
            (0..units.len()).map(of).collect()
        };
        assert_eq!(cuts(&[unit(90, 9), unit(30, 9)], 4), [3, 1]);
        // Not into more parts than there are tests.
        assert_eq!(cuts(&[unit(900, 2), unit(1, 1)], 9), [2, 1]);
    }
}
