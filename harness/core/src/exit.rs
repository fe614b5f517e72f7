//! What the exit code of the program says. The only place that maps results to numbers.

use crate::observation::Cause;
use crate::outcome::Summary;

/// Exit codes, as documented for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything came out as expected.
    Success = 0,
    /// A case failed, the configuration does not evaluate, or a gate refused.
    Failed = 1,
    /// The input is wrong: project file, case files, selection, command line.
    Input = 2,
    /// Nix, the network or the machine failed: another try may succeed.
    Machine = 3,
    /// Nothing was selected.
    Nothing = 4,
    /// Interrupted by the user.
    Interrupted = 130,
}

impl Exit {
    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// The exit of a run. A failure is certain, and so is a configuration that does not
    /// evaluate; an error of the machine is not, so a run with both reports the failure. A
    /// run without any test is never a success.
    pub fn of_run(summary: &Summary) -> Self {
        if summary.interrupted {
            Self::Interrupted
        } else if summary.failed > 0 || summary.unevaluable > 0 {
            Self::Failed
        } else if summary.errors > 0 {
            Self::Machine
        } else if summary.total() == 0 {
            Self::Nothing
        } else {
            Self::Success
        }
    }

    /// The exit where Nix could not evaluate what was asked for.
    pub const fn of_cause(cause: Cause) -> Self {
        if cause.is_certain() {
            Self::Failed
        } else {
            Self::Machine
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;
    use crate::observation::Cause;
    use crate::outcome::Summary;

    #[test]
    fn what_is_certain_comes_before_what_another_try_may_find() {
        let run = |failed, errors, unevaluable, passed| {
            Exit::of_run(&Summary {
                passed,
                failed,
                errors,
                unevaluable,
                ..Summary::default()
            })
        };
        assert_eq!(run(0, 0, 0, 1), Exit::Success);
        assert_eq!(run(0, 0, 0, 0), Exit::Nothing);
        assert_eq!(run(1, 1, 0, 1), Exit::Failed);
        assert_eq!(run(0, 2, 1, 1), Exit::Failed);
        assert_eq!(run(0, 2, 0, 1), Exit::Machine);
        for (cause, exit) in [
            (Cause::Configuration, Exit::Failed),
            (Cause::Case, Exit::Failed),
            (Cause::Machine, Exit::Machine),
            (Cause::Harness, Exit::Machine),
            (Cause::Unknown, Exit::Machine),
        ] {
            assert_eq!(Exit::of_cause(cause), exit, "{cause:?}");
        }
    }
}
