//! Arbitrary events.

use nix_parity_core::event::{Event, FORMAT, PlannedGroup, PlannedHost};
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, Frame, NixError};
use nix_parity_core::outcome::{
    Finding, Origin, OriginRole, Outcome, Problem, Side, Summary, TestResult,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Text with more of what is dangerous than chance would bring.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-z. :]{0,8}".prop_map(String::from),
        any::<char>().prop_map(String::from),
        proptest::sample::select(vec![
            "\n",
            "\t",
            "\r\n",
            "\u{1b}[31m",
            "\u{202e}",
            "\u{7f}",
            "\u{9b}",
            "::error::",
            "##[",
            "日本",
            "e\u{301}",
            "\u{feff}",
            "👩\u{200d}💻",
            "\\u{1b}",
            "\"",
        ])
        .prop_map(String::from),
    ];
    vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// One of few hosts, so that events meet.
fn label() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[abc]".prop_map(String::from),
        1 => text(),
    ]
}

fn platform() -> impl Strategy<Value = Platform> {
    proptest::sample::select(Platform::ALL.to_vec())
}

fn location() -> impl Strategy<Value = Location> {
    (text(), any::<u32>(), 0_u32..9, 0_u32..9).prop_map(|(file, line, column, length)| Location {
        file: file.into(),
        line,
        column,
        length,
    })
}

fn nix_error() -> impl Strategy<Value = NixError> {
    let frame = (text(), of(location())).prop_map(|(text, location)| Frame { text, location });
    (text(), of(location()), vec(frame, 0..12)).prop_map(|(message, location, trace)| NixError {
        cause: Cause::Configuration,
        message,
        location,
        trace,
    })
}

fn problem() -> impl Strategy<Value = Problem> {
    let side = (vec(text(), 0..3), text()).prop_map(|(hosts, value)| Side { hosts, value });
    prop_oneof![
        (text(), text(), text()).prop_map(|(at, expected, got)| Problem::Mismatch {
            at,
            expected,
            got
        }),
        (text(), vec(side, 0..4)).prop_map(|(at, sides)| Problem::Disparity { at, sides }),
        (text(), text(), vec(text(), 0..4)).prop_map(|(derivation, reason, log)| Problem::Build {
            derivation,
            reason,
            log
        }),
        nix_error().prop_map(|error| Problem::Evaluation { error }),
        text().prop_map(|message| Problem::Machine { message }),
        text().prop_map(|until| Problem::UnexpectedPass { until }),
    ]
}

fn finding() -> impl Strategy<Value = Finding> {
    let role = prop_oneof![Just(OriginRole::Definition), Just(OriginRole::Declaration)];
    let origin = (role, location(), of(text())).prop_map(|(role, location, text)| Origin {
        role,
        location,
        text,
    });
    let parts = (
        text(),
        location(),
        problem(),
        vec(origin, 0..3),
        vec(text(), 0..2),
    );
    parts.prop_map(|(subject, location, problem, origins, notes)| Finding {
        subject,
        location,
        problem,
        origins,
        notes,
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Pass),
        vec(finding(), 0..3).prop_map(|findings| Outcome::Fail { findings }),
        vec(finding(), 0..3).prop_map(|findings| Outcome::Error { findings }),
        text().prop_map(|reason| Outcome::Skip { reason }),
    ]
}

fn result() -> impl Strategy<Value = TestResult> {
    let id = (text(), text(), label()).prop_map(|(suite, case, host)| TestId { suite, case, host });
    (
        id,
        of(platform()),
        location(),
        outcome(),
        of(text()),
        vec(text(), 0..3),
        vec(text(), 0..3),
        any::<u64>(),
    )
        .prop_map(
            |(id, platform, location, outcome, note, details, artefacts, millis)| TestResult {
                id,
                platform,
                location,
                outcome,
                note,
                details,
                artefacts,
                shared: Vec::new(),
                built: false,
                booted: false,
                millis,
            },
        )
}

fn between() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => (label(), any::<bool>(), proptest::option::of(text()))
            .prop_map(|(host, cached, why)| Event::HostStarted { host, cached, why }),
        1 => (label(), text()).prop_map(|(host, activity)| Event::HostActivity { host, activity }),
        1 => (label(), text()).prop_map(|(host, system)| Event::HostSystem { host, system }),
        3 => result().prop_map(Event::TestFinished),
        1 => (label(), any::<u64>()).prop_map(|(host, millis)| Event::HostFinished { host, millis }),
        1 => text().prop_map(|message| Event::Warning { message }),
    ]
}

fn planned() -> impl Strategy<Value = PlannedHost> {
    (label(), platform(), text(), of(text()), 0_usize..5).prop_map(
        |(label, platform, name, system, tests)| PlannedHost {
            label,
            host: Host {
                platform,
                name,
                system,
            },
            tests,
        },
    )
}

fn started() -> impl Strategy<Value = Event> {
    let group = (label(), 0_usize..5).prop_map(|(label, tests)| PlannedGroup { label, tests });
    let parts = (
        text(),
        of(text()),
        of(text()),
        text(),
        vec(planned(), 0..4),
        vec(group, 0..2),
    );
    parts.prop_map(
        |(version, nix, profile, flake, hosts, groups)| Event::RunStarted {
            format: FORMAT,
            version,
            nix,
            profile,
            flake,
            hosts,
            groups,
        },
    )
}

fn summary() -> impl Strategy<Value = Summary> {
    let n = || 0_usize..1_000;
    (n(), n(), n(), n(), n(), any::<bool>(), any::<u64>()).prop_map(
        |(passed, failed, errors, skipped, hosts, interrupted, millis)| Summary {
            unevaluable: errors,
            passed,
            failed,
            errors,
            skipped,
            hosts,
            interrupted,
            millis,
        },
    )
}

/// The events of a run, finished or not, in any order between its ends.
pub(crate) fn run() -> impl Strategy<Value = Vec<Event>> {
    let end = of(summary().prop_map(|summary| Event::RunFinished { summary }));
    (started(), vec(between(), 0..12), end).prop_map(|(start, mut events, end)| {
        events.insert(0, start);
        events.extend(end);
        events
    })
}
