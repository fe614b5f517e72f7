//! A program that is stopped at its n-th system call that changes a file: killed there,
//! killed when it is half done, or told that it failed. Only the program itself counts,
//! with all of its threads, and not what it starts. On Linux on `x86_64` alone.
#![expect(
    clippy::disallowed_methods,
    reason = "tests have no engine to start processes with; this crate is their home for it"
)]

use std::collections::HashMap;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;

use nix::libc;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use super::{Change, Disturbance, Traced};
use crate::program::{LIMIT, Program, Ran, Stream, started_by};

/// What is reported once a process has become another program.
const EVENT_EXEC: i32 = 4;

/// Runs the program to its end, in a thread of its own: who traces a process is a thread.
pub(crate) fn run(program: &Program, disturbance: Disturbance) -> Result<Traced, String> {
    // It waits for its tracer before it becomes the program.
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -STOP $$; exec \"$@\"", "sh"]);
    let mut command = started_by(shell, program.command());
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    std::thread::scope(|scope| {
        let tracing = scope.spawn(|| Tracer::trace(command, disturbance));
        tracing.join().expect("the tracer must end")
    })
}

struct Tracer {
    disturbance: Disturbance,
    /// Whether it has become the program.
    begun: bool,
    changes: Vec<Change>,
    /// The threads that are in a system call, with what is to happen at its end.
    within: HashMap<Pid, AtEnd>,
}

#[derive(Clone, Copy)]
enum AtEnd {
    Nothing,
    Die,
    Fail(i32),
}

impl Tracer {
    fn trace(mut command: Command, disturbance: Disturbance) -> Result<Traced, String> {
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let stdout = child.stdout.take().map(Stream::read);
        let stderr = child.stderr.take().map(Stream::read);
        let pid = Pid::from_raw(child.id().cast_signed());
        let refused = |error: nix::Error| {
            let _ = kill(pid, Signal::SIGKILL);
            let _ = waitpid(pid, None);
            format!("a program cannot be traced here: {error}")
        };
        waitpid(pid, Some(WaitPidFlag::WUNTRACED)).map_err(refused)?;
        let options = Options::PTRACE_O_TRACESYSGOOD
            | Options::PTRACE_O_TRACEEXEC
            | Options::PTRACE_O_TRACECLONE
            | Options::PTRACE_O_EXITKILL;
        ptrace::seize(pid, options).map_err(refused)?;
        kill(pid, Signal::SIGCONT).map_err(refused)?;

        // One that hangs is killed, and seen to have hung.
        let (ended, watched) = mpsc::channel::<()>();
        let watchdog = std::thread::spawn(move || {
            let hung = watched.recv_timeout(LIMIT) == Err(mpsc::RecvTimeoutError::Timeout);
            if hung {
                let _ = kill(pid, Signal::SIGKILL);
            }
            hung
        });
        let mut tracer = Self {
            disturbance,
            begun: false,
            changes: Vec::new(),
            within: HashMap::new(),
        };
        let status = tracer.follow(pid);
        drop(ended);
        let hung = watchdog.join().expect("a watchdog ends");
        let text = |stream: Option<Stream>| stream.map(Stream::all).unwrap_or_default();
        let ran = Ran {
            stdout: text(stdout),
            stderr: text(stderr),
            status: status.map_err(refused)?,
        };
        assert!(
            !hung,
            "no end within {LIMIT:?}: {}{}",
            ran.stdout, ran.stderr
        );
        Ok(Traced {
            ran,
            changes: tracer.changes,
        })
    }

    /// Until the process itself has ended.
    fn follow(&mut self, process: Pid) -> nix::Result<ExitStatus> {
        // Of this thread's children only: other tests have theirs.
        let flags = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            match waitpid(Pid::from_raw(-1), Some(flags))? {
                WaitStatus::Exited(pid, code) if pid == process => {
                    return Ok(ExitStatus::from_raw(code << 8));
                }
                WaitStatus::Signaled(pid, signal, _) if pid == process => {
                    return Ok(ExitStatus::from_raw(signal as i32));
                }
                WaitStatus::PtraceSyscall(pid) => {
                    // One that was killed meanwhile says so when it is waited for.
                    let _ = self.at_call(pid, process);
                    resume(pid, None);
                }
                WaitStatus::PtraceEvent(pid, _, event) => {
                    self.begun |= event == EVENT_EXEC;
                    resume(pid, None);
                }
                WaitStatus::Stopped(pid, signal) => resume(pid, Some(signal)),
                _ => {}
            }
        }
    }

    /// At the start or at the end of a system call of a thread.
    fn at_call(&mut self, thread: Pid, process: Pid) -> nix::Result<()> {
        if let Some(at_end) = self.within.remove(&thread) {
            match at_end {
                AtEnd::Nothing => {}
                AtEnd::Die => kill(process, Signal::SIGKILL)?,
                AtEnd::Fail(errno) => {
                    let mut registers = ptrace::getregs(thread)?;
                    registers.rax = i64::from(-errno).cast_unsigned();
                    ptrace::setregs(thread, registers)?;
                }
            }
            return Ok(());
        }
        let mut registers = ptrace::getregs(thread)?;
        self.within.insert(thread, AtEnd::Nothing);
        let arguments = [registers.rdi, registers.rsi, registers.rdx, registers.r10];
        let Some(change) = change(thread, registers.orig_rax, arguments) else {
            return Ok(());
        };
        if !self.begun {
            return Ok(());
        }
        self.changes.push(change);
        let number = self.changes.len();
        let change = &self.changes[number - 1];
        match self.disturbance {
            Disturbance::KillAt(n) if number == n => kill(process, Signal::SIGKILL)?,
            Disturbance::KillWithin(n) if number == n => {
                if change.name == "write" {
                    registers.rdx /= 2;
                    ptrace::setregs(thread, registers)?;
                }
                self.within.insert(thread, AtEnd::Die);
            }
            other => {
                if let Some(errno) = other.fails(number, change) {
                    // No system call has this number: nothing is done.
                    registers.orig_rax = u64::MAX;
                    ptrace::setregs(thread, registers)?;
                    self.within.insert(thread, AtEnd::Fail(errno));
                }
            }
        }
        Ok(())
    }
}

fn resume(thread: Pid, signal: Option<Signal>) {
    // As above.
    let _ = ptrace::syscall(thread, signal);
}

/// The change that a system call is, by its number.
fn change(thread: Pid, number: u64, arguments: [u64; 4]) -> Option<Change> {
    const CREATES: i32 = libc::O_CREAT | libc::O_TRUNC;
    let creates = |flags: u64| flags & u64::from(CREATES.cast_unsigned()) != 0;
    let number = number.cast_signed();
    let name = match number {
        libc::SYS_open if creates(arguments[1]) => "open",
        libc::SYS_openat if creates(arguments[2]) => "open",
        libc::SYS_creat => "open",
        libc::SYS_write
        | libc::SYS_pwrite64
        | libc::SYS_writev
        | libc::SYS_pwritev
        | libc::SYS_sendfile
        | libc::SYS_copy_file_range => "write",
        libc::SYS_fsync | libc::SYS_fdatasync => "sync",
        libc::SYS_truncate | libc::SYS_ftruncate | libc::SYS_fallocate => "truncate",
        libc::SYS_rename | libc::SYS_renameat | libc::SYS_renameat2 => "rename",
        libc::SYS_mkdir | libc::SYS_mkdirat => "mkdir",
        libc::SYS_rmdir | libc::SYS_unlink | libc::SYS_unlinkat => "unlink",
        libc::SYS_link | libc::SYS_linkat | libc::SYS_symlink | libc::SYS_symlinkat => "link",
        libc::SYS_chmod | libc::SYS_fchmod | libc::SYS_fchmodat | libc::SYS_utimensat => "mark",
        _ => return None,
    };
    let is_of_open_file = matches!(
        number,
        libc::SYS_write
            | libc::SYS_pwrite64
            | libc::SYS_writev
            | libc::SYS_pwritev
            | libc::SYS_fsync
            | libc::SYS_fdatasync
            | libc::SYS_ftruncate
    );
    let file = if is_of_open_file {
        Some(open_file(thread, arguments[0])?)
    } else {
        None
    };
    Some(Change { name, file })
}

/// What a descriptor of a thread is open on, unless that is no file of a disk: a pipe, a
/// terminal, what is only in memory.
fn open_file(thread: Pid, descriptor: u64) -> Option<PathBuf> {
    let target = std::fs::read_link(format!("/proc/{thread}/fd/{descriptor}")).ok()?;
    let is_there = std::fs::metadata(&target).is_ok_and(|there| there.is_file() || there.is_dir());
    let name = target.to_string_lossy();
    // A file that has no name any more is one all the same.
    let is_deleted = name.ends_with(" (deleted)");
    let is_of_disk = !["/proc/", "/dev/", "/memfd:"]
        .iter()
        .any(|start| name.starts_with(start));
    let is_of_disk = is_of_disk && target.is_absolute();
    (is_of_disk && (is_there || is_deleted)).then_some(target)
}
