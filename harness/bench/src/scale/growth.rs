//! Whether what something takes grows in proportion to how much of it there is: rows of
//! three sizes, and how they are printed.

use crate::weigh::Cost;

/// What one more unit takes between the second size and the third may be at most this
/// many times what it takes between the first and the second.
///
/// One is a straight line. Sorting takes a part more for each of ten times as many, and
/// what a processor's caches hold no more takes longer, so that nothing is quite straight;
/// but with steps of three, what is quadratic and takes a third of the last size is above
/// this.
const LIMIT: f64 = 1.30;

/// Less than this between two sizes is no growth: buffers that are there or not.
const NO_MEMORY: f64 = 1e6;
/// The same of seconds of a processor: what a machine's own noise is.
const NO_TIME: f64 = 0.010;

/// The sizes that are measured.
pub(super) type Sizes = [usize; 3];

/// Something that was done at three sizes.
pub(super) struct Row {
    what: String,
    /// Seconds of a processor.
    times: [f64; 3],
    /// Bytes.
    peaks: Option<[f64; 3]>,
}

impl Row {
    /// Measures something: for each round once at each size. The least time counts, which is
    /// what a busy machine moves least, and the most memory.
    pub(super) fn measure(
        what: impl Into<String>,
        rounds: usize,
        mut run: impl FnMut(usize) -> Result<Cost, String>,
    ) -> Result<Self, String> {
        let mut costs = [const { Vec::new() }; 3];
        for _ in 0..rounds {
            for (size, costs) in costs.iter_mut().enumerate() {
                costs.push(run(size)?);
            }
        }
        Ok(Self::of(
            what,
            &costs.each_ref().map(|costs| of_rounds(costs)),
            |cost| cost.all,
        ))
    }

    /// Makes a row of what was measured.
    pub(super) fn of(
        what: impl Into<String>,
        costs: &[Cost; 3],
        time: impl Fn(&Cost) -> f64,
    ) -> Self {
        let peaks = costs.each_ref().map(|cost| cost.peak);
        #[expect(
            clippy::cast_precision_loss,
            reason = "bytes, of which kilobytes are told"
        )]
        let peaks = match peaks {
            [Some(a), Some(b), Some(c)] => Some([a, b, c].map(|peak| peak as f64)),
            _ => None,
        };
        Self {
            what: what.into(),
            times: costs.each_ref().map(time),
            peaks,
        }
    }

    /// The memory at the last size, in megabytes.
    pub(super) fn megabytes(&self) -> Option<f64> {
        Some(self.peaks?[2] / 1e6)
    }
}

fn of_rounds(costs: &[Cost]) -> Cost {
    let all = costs.iter().map(|cost| cost.all);
    Cost {
        all: all.fold(f64::INFINITY, f64::min),
        own: None,
        // A short run can end before it is looked at when it holds most.
        peak: costs.iter().filter_map(|cost| cost.peak).max(),
    }
}

/// Prints the rows of one kind of unit. Time is what a unit takes against one of the first
/// size, what does not depend on the size included; then comes what one more takes.
pub(super) fn print(unit: &str, sizes: Sizes, rows: &[Row]) {
    let [a, b, c] = sizes;
    println!("\n{unit}: {a}, {b} and {c}; a unit of each size, and the growth of one more");
    println!(
        "{:44} {:>18}  {:>6}   {:>20}  {:>6}  at most {LIMIT:.2}",
        "what", "time / unit", "growth", "kB / unit", "growth"
    );
    for row in rows {
        let each = per_unit(sizes, row.times);
        let time = growth(sizes, row.times, NO_TIME);
        let times = each.map(|t| format!("{:>5.2}", t / each[0])).join(" ");
        let (mut peaks, mut memory) = (String::new(), Growth::None);
        if let Some(of) = row.peaks {
            let each = per_unit(sizes, of);
            peaks = each.map(|peak| format!("{:>6.1}", peak / 1e3)).join(" ");
            memory = growth(sizes, of, NO_MEMORY);
        }
        let met = time.is_met() && memory.is_met();
        println!(
            "{:44} {times:>18}  {:>6}   {peaks:>20}  {:>6}  {}",
            row.what,
            time.told(),
            memory.told(),
            if met { "yes" } else { "no" }
        );
    }
}

/// How what is taken grows.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Growth {
    /// Not so that it could be told from noise.
    None,
    /// One more of the upper part against one more of the lower.
    Times(f64),
}

impl Growth {
    fn is_met(self) -> bool {
        match self {
            Self::None => true,
            Self::Times(times) => times <= LIMIT,
        }
    }

    fn told(self) -> String {
        match self {
            Self::None => "none".to_owned(),
            Self::Times(times) => format!("{times:.2}"),
        }
    }
}

fn per_unit(sizes: Sizes, of: [f64; 3]) -> [f64; 3] {
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let sizes = sizes.map(|size| size as f64);
    [of[0] / sizes[0], of[1] / sizes[1], of[2] / sizes[2]]
}

/// What one more takes between the second and the third size, against one between the
/// first and the second: 1 where it is linear, whatever does not depend on the size.
fn growth(sizes: Sizes, of: [f64; 3], noise: f64) -> Growth {
    let more = |from: usize| of[from + 1] - of[from];
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let each = |from: usize| more(from) / (sizes[from + 1] - sizes[from]) as f64;
    if more(1) < noise {
        return Growth::None;
    }
    // Where the first step is lost in noise, what it would have to be to be told.
    #[expect(clippy::cast_precision_loss, reason = "sizes are small")]
    let least = noise / (sizes[1] - sizes[0]) as f64;
    Growth::Times(each(1) / each(0).max(least))
}

#[cfg(test)]
mod tests {
    use super::{Growth, growth};

    const SIZES: [usize; 3] = [1_000, 3_000, 10_000];

    #[test]
    fn what_grows_faster_than_its_size_is_seen() {
        let of = |f: &dyn Fn(f64) -> f64| growth(SIZES, [1.0, 3.0, 10.0].map(f), 1e-9);
        let near = |found: Growth, wanted: f64| matches!(found, Growth::Times(times) if (times - wanted).abs() < 1e-9);
        assert!(near(of(&|n| n), 1.0));
        assert!(near(of(&|n| 50.0 + n), 1.0), "what is there anyhow");
        assert!(near(of(&|n| n * n), 3.25));
        // A third of the last size is quadratic, and a tenth.
        assert!(!of(&|n| 20.0 * n + n * n).is_met());
        assert!(of(&|n| 90.0 * n + n * n).is_met());
        // Sorting.
        assert!(of(&|n| n * (1_000.0 * n).log2()).is_met());
    }

    #[test]
    fn what_does_not_grow_is_no_ratio_of_noise() {
        assert_eq!(growth(SIZES, [5.0, 5.1, 4.9], 1.0), Growth::None);
        // A step that noise has swallowed counts as the least that could be told.
        assert_eq!(growth(SIZES, [5.0, 4.0, 11.0], 2.0), Growth::Times(1.0));
    }
}
