//! `nix-parity run --watch`: a run, and another one after each change that can
//! matter. Nothing is cleared from the screen: runs follow each other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::outcome::TestResult;
use nix_parity_engine::interrupt;
use nix_parity_engine::run::{Engine, Options, Warm};
use nix_parity_engine::watch::{Watch, WatchError};
use nix_parity_report::{Between, Shown};

use super::{Problem, load, selected};
use crate::args::{Global, Run};
use crate::output::{Output, Telling};
use crate::reports::Reports;

/// How often workers that nobody asks are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// How long the reason for which a run was given up is looked for.
const SOON: Duration = Duration::from_secs(1);

pub(super) fn run(
    global: &Global,
    args: &Run,
    options: &Options,
    output: &Output,
) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let root = global
        .directory
        .canonicalize()
        .unwrap_or_else(|_| global.directory.clone());
    let mut session = Session {
        global,
        args,
        options,
        output,
        interrupted: &interrupted,
        stop: Arc::default(),
        watch: Watch::new(&root)?,
        warm: None,
        last: Vec::new(),
    };
    let folder = root.display().to_string();
    let mut heading = Heading::default();
    loop {
        let goes_on = session.turn(&heading);
        let gave_up = session.stop.load(Ordering::Relaxed);
        if interrupted.load(Ordering::Relaxed) || !goes_on {
            return Ok(Exit::Interrupted);
        }
        if !gave_up && session.say(Between::Watching(&folder)).is_err() {
            return Ok(Exit::Interrupted);
        }
        let Some(changed) = session.wait(gave_up) else {
            return Ok(Exit::Interrupted);
        };
        heading = Heading { changed, gave_up };
    }
}

/// Why a run is made.
#[derive(Default)]
struct Heading {
    changed: Vec<String>,
    /// Whether the run before was given up for it.
    gave_up: bool,
}

impl Heading {
    fn is_first(&self) -> bool {
        self.changed.is_empty()
    }

    fn text(&self) -> Option<Between<'_>> {
        match (self.is_first(), self.gave_up) {
            (true, _) => None,
            (false, true) => Some(Between::StartsOver(&self.changed)),
            (false, false) => Some(Between::Changed(&self.changed)),
        }
    }
}

/// All runs of one call.
struct Session<'a> {
    global: &'a Global,
    args: &'a Run,
    options: &'a Options,
    output: &'a Output,
    interrupted: &'a AtomicBool,
    /// Ends the run that is under way.
    stop: Arc<AtomicBool>,
    watch: Watch,
    warm: Option<Warm>,
    /// The results of the last run that came to its end.
    last: Vec<TestResult>,
}

impl Session<'_> {
    /// One run. Whether there is somebody to tell the next one to. What is wrong
    /// with the input is told, and waits to be put right.
    fn turn(&mut self, heading: &Heading) -> bool {
        self.stop.store(false, Ordering::Relaxed);
        match self.attempt(heading) {
            Ok(told) => told,
            // What was given up has nothing to say.
            Err(_) if self.stop.load(Ordering::Relaxed) => true,
            Err(problem) => {
                let told = heading.text().is_none_or(|text| self.say(text).is_ok());
                problem.tell(self.output);
                // Whatever comes next is news.
                self.last.clear();
                told
            }
        }
    }

    fn attempt(&mut self, heading: &Heading) -> Result<bool, Problem> {
        let project = load(self.global)?;
        let options = self.options.clone();
        let mut engine = Engine::new(&project, options, &self.stop)?;
        self.watch.aim(&project, &engine.flake)?;
        let fitting = self.warm.take().filter(|warm| warm.fits(&engine));
        let warm = match fitting {
            Some(warm) => warm,
            None => Warm::new(&engine)?,
        };
        let warm = &*self.warm.insert(warm);
        engine.use_warm(warm);

        let shown = if heading.is_first() {
            Shown::All
        } else {
            Shown::Evaluated
        };
        let output = self.output;
        let mut pending = Pending {
            heading,
            events: Vec::new(),
            told: false,
            results: Vec::new(),
            telling: output.telling(
                output.reporter(self.global.format, shown),
                Reports::of_run(&self.args.reports, self.global),
            ),
            say: |what| output.between(self.global.format, what).is_ok(),
        };
        let (interrupted, stop, args) = (self.interrupted, &self.stop, self.args);
        let summary = self.watch.during(interrupted, stop, || {
            let plan = selected(&engine, &args.selection, &args.share)?;
            if plan.is_empty() {
                // Nothing can come out differently than at the commit; said already.
                return Ok(None);
            }
            let last = &self.last;
            let summary = engine.run(&plan, |event| pending.event(event, last))?;
            Ok::<_, Problem>(Some(summary))
        })?;
        if summary.is_some_and(|summary| !summary.interrupted) {
            self.last = std::mem::take(&mut pending.results);
        }
        Ok(pending.end())
    }

    /// Waits for a change, or where a run was given up only for the end of what
    /// changes; nothing where the user interrupts.
    fn wait(&mut self, gave_up: bool) -> Option<Vec<String>> {
        while !self.interrupted.load(Ordering::Relaxed) {
            let most = if gave_up { SOON } else { LOOK };
            let changed = self.watch.next(most, self.interrupted);
            if gave_up || !changed.is_empty() {
                return Some(changed);
            }
            if let Some(warm) = &self.warm {
                warm.expire();
            }
        }
        None
    }

    fn say(&self, what: Between<'_>) -> std::io::Result<()> {
        self.output.between(self.global.format, what)
    }
}

/// The events of a run that may turn out to say nothing new: they are told as soon
/// as something is evaluated, or a result is another one than before.
struct Pending<'a, S: Fn(Between<'_>) -> bool> {
    heading: &'a Heading,
    events: Vec<Event>,
    /// Whether the run is being told.
    told: bool,
    results: Vec<TestResult>,
    telling: Telling<'a>,
    say: S,
}

impl<S: Fn(Between<'_>) -> bool> Pending<'_, S> {
    fn event(&mut self, event: Event, last: &[TestResult]) {
        if let Event::TestFinished(result) = &event {
            // How long it took is nobody's news.
            let result = TestResult {
                millis: 0,
                ..result.clone()
            };
            self.results.push(result);
        }
        let is_news = match &event {
            Event::HostStarted { cached, why, .. } => !cached || why.is_some(),
            Event::RunFinished { .. } => {
                self.results.sort_by_key(|result| result.id.to_string());
                last.is_empty() || self.results != last
            }
            Event::Warning { .. } => true,
            _ => false,
        };
        if is_news && !self.told {
            self.told = true;
            if let Some(text) = self.heading.text() {
                (self.say)(text);
            }
            for event in std::mem::take(&mut self.events) {
                self.telling.event(&event);
            }
        }
        if self.told {
            self.telling.event(&event);
        } else {
            self.events.push(event);
        }
    }

    /// Ends the report. Whether there is somebody who reads it.
    fn end(self) -> bool {
        if self.told {
            let lost = self.telling.is_lost();
            self.telling.end(Exit::Success);
            !lost
        } else {
            self.heading.is_first() || (self.say)(Between::Same(&self.heading.changed))
        }
    }
}

impl From<WatchError> for Problem {
    fn from(error: WatchError) -> Self {
        let mut diagnostic = Diagnostic::new(error.to_string());
        if error.is_limit() {
            diagnostic = diagnostic.note("raise fs.inotify.max_user_watches (see sysctl)");
        }
        Self {
            exit: Exit::Machine,
            diagnostics: vec![diagnostic],
        }
    }
}
