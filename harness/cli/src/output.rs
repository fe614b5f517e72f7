//! Where output goes and how it looks. The only place that knows the terminal.

use std::io::{self, IsTerminal as _, Write};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_engine::run::Affected;
use nix_parity_engine::snapshot::{Folder, Pending};
use nix_parity_report::{
    Between, Reporter, Shown, Style, Terminal, between, diagnostics, harmless, human, json_line,
    jsonl, progress, review,
};
use serde::Serialize;

use crate::args::{Color, Format};
use crate::reports::Reports;

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
    pub(crate) fn reporter(&self, format: Format, shown: Shown) -> Box<dyn Reporter> {
        match format {
            Format::Jsonl => Box::new(jsonl(io::stdout())),
            Format::Human if self.live => {
                Box::new(progress(io::stdout(), Terminal::Stdout, self.out, shown))
            }
            Format::Human => Box::new(human(io::stdout(), self.out, shown)),
        }
    }

    /// A reporter that tells nobody.
    pub(crate) fn silent() -> Box<dyn Reporter> {
        Box::new(jsonl(io::sink()))
    }

    /// The reporter for a record, which has no live lines.
    pub(crate) fn replay(&self, format: Format) -> Box<dyn Reporter> {
        match format {
            Format::Jsonl => Box::new(jsonl(io::stdout())),
            Format::Human => Box::new(human(io::stdout(), self.out, Shown::All)),
        }
    }

    /// Tells people what stands between two runs. A record has only the runs.
    ///
    /// # Errors
    /// Standard output cannot be written: nobody reads it any more.
    pub(crate) fn between(&self, format: Format, what: Between<'_>) -> io::Result<()> {
        match format {
            Format::Human => between(what, &mut io::stdout().lock(), &self.out),
            Format::Jsonl => Ok(()),
        }
    }

    /// Says to somebody who watches what takes its time, where nothing else is told.
    pub(crate) fn busy(&self, what: &str) {
        if self.live {
            let mut err = anstream::AutoStream::never(io::stderr().lock());
            // Nobody is left to tell where standard error is gone.
            let _ = writeln!(err, "{}", harmless(what));
        }
    }

    /// Tells events to a reporter, and to the reports that are written in the end.
    pub(crate) fn telling(&self, reporter: Box<dyn Reporter>, reports: Reports) -> Telling<'_> {
        Telling {
            output: self,
            reporter,
            reports,
            lost: None,
        }
    }

    /// Writes one value: as text for people, or as one line of JSON.
    ///
    /// # Errors
    /// It cannot be written, for another reason than that nobody reads it.
    pub(crate) fn value<T: Serialize>(
        &self,
        format: Format,
        value: &T,
        text: fn(&T, &mut dyn Write, &Style) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = match format {
            Format::Human => text(value, &mut out, &self.out),
            Format::Jsonl => json_line(value).and_then(|line| writeln!(out, "{line}")),
        };
        match written.and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }

    /// Writes messages about the input to standard error.
    pub(crate) fn diagnostics(&self, list: &[Diagnostic]) {
        // Nobody is left to tell where standard error is gone.
        let _ = diagnostics(list, &mut io::stderr().lock(), &self.err);
    }

    /// Writes a snapshot that waits to be accepted to standard output, with all that
    /// differs. Whether somebody still reads it is theirs to decide.
    pub(crate) fn review(&self, pending: &Pending) {
        let name = Folder::file(&pending.name);
        let old = pending.old.as_deref();
        let mut out = io::BufWriter::new(io::stdout().lock());
        let _ = review(&name, old, &pending.new, &mut out, &self.out);
        let _ = out.flush();
    }

    /// Writes one message without a place to standard error.
    pub(crate) fn error(&self, message: &str) {
        self.diagnostics(&[Diagnostic::new(message)]);
    }
}

/// Events on their way to a reporter. Somebody who stops reading still gets the
/// right exit code: what cannot be written is kept until the end.
pub(crate) struct Telling<'a> {
    output: &'a Output,
    reporter: Box<dyn Reporter>,
    reports: Reports,
    lost: Option<io::Error>,
}

impl Telling<'_> {
    pub(crate) fn event(&mut self, event: &Event) {
        self.reports.event(event);
        if self.lost.is_none() {
            self.lost = self.reporter.event(event).err();
        }
    }

    /// Whether nobody gets what is told.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.is_some()
    }

    /// The reports that are written at the end.
    pub(crate) fn reports(&mut self) -> &mut Reports {
        &mut self.reports
    }

    /// Gives up a run that cannot go on, for a reason that is told elsewhere. What is known
    /// until here is in the reports, and that it is not all.
    pub(crate) fn abandon(self) {
        tell(self.output, &self.reports.write());
    }

    /// Ends the report and writes the others. The exit is that of the events, unless a
    /// report could not be written for another reason than that nobody reads it.
    pub(crate) fn end(mut self, exit: Exit) -> Exit {
        let lost = self.lost.or_else(|| self.reporter.finish().err());
        let mut problems = self.reports.write();
        if let Some(error) = lost.filter(|e| e.kind() != io::ErrorKind::BrokenPipe) {
            problems.push(format!("the report could not be written: {error}"));
        }
        tell(self.output, &problems);
        if problems.is_empty() {
            exit
        } else {
            Exit::Machine
        }
    }
}

fn tell(output: &Output, problems: &[String]) {
    for problem in problems {
        output.error(problem);
    }
}

/// Writes lines to standard output. Whether somebody still reads them is
/// theirs to decide: a closed pipe is no error.
pub(crate) fn lines<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Result<(), String> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut lines = lines.into_iter();
    let written = lines.try_for_each(|line| writeln!(out, "{}", harmless(line.as_ref())));
    unread(written.and_then(|()| out.flush()))
}

/// Writes what other programs read to standard output, as it is. A closed pipe is no error.
pub(crate) fn bytes(bytes: &[u8]) -> Result<(), String> {
    let mut out = io::stdout().lock();
    unread(out.write_all(bytes).and_then(|()| out.flush()))
}

/// What was written, unless for another reason than that nobody reads it.
pub(crate) fn unread(written: io::Result<()>) -> Result<(), String> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("standard output cannot be written: {error}"))
        }
        _ => Ok(()),
    }
}

/// Says on standard error what the user should know and is no error.
pub(crate) fn warning(message: &str) {
    let mut err = anstream::AutoStream::never(io::stderr().lock());
    // Nobody is left to tell where standard error is gone.
    let _ = writeln!(err, "warning: {}", harmless(message));
}

/// Says on standard error which hosts can differ from a commit, and why.
pub(crate) fn affected(affected: &Affected, since: &str) {
    let mut err = anstream::AutoStream::never(io::stderr().lock());
    let since = harmless(since);
    // Nobody is left to tell where standard error is gone.
    if affected.hosts.is_empty() && affected.case_files.is_empty() {
        let _ = writeln!(err, "nothing can differ from {since}");
    }
    for (host, why) in &affected.hosts {
        let (host, why) = (harmless(host), harmless(why));
        let _ = writeln!(err, "{host} can differ from {since}: {why}");
    }
    for file in &affected.case_files {
        let _ = writeln!(err, "{} differs from {since}", harmless(file));
    }
}
