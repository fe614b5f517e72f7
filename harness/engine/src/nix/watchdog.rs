//! Ends a process group when the harness is gone and can no longer do so itself: it was
//! killed outright, or crashed. Linux can have the kernel signal a child then, and only
//! the child itself; macOS has no such signal. A shell that waits at a pipe serves both.

use std::io::{self, Write as _};
use std::process::{Child, Stdio};
use std::sync::{Mutex, PoisonError};

use super::command::Program;

/// Waits until nobody holds the other end of its standard input, then signals `$1`, once
/// it has read from there which group to end: `-` for the whole group, nothing for its
/// leader alone, which may have to clean up. What is left after the seconds in `$2` is
/// killed; of a session also what has formed groups of its own, where `pkill` is found.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM TSTP TTIN TTOU
read -r leader || exit 0
while read -r line; do :; done
kill -s "$3" -- "$1$leader"
left=$2
while [ "$left" -gt 0 ] && kill -s 0 -- "$1$leader"; do
    left=$((left - 1))
    sleep 1 || break
done
kill -s KILL -- "-$leader"
pkill -KILL -s "$leader"
"#;

/// How long processes have to end by themselves, in seconds. A build needs some: only Nix
/// can end its builders.
const GRACE: &str = "5";

/// Which processes are told to end first.
#[derive(Clone, Copy, Debug)]
pub(super) enum First {
    /// All of the group, by SIGTERM.
    Group,
    /// The leader of the group, by SIGINT: it ends and cleans up after the others.
    Leader,
}

/// Ends a process group when this program is gone. It is itself ended when dropped.
#[derive(Debug)]
pub(crate) struct Watchdog(Option<Child>);

/// A process that leads a group, and the watchdog over it.
#[derive(Debug)]
pub(crate) struct Guarded {
    pub(crate) child: Child,
    /// To be dropped after the child was reaped: its number may be another's then.
    pub(crate) watchdog: Watchdog,
}

impl Guarded {
    /// Starts a process by `spawn`, which makes it the leader of a group.
    pub(super) fn start(
        first: First,
        spawn: impl FnOnce() -> io::Result<Child>,
    ) -> io::Result<Self> {
        // Where descriptors cannot be created closed-on-exec, a process that is started
        // meanwhile would inherit the pipe, and hold it open when this program is gone.
        static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
        let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        // First, so that at no time the process is without it.
        let mut watchdog = Watchdog::new(first);
        let child = spawn()?;
        watchdog.watch(child.id());
        Ok(Self { child, watchdog })
    }
}

impl Watchdog {
    /// Where there is no shell, a process that outlives this program ends by its own.
    fn new(first: First) -> Self {
        let (whom, signal) = match first {
            First::Group => ("-", "TERM"),
            First::Leader => ("", "INT"),
        };
        let shell = Program::new("/bin/sh")
            .args(["-c", SCRIPT, "nix-parity-watchdog", whom, GRACE, signal])
            // It keeps no file system from being unmounted.
            .current_dir("/");
        Self(shell.spawn_listening(Stdio::null(), Stdio::null()).ok())
    }

    fn watch(&mut self, leader: u32) {
        if let Some(stdin) = self.0.as_mut().and_then(|child| child.stdin.as_mut()) {
            // It is there to read this, or there is nothing that could be done.
            let _ = writeln!(stdin, "{leader}");
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{First, Guarded};
    use crate::nix::Program;
    use rustix::process::{Pid, test_kill_process_group};
    use std::process::{Child, Stdio};
    use std::time::{Duration, Instant};

    fn shell(script: &str) -> std::io::Result<Child> {
        let program = Program::new("/bin/sh").args(["-c", script]);
        program.spawn_listening(Stdio::piped(), Stdio::null())
    }

    /// Starts a script, closes the watchdog's pipe as the end of this program would, and
    /// gives the signal that ended the script.
    fn ended_by(first: First, script: &str) -> (Option<i32>, Option<i32>) {
        use std::io::{BufRead as _, BufReader};
        use std::os::unix::process::ExitStatusExt as _;
        let mut guarded = Guarded::start(first, || shell(script)).unwrap();
        // It has said that it is ready.
        let mut line = String::new();
        let stdout = guarded.child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n");
        let watchdog = guarded.watchdog.0.as_mut().unwrap();
        drop(watchdog.stdin.take());
        let status = guarded.child.wait().unwrap();
        watchdog.wait().unwrap();
        let group = Pid::from_raw(i32::try_from(guarded.child.id()).unwrap()).unwrap();
        let began = Instant::now();
        while test_kill_process_group(group).is_ok() {
            assert!(began.elapsed() < Duration::from_secs(30), "some are left");
            std::thread::sleep(Duration::from_millis(10));
        }
        (status.code(), status.signal())
    }

    #[test]
    fn a_group_is_ended_when_the_pipe_closes() {
        let waits = "sleep 300 & sleep 300 & echo ready; wait";
        assert_eq!(ended_by(First::Group, waits), (None, Some(15)));
    }

    #[test]
    fn what_does_not_end_by_itself_is_killed() {
        let stubborn = "trap '' TERM INT; sleep 300 & echo ready; wait; sleep 300";
        assert_eq!(ended_by(First::Group, stubborn), (None, Some(9)));
        assert_eq!(ended_by(First::Leader, stubborn), (None, Some(9)));
    }

    #[test]
    fn a_leader_may_clean_up_before_the_others_are_killed() {
        let cleans = "sleep 300 & trap 'kill -s 0 $! && exit 7' INT; echo ready; \
                      while :; do sleep 0.1; done";
        assert_eq!(ended_by(First::Leader, cleans), (Some(7), None));
    }

    #[test]
    fn a_process_that_ends_first_takes_the_watchdog_with_it() {
        let mut guarded = Guarded::start(First::Group, || shell("exit 3")).unwrap();
        assert_eq!(guarded.child.wait().unwrap().code(), Some(3));
        let watchdog = guarded.watchdog.0.as_ref().unwrap().id();
        drop(guarded);
        let pid = Pid::from_raw(i32::try_from(watchdog).unwrap()).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_err());
    }
}
