//! Running the command that a gate stands before.

use std::ffi::OsString;
use std::io::{self, IsTerminal as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};

use crate::environment;
use crate::interrupt::{Interrupt, is_ignored};
use crate::nix::{replace_by, start_as_own};

/// How often a running command is looked at.
const POLL: Duration = Duration::from_millis(20);

/// Where a command's program is, if it can be started at all.
pub fn find_command(program: &OsString) -> Option<PathBuf> {
    let path = Path::new(program);
    if path.components().count() > 1 || path.is_absolute() {
        return path.is_file().then(|| path.to_owned());
    }
    environment::search_path()
        .into_iter()
        .map(|folder| folder.join(path))
        .find(|path| path.is_file())
}

/// Becomes the command: its exit code and the signals that it gets are its own. Returns
/// only where it cannot be started, and why.
pub fn become_command(command: &[OsString]) -> io::Error {
    replace_by(command)
}

/// Runs the command to its end and says its exit code, which is 128 more than the signal
/// that ended it. Signals go on to it; those of the terminal it has got already.
///
/// # Errors
/// It cannot be started.
pub fn run_command(command: &[OsString], interrupt: Interrupt) -> io::Result<u8> {
    // Before it starts, so that none is lost.
    let from_terminal = io::stdin().is_terminal();
    let passed = [
        (SIGINT, Signal::INT),
        (SIGQUIT, Signal::QUIT),
        (SIGTERM, Signal::TERM),
        (SIGHUP, Signal::HUP),
    ]
    .map(|(number, signal)| {
        let came = Arc::new(AtomicBool::new(false));
        // Where there can be no handler the signal does what it does. One that is ignored
        // is so for the command, too.
        if !is_ignored(number) {
            let _ = signal_hook::flag::register(number, Arc::clone(&came));
        }
        (signal, came)
    });
    interrupt.release();
    let mut child = start_as_own(command)?;
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        for (signal, came) in &passed {
            let is_shared = from_terminal && [Signal::INT, Signal::QUIT].contains(signal);
            if came.swap(false, Ordering::Relaxed) && !is_shared {
                pass(&child, *signal);
            }
        }
        std::thread::sleep(POLL);
    };
    Ok(code(status))
}

fn pass(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    if let Some(pid) = pid {
        // It may have ended just now.
        let _ = kill_process(pid, signal);
    }
}

fn code(status: ExitStatus) -> u8 {
    let signal = || status.signal().map_or(1, |signal| 128 + signal);
    let code = status.code().unwrap_or_else(signal);
    u8::try_from(code).unwrap_or(u8::MAX)
}
