//! What became of a test, and why.

use serde::{Deserialize, Serialize};

use crate::host::Platform;
use crate::id::TestId;
use crate::location::Location;
use crate::observation::NixError;

/// What became of one test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Everything is as expected.
    Pass,
    /// The configuration is wrong.
    Fail {
        /// What is wrong, one entry per expectation.
        findings: Vec<Finding>,
    },
    /// It could not be found out.
    Error {
        /// What stood in the way.
        findings: Vec<Finding>,
    },
    /// It was not tried.
    Skip {
        /// Why not.
        reason: String,
    },
}

impl Outcome {
    /// One word for it, as reports print it.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail { .. } => "fail",
            Self::Error { .. } => "error",
            Self::Skip { .. } => "skip",
        }
    }

    /// What was found, for failures and errors.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Fail { findings } | Self::Error { findings } => findings,
            Self::Pass | Self::Skip { .. } => &[],
        }
    }
}

/// One thing that is not as it should be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at: an option path, or a word such as `eval` or `assertions`.
    pub subject: String,
    /// Where the case file asks for it.
    pub location: Location,
    /// What is wrong with it.
    pub problem: Problem,
    /// Who set the value, or who declared the option when nothing set it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
    /// Hints for the reader: nearest spellings, how another host differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "problem")]
pub enum Problem {
    /// The value is not the expected one.
    Mismatch {
        /// Where inside the value, such as `.EDITOR` or `[2]`; empty for the value itself.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        at: String,
        /// What was expected, in words or as Nix prints values; may have several lines.
        expected: String,
        /// What there is, in the same manner.
        got: String,
    },
    /// Hosts that should have the same have not.
    Disparity {
        /// Where inside the value, as in [`Self::Mismatch`].
        #[serde(default, skip_serializing_if = "String::is_empty")]
        at: String,
        /// What there is, and on which hosts.
        sides: Vec<Side>,
    },
    /// It is not what was accepted before, or nothing was.
    Snapshot {
        /// The file of what was accepted, relative to the project.
        file: String,
        /// Whether anything was accepted.
        accepted: bool,
        /// What differs, one line each, what explains most first.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        changes: Vec<String>,
    },
    /// It does not build.
    Build {
        /// The derivation whose own builder failed, by its name.
        derivation: String,
        /// What Nix says of it.
        reason: String,
        /// The last lines of its log.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        log: Vec<String>,
    },
    /// Nix could not evaluate it.
    Evaluation {
        /// Nix's message and trace.
        error: NixError,
    },
    /// Nix or the machine gave up: a time limit, a killed process, no such flake output.
    Machine {
        /// What happened.
        message: String,
    },
    /// An expected failure that no longer fails.
    UnexpectedPass {
        /// What the case was waiting for.
        until: String,
    },
}

impl Problem {
    /// Whether the configuration or the case must be changed for it to go: another try on
    /// another machine finds the same.
    pub const fn is_of_configuration(&self) -> bool {
        match self {
            Self::Mismatch { .. }
            | Self::Disparity { .. }
            | Self::Snapshot { .. }
            | Self::Build { .. }
            | Self::UnexpectedPass { .. } => true,
            Self::Evaluation { error } => error.cause.is_certain(),
            Self::Machine { .. } => false,
        }
    }
}

/// What some of several hosts have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The hosts, as tests call them.
    pub hosts: Vec<String>,
    /// What they have, in words or as Nix prints values; may have several lines.
    pub value: String,
}

/// Something that all hosts of a test have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// What it is: an option path, or a program.
    pub subject: String,
    /// What there is on which hosts; several where it comes in different ways.
    pub sides: Vec<Side>,
}

/// A definition or declaration of an option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Whether a value was set here or the option was only declared.
    pub role: OriginRole,
    /// Where; the line is 0 when only the file is known.
    pub location: Location,
    /// The definition as written, on one line, where it could be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What a module did with an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OriginRole {
    /// It set a value.
    Definition,
    /// It declared the option; nothing but its default applies.
    Declaration,
}

/// One finished test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TestResult {
    /// Its name.
    pub id: TestId,
    /// The host's platform; absent for a test of several hosts, or of none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Where the case stands in its file.
    pub location: Location,
    /// What became of it.
    #[serde(rename = "result")]
    pub outcome: Outcome,
    /// A word on a result that is not plain, such as an expected failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the note is the sum of, one line each, for whoever asks about this test.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Files that came of it, such as pictures of a machine's screen and its log: relative
    /// to the project, or absolute where they lie in the store.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artefacts: Vec<String>,
    /// What several hosts have in common, where they were looked at for that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared: Vec<Shared>,
    /// Whether it was decided by what was really built, not by evaluation alone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built: bool,
    /// Whether machines were booted for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub booted: bool,
    /// Time spent on this test's own queries, in milliseconds.
    pub millis: u64,
}

/// Counts over a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Tests that passed.
    pub passed: usize,
    /// Tests that failed.
    pub failed: usize,
    /// Tests that could not be decided.
    pub errors: usize,
    /// Of those, tests that the configuration itself keeps from being decided: it does not
    /// evaluate. The others are for another try.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unevaluable: usize,
    /// Tests that were not tried.
    pub skipped: usize,
    /// Hosts with at least one test.
    pub hosts: usize,
    /// The run was interrupted before all tests were decided.
    #[serde(default)]
    pub interrupted: bool,
    /// The whole run, in milliseconds.
    pub millis: u64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out a reference"
)]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Summary {
    /// All tests that were decided or skipped.
    pub const fn total(&self) -> usize {
        // A record may hold any numbers.
        let decided = self.passed.saturating_add(self.failed);
        decided
            .saturating_add(self.errors)
            .saturating_add(self.skipped)
    }

    /// Counts one more result.
    pub fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Pass => self.passed += 1,
            Outcome::Fail { .. } => self.failed += 1,
            Outcome::Error { findings } => {
                self.errors += 1;
                let certain = |finding: &Finding| finding.problem.is_of_configuration();
                self.unevaluable += usize::from(findings.iter().any(certain));
            }
            Outcome::Skip { .. } => self.skipped += 1,
        }
    }
}
