//! What the stand-in does with the lines of a `repl`, as shell commands.

use crate::process::quote;

/// What the stand-in does with one line that it reads in a `repl`.
#[derive(Debug, Clone)]
pub struct Reply {
    lines: Vec<String>,
    then: Then,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    Continue,
    Exit(u8),
    Die(&'static str),
    Hang,
    HangStubbornly,
    LeaveGrandchild,
    Grow,
}

impl Reply {
    /// Prints these lines to standard error and waits for the next line.
    pub fn lines<S: Into<String>>(lines: impl IntoIterator<Item = S>) -> Self {
        Self {
            lines: lines.into_iter().map(Into::into).collect(),
            then: Then::Continue,
        }
    }

    /// Prints nothing and waits for the next line.
    pub fn silence() -> Self {
        Self::lines::<String>([])
    }

    /// After its lines, exits with this code.
    #[must_use]
    pub fn then_exit(self, code: u8) -> Self {
        Self {
            then: Then::Exit(code),
            ..self
        }
    }

    /// After its lines, dies of a signal, named as for `kill`: `KILL`, `SEGV`.
    #[must_use]
    pub fn then_die_of(self, signal: &'static str) -> Self {
        Self {
            then: Then::Die(signal),
            ..self
        }
    }

    /// After its lines, reads and prints nothing more until a signal ends it.
    #[must_use]
    pub fn then_hang(self) -> Self {
        Self {
            then: Then::Hang,
            ..self
        }
    }

    /// As [`Reply::then_hang`], but only SIGKILL ends it.
    #[must_use]
    pub fn then_hang_stubbornly(self) -> Self {
        Self {
            then: Then::HangStubbornly,
            ..self
        }
    }

    /// After its lines, exits with 0 and leaves a process behind that keeps its
    /// standard output and error open for half a minute.
    #[must_use]
    pub fn then_leave_grandchild(self) -> Self {
        Self {
            then: Then::LeaveGrandchild,
            ..self
        }
    }

    /// After its lines, comes to hold 256 MiB and more, and hangs.
    #[must_use]
    pub fn then_grow(self) -> Self {
        Self {
            then: Then::Grow,
            ..self
        }
    }

    /// The reply as shell commands on one line.
    pub(super) fn script(&self) -> String {
        let end = match self.then {
            Then::Continue => ":".to_owned(),
            Then::Exit(code) => format!("exit {code}"),
            Then::Die(signal) => format!("kill -{signal} $$"),
            Then::Hang => "exec sleep 86400".to_owned(),
            // A stopped process takes no signal but SIGKILL until it is continued.
            Then::HangStubbornly => "kill -STOP $$; exec sleep 86400".to_owned(),
            Then::Grow => {
                "x=0123456789abcdef; n=0; while [ $n -lt 24 ]; do x=$x$x; n=$((n + 1)); done; \
                           while :; do sleep 1; done"
                    .to_owned()
            }
            Then::LeaveGrandchild => "sleep 30 & exit 0".to_owned(),
        };
        if self.lines.is_empty() {
            end
        } else {
            format!("{} >&2; {end}", print(&self.lines))
        }
    }
}

/// A command that prints each of these lines, at once.
pub(super) fn print(lines: &[String]) -> String {
    let words: Vec<String> = lines.iter().map(|line| quote(line)).collect();
    format!("printf '%s\\n' {}", words.join(" "))
}
