//! The report for terminals: the transcript, and below it one live line for each
//! host that is being evaluated.
//!
//! Hosts that wait have no line and those that are done have joined the transcript,
//! so that there are never more live lines than workers.

use std::collections::HashMap;
use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{
    MultiProgress, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressState, ProgressStyle,
};
use nix_parity_core::event::Event;

use crate::hosts::{self, Columns};
use crate::layout::{self, Line, escape};
use crate::run::{Host, Stage};
use crate::transcript::Transcript;
use crate::{Reporter, Style};

/// How often the seconds are redrawn.
const TICK: Duration = Duration::from_millis(200);

/// Where the live lines are drawn. Nothing is drawn when it is not a terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terminal {
    /// On standard output.
    Stdout,
    /// On standard error.
    Stderr,
}

/// As [`human`](crate::human) writes it to `out`, with live lines on a terminal
/// while hosts are being evaluated.
pub fn progress(out: impl Write + Send + 'static, on: Terminal, style: Style) -> impl Reporter {
    let target = match on {
        Terminal::Stdout => ProgressDrawTarget::stdout(),
        Terminal::Stderr => ProgressDrawTarget::stderr(),
    };
    Progress::new(out, target, style)
}

struct Progress<W> {
    out: W,
    style: Style,
    transcript: Transcript,
    screen: MultiProgress,
    live: HashMap<String, Live>,
}

/// The live line of one host.
struct Live {
    bar: ProgressBar,
    shown: Arc<Mutex<(Host, Columns)>>,
}

impl<W: Write> Progress<W> {
    fn new(out: W, target: ProgressDrawTarget, style: Style) -> Self {
        Self {
            out,
            style,
            transcript: Transcript::new(true, &style),
            screen: MultiProgress::with_draw_target(target),
            live: HashMap::new(),
        }
    }

    /// Adds lines to the transcript, with the live lines out of the way.
    fn write(&mut self, lines: &[Line]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let (out, style) = (&mut self.out, &self.style);
        self.screen.suspend(|| {
            layout::write(lines, out, style)?;
            out.flush()
        })
    }

    /// Brings a host's live line up to date with what is known of it.
    fn update(&mut self, label: &str) {
        let columns = self.transcript.columns();
        let mut known = self.transcript.run().hosts.iter();
        let Some(host) = known.find(|h| h.label == label) else {
            return;
        };
        match host.stage {
            Stage::Waiting => {}
            Stage::Running => self
                .live
                .entry(label.to_owned())
                .or_insert_with(|| Live::new(&self.screen, host, columns, self.style))
                .show(host, columns),
            Stage::Finished(_) => {
                if let Some(live) = self.live.remove(label) {
                    live.remove(&self.screen);
                }
            }
        }
    }

    fn clear(&mut self) {
        for (_, live) in self.live.drain() {
            live.remove(&self.screen);
        }
    }
}

impl<W: Write> Reporter for Progress<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        let lines = self.transcript.event(event);
        match event {
            Event::HostStarted { host, .. }
            | Event::HostActivity { host, .. }
            | Event::HostSystem { host, .. }
            | Event::HostFinished { host, .. } => self.update(host),
            Event::TestFinished(result) => self.update(&result.id.host),
            Event::RunFinished { .. } => self.clear(),
            Event::RunStarted { .. } | Event::Warning { .. } => {}
        }
        self.write(&lines)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.clear();
        let lines = self.transcript.finish();
        self.write(&lines)
    }
}

impl Live {
    fn new(screen: &MultiProgress, host: &Host, columns: Columns, style: Style) -> Self {
        let shown = Arc::new(Mutex::new((host.clone(), columns)));
        let drawn = Arc::clone(&shown);
        let line = move |state: &ProgressState, out: &mut dyn fmt::Write| {
            let shown = drawn.lock().unwrap_or_else(PoisonError::into_inner);
            let line = hosts::live(&shown.0, shown.1, state.elapsed()).cut(style.width);
            // There is nobody to tell that a line could not be drawn.
            let _ = out.write_str(&line.render(&style));
        };
        let template = ProgressStyle::with_template("{line}{wide_msg}")
            .unwrap_or_else(|_| ProgressStyle::default_spinner())
            .with_key("line", line);
        let bar = ProgressBar::new_spinner()
            .with_style(template)
            .with_finish(ProgressFinish::AndClear);
        let bar = screen.add(bar);
        let new = Self { bar, shown };
        new.bar.enable_steady_tick(TICK);
        new
    }

    fn show(&self, host: &Host, columns: Columns) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = (host.clone(), columns);
        self.bar
            .set_message(format!("   {}", escape(&host.activity)));
    }

    fn remove(self, screen: &MultiProgress) {
        self.bar.finish_and_clear();
        screen.remove(&self.bar);
    }
}
