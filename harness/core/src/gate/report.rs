//! What a gate found, and whether it lets a switch pass.

use serde::{Deserialize, Serialize};

use super::{Effect, Risk, Unknown};
use crate::comparison::Comparison;
use crate::exit::Exit;
use crate::host::Platform;
use crate::outcome::{Summary, TestResult};

/// The version of the format, raised when a reader would misunderstand it.
pub const FORMAT: u32 = 2;

/// What a gate found before a switch. Texts are foreign; whoever shows them escapes them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// [`FORMAT`].
    pub format: u32,
    /// What tests call the host.
    pub host: String,
    /// Its platform.
    pub platform: Platform,
    /// What became of its tests.
    pub cases: Cases,
    /// What the switch is to bring; absent where tests did not pass, and nothing more
    /// was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested: Option<Tested>,
    /// What it is compared with.
    pub against: Against,
    /// What differs; absent where nothing could be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What the switch will do, what matters most first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
    /// What of that could not be found out, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// Why the switch would end without having switched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aborts: Vec<String>,
    /// What else is good to know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What became of the tests of a host.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cases {
    /// The counts.
    pub summary: Summary,
    /// How many were decided from the evidence of earlier runs.
    pub recalled: usize,
    /// How old the oldest of that evidence is, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence_age: Option<u64>,
    /// Those that did not pass and were tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<TestResult>,
}

/// A system, as far as it is known before it is built.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// The path of its derivation.
    pub derivation: String,
    /// Its store path; absent where only a build can tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// Whether it is built.
    pub built: bool,
}

/// What a host is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// A system that runs.
    Running {
        /// How it was named, such as `/run/current-system`.
        name: String,
        /// Its store path.
        path: String,
        /// Its generation, where a profile has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        generation: Option<u64>,
        /// Whether it is what was tested.
        same: bool,
    },
    /// What was accepted of it.
    Accepted {
        /// Why that, and no system.
        why: String,
    },
    /// Nothing.
    Nothing {
        /// Why.
        why: String,
    },
}

/// Why a gate does not let a switch pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Tests did not pass, or were not decided.
    Cases,
    /// No test passed: all were skipped.
    Unproven,
    /// Something is riskier than it may be.
    Risk {
        /// What may be.
        allowed: Risk,
        /// What is.
        found: Risk,
    },
    /// What the switch does is not all known, and there is a limit to it, or nobody is
    /// there to look at it.
    Unknown {
        /// What may be.
        allowed: Option<Risk>,
    },
    /// The switch would end without having switched.
    Abort,
}

impl Gate {
    /// The highest risk of all that is known.
    pub fn risk(&self) -> Option<Risk> {
        self.effects.iter().map(|effect| effect.risk).max()
    }

    /// Whether the switch would bring what runs already.
    pub const fn is_same(&self) -> bool {
        matches!(self.against, Against::Running { same: true, .. })
    }

    /// Whether the switch would bring what runs already, and do nothing else.
    pub const fn does_nothing(&self) -> bool {
        self.is_same() && self.effects.is_empty() && self.unknown.is_empty()
    }

    /// Why the switch may not happen, if it may not, with nothing riskier than `allowed`.
    /// `is_agreed` says that nobody will be asked.
    pub fn refusal(&self, allowed: Option<Risk>, is_agreed: bool) -> Option<Refusal> {
        let summary = &self.cases.summary;
        if summary.interrupted || summary.failed + summary.errors > 0 || self.tested.is_none() {
            return Some(Refusal::Cases);
        }
        if summary.passed == 0 {
            return Some(Refusal::Unproven);
        }
        if !self.aborts.is_empty() {
            return Some(Refusal::Abort);
        }
        if let (Some(allowed), Some(found)) = (allowed, self.risk())
            && found > allowed
        {
            return Some(Refusal::Risk { allowed, found });
        }
        let is_refused = |unknown: &Unknown| allowed.is_some() || is_agreed && unknown.needs_answer;
        let is_unknown = self.unknown.iter().any(is_refused);
        is_unknown.then_some(Refusal::Unknown { allowed })
    }
}

impl Refusal {
    /// The exit of a gate that says no for this reason.
    pub fn exit(&self, cases: &Cases) -> Exit {
        match self {
            Self::Cases => match Exit::of_run(&cases.summary) {
                // Not all that was planned was decided.
                Exit::Success => Exit::Machine,
                exit => exit,
            },
            Self::Unproven | Self::Risk { .. } | Self::Unknown { .. } | Self::Abort => Exit::Failed,
        }
    }
}

/// What runs after a switch, held against what was tested before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verification {
    /// [`FORMAT`].
    pub format: u32,
    /// What tests call the host.
    pub host: String,
    /// What was tested.
    pub tested: Tested,
    /// For how long that has been let pass, in seconds.
    pub age: u64,
    /// How what runs was named.
    pub name: String,
    /// Its store path.
    pub running: String,
    /// Whether both are the same.
    pub same: bool,
    /// What differs from what was tested, where that can be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<Comparison>,
    /// What could not be compared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::{Against, Cases, FORMAT, Gate, Refusal, Tested};
    use crate::exit::Exit;
    use crate::gate::{Action, Effect, Risk, Thing, Unknown};
    use crate::host::Platform;
    use crate::outcome::Summary;

    fn gate(passed: usize, failed: usize, errors: usize) -> Gate {
        Gate {
            format: FORMAT,
            host: "pc".to_owned(),
            platform: Platform::Nixos,
            cases: Cases {
                summary: Summary {
                    passed,
                    failed,
                    errors,
                    ..Summary::default()
                },
                ..Cases::default()
            },
            tested: Some(Tested {
                derivation: "x.drv".to_owned(),
                output: None,
                built: false,
            }),
            against: Against::Nothing {
                why: "none".to_owned(),
            },
            comparison: None,
            effects: Vec::new(),
            unknown: Vec::new(),
            aborts: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn tests_come_first() {
        for (gate, exit) in [
            (gate(1, 1, 1), Exit::Failed),
            (gate(1, 0, 1), Exit::Machine),
        ] {
            let refusal = gate.refusal(None, true).unwrap();
            assert_eq!(refusal, Refusal::Cases);
            assert_eq!(refusal.exit(&gate.cases), exit);
        }
        assert_eq!(gate(0, 0, 0).refusal(None, true), Some(Refusal::Unproven));
        assert_eq!(gate(1, 0, 0).refusal(None, true), None);
        let mut undecided = gate(1, 0, 0);
        undecided.tested = None;
        assert_eq!(undecided.refusal(None, true), Some(Refusal::Cases));
        assert_eq!(Refusal::Cases.exit(&undecided.cases), Exit::Machine);
        undecided.cases.summary.interrupted = true;
        assert_eq!(Refusal::Cases.exit(&undecided.cases), Exit::Interrupted);
    }

    #[test]
    fn what_is_riskier_than_it_may_be_is_refused_and_so_is_what_is_not_known() {
        let mut gate = gate(1, 0, 0);
        gate.effects = vec![
            Effect::new(Action::Start, Thing::Unit, "a.service"),
            Effect::new(Action::Restart, Thing::Unit, "a.service"),
        ];
        assert_eq!(gate.refusal(Some(Risk::Medium), true), None);
        let (allowed, found) = (Risk::Low, Risk::Medium);
        let refusal = gate.refusal(Some(Risk::Low), true);
        assert_eq!(refusal, Some(Refusal::Risk { allowed, found }));
        for (unknown, refused_by_yes) in [
            (Unknown::new("units"), false),
            (Unknown::removals("Homebrew"), true),
            (
                Unknown::foreign("Homebrew", ["Would reformat disks:"]),
                true,
            ),
        ] {
            gate.unknown = vec![unknown];
            // Every limit refuses what is not known, the highest too.
            for allowed in [Risk::Medium, Risk::High] {
                for is_agreed in [false, true] {
                    let refusal = gate.refusal(Some(allowed), is_agreed);
                    let allowed = Some(allowed);
                    assert_eq!(refusal, Some(Refusal::Unknown { allowed }));
                }
            }
            // Without a limit somebody may look at it and answer.
            assert_eq!(gate.refusal(None, false), None);
            assert_eq!(gate.refusal(None, true).is_some(), refused_by_yes);
        }
    }

    #[test]
    fn a_switch_that_would_abort_is_refused_whatever_is_allowed() {
        let mut gate = gate(1, 0, 0);
        gate.aborts = vec!["cleanup".to_owned()];
        for allowed in [None, Some(Risk::Low), Some(Risk::High)] {
            for is_agreed in [false, true] {
                let refusal = gate.refusal(allowed, is_agreed);
                assert_eq!(refusal, Some(Refusal::Abort), "{allowed:?}");
            }
        }
        assert_eq!(Refusal::Abort.exit(&gate.cases), Exit::Failed);
    }
}
