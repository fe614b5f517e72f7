//! A terminal of its own for a program under test, which a test types at.

use std::fs::{File, OpenOptions};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::OpenOptionsExt as _;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// The end that a test types at, and the one that the program reads.
#[track_caller]
pub(crate) fn open() -> (File, File) {
    let typed = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("the system has terminals");
    grantpt(&typed).expect("a new terminal is ours");
    unlockpt(&typed).expect("a new terminal is ours");
    let name = ptsname(&typed, Vec::new()).expect("a terminal has a name");
    let path = std::ffi::OsStr::from_bytes(name.to_bytes());
    let read = OpenOptions::new()
        .read(true)
        .write(true)
        // It is no terminal of the test's own.
        .custom_flags(rustix::fs::OFlags::NOCTTY.bits().cast_signed())
        .open(path)
        .expect("a new terminal is ours");
    (File::from(typed), read)
}

/// Makes it so many columns wide.
#[track_caller]
pub(crate) fn resize(terminal: &File, columns: u16) {
    let size = Winsize {
        ws_row: 24,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    tcsetwinsize(terminal, size).expect("a terminal of ours can be resized");
}
