//! What the parser of the command line answers by itself: help, versions, and what is wrong
//! with the arguments.

use std::ffi::OsString;

use clap::error::{Error, ErrorKind};

use super::{Problem, version};
use crate::args::Color;
use crate::output::{Output, unread};

/// Tells it, and gives the exit code: help that nobody can read is no success.
pub(crate) fn tell(answer: &Error, arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let told = if answer.kind() == ErrorKind::DisplayVersion {
        version::tell(&answer.to_string(), arguments)
    } else {
        let told = unread(answer.print());
        // What is wrong goes to standard error, and its exit code says it too.
        told.map_or_else(
            |lost| {
                if answer.use_stderr() {
                    Ok(())
                } else {
                    Err(lost)
                }
            },
            Ok,
        )
    };
    match told {
        Ok(()) => u8::try_from(answer.exit_code()).unwrap_or(2),
        Err(lost) => Problem::machine(lost)
            .tell(&Output::new(Color::Auto))
            .code(),
    }
}
