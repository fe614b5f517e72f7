//! What a run looks like as text that stays: one line per host, then the failures,
//! the counts and the last word. The live display adds to this and changes nothing.

use nix_parity_core::event::Event;

use crate::hosts::{self, Columns};
use crate::layout::Line;
use crate::run::Run;
use crate::style::{Role, Style};
use crate::summary;
use crate::words;

/// How many names the line about cached hosts gives.
const NAMES: usize = 5;

/// Which hosts have a line of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Each.
    All,
    /// Those that were evaluated; the others share one. For a run that follows
    /// another one on the same screen.
    Evaluated,
}

/// Turns events into lines.
#[derive(Debug)]
pub(crate) struct Transcript {
    run: Run,
    bar: bool,
    width: usize,
    shown: Shown,
    stage: Stage,
    /// The widths for so many hosts: all hosts are looked at for them, and most events tell
    /// of none that is new.
    columns: Option<(usize, Columns)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Stage {
    /// Not even a plan is known.
    Empty,
    Running,
    Ended,
}

impl Transcript {
    /// A transcript whose host lines have a bar or not.
    pub(crate) fn new(bar: bool, style: &Style, shown: Shown) -> Self {
        Self {
            run: Run::default(),
            bar,
            shown,
            width: style.width,
            stage: Stage::Empty,
            columns: None,
        }
    }

    /// What is known so far.
    pub(crate) fn run(&self) -> &Run {
        &self.run
    }

    /// The widths that host lines share.
    pub(crate) fn columns(&mut self) -> Columns {
        let hosts = &self.run.hosts;
        match self.columns {
            Some((number, columns)) if number == hosts.len() => columns,
            _ => {
                let columns = Columns::new(hosts, self.bar, self.width);
                self.columns = Some((hosts.len(), columns));
                columns
            }
        }
    }

    /// The lines that an event adds.
    pub(crate) fn event(&mut self, event: &Event) -> Vec<Line> {
        self.run.take(event);
        if let Event::RunStarted { .. } = event {
            self.columns = None;
        }
        if self.stage == Stage::Empty {
            self.stage = Stage::Running;
        }
        match event {
            Event::Warning { message } => warning(message),
            Event::TestFinished(result) => self.host(&result.id.host),
            Event::HostFinished { host, .. } => self.host(host),
            Event::RunFinished { summary } => {
                let mut lines = self.remaining_hosts();
                lines.extend(summary::lines(&self.run, Some(summary)));
                self.stage = Stage::Ended;
                lines
            }
            Event::HostStarted {
                host,
                cached,
                why: Some(why),
            } => vec![explained(host, *cached, why)],
            Event::RunStarted { .. }
            | Event::HostStarted { .. }
            | Event::HostActivity { .. }
            | Event::Source(_)
            | Event::HostSystem { .. } => Vec::new(),
        }
    }

    /// The lines for a run that will not be heard of again.
    pub(crate) fn finish(&mut self) -> Vec<Line> {
        if self.stage != Stage::Running {
            return Vec::new();
        }
        self.stage = Stage::Ended;
        let mut lines = self.remaining_hosts();
        lines.extend(summary::lines(&self.run, None));
        lines
    }

    /// A host's last line, once.
    fn host(&mut self, label: &str) -> Vec<Line> {
        let counts_only = self.shown == Shown::Evaluated;
        let host = self.run.host(label);
        if host.printed || !host.is_complete() || (counts_only && host.cached) {
            return Vec::new();
        }
        host.printed = true;
        let columns = self.columns();
        vec![hosts::last(self.run.host(label), columns)]
    }

    fn remaining_hosts(&mut self) -> Vec<Line> {
        let columns = self.columns();
        let counts_only = self.shown == Shown::Evaluated;
        let mut lines = Vec::new();
        let mut cached = Vec::new();
        for host in self.run.hosts.iter_mut().filter(|h| !h.printed) {
            host.printed = true;
            if counts_only && host.cached && host.is_complete() {
                cached.push(host.label.clone());
            } else {
                lines.push(hosts::last(host, columns));
            }
        }
        if !cached.is_empty() {
            let n = words::count(cached.len(), "host");
            let names = words::some_of(cached.into_iter(), NAMES);
            lines.push(Line::new(0).add(Role::Faint, &format!("{n} cached: {names}")));
        }
        lines
    }
}

/// Why a host is evaluated or not.
fn explained(host: &str, cached: bool, why: &str) -> Line {
    let what = if cached { "not evaluated" } else { "evaluated" };
    Line::new(0).plain(host).plain(&format!(" {what}: {why}"))
}

fn warning(message: &str) -> Vec<Line> {
    let mut text = message.trim_end_matches('\n').split('\n');
    let first = Line::new(0)
        .add(Role::Doubt, "warning:")
        .plain(" ")
        .plain(text.next().unwrap_or_default());
    let mut lines = vec![first];
    lines.extend(text.map(|l| Line::new(2).plain(l)));
    lines
}
