//! What the exit code of the program says. The only place that maps results to numbers.

use crate::outcome::Summary;

/// Exit codes, as documented for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Everything came out as expected.
    Success = 0,
    /// A case failed, or a gate said no.
    Failed = 1,
    /// The input is wrong: project file, case files, selection, command line.
    Input = 2,
    /// Nix or the machine failed, or a value could not be found out.
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

    /// The exit of a run. A failure is certain and an error is not, so a run
    /// with both reports the failure; a run without any test is never a success.
    pub fn of_run(summary: &Summary) -> Self {
        if summary.interrupted {
            Self::Interrupted
        } else if summary.failed > 0 {
            Self::Failed
        } else if summary.errors > 0 {
            Self::Machine
        } else if summary.total() == 0 {
            Self::Nothing
        } else {
            Self::Success
        }
    }
}
