//! Asking whether to do something, at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use nix_parity_core::text::one_line;

use super::Problem;

/// How often it is looked whether the user interrupts.
const POLL: Duration = Duration::from_millis(50);

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Interrupted,
}

/// Whether there is somebody to ask.
pub(super) fn is_possible() -> bool {
    io::stdin().is_terminal()
}

/// Asks where the user looks, and reads one line.
///
/// # Errors
/// The question cannot be written, or no answer be read.
pub(super) fn ask(
    question: &str,
    mut out: impl Write,
    interrupted: &AtomicBool,
) -> Result<Answer, Problem> {
    let unread = |error: io::Error| Problem::machine(format!("no answer can be read: {error}"));
    write!(out, "{} [y/N] ", one_line(question))
        .and_then(|()| out.flush())
        .map_err(unread)?;
    drop(out);
    let (sender, receiver) = channel();
    // A read that has begun cannot be called off; it ends with the process.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map(|_| line);
        let _ = sender.send(read);
    });
    loop {
        match receiver.recv_timeout(POLL) {
            // A terminal that is closed ends the input, too.
            Ok(_) if interrupted.load(Ordering::Relaxed) => return Ok(Answer::Interrupted),
            Ok(line) => return line.map(|line| parse(&line)).map_err(unread),
            Err(RecvTimeoutError::Disconnected) => return Ok(Answer::No),
            Err(RecvTimeoutError::Timeout) if interrupted.load(Ordering::Relaxed) => {
                return Ok(Answer::Interrupted);
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// Whatever is not yes is no; so is the end of the input.
fn parse(line: &str) -> Answer {
    match line.trim().to_lowercase().as_str() {
        "y" | "yes" => Answer::Yes,
        _ => Answer::No,
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, parse};

    #[test]
    fn only_yes_is_yes() {
        for line in ["y\n", "Y\n", " yes \n", "YES"] {
            assert_eq!(parse(line), Answer::Yes, "{line:?}");
        }
        for line in ["", "\n", "n\n", "no\n", "yy\n", "yes please\n", "j\n"] {
            assert_eq!(parse(line), Answer::No, "{line:?}");
        }
    }
}
