//! Records: of runs, to be shown again, and of evaluations, to be used again.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use nix_parity_core::event::Event;
use nix_parity_report::{
    Places, Reporter, Shown, Style, WholeRun, comment, github, human, job_summary, junit,
    read_jsonl,
};

/// The record of a run: whatever its events are, their report acts on no terminal.
pub fn record(bytes: &[u8]) {
    let events: Vec<Event> = read_jsonl(bytes).map_while(Result::ok).collect();
    if events.is_empty() {
        return;
    }
    let shown = Shared::default();
    let style = Style {
        colour: false,
        width: 80,
    };
    tell(human(shown.clone(), style, Shown::All), &events);
    inert(&shown.text());
    let mut run = WholeRun::default();
    for event in &events {
        run.take(event);
    }
    documents(&run);
}

/// The reports that are files: inert as well, and JUnit holds what XML 1.0 can hold.
fn documents(run: &WholeRun) {
    let places = Places::default();
    inert(&junit(run, &places));
    inert(&comment(run, &places));
    inert(&job_summary(run, 0));
    let annotations = github(run, &places);
    inert(&annotations);
    for line in annotations.lines() {
        assert!(line.starts_with("::"), "no annotation: {line:?}");
    }
}

fn tell(mut reporter: impl Reporter, events: &[Event]) {
    for event in events {
        reporter.event(event).expect("memory takes all");
    }
    reporter.finish().expect("memory takes all");
}

/// A trace of the cache, behind a checksum that is right.
pub fn trace(bytes: &[u8]) {
    let _ = nix_parity_engine::fuzz::trace(bytes);
}

/// Nothing in a text acts on a terminal.
pub(crate) fn inert(text: &str) {
    let acts = |c: char| c.is_control() && c != '\n' && c != '\t';
    assert!(!text.contains(acts), "this acts on a terminal: {text:?}");
}

/// Memory that a reporter writes to.
#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("a report is text")
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
