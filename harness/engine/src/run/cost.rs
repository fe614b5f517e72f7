//! What a host took the last time, so that long hosts can start first (a run ends when
//! its last host does) and machines that share the work get alike much of it.

use std::time::Duration;

use nix_parity_core::case::{Check, CheckKind};
use nix_parity_core::host::Host;

use super::store::Store;
use crate::cache::Key;

/// What there is to do for a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// Evaluating: once for all tests of a host, on any machine.
    Evaluate,
    /// Building, on a machine of the host's system.
    Build,
    /// Booting machines, where that is fast.
    Boot,
}

impl Work {
    /// All of it.
    pub const ALL: [Self; 3] = [Self::Evaluate, Self::Build, Self::Boot];

    /// What a check needs.
    pub const fn of(check: &Check) -> Self {
        match check.kind() {
            CheckKind::Build => Self::Build,
            CheckKind::Vm => Self::Boot,
            _ => Self::Evaluate,
        }
    }

    /// One word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Evaluate => "evaluate",
            Self::Build => "build",
            Self::Boot => "boot",
        }
    }
}

/// What one host took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    evaluation: Option<Duration>,
    builds: Mean,
    boots: Mean,
}

/// What several took, and how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Mean {
    took: Duration,
    tests: u32,
}

impl Costs {
    /// Counts a test. What its evaluation took is not told apart from the other tests'.
    pub(super) fn add(&mut self, work: Work, took: Duration) {
        let mean = match work {
            Work::Evaluate => {
                self.evaluation.get_or_insert_default();
                return;
            }
            Work::Build => &mut self.builds,
            Work::Boot => &mut self.boots,
        };
        mean.took += took;
        mean.tests += 1;
    }

    /// What is left of the whole time was spent on evaluation, unless there were only
    /// builds and machines, to which their evaluation belongs.
    pub(super) fn rest(&mut self, whole: Duration) {
        if self.evaluation.is_some() || (self.builds.tests, self.boots.tests) == (0, 0) {
            let rest = whole.saturating_sub(self.builds.took + self.boots.took);
            self.evaluation = Some(rest);
        }
    }

    /// What so many tests took, as far as that is known: evaluation takes as long for one
    /// as for all.
    pub fn of(&self, work: Work, tests: usize) -> Option<Duration> {
        let mean = match work {
            Work::Evaluate => return self.evaluation,
            Work::Build => self.builds,
            Work::Boot => self.boots,
        };
        let tests = u32::try_from(tests).unwrap_or(u32::MAX);
        Some(mean.took.checked_div(mean.tests)?.saturating_mul(tests))
    }

    /// A host of which only its evaluation is known.
    #[cfg(test)]
    pub(crate) fn evaluated_in(took: Duration) -> Self {
        Self {
            evaluation: Some(took),
            ..Self::default()
        }
    }

    /// All that is known; nothing where evaluation is not.
    pub(super) fn total(&self) -> Option<Duration> {
        let evaluation = self.evaluation?;
        Some(evaluation + self.builds.took + self.boots.took)
    }
}

/// What the host took the last time.
pub(super) fn known(store: &Store, project: &str, host: &Host) -> Costs {
    let numbers = |work| -> Option<Vec<u64>> {
        let text = store.cache.read_note(&key(project, host, work))?;
        let words = text.split_whitespace().map(|word| word.parse().ok());
        words.collect()
    };
    let mean = |work| match numbers(work).as_deref() {
        Some([millis, tests]) => Mean {
            took: Duration::from_millis(*millis),
            tests: u32::try_from(*tests).unwrap_or_default(),
        },
        _ => Mean::default(),
    };
    Costs {
        evaluation: match numbers(Work::Evaluate).as_deref() {
            Some([millis]) => Some(Duration::from_millis(*millis)),
            _ => None,
        },
        builds: mean(Work::Build),
        boots: mean(Work::Boot),
    }
}

/// Keeps what the host took, and what is known of the work that there was none of. Not
/// being able to costs order only.
pub(super) fn record(store: &Store, project: &str, host: &Host, costs: &Costs) {
    let write = |work, text: String| {
        let _ = store.cache.write_note(&key(project, host, work), &text);
    };
    if let Some(took) = costs.evaluation {
        write(Work::Evaluate, took.as_millis().to_string());
    }
    for (work, mean) in [(Work::Build, costs.builds), (Work::Boot, costs.boots)] {
        if mean.tests > 0 {
            write(work, format!("{} {}", mean.took.as_millis(), mean.tests));
        }
    }
}

fn key(project: &str, host: &Host, work: Work) -> Key {
    Key::of_text(&format!("cost\n{project}\n{}\n{}", host.key(), work.name()))
}

#[cfg(test)]
mod tests {
    use super::{Costs, Work};
    use std::time::Duration;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn what_is_no_build_and_no_boot_is_evaluation() {
        let mut costs = Costs::default();
        assert_eq!(costs.of(Work::Evaluate, 3), None);
        costs.add(Work::Evaluate, seconds(7));
        costs.add(Work::Boot, seconds(40));
        costs.add(Work::Boot, seconds(2));
        costs.rest(seconds(50));
        assert_eq!(costs.of(Work::Evaluate, 9), Some(seconds(8)));
        assert_eq!(costs.of(Work::Boot, 1), Some(seconds(21)));
        assert_eq!(costs.of(Work::Boot, 4), Some(seconds(84)));
        assert_eq!(costs.of(Work::Build, 1), None);
        assert_eq!(costs.total(), Some(seconds(50)));
    }

    #[test]
    fn only_builds_say_nothing_of_evaluation_and_only_surveys_do() {
        let mut costs = Costs::default();
        costs.add(Work::Build, seconds(9));
        costs.rest(seconds(10));
        assert_eq!(costs.of(Work::Evaluate, 1), None);
        let mut costs = Costs::default();
        costs.rest(seconds(10));
        assert_eq!(costs.of(Work::Evaluate, 1), Some(seconds(10)));
    }
}
