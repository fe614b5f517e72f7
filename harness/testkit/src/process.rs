//! The one place of this crate where processes are started and the environment is
//! read: git, the shell that writes scripts, and the search for a program.
#![expect(
    clippy::disallowed_methods,
    reason = "tests have no engine to start processes with; this module is this crate's home for them"
)]

use std::ffi::OsString;
use std::io::Write as _;
use std::process::{Command, Stdio};

use camino::{Utf8Path, Utf8PathBuf};

/// Runs git in `folder` with no settings but ours, and returns what it printed.
#[track_caller]
pub(crate) fn git(folder: &Utf8Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        // Neither the settings of who runs the tests (signed commits, hooks, another
        // default branch) nor the repository of a hook that runs them.
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .args(["-c", "user.name=lars", "-c", "user.email=lars@example.org"])
        .args(["-c", "init.defaultBranch=main", "-c", "core.autocrlf=false"])
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .expect("git must be on PATH");
    assert!(
        output.status.success(),
        "git {}: {}\n{}",
        arguments.join(" "),
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("git printed UTF-8")
}

/// Writes a script and makes it executable.
///
/// A shell does it, and not this process: a file that is open for writing anywhere
/// cannot be executed, and a thread of ours that starts a process at the wrong
/// moment would hold a copy of the open file for a little while.
///
/// # Panics
/// It cannot be written.
#[track_caller]
pub fn write_executable(path: &Utf8Path, text: &str) {
    let mut shell = Command::new("/bin/sh")
        .args([
            "-c",
            "cat > \"$1\" && chmod 755 \"$1\"",
            "sh",
            path.as_str(),
        ])
        .stdin(Stdio::piped())
        .spawn()
        .expect("/bin/sh must be there");
    shell
        .stdin
        .take()
        .expect("the input was asked for as a pipe")
        .write_all(text.as_bytes())
        .expect("the shell must take the script");
    let status = shell.wait().expect("the shell must end");
    assert!(status.success(), "{path} could not be written: {status}");
}

/// The absolute path of a program on `PATH`.
pub fn find(program: &str) -> Option<Utf8PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .filter_map(|folder| Utf8PathBuf::from_path_buf(folder.join(program)).ok())
        .find(|path| path.is_file())
}

/// The needs of tests that `ci/test` has said are not met here.
pub(crate) fn announced() -> String {
    std::env::var("NIX_PARITY_WITHOUT").unwrap_or_default()
}

/// A real driver of NixOS tests, which is on no machine by itself: who has one names it.
pub(crate) fn real_driver() -> Option<String> {
    std::env::var("NIX_PARITY_TEST_DRIVER").ok()
}

/// The value of `PATH` with `folder` in front.
pub(crate) fn path_with(folder: &Utf8Path) -> OsString {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::iter::once(folder.as_std_path().to_owned()).chain(std::env::split_paths(&rest));
    std::env::join_paths(folders).expect("a temporary folder's name holds no colon")
}

/// A word as a POSIX shell reads it back unchanged.
pub(crate) fn quote(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Runs a program to its end, for the tests of the scripts that this crate writes.
#[cfg(test)]
pub(crate) fn run(program: &Utf8Path, arguments: &[&str], input: &str) -> std::process::Output {
    let mut child = start(program, arguments);
    // A program may well have ended before it read all of this.
    let _ = child
        .stdin
        .take()
        .expect("piped")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("the program must end")
}

/// Starts a program with all its streams as pipes and no environment, as a program
/// under test may do.
#[cfg(test)]
pub(crate) fn start(program: &Utf8Path, arguments: &[&str]) -> std::process::Child {
    Command::new(program)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program must start")
}
