//! A run as JUnit XML, as CI servers read it: a test suite per host, a test case per test
//! with the name that it has everywhere, so that it can be handed to `run --exact`.
//!
//! What could not be decided is an error of its own: whoever shows the file knows nothing
//! of tests that are not in it.

use std::time::Duration;

use nix_parity_core::outcome::{Outcome, TestResult};
use nix_parity_core::text::one_line;
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::failure::failure_text;
use crate::headline::{headline, kind};
use crate::layout::{disarmed, harmless};
use crate::run::{Host, Stage};
use crate::verdict;
use crate::whole::{Places, WholeRun};

/// What everything is called that is of no host.
const NAME: &str = "nix-parity";

/// The run as JUnit XML.
pub fn junit(run: &WholeRun, places: &Places) -> String {
    let mut report = Report::new(NAME);
    let summary = run.summary();
    report.set_time(Duration::from_millis(summary.millis));
    let mut by_host = run.by_host();
    for host in &run.run.hosts {
        if let Some(results) = by_host.remove(&*host.label) {
            report.add_test_suite(suite(run, host, &results, places));
        }
    }
    if let Some(open) = undecided(run) {
        let mut suite = TestSuite::new(NAME);
        suite.add_test_case(open);
        report.add_test_suite(suite);
    }
    // Its only error is that it cannot be written, and memory can be.
    report.to_string().unwrap_or_default()
}

fn suite(run: &WholeRun, host: &Host, results: &[&TestResult], places: &Places) -> TestSuite {
    let mut suite = TestSuite::new(word(&host.label));
    suite.set_time(Duration::from_millis(match host.stage {
        Stage::Finished(millis) => millis,
        Stage::Waiting | Stage::Running => {
            let each = results.iter().map(|r| r.millis);
            each.fold(0, u64::saturating_add)
        }
    }));
    let properties = [
        ("platform", host.platform.map(|p| p.name().to_owned())),
        ("system", host.system.clone()),
        ("nix", run.run.nix.clone()),
        ("profile", run.run.profile.clone()),
    ];
    for (name, value) in properties {
        suite.add_properties(value.map(|value| Property::new(name, word(&value))));
    }
    suite.add_test_cases(results.iter().map(|result| case(result, places)));
    suite
}

fn case(result: &TestResult, places: &Places) -> TestCase {
    let mut case = TestCase::new(word(&result.id.to_string()), status(result));
    case.set_classname(word(&result.id.suite));
    case.set_time(Duration::from_millis(result.millis));
    if let Some(file) = places.of_project(&result.location.file) {
        case.extra.insert("file".into(), word(&file).into());
        if result.location.line > 0 {
            let line = result.location.line.to_string();
            case.extra.insert("line".into(), line.into());
        }
    }
    let told = told(result, places);
    if !told.is_empty() {
        case.set_system_out(text(&told));
    }
    case
}

fn status(result: &TestResult) -> TestCaseStatus {
    let mut status = match &result.outcome {
        Outcome::Pass => return TestCaseStatus::success(),
        Outcome::Skip { .. } => TestCaseStatus::skipped(),
        Outcome::Fail { .. } => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Error { .. } => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    status.set_message(word(&headline(result)));
    if let [finding, ..] = result.outcome.findings() {
        status.set_type(kind(&finding.problem));
        status.set_description(text(&failure_text(result)));
    }
    status
}

/// What else there is to say of a test: its note, what that sums up, and its files, those
/// of the project in the form in which GitLab attaches them.
fn told(result: &TestResult, places: &Places) -> String {
    let mut lines: Vec<String> = result.note.iter().chain(&result.details).cloned().collect();
    for file in &result.artefacts {
        let attached = places.of_project(file).filter(|file| !file.contains("]]"));
        lines.push(match attached {
            Some(file) => format!("[[ATTACHMENT|{file}]]"),
            None => file.clone(),
        });
    }
    lines.join("\n")
}

/// The error that stands for all tests of which nothing is known.
fn undecided(run: &WholeRun) -> Option<TestCase> {
    let open = verdict::open(run)?;
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_message(open);
    status.set_type("undecided");
    status.set_description("what was not decided may be right or wrong");
    let mut case = TestCase::new("every test is decided", status);
    case.set_classname(NAME);
    Some(case)
}

/// Text on one line, for attributes: XML turns line breaks in them to spaces.
fn word(value: &str) -> String {
    characters(&disarmed(&one_line(value)))
}

/// Text of any number of lines. Whoever prints it in a log may obey `##[…]` and lines that
/// begin with `::`.
fn text(value: &str) -> String {
    characters(&harmless(value))
}

/// The two characters that are no control characters and that no XML can hold.
fn characters(value: &str) -> String {
    value
        .replace('\u{fffe}', "\\u{fffe}")
        .replace('\u{ffff}', "\\u{ffff}")
}
