//! A driver for somebody at a terminal.

use std::io;
use std::path::Path;

use super::accelerator::Accelerator;
use super::process::{Ending, ending};
use crate::nix::Program;

/// Runs a driver at this terminal. `test_script()` runs the program there.
pub fn interact(driver: &Path, program: &str, accelerator: Accelerator) -> io::Result<Ending> {
    // Short, since sockets are put there.
    let folder = tempfile::Builder::new().prefix("np").tempdir_in("/tmp")?;
    let file = folder.path().join("program.py");
    std::fs::write(&file, program)?;
    let mut run = Program::new(driver)
        .arg("--interactive")
        .arg("-o")
        .arg(folder.path())
        .env("TMPDIR", folder.path())
        .env("XDG_RUNTIME_DIR", folder.path())
        .env("NIX_PARITY_PROGRAM", &file)
        .env("NIX_PARITY_RESULTS", folder.path().join("results.jsonl"))
        .env("NIX_PARITY_SCALE", accelerator.slowdown().to_string())
        .current_dir(folder.path());
    for name in ["TERM", "COLORTERM"] {
        if let Some(value) = crate::environment::terminal(name) {
            run = run.env(name, value);
        }
    }
    if let Some(options) = accelerator.qemu_options() {
        run = run.env("QEMU_OPTS", options);
    }
    run.status_at_terminal().map(ending)
}
