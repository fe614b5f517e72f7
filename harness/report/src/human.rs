//! The report for pipes and logs: the transcript, and nothing that moves.

use std::io::{self, Write};

use nix_parity_core::event::Event;

use crate::layout::{self, Line};
use crate::transcript::{Shown, Transcript};
use crate::{Reporter, Style};

/// Plain lines: one per host as it finishes, then one block per failure in the order
/// of the cases, the counts, and what to do next.
pub fn human(out: impl Write + Send + 'static, style: Style, shown: Shown) -> impl Reporter {
    Human {
        out,
        style,
        transcript: Transcript::new(false, &style, shown),
    }
}

struct Human<W> {
    out: W,
    style: Style,
    transcript: Transcript,
}

impl<W: Write> Human<W> {
    fn write(&mut self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        layout::write(lines, &mut self.out, &self.style)?;
        self.out.flush()
    }
}

impl<W: Write> Reporter for Human<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let lines = self.transcript.event(event);
        self.write(&lines)
    }

    fn finish(&mut self) -> io::Result<()> {
        let lines = self.transcript.finish();
        self.write(&lines)
    }
}
