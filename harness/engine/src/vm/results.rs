//! What our program has told of its steps.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

/// What became of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// It was begun and has not ended.
    Begun,
    /// It did what it should.
    Done {
        /// What it took.
        took: Duration,
        /// What the machine printed, where that is looked at.
        output: Option<String>,
    },
    /// It did not.
    Failed {
        /// What it took.
        took: Duration,
        /// Why.
        error: String,
    },
}

/// What became of the steps of a boot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Results {
    /// The driver has had all machines' shells.
    pub booted: bool,
    /// The program has come to its end.
    pub ended: bool,
    steps: BTreeMap<(usize, usize), StepState>,
}

/// One line of what a program tells.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    said: Said,
    case: Option<usize>,
    step: Option<usize>,
    error: Option<String>,
    output: Option<String>,
    #[serde(default)]
    seconds: f64,
}

/// What it is about.
#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Said {
    Booted,
    Began,
    Done,
    Ended,
}

impl Results {
    /// Reads what was told. A last line that was not written to its end is left out: its
    /// step has then begun and not ended.
    pub fn read(text: &str) -> Self {
        let mut results = Self::default();
        for told in text.lines().map_while(|l| serde_json::from_str(l).ok()) {
            results.take(told);
        }
        results
    }

    fn take(&mut self, told: Told) {
        self.booted |= told.said == Said::Booted;
        self.ended |= told.said == Said::Ended;
        let (Some(case), Some(step)) = (told.case, told.step) else {
            return;
        };
        let took = Duration::try_from_secs_f64(told.seconds).unwrap_or_default();
        let state = match told.error {
            _ if told.said == Said::Began => StepState::Begun,
            Some(error) => StepState::Failed { took, error },
            None => StepState::Done {
                took,
                output: told.output,
            },
        };
        self.steps.insert((case, step), state);
    }

    /// What became of a step; nothing where it was never begun.
    pub fn of(&self, case: usize, step: usize) -> Option<&StepState> {
        self.steps.get(&(case, step))
    }
}

#[cfg(test)]
mod tests {
    use super::{Results, StepState};
    use std::time::Duration;

    #[test]
    fn the_last_word_on_a_step_counts() {
        let results = Results::read(concat!(
            "{\"said\": \"booted\"}\n",
            "{\"said\": \"began\", \"case\": 0, \"step\": 0}\n",
            "{\"said\": \"done\", \"case\": 0, \"step\": 0, \"error\": null, \"output\": \"x\", \"seconds\": 1.5}\n",
            "{\"said\": \"began\", \"case\": 0, \"step\": 1}\n",
            "{\"said\": \"done\", \"case\": 0, \"step\": 1, \"error\": \"no\", \"output\": null, \"seconds\": 0.5}\n",
            "{\"said\": \"began\", \"case\": 1, \"step\": 0}\n",
            "{\"said\": \"done\", \"case\": 1, \"step\": 0, \"er",
        ));
        assert!(results.booted && !results.ended);
        let done = StepState::Done {
            took: Duration::from_millis(1500),
            output: Some("x".to_owned()),
        };
        assert_eq!(results.of(0, 0), Some(&done));
        let failed = StepState::Failed {
            took: Duration::from_millis(500),
            error: "no".to_owned(),
        };
        assert_eq!(results.of(0, 1), Some(&failed));
        assert_eq!(results.of(1, 0), Some(&StepState::Begun));
        assert_eq!(results.of(1, 1), None);
    }
}
