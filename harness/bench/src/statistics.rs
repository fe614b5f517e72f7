//! What is made of measurements: ratios within a round, and their median.

use std::time::Duration;

/// What one run of one contender took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    /// From start to end.
    pub(crate) wall: Duration,
    /// Processor time of it and all that it started, where the system tells.
    pub(crate) processor: Option<Duration>,
}

/// One side against the other.
#[derive(Debug, PartialEq)]
pub(crate) struct Ratio {
    /// The middle of the rounds.
    pub(crate) median: f64,
    /// The round that was best for the first side.
    pub(crate) least: f64,
    /// The round that was worst for it.
    pub(crate) greatest: f64,
    /// The median ratio of processor time: less moved by a busy machine.
    pub(crate) processor: Option<f64>,
}

/// Compares round by round.
pub(crate) fn compare(this: &[Sample], against: &[Sample]) -> Ratio {
    let wall = sorted(this, against, |s| Some(s.wall));
    Ratio {
        median: median(&wall).unwrap_or(f64::NAN),
        least: wall.first().copied().unwrap_or(f64::NAN),
        greatest: wall.last().copied().unwrap_or(f64::NAN),
        processor: median(&sorted(this, against, |s| s.processor)),
    }
}

fn sorted(
    this: &[Sample],
    against: &[Sample],
    part: impl Fn(&Sample) -> Option<Duration>,
) -> Vec<f64> {
    let mut ratios: Vec<f64> = this
        .iter()
        .zip(against)
        .filter_map(|(a, b)| Some(part(a)?.as_secs_f64() / part(b)?.as_secs_f64()))
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios
}

fn median(sorted: &[f64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[sorted.len() / 2 - 1], upper))
}

#[cfg(test)]
mod tests {
    use super::{Sample, compare};
    use std::time::Duration;

    fn samples(seconds: &[u64]) -> Vec<Sample> {
        let sample = |s: &u64| Sample {
            wall: Duration::from_secs(*s),
            processor: None,
        };
        seconds.iter().map(sample).collect()
    }

    #[test]
    fn ratios_are_taken_within_a_round() {
        // The machine was three times as slow in the second round: no matter.
        let ratio = compare(&samples(&[10, 30, 24]), &samples(&[10, 30, 20]));
        assert_eq!((ratio.least, ratio.median, ratio.greatest), (1.0, 1.0, 1.2));
        assert_eq!(ratio.processor, None);
        let even = compare(&samples(&[1, 3]), &samples(&[1, 1]));
        assert!((even.median - 2.0).abs() < 1e-9);
    }
}
