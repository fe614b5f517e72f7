//! Building command lines of Nix. The only place of the engine where a process
//! is created: argument vectors, a cleared environment, a process group of its own.

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one home of Command::new"
)]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use super::binary::{Flavour, Nix, Version};
use super::watchdog::{First, Guarded};
use crate::environment;

/// A program with its arguments. What it inherits of our environment is decided
/// in [`environment::for_nix`].
#[derive(Clone, Debug)]
pub struct Program {
    path: PathBuf,
    args: Vec<OsString>,
    env: Vec<(OsString, OsString)>,
    dir: Option<PathBuf>,
}

impl Program {
    /// A program without arguments.
    pub fn new(program: impl Into<PathBuf>) -> Self {
        Self {
            path: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            dir: None,
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args
            .extend(args.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        let pair = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.env.push(pair);
        self
    }

    /// Sets the folder that it runs in.
    #[must_use]
    pub fn current_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.dir = Some(dir.into());
        self
    }

    /// The arguments, for tests and for messages.
    pub fn argv(&self) -> impl Iterator<Item = &OsStr> {
        std::iter::once(self.path.as_os_str()).chain(self.args.iter().map(OsString::as_os_str))
    }

    fn command(&self) -> Command {
        let mut command = self.plain_command();
        // A terminal's Ctrl-C is handled by us; see the worker.
        command.process_group(0);
        command
    }

    /// A process that is in our own group.
    fn plain_command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command
            .args(&self.args)
            .env_clear()
            .envs(environment::for_nix())
            // Messages are read by us, not by the user in their language.
            .env("LC_ALL", "C.UTF-8")
            .envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(dir) = &self.dir {
            command.current_dir(dir);
        }
        command
    }

    /// Runs it to its end with nothing on stdin.
    pub fn output(&self) -> io::Result<Output> {
        self.command().stdin(Stdio::null()).output()
    }

    /// Runs it to its end at our own terminal.
    pub(crate) fn status_at_terminal(&self) -> io::Result<ExitStatus> {
        self.plain_command().status()
    }

    /// Starts it as the leader of a session, with pipes for what it prints. On standard
    /// input it finds `stdin`. When this program is gone its watchdog ends the session;
    /// the kernel would end the leader alone, which has processes to end itself.
    pub(crate) fn spawn_session(&self, stdin: Stdio) -> io::Result<Guarded> {
        let mut command = self.plain_command();
        lead_session(&mut command);
        command
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        Guarded::start(First::Leader, || command.spawn())
    }

    /// Starts it with pipes for stdin and stderr; stdout is thrown away.
    ///
    /// It ends when this program does, however that comes about: its watchdog sees to
    /// that, and on Linux, sooner, the kernel when the thread that started it ends.
    pub(super) fn spawn_worker(&self) -> io::Result<Guarded> {
        let mut command = self.command();
        #[cfg(target_os = "linux")]
        end_with_this_thread(&mut command, rustix::process::Signal::KILL);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        Guarded::start(First::Group, || command.spawn())
    }

    /// Starts it with nothing on stdin, its answer going to a file, its log to a pipe.
    ///
    /// It is told to end when the thread that started it ends, and not killed: what
    /// builders Nix has started, only Nix can end.
    pub(super) fn spawn_command(&self, answer: File) -> io::Result<Guarded> {
        let mut command = self.command();
        #[cfg(target_os = "linux")]
        end_with_this_thread(&mut command, rustix::process::Signal::TERM);
        command
            .stdin(Stdio::null())
            .stdout(answer)
            .stderr(Stdio::piped());
        Guarded::start(First::Group, || command.spawn())
    }

    /// Starts it with a pipe for stdin, in a group of its own.
    pub(super) fn spawn_listening(&self, stdout: Stdio, stderr: Stdio) -> io::Result<Child> {
        let mut command = self.command();
        command.stdin(Stdio::piped()).stdout(stdout).stderr(stderr);
        command.spawn()
    }
}

/// Becomes another program, with our own environment, terminal and process id. Returns
/// only where that is not possible, and why.
pub(crate) fn replace_by(argv: &[OsString]) -> io::Error {
    match argv.split_first() {
        Some((program, arguments)) => Command::new(program).args(arguments).exec(),
        None => io::ErrorKind::InvalidInput.into(),
    }
}

/// Starts another program with our own environment, at our own terminal.
pub(crate) fn start_as_own(argv: &[OsString]) -> io::Result<Child> {
    match argv.split_first() {
        Some((program, arguments)) => Command::new(program).args(arguments).spawn(),
        None => Err(io::ErrorKind::InvalidInput.into()),
    }
}

/// Has the process lead a session, without a terminal.
#[expect(
    unsafe_code,
    reason = "the standard library has no safe way to prepare a child process"
)]
fn lead_session(command: &mut Command) {
    let prepare = || {
        rustix::process::setsid()?;
        Ok(())
    };
    // SAFETY: between fork and exec the closure makes one system call; it allocates
    // nothing and takes no lock.
    unsafe { command.pre_exec(prepare) };
}

/// Has the kernel send the process a signal when the thread that starts it is gone.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "the standard library has no safe way to prepare a child process"
)]
fn end_with_this_thread(command: &mut Command, signal: rustix::process::Signal) {
    use rustix::process::{getppid, set_parent_process_death_signal};
    let parent = rustix::process::getpid();
    let prepare = move || {
        set_parent_process_death_signal(Some(signal))?;
        // The parent may have died before the kernel knew what to do then.
        if getppid() == Some(parent) {
            Ok(())
        } else {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    };
    // SAFETY: between fork and exec the closure makes two system calls and
    // compares two numbers; it allocates nothing and takes no lock.
    unsafe { command.pre_exec(prepare) };
}

/// A flake input that is replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputOverride {
    /// The input's name, such as `nixpkgs` or `home-manager/nixpkgs`.
    pub input: String,
    /// The flake reference to use instead.
    pub reference: String,
}

/// A flake and how it is evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flake {
    /// The flake reference, without a fragment.
    pub reference: String,
    /// Inputs that are replaced.
    pub overrides: Vec<InputOverride>,
}

impl Flake {
    /// The persistent evaluator of this flake: exactly what a pure `nix eval` sees.
    pub(super) fn worker(&self, nix: &Nix) -> Program {
        self.evaluator(&nix.program, "repl")
            .args(verbosity(nix))
            .arg(format!("{}#", self.reference))
    }

    /// The same evaluator for one attribute, whose value nobody looks at. Nothing is
    /// taken from what other processes have evaluated.
    pub(super) fn evaluation(&self, nix: &Path, attribute: &str) -> Program {
        self.evaluator(nix, "eval")
            .arg("--no-eval-cache")
            .arg("--raw")
            .arg(format!("{}#{attribute}", self.reference))
    }

    fn evaluator(&self, nix: &Path, command: &str) -> Program {
        let mut program = Program::new(nix)
            .arg(command)
            .args(["--extra-experimental-features", "nix-command flakes"])
            .args(["--option", "pure-eval", "true"])
            .args(["--log-format", "internal-json"])
            .args(["--no-write-lock-file", "--show-trace"]);
        for replaced in &self.overrides {
            program = program.args(["--override-input", &replaced.input, &replaced.reference]);
        }
        program
    }
}

/// Options that make the log show the files that are evaluated, copied and made. Lix (since
/// 2.90) tells of those that are evaluated as a debug message, one level further down; Nix
/// 2.35, and Determinate Nix that is made of it, of those whose copy is there already.
fn verbosity(nix: &Nix) -> &'static [&'static str] {
    let with_debug = match nix.flavour {
        Flavour::Lix => true,
        Flavour::Nix | Flavour::Determinate => nix.version >= SILENT_ON_KNOWN_COPIES,
    };
    if with_debug {
        &["--verbose", "--verbose", "--verbose"]
    } else {
        &["--verbose", "--verbose"]
    }
}

/// The first version that says nothing of a copy that its cache knows.
const SILENT_ON_KNOWN_COPIES: Version = Version {
    major: 2,
    minor: 35,
};

#[cfg(test)]
mod tests {
    use super::{Flake, InputOverride};
    use crate::nix::{Flavour, Nix, Version};

    #[test]
    fn a_worker_is_pure_and_takes_strange_names_as_they_are() {
        let flake = Flake {
            reference: "path:/a b;c".to_owned(),
            overrides: vec![InputOverride {
                input: "nixpkgs".to_owned(),
                reference: "path:/x y".to_owned(),
            }],
        };
        let nix = |flavour, minor| Nix {
            program: "/bin/nix".into(),
            banner: String::new(),
            version: Version { major: 2, minor },
            flavour,
        };
        let program = flake.worker(&nix(Flavour::Nix, 26));
        let argv: Vec<_> = program.argv().map(|a| a.to_str().unwrap()).collect();
        assert_eq!(argv[..2], ["/bin/nix", "repl"]);
        assert!(
            argv.windows(3)
                .any(|w| w == ["--option", "pure-eval", "true"])
        );
        assert!(
            argv.windows(3)
                .any(|w| w == ["--override-input", "nixpkgs", "path:/x y"])
        );
        assert_eq!(argv.last(), Some(&"path:/a b;c#"));
        for (flavour, minor, times) in [
            (Flavour::Nix, 34, 2),
            (Flavour::Nix, 35, 3),
            (Flavour::Determinate, 34, 2),
            (Flavour::Determinate, 35, 3),
            (Flavour::Lix, 18, 3),
            (Flavour::Lix, 95, 3),
        ] {
            let program = flake.worker(&nix(flavour, minor));
            let verbose = program.argv().filter(|a| *a == "--verbose").count();
            assert_eq!(verbose, times, "{flavour:?} 2.{minor}");
        }
    }
}
