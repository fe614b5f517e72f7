//! What can go wrong when machines are tested, in words.

use std::time::Duration;

use super::process::Ending;
use super::transcript::Transcript;

/// Why a script did not run to its good end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The user has interrupted.
    #[error("interrupted")]
    Interrupted,
    /// Exit code 0, and no word of the end of the script.
    #[error("the driver ended well without having run the script")]
    NotRun,
    /// The script ended with an exception.
    #[error("the script failed: {0}")]
    Script(String),
    /// The script is no Python.
    #[error("the script is not valid Python: {0}")]
    Syntax(String),
    /// The driver ended before the end of the script.
    #[error("the driver ended with {0} before the script had finished")]
    Ended(Ending),
    /// The script finished, and then the driver failed.
    #[error("the script finished, and the driver ended with {0}")]
    EndedLate(Ending),
    /// The driver's own limit has passed.
    #[error("the driver's own time limit passed; it is `globalTimeout` of the test")]
    OwnLimit,
    /// QEMU ended at its start.
    #[error("QEMU ended as soon as it was started: {0}")]
    Aborted(String),
    /// The machine ended while something was done on it.
    #[error("the machine went away while a command ran on it: {0}")]
    Gone(String),
    /// QEMU has not started in time.
    #[error("QEMU of {node} did not run within {} s", limit.as_secs_f32().ceil())]
    NoQemu {
        /// The machine.
        node: String,
        /// The limit.
        limit: Duration,
    },
    /// The driver has not got a shell in time.
    #[error("{node} offered no shell within {} s", limit.as_secs_f32().ceil())]
    NoShell {
        /// The machine.
        node: String,
        /// The limit.
        limit: Duration,
    },
    /// The kernel gave up.
    #[error("the kernel of {node} gave up: {text}")]
    Panic {
        /// The machine.
        node: String,
        /// What it said.
        text: String,
    },
    /// The whole took too long.
    #[error("the test took more than {} s", limit.as_secs_f32().ceil())]
    TooLong {
        /// The limit.
        limit: Duration,
    },
    /// The driver does not end.
    #[error("the driver did not end within {} s of cleaning up", limit.as_secs_f32().ceil())]
    NoEnd {
        /// The limit.
        limit: Duration,
    },
}

impl Trouble {
    /// What to make of a driver that ended by itself: all is well where it ended with 0
    /// **and** said that the script had finished. Neither alone is enough.
    pub(crate) fn of(ending: Ending, transcript: &Transcript) -> Result<(), Self> {
        if transcript.own_timeout {
            return Err(Self::OwnLimit);
        }
        let exception = transcript.exception();
        Err(match (ending, exception) {
            (Ending::Code(0), _) if transcript.script_finished => return Ok(()),
            (Ending::Code(0), _) => Self::NotRun,
            _ if transcript.panic.is_some() => {
                let (node, text) = transcript.panic.clone().unwrap_or_default();
                Self::Panic { node, text }
            }
            (ending, _) if transcript.script_finished => Self::EndedLate(ending),
            (Ending::Code(1), Some(text)) => Self::exception(text),
            (Ending::Code(1), None) => match transcript.subtests.iter().rev().find_map(|s| {
                let error = s.error.as_ref()?;
                Some(format!("{}: {error}", s.name))
            }) {
                Some(text) => Self::Script(text),
                None => Self::Ended(ending),
            },
            (ending, _) => Self::Ended(ending),
        })
    }

    fn exception(text: String) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| text.starts_with(name));
        if is(&["ConnectionResetError", "ConnectionRefusedError"]) {
            Self::Aborted(text)
        } else if is(&["BrokenPipeError", "EOFError", "ConnectionError"]) {
            Self::Gone(text)
        } else if is(&["SyntaxError", "IndentationError", "TabError"]) {
            Self::Syntax(text)
        } else {
            Self::Script(text)
        }
    }

    /// Whether it says that the configuration is wrong; else it could not be found out.
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Script(_) | Self::Gone(_) | Self::Panic { .. })
    }

    /// Whether the consoles of the machines say more of it than the driver.
    pub(super) const fn is_of_machine(&self) -> bool {
        matches!(
            self,
            Self::Gone(_) | Self::Panic { .. } | Self::NoShell { .. }
        )
    }
}
