//! Where output goes and how it looks. The only place that knows the terminal.

use std::io::{self, IsTerminal as _, Write};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::text::printable;
use nix_parity_report::{Reporter, Style, Terminal, diagnostics, human, jsonl, progress};

use crate::args::{Color, Format};

/// The width of what is not a terminal.
const WIDTH: usize = 100;

/// Standard output and error with their styles.
pub(crate) struct Output {
    out: Style,
    err: Style,
    live: bool,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let choice = |stream: anstream::ColorChoice| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !matches!(stream, anstream::ColorChoice::Never),
        };
        let width = terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0).max(1));
        let style = |colour| Style { colour, width };
        Self {
            out: style(choice(anstream::AutoStream::choice(&io::stdout()))),
            err: style(choice(anstream::AutoStream::choice(&io::stderr()))),
            live: io::stdout().is_terminal() && io::stderr().is_terminal(),
        }
    }

    /// The reporter for a run.
    pub(crate) fn reporter(&self, format: Format) -> Box<dyn Reporter> {
        match format {
            Format::Jsonl => Box::new(jsonl(io::stdout())),
            Format::Human if self.live => {
                Box::new(progress(io::stdout(), Terminal::Stdout, self.out))
            }
            Format::Human => Box::new(human(io::stdout(), self.out)),
        }
    }

    /// The reporter for a record, which has no live lines.
    pub(crate) fn replay(&self, format: Format) -> Box<dyn Reporter> {
        match format {
            Format::Jsonl => Box::new(jsonl(io::stdout())),
            Format::Human => Box::new(human(io::stdout(), self.out)),
        }
    }

    /// Writes messages about the input to standard error.
    pub(crate) fn diagnostics(&self, list: &[Diagnostic]) {
        // Nobody is left to tell where standard error is gone.
        let _ = diagnostics(list, &mut io::stderr().lock(), &self.err);
    }

    /// Writes one message without a place to standard error.
    pub(crate) fn error(&self, message: &str) {
        self.diagnostics(&[Diagnostic::new(message)]);
    }
}

/// Writes lines to standard output. Whether somebody still reads them is
/// theirs to decide: a closed pipe is no error.
pub(crate) fn lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in lines {
        if writeln!(out, "{}", printable(line.as_ref())).is_err() {
            return;
        }
    }
    let _ = out.flush();
}
