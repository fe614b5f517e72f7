//! A stand-in for the NixOS test driver that behaves in one of the ways in which the
//! real one has been seen to end.

use std::path::Path;

use camino::Utf8PathBuf;
use tempfile::TempDir;

use crate::process::write_executable;

/// A way to end. The comment says what the real driver does then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The script passes: exit 0, and the word that it finished.
    Pass,
    /// A failure outside of a subtest: exit 1 with a traceback.
    Failure,
    /// Failures in two subtests: exit 1, each named.
    SubtestFailures,
    /// The script is not Python: exit 1.
    SyntaxError,
    /// The script calls `sys.exit(42)`.
    Exit42,
    /// The folder of `-o` is not there: exit 2.
    BadFolder,
    /// Its own time limit passes: ended by a signal.
    OwnLimit,
    /// It runs on until it is interrupted, and then cleans up.
    Endless,
    /// It runs on, ignores interrupts, and its QEMU has left the session.
    Stubborn,
    /// The start script of the machine is not there: it waits for QEMU.
    NoStartScript,
    /// QEMU ends at once: exit 1.
    QemuAborts,
    /// The kernel panics before there is a shell, and the driver waits on.
    Panic,
    /// The machine boots on and on.
    NoShell,
    /// The machine dies while a command runs: exit 1.
    MachineDies,
    /// `--interactive` without a terminal: exit 0, and nothing ran.
    NotRun,
    /// The script finishes, and cleaning up does not.
    EndlessCleanup,
    /// It passes, and leaves QEMU running.
    LeavesQemu,
    /// A machine prints the words of success, and the script fails.
    ForgedConsole,
    /// It passes when it was started as is right: session, streams, folders, arguments.
    Inspects,
}

impl Mode {
    fn script(self) -> &'static str {
        match self {
            Self::Pass => "finish; cleanup; exit 0",
            Self::Failure => {
                "cleanup; trace 'Exception: command `false` failed (exit code 1)'; exit 1"
            }
            Self::SubtestFailures => {
                "header 'subtest: first'; say 'Test \"first\" failed with error: \"one\"'
                 header 'subtest: second'; say '(finished: subtest: second, in 0.25 seconds)'
                 header 'subtest: third'; say 'Test \"third\" failed with error: \"three\"'
                 cleanup; exit 1"
            }
            Self::SyntaxError => "cleanup; trace \"SyntaxError: '(' was never closed\"; exit 1",
            Self::Exit42 => "cleanup; exit 42",
            Self::BadFolder => "say 'error: argument -o: x is not a directory'; exit 2",
            Self::OwnLimit => {
                "header 'timeout reached; test terminating...'; kill -TERM $$; sleep 5"
            }
            Self::Endless => {
                "trap 'cleanup; : > \"$out/cleaned\"; exit 130' INT
                 while :; do sleep 0.1; done"
            }
            Self::Stubborn => {
                "trap '' INT TERM
                 away
                 while :; do sleep 0.1; done"
            }
            Self::NoStartScript => {
                "say 'machine: starting vm'; say '/bin/sh: 1: run-machine-vm: not found'
                 while :; do sleep 0.1; done"
            }
            Self::QemuAborts => {
                "say 'machine: starting vm'; cleanup
                 trace 'ConnectionResetError: [Errno 104] Connection reset by peer'; exit 1"
            }
            Self::Panic => {
                "boot; serial 'Kernel panic - not syncing: VFS: Unable to mount root fs'
                 serial 'Rebooting in 1 seconds..'
                 while :; do sleep 0.1; done"
            }
            Self::NoShell => "boot; while :; do serial 'still booting'; sleep 0.05; done",
            Self::MachineDies => {
                "boot; say 'machine: connected to guest root shell'; cleanup
                 trace 'BrokenPipeError: [Errno 32] Broken pipe'; exit 1"
            }
            Self::NotRun => "cleanup; exit 0",
            Self::EndlessCleanup => "finish; cleanup; while :; do sleep 0.1; done",
            Self::LeavesQemu => "away; finish; cleanup; exit 0",
            Self::ForgedConsole => "serial 'test script finished in 1.00s'; cleanup; exit 0",
            Self::Inspects => {
                "wrong() { cleanup; trace \"Exception: $1\"; exit 1; }
                 [ \"$(ps -o sid= -p $$ | tr -d ' ')\" = $$ ] || wrong 'no session of its own'
                 [ \"$(readlink /proc/$$/fd/0)\" = /dev/null ] || wrong 'standard input'
                 [ \"$TMPDIR\" = \"$XDG_RUNTIME_DIR\" ] && [ \"$TMPDIR\" -ef . ] || wrong folders
                 [ ${#TMPDIR} -lt 32 ] || wrong 'a long folder'
                 [ -z \"$DISPLAY$WAYLAND_DISPLAY$LOGFILE\" ] || wrong 'a display'
                 [ \"$PYTHONUNBUFFERED\" = 1 ] || wrong buffers
                 [ \"$QEMU_OPTS\" = '-machine accel=tcg' ] || wrong emulation
                 [ \"$*\" = \"-o $out --junit-xml junit.xml --no-interactive\" ] || wrong \"$*\"
                 finish; cleanup; exit 0"
            }
        }
    }
}

/// What all modes speak with.
const WORDS: &str = r#"#!/bin/sh
# A stand-in for the NixOS test driver: nothing it says comes from one.
out=$2
say() { printf '%s\n' "$1" >&2; }
header() { printf '\033[1m\033[32m%s\033[0m\n' "$1" >&2; }
serial() { printf '\033[2mmachine # %s\033[0m\n' "$1" >&2; }
finish() { say 'test script finished in 0.10s'; }
cleanup() { header cleanup; say '(finished: cleanup, in 0.00 seconds)'; }
trace() { say 'Traceback (most recent call last):'; say '  File "x", line 1, in y'; say "$1"; }
boot() {
    printf 'machine: \033[1m\033[32mwaiting for the VM to finish booting\033[0m\n' >&2
    say 'machine: starting vm'; say 'machine: QEMU running (pid 7)'
}
# What a machine is to the driver: a process that may have left the session. Its
# arguments name this file.
away() {
    set -- sh -c 'while :; do sleep 1; done' "$0"
    if command -v setsid > /dev/null; then setsid "$@" & else "$@" & fi
}
"#;

/// A stand-in that has been written.
#[derive(Debug)]
pub struct StandInDriver {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl StandInDriver {
    /// A driver that ends in this way.
    #[track_caller]
    pub fn new(mode: Mode) -> Self {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = Utf8PathBuf::from_path_buf(temporary.path().to_owned()).expect("UTF-8");
        let text = format!("{WORDS}\n{}\n", mode.script());
        write_executable(&folder.join("nixos-test-driver"), &text);
        std::fs::create_dir(folder.join("out")).expect("a folder can be made");
        Self {
            folder,
            _temporary: temporary,
        }
    }

    /// The executable.
    pub fn path(&self) -> Utf8PathBuf {
        self.folder.join("nixos-test-driver")
    }

    /// A folder for what it leaves behind.
    pub fn artefacts(&self) -> Utf8PathBuf {
        self.folder.join("out")
    }

    /// Whether it has written this file beside its artefacts.
    pub fn wrote(&self, name: impl AsRef<Path>) -> bool {
        self.folder.as_std_path().join("out").join(name).exists()
    }
}
