//! The program under test: started with what a test gives it, and never waited for
//! without a limit.
#![expect(
    clippy::disallowed_methods,
    reason = "tests have no engine to start processes with; this crate is their home for it"
)]

use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::need::is_root;

/// What a test may take before it is taken to hang; many times what it needs.
pub(crate) const LIMIT: Duration = Duration::from_secs(150);

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(10);

/// What a killed process may take to be gone on a busy machine.
const GONE_WITHIN: Duration = Duration::from_secs(10);

/// A program to start.
#[derive(Debug)]
pub struct Program {
    command: Command,
    input: Option<Vec<u8>>,
    at_terminal: bool,
    columns: Option<u16>,
}

impl Program {
    /// A program with the environment of the tests, but none of the variables that
    /// a surrounding test runner or a user's settings could change it with.
    pub fn new(path: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(path);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let foreign = [
                "NEXTEST",
                "NIX_PARITY_",
                "CLICOLOR",
                "NO_COLOR",
                "INSTA_",
                "GITHUB_",
            ];
            if name == "CI" || foreign.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        // A group of its own, so that it can be ended with all that it started.
        command.process_group(0);
        Self {
            command,
            input: None,
            at_terminal: false,
            columns: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the folder that it runs in.
    #[must_use]
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives it this text on standard input, instead of nothing.
    #[must_use]
    pub fn input(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.input = Some(text.into());
        self
    }

    /// Makes its standard input a terminal, at which [`Running::type_in`] types.
    #[must_use]
    pub fn at_terminal(mut self) -> Self {
        self.at_terminal = true;
        self
    }

    /// Makes its three streams a terminal of this width. What it writes is its standard
    /// output then.
    #[must_use]
    pub fn on_screen(mut self, columns: u16) -> Self {
        self.columns = Some(columns);
        self
    }

    /// Makes file permissions hold for it where root runs it, to whom they do not: root
    /// remains the owner of its files, and loses the right to pass over their modes.
    #[must_use]
    pub fn held_to_permissions(mut self) -> Self {
        if is_root() {
            let mut held = Command::new("setpriv");
            held.arg("--bounding-set=-dac_override,-dac_read_search");
            self.command = started_by(held, &self.command);
            self.command.process_group(0);
        }
        self
    }

    /// Takes the parent-death signal from it and from all that it starts: they behave as on
    /// a system that has none, such as macOS.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    #[expect(
        unsafe_code,
        reason = "the standard library has no safe way to prepare a child process"
    )]
    #[must_use]
    pub fn without_death_signal(mut self) -> Self {
        // SAFETY: between fork and exec it makes system calls, allocates nothing and
        // takes no lock.
        unsafe { self.command.pre_exec(crate::no_death_signal::take) };
        self
    }

    /// Has it start with this signal ignored, named as for `trap`: `HUP`, as by `nohup`.
    #[must_use]
    pub fn ignoring(mut self, signal: &str) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", "trap '' \"$1\"; shift; exec \"$@\"", "sh", signal])
            .arg(self.command.get_program())
            .args(self.command.get_args())
            .process_group(0);
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        if let Some(folder) = self.command.get_current_dir() {
            shell.current_dir(folder);
        }
        self.command = shell;
        self
    }

    /// What is started.
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    pub(crate) fn command(&self) -> &Command {
        &self.command
    }

    /// Runs it to its end.
    #[track_caller]
    pub fn run(self) -> Ran {
        self.start().finish()
    }

    /// Starts it.
    #[track_caller]
    pub fn start(mut self) -> Running {
        let mut typed = None;
        let stdin = match self.input {
            Some(_) => Stdio::piped(),
            None if self.at_terminal => {
                let (ours, theirs) = crate::terminal::open();
                typed = Some(ours);
                theirs.into()
            }
            None => Stdio::null(),
        };
        let mut screen = None;
        self.command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(columns) = self.columns {
            let (ours, theirs) = crate::terminal::open();
            crate::terminal::resize(&ours, columns);
            for set in [Command::stdin, Command::stdout, Command::stderr] {
                let theirs = theirs.try_clone().expect("a terminal can be shared");
                set(&mut self.command, Stdio::from(theirs));
            }
            screen = Some(ours);
        }
        let mut child = self
            .command
            .spawn()
            .unwrap_or_else(|error| panic!("{:?} must start: {error}", self.command));
        if let (Some(text), Some(mut pipe)) = (self.input, child.stdin.take()) {
            // It need not read all of it.
            std::thread::spawn(move || pipe.write_all(&text));
        }
        let stdout = child.stdout.take().map(Stream::read);
        let stdout = stdout.or_else(|| screen.map(Stream::read));
        let stderr = child.stderr.take().map(Stream::read);
        Running {
            child,
            stdout,
            stderr,
            typed,
        }
    }
}

/// A program that is told to start another one, with the arguments and the surroundings of
/// that.
pub(crate) fn started_by(mut outer: Command, inner: &Command) -> Command {
    outer.arg(inner.get_program()).args(inner.get_args());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => outer.env(name, value),
            None => outer.env_remove(name),
        };
    }
    if let Some(folder) = inner.get_current_dir() {
        outer.current_dir(folder);
    }
    outer
}

/// What a program writes, as it comes.
#[derive(Debug)]
pub(crate) struct Stream {
    bytes: Arc<Mutex<Vec<u8>>>,
    reader: JoinHandle<()>,
}

impl Stream {
    pub(crate) fn read(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&bytes);
        let reader = std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // What was read before an error is still of use.
            while let Ok(n @ 1..) = pipe.read(&mut buffer) {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend_from_slice(&buffer[..n]);
            }
        });
        Self { bytes, reader }
    }

    fn so_far(&self) -> String {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    pub(crate) fn all(self) -> String {
        let Self { bytes, reader } = self;
        reader.join().expect("a reader ends");
        let bytes = bytes.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// A program that was started. It is killed with its group when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    stdout: Option<Stream>,
    stderr: Option<Stream>,
    typed: Option<std::fs::File>,
}

impl Running {
    /// Types at its terminal; `\u{4}` at the start of a line ends its input.
    #[track_caller]
    pub fn type_in(&self, text: &str) {
        let mut typed = self.typed.as_ref().expect("it was given a terminal");
        typed
            .write_all(text.as_bytes())
            .expect("a terminal can be typed at");
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard output so far.
    pub fn stdout(&self) -> String {
        self.stdout.as_ref().map(Stream::so_far).unwrap_or_default()
    }

    /// What it has written to standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.as_ref().map(Stream::so_far).unwrap_or_default()
    }

    /// Sends it, and not what it started, a signal, named as for `kill`: `INT`.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        send(name, &self.id().to_string());
    }

    /// Waits for its end. One that does not end is killed, and fails the test.
    #[track_caller]
    pub fn finish(mut self) -> Ran {
        let deadline = Instant::now() + LIMIT;
        let mut hung = false;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child can be waited for") {
                break status;
            }
            if Instant::now() > deadline {
                hung = true;
                self.kill();
            }
            std::thread::sleep(POLL);
        };
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        let ran = Ran {
            stdout: text(self.stdout.take()),
            stderr: text(self.stderr.take()),
            status,
        };
        assert!(
            !hung,
            "no end within {LIMIT:?}:\n{}\n{}",
            ran.stdout, ran.stderr
        );
        ran
    }

    /// Kills it with all of its group.
    pub fn kill(&self) {
        send("KILL", &format!("-{}", self.id()));
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.kill();
            // Nothing is left to tell a test that is over.
            let _ = self.child.wait();
        }
    }
}

fn send(signal: &str, to: &str) {
    // The shell's own `kill`: not every system has the program.
    let _ = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$1\" -- \"$2\"", "sh", signal, to])
        .stderr(Stdio::null())
        .status();
}

/// What became of a program.
#[derive(Debug)]
pub struct Ran {
    /// Its standard output; what is no UTF-8 is replaced.
    pub stdout: String,
    /// Its standard error, likewise.
    pub stderr: String,
    pub(crate) status: ExitStatus,
}

impl Ran {
    /// Its exit code; `None` when a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// The signal that ended it.
    pub fn signal(&self) -> Option<i32> {
        self.status.signal()
    }
}

/// The command lines of running processes that hold `marker`.
#[track_caller]
pub fn processes_with(marker: &str) -> Vec<String> {
    let lines: Vec<String> = if let Ok(processes) = std::fs::read_dir("/proc") {
        processes
            .filter_map(|entry| std::fs::read(entry.ok()?.path().join("cmdline")).ok())
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .collect()
    } else {
        let output = Command::new("ps")
            .args(["-A", "-o", "args="])
            .output()
            .expect("ps must be there where /proc is not");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.lines().map(str::to_owned).collect()
    };
    lines.into_iter().filter(|l| l.contains(marker)).collect()
}

/// Fails unless soon no running process has `marker` in its command line. What was killed
/// and is no child of the killer's takes a moment to go, which nobody can wait for.
#[track_caller]
pub fn assert_none_left(marker: &str) {
    let began = Instant::now();
    loop {
        let left = processes_with(marker);
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < GONE_WITHIN, "still running: {left:#?}");
        std::thread::sleep(POLL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_input_and_code_pass_through() {
        let ran = Program::new("/bin/sh")
            .args(["-c", "cat; echo \"$WORD\" >&2; exit 3"])
            .env("WORD", "out")
            .input("in")
            .run();
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("in", "out\n"));
        assert_eq!((ran.code(), ran.signal()), (Some(3), None));
    }

    #[test]
    fn a_running_one_is_seen_signalled_and_ended() {
        // The marker stands in the command line of the shell.
        let marker = format!("marker-of-{}", std::process::id());
        let script =
            format!("trap 'exit 7' INT; echo set; while :; do sleep 0.05; done # {marker}");
        let running = Program::new("/bin/sh").args(["-c", &script]).start();
        while running.stdout().is_empty() {
            std::thread::sleep(POLL);
        }
        // Two for a moment, when the shell has just forked.
        assert!(!processes_with(&marker).is_empty());
        running.signal("INT");
        assert_eq!(running.finish().code(), Some(7));

        drop(Program::new("/bin/sh").args(["-c", &script]).start());
        assert_none_left(&marker);
    }
}
