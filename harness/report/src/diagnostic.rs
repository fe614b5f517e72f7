//! Messages about input that is wrong, with the line they are about.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::location::Location;

use crate::Style;
use crate::layout::escape;

/// The narrowest drawing that still shows something of a source line.
const NARROWEST: usize = 40;
/// The widest one that anybody reads, and that the drawing crate can count with.
const WIDEST: usize = 1_000;

/// Writes one message after the other, and how many there are when there are several.
///
/// # Errors
/// When `out` cannot be written to.
pub fn diagnostics(list: &[Diagnostic], out: &mut dyn Write, style: &Style) -> io::Result<()> {
    let renderer = if style.colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .decor_style(DecorStyle::Unicode)
        .term_width(style.width.clamp(NARROWEST, WIDEST));
    for diagnostic in list {
        writeln!(out, "{}\n", renderer.render(&[drawing(diagnostic)]))?;
    }
    match list.len() {
        0 | 1 => Ok(()),
        n => writeln!(out, "{n} errors"),
    }
}

fn drawing(diagnostic: &Diagnostic) -> Group<'static> {
    let mut group = Level::ERROR
        .primary_title(escape(&diagnostic.message))
        .elements(Vec::<Origin<'_>>::new());
    let label = diagnostic.label.as_deref().map(escape);
    let mut notes: Vec<_> = diagnostic.notes.iter().map(|n| escape(n)).collect();
    match (&diagnostic.location, &diagnostic.source_line) {
        (Some(location), Some(source)) if location.line > 0 => {
            let source = source.trim_end_matches(['\n', '\r']);
            let (source, span) = marked(source, location);
            let column = source.get(..span.start).map(|s| s.chars().count() + 1);
            let mark = AnnotationKind::Primary.span(span).label(label);
            let mut snippet = Snippet::source(source)
                .line_start(usize::try_from(location.line).unwrap_or(usize::MAX))
                .annotation(mark);
            if location.column == 0 || column == usize::try_from(location.column).ok() {
                snippet = snippet.path(escape(&location.file));
            } else {
                // The drawing counts columns in what is printed, where escapes before
                // the mark have moved it; the reader needs the place in the file.
                group = group.element(origin(location));
            }
            group = group.element(snippet);
        }
        (location, _) => {
            if let Some(location) = location {
                group = group.element(origin(location));
            }
            // Without a line to write it under, the label is one more note.
            notes.splice(0..0, label);
        }
    }
    for note in notes {
        group = group.element(Level::NOTE.no_name().message(note));
    }
    group
}

fn origin(location: &Location) -> Origin<'static> {
    let mut origin = Origin::path(escape(&location.file));
    if let Ok(line @ 1..) = usize::try_from(location.line) {
        origin = origin.line(line);
        if let Ok(column @ 1..) = usize::try_from(location.column) {
            origin = origin.char_column(column);
        }
    }
    origin
}

/// The line as it is printed, and which bytes of it to mark. A place beyond the end
/// marks the end; a place without a column marks the text of the line.
fn marked(source: &str, location: &Location) -> (String, Range<usize>) {
    let mut printed = String::with_capacity(source.len());
    // Where each character begins in what is printed, and where the last one ends.
    let mut starts = Vec::new();
    for c in source.chars() {
        starts.push(printed.len());
        match c {
            // A tab's width depends on the terminal; the mark below must not.
            '\t' => printed.push_str("  "),
            // Runners obey `##[…]` wherever it stands.
            '[' if printed.ends_with("##") => printed.push_str("\\u{5b}"),
            c => printed.push_str(&escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    starts.push(printed.len());
    let byte = |at: usize| starts.get(at).copied().unwrap_or(printed.len());
    let span = match usize::try_from(location.column).unwrap_or(usize::MAX) {
        0 => {
            let begin = printed.len() - printed.trim_start().len();
            begin..printed.trim_end().len().max(begin)
        }
        column => {
            let length = usize::try_from(location.length)
                .unwrap_or(usize::MAX)
                .max(1);
            let begin = column - 1;
            byte(begin)..byte(begin.saturating_add(length))
        }
    };
    (printed, span)
}
