//! The lines that failures are about: where a case asks for a value, and where the
//! configuration sets it. What is wrong with several tests at one line is told once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Finding, OriginRole, Outcome, Problem, TestResult};
use nix_parity_core::text::one_line;

use super::command::{Annotation, Level};
use crate::group::{self, Group};
use crate::headline;
use crate::whole::Places;
use crate::words::{count, some_of};

/// How many names a list gives.
const NAMES: usize = 5;
/// How many findings are told at one line.
const FINDINGS: usize = 8;

/// A line with all that is wrong because of it.
#[derive(Default)]
struct Spot<'a> {
    column: u32,
    /// What is wrong, with the tests that it is wrong of.
    findings: BTreeMap<String, Vec<&'a TestResult>>,
    /// What else is to be said of it.
    notes: Vec<String>,
    /// How many tests were given up of the same error, without a line of their own here.
    more: usize,
}

/// File and line.
type Place = (String, u32);

/// An annotation for each line, those that most tests fail of first, and failures before
/// what could not be decided.
pub(super) fn annotations(failures: &[TestResult], places: &Places) -> Vec<Annotation> {
    let mut spots: BTreeMap<Place, Spot<'_>> = BTreeMap::new();
    for group in group::groups(failures) {
        for finding in group.first.outcome.findings() {
            add(&mut spots, &group, finding, places);
        }
    }
    let mut spots: Vec<_> = spots.into_iter().collect();
    spots.sort_by_cached_key(|(place, spot)| {
        let fails = spot
            .tests()
            .any(|t| matches!(t.outcome, Outcome::Fail { .. }));
        (!fails, Reverse(spot.count()), place.clone())
    });
    let annotations = spots
        .into_iter()
        .map(|(place, spot)| spot.annotation(place));
    annotations.collect()
}

fn add<'a>(
    spots: &mut BTreeMap<Place, Spot<'a>>,
    group: &Group<'a>,
    finding: &Finding,
    places: &Places,
) {
    let case = places.of_project(&finding.location.file);
    let setter = setter(finding);
    // An expression of the case itself: one line says all.
    let is_in_case = setter.is_some_and(|setter| setter.file == finding.location.file);
    let set = setter.and_then(|location| {
        let file = if is_in_case {
            case.clone()
        } else {
            places.of_flake(&location.file)
        };
        Some((location, file?))
    });
    let text = headline::of_finding(finding);
    let mut spot = |file: String, location: &Location, note: Option<String>| {
        let spot = spots.entry((file, location.line)).or_default();
        spot.column = location.column;
        let tests = spot.findings.entry(text.clone()).or_default();
        if !tests.iter().any(|test| test.id == group.first.id) {
            tests.push(group.first);
            spot.more += group.same.len();
        }
        if let Some(note) = note.filter(|note| !spot.notes.contains(note)) {
            spot.notes.push(note);
        }
    };
    if let Some(file) = case.filter(|_| !is_in_case) {
        let note = set.as_ref().map(|(location, file)| {
            let what = if matches!(finding.problem, Problem::Evaluation { .. }) {
                "through"
            } else {
                "set by"
            };
            format!("{what} {}", place(file, location))
        });
        spot(file, &finding.location, note);
    }
    if let Some((location, file)) = set {
        let asked = places.of_project(&finding.location.file);
        let asked = asked.filter(|_| !is_in_case);
        let note = asked.map(|asked| format!("asked for by {}", place(&asked, &finding.location)));
        spot(file, location, note);
    }
}

/// `file:line`, as far as it is known.
fn place(file: &str, location: &Location) -> String {
    one_line(&Location::point(file, location.line, 0).to_string())
}

/// The line of the configuration that a finding is due to: the first definition in the
/// flake's own files, else the declaration; of an error the step nearest to it.
fn setter(finding: &Finding) -> Option<&Location> {
    if let Problem::Evaluation { error } = &finding.problem {
        return error.nearest_own();
    }
    let own = |role| {
        let mut origins = finding.origins.iter();
        origins.find(|origin| origin.role == role && origin.location.is_own())
    };
    let origin = own(OriginRole::Definition).or_else(|| own(OriginRole::Declaration));
    origin.map(|origin| &origin.location)
}

impl<'a> Spot<'a> {
    fn tests(&self) -> impl Iterator<Item = &'a TestResult> {
        self.findings.values().flatten().copied()
    }

    fn count(&self) -> usize {
        self.tests().count() + self.more
    }

    fn annotation(self, (file, line): Place) -> Annotation {
        let mut cases: Vec<_> = self
            .tests()
            .map(|test| format!("{}::{}", test.id.suite, test.id.case))
            .collect();
        cases.sort();
        cases.dedup();
        let verb = if self
            .tests()
            .any(|t| matches!(t.outcome, Outcome::Fail { .. }))
        {
            "fail"
        } else {
            "cannot be decided"
        };
        let title = match cases.as_slice() {
            [case] if verb == "fail" => format!("{case} fails"),
            [case] => format!("{case} {verb}"),
            cases => format!("{} cases {verb}", cases.len()),
        };
        let mut lines = Vec::new();
        for (text, tests) in self.findings.iter().take(FINDINGS) {
            let hosts = tests.iter().map(|test| match cases.len() {
                1 => test.id.host.clone(),
                _ => test.id.to_string(),
            });
            lines.push(text.clone());
            lines.push(one_line(&format!("  on {}", some_of(hosts, NAMES))));
        }
        let hidden = self.findings.len().saturating_sub(FINDINGS);
        if hidden > 0 {
            lines.push(format!("… and {hidden} more"));
        }
        if self.more > 0 {
            lines.push(format!(
                "and {} of the same error",
                count(self.more, "more test")
            ));
        }
        let notes = self.notes.len().saturating_sub(NAMES);
        lines.extend(self.notes.into_iter().take(NAMES));
        if notes > 0 {
            lines.push(format!("… and {notes} more"));
        }
        Annotation {
            level: Level::Error,
            place: Some((file, line, self.column)),
            title,
            message: lines.join("\n"),
        }
    }
}
