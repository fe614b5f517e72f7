//! Runs to report on, and a place for the reports to go.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use nix_parity_core::event::{Event, FORMAT, PlannedHost};
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, Frame, NixError};
use nix_parity_core::outcome::{
    Finding, Origin, OriginRole, Outcome, Problem, Summary, TestResult,
};
use nix_parity_report::{Reporter, Shown, Style, human, jsonl};

/// Collects what a reporter writes.
#[derive(Clone, Default)]
pub(crate) struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Buffer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

fn report(events: &[Event], mut reporter: impl Reporter) {
    for event in events {
        reporter.event(event).unwrap();
    }
    reporter.finish().unwrap();
}

/// The human report of these events.
pub(crate) fn shown(events: &[Event], width: usize) -> String {
    shown_in(events, Style::plain(width))
}

pub(crate) fn shown_in(events: &[Event], style: Style) -> String {
    shown_of(events, style, Shown::All)
}

/// The report with a line for each host, or only for those that were evaluated.
pub(crate) fn shown_of(events: &[Event], style: Style, shown: Shown) -> String {
    let out = Buffer::default();
    report(events, human(out.clone(), style, shown));
    out.text()
}

/// The record of these events.
pub(crate) fn recorded(events: &[Event]) -> String {
    let out = Buffer::default();
    report(events, jsonl(out.clone()));
    out.text()
}

/// The Mac, the PC and the user environment, with this many tests each.
pub(crate) fn plan(tests: [usize; 3]) -> Event {
    let hosts = [
        ("macbook-air", Platform::Darwin, tests[0]),
        ("future-nixos-pc", Platform::Nixos, tests[1]),
        ("lars", Platform::Home, tests[2]),
    ];
    Event::RunStarted {
        format: FORMAT,
        version: "0.1.0".to_owned(),
        nix: Some("nix (Nix) 2.26.3".to_owned()),
        profile: Some("offline".to_owned()),
        flake: ".".to_owned(),
        hosts: hosts
            .into_iter()
            .filter(|(_, _, tests)| *tests > 0)
            .map(|(label, platform, tests)| PlannedHost {
                label: label.to_owned(),
                host: Host::new(platform, label),
                tests,
            })
            .collect(),
        groups: Vec::new(),
    }
}

/// A host begins.
pub(crate) fn start(host: &str, system: &str, cached: bool) -> [Event; 2] {
    [
        Event::HostStarted {
            host: host.to_owned(),
            cached,
            why: None,
        },
        Event::HostSystem {
            host: host.to_owned(),
            system: system.to_owned(),
        },
    ]
}

/// A host ends.
pub(crate) fn end(host: &str, millis: u64) -> Event {
    Event::HostFinished {
        host: host.to_owned(),
        millis,
    }
}

/// The case of this name, in `cases/SUITE.yaml` at a line of its own.
pub(crate) fn result(suite: &str, case: &str, line: u32, host: &str, outcome: Outcome) -> Event {
    let platform = match host {
        "macbook-air" => Platform::Darwin,
        "lars" => Platform::Home,
        _ => Platform::Nixos,
    };
    Event::TestFinished(TestResult {
        id: TestId {
            suite: suite.to_owned(),
            case: case.to_owned(),
            host: host.to_owned(),
        },
        platform: Some(platform),
        location: Location::point(format!("cases/{suite}.yaml"), line, 5),
        outcome,
        note: None,
        details: Vec::new(),
        artefacts: Vec::new(),
        shared: Vec::new(),
        built: false,
        booted: false,
        millis: 12,
    })
}

/// As many passes on one host.
pub(crate) fn passes(host: &str, tests: usize) -> Vec<Event> {
    (0..tests)
        .map(|n| result("filler", &format!("case {n}"), 1, host, Outcome::Pass))
        .collect()
}

/// The end of a run with these results among its events.
pub(crate) fn finished(events: &[Event], interrupted: bool) -> Event {
    let mut summary = Summary {
        hosts: 0,
        interrupted,
        millis: 9_300,
        ..Summary::default()
    };
    for event in events {
        match event {
            Event::RunStarted { hosts, .. } => summary.hosts = hosts.len(),
            Event::TestFinished(result) => summary.add(&result.outcome),
            _ => {}
        }
    }
    Event::RunFinished { summary }
}

/// A whole run of these results, on the PC where they are not on others.
pub(crate) fn run_of(results: Vec<Event>) -> Vec<Event> {
    let host = "future-nixos-pc";
    let tests = |host: &str| {
        let of_host = |e: &&Event| matches!(e, Event::TestFinished(r) if r.id.host == host);
        results.iter().filter(of_host).count()
    };
    let mut events = vec![plan([0, tests(host), tests("lars")])];
    events.extend(start(host, "x86_64-linux", false));
    events.extend(results);
    events.push(end(host, 6_400));
    events.push(finished(&events, false));
    events
}

pub(crate) fn finding(subject: &str, line: u32, problem: Problem) -> Finding {
    Finding {
        subject: subject.to_owned(),
        location: Location::point("cases/shell.yaml", line, 9),
        problem,
        origins: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn mismatch(at: &str, expected: &str, got: &str) -> Problem {
    Problem::Mismatch {
        at: at.to_owned(),
        expected: expected.to_owned(),
        got: got.to_owned(),
    }
}

pub(crate) fn origin(role: OriginRole, file: &str, line: u32, text: Option<&str>) -> Origin {
    Origin {
        role,
        location: Location::point(file, line, 3),
        text: text.map(str::to_owned),
    }
}

pub(crate) fn fail(findings: Vec<Finding>) -> Outcome {
    Outcome::Fail { findings }
}

pub(crate) fn error(findings: Vec<Finding>) -> Outcome {
    Outcome::Error { findings }
}

/// An option that nothing but its declaration and a profile know.
pub(crate) fn fish_is_off() -> Outcome {
    let mut finding = finding("programs.fish.enable", 9, mismatch("", "true", "false"));
    finding.origins = vec![
        origin(
            OriginRole::Definition,
            "config/profiles/user/minimal.nix",
            12,
            Some("mkForce false"),
        ),
        origin(
            OriginRole::Definition,
            "config/platforms/common/programs/fish.nix",
            4,
            Some("true   (overridden)"),
        ),
    ];
    finding.notes = vec!["macbook-air has true".to_owned()];
    fail(vec![finding])
}

/// A recursion that Nix found in a module library, on the way from the project.
pub(crate) fn recursion() -> NixError {
    let frame = |text: &str, file: &str, line| Frame {
        text: text.to_owned(),
        location: Some(Location::point(file, line, 18)),
    };
    let library = "/nix/store/00000000000000000000000000000000-source/lib/modules.nix";
    let mut trace = vec![
        frame("… while calling the 'seq' builtin", library, 334),
        frame(
            "while evaluating the option `users.users.lars.extraGroups':",
            "config/hosts/common/development-machine.nix",
            18,
        ),
        frame(
            "while evaluating definitions from the helper",
            "config/lib/helpers/user-management.nix",
            31,
        ),
    ];
    trace.splice(1..1, (0..12).map(|n| frame("while mapping", library, n)));
    NixError {
        cause: Cause::Configuration,
        message: "infinite recursion encountered".to_owned(),
        location: Some(Location::point(
            "config/lib/helpers/user-management.nix",
            31,
            9,
        )),
        trace,
    }
}

pub(crate) fn evaluation(subject: &str, line: u32, error: NixError) -> Finding {
    finding(subject, line, Problem::Evaluation { error })
}
