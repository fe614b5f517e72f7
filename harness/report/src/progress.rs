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
use crate::transcript::{Shown, Transcript};
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
pub fn progress(
    out: impl Write + Send + 'static,
    on: Terminal,
    style: Style,
    shown: Shown,
) -> impl Reporter {
    let target = match on {
        Terminal::Stdout => ProgressDrawTarget::stdout(),
        Terminal::Stderr => ProgressDrawTarget::stderr(),
    };
    Progress::new(out, target, style, shown)
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
    fn new(out: W, target: ProgressDrawTarget, style: Style, shown: Shown) -> Self {
        Self {
            out,
            style,
            transcript: Transcript::new(true, &style, shown),
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
        let Some(host) = self.transcript.run().known_host(label) else {
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
            Event::RunStarted { .. } | Event::Source(_) | Event::Warning { .. } => {}
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use indicatif::InMemoryTerm;
    use nix_parity_core::event::{FORMAT, PlannedHost};
    use nix_parity_core::host::{self, Platform};
    use nix_parity_core::id::TestId;
    use nix_parity_core::location::Location;
    use nix_parity_core::outcome::{Outcome, Summary, TestResult};

    use super::*;

    fn plan(tests: usize) -> Event {
        let host = |name: &str| PlannedHost {
            label: name.to_owned(),
            host: host::Host::new(Platform::Nixos, name),
            tests,
        };
        Event::RunStarted {
            format: FORMAT,
            version: String::new(),
            nix: None,
            profile: None,
            flake: String::new(),
            hosts: vec![host("pc"), host("server")],
            groups: Vec::new(),
        }
    }

    fn pass(host: &str) -> Event {
        Event::TestFinished(TestResult {
            id: TestId {
                suite: "s".to_owned(),
                case: "c".to_owned(),
                host: host.to_owned(),
            },
            platform: Some(Platform::Nixos),
            location: Location::point("cases/s.yaml", 1, 1),
            outcome: Outcome::Pass,
            note: None,
            details: Vec::new(),
            artefacts: Vec::new(),
            shared: Vec::new(),
            built: false,
            booted: false,
            millis: 0,
        })
    }

    fn busy(host: &str, activity: &str) -> [Event; 2] {
        [
            Event::HostStarted {
                host: host.to_owned(),
                cached: false,
                why: None,
            },
            Event::HostActivity {
                host: host.to_owned(),
                activity: activity.to_owned(),
            },
        ]
    }

    fn on(columns: u16) -> (Progress<Vec<u8>>, InMemoryTerm) {
        let screen = InMemoryTerm::new(10, columns);
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 250);
        let style = Style::plain(usize::from(columns));
        (Progress::new(Vec::new(), target, style, Shown::All), screen)
    }

    fn take(progress: &mut Progress<Vec<u8>>, events: &[Event]) {
        for event in events {
            progress.event(event).unwrap();
        }
    }

    /// What the screen shows once that satisfies, without the seconds, which pass.
    fn eventually(screen: &InMemoryTerm, wanted: impl Fn(&str) -> bool) -> String {
        let begin = Instant::now();
        loop {
            let shown = screen.contents();
            if wanted(&shown) {
                return shown;
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "shown:\n{shown}");
            std::thread::sleep(TICK / 10);
        }
    }

    #[test]
    fn hosts_live_below_and_end_above() {
        let (mut progress, screen) = on(100);
        take(&mut progress, &[plan(2)]);
        assert_eq!(screen.contents(), "");
        take(&mut progress, &busy("server", "evaluating services.nginx"));
        take(&mut progress, &busy("pc", "\u{1b}[2J\nevil"));
        take(&mut progress, &[pass("server"), pass("server")]);
        let shown = eventually(&screen, |text| {
            text.contains("2/2") && text.contains("services.nginx") && text.contains("evil")
        });
        let lines: Vec<_> = shown.lines().collect();
        assert_eq!(lines.len(), 2, "{shown}");
        assert!(lines[0].starts_with(" server  nixos "), "{shown}");
        assert!(lines[0].contains(" ━━━━━━━━━━  2/2 "), "{shown}");
        assert!(lines[1].starts_with(" pc      nixos "), "{shown}");
        assert!(lines[1].contains(" ──────────  0/2 "), "{shown}");
        assert!(lines[1].ends_with("\\u{1b}[2J\\nevil"), "{shown}");

        let end = Event::HostFinished {
            host: "server".to_owned(),
            millis: 1_500,
        };
        take(&mut progress, &[end]);
        let written = String::from_utf8(progress.out.clone()).unwrap();
        let line = " server  nixos                    ━━━━━━━━━━  2/2   1.5 s\n";
        assert_eq!(written, line);
        eventually(&screen, |text| {
            !text.contains("server") && text.contains("pc")
        });

        let summary = Summary {
            passed: 2,
            hosts: 2,
            interrupted: true,
            ..Summary::default()
        };
        take(&mut progress, &[Event::RunFinished { summary }]);
        progress.finish().unwrap();
        assert_eq!(screen.contents(), "");
        let written = String::from_utf8(progress.out).unwrap();
        assert!(written.contains("\ninterrupted after 2 of 4 tests on 2 hosts: 2 passed"));
    }

    #[test]
    fn one_column_is_enough() {
        let (mut progress, screen) = on(1);
        take(&mut progress, &[plan(1)]);
        take(&mut progress, &busy("pc", "evaluating"));
        take(&mut progress, &busy("server", "日本"));
        take(&mut progress, &[pass("pc")]);
        progress.finish().unwrap();
        assert_eq!(screen.contents(), "");
        let written = String::from_utf8(progress.out).unwrap();
        assert!(written.contains("the run ended without a result after 1 of 2 tests"));
    }

    #[test]
    fn narrow_lines_keep_the_count() {
        let (mut progress, screen) = on(20);
        take(&mut progress, &[plan(1)]);
        take(&mut progress, &busy("pc", "evaluating something long"));
        let shown = eventually(&screen, |text| text.contains("0/1"));
        assert!(shown.starts_with(" pc      0/1 "), "{shown}");
        assert_eq!(shown.lines().count(), 1, "{shown}");
    }
}
