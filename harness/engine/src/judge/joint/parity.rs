//! `parity`: options that have the same value on all hosts.

use std::collections::BTreeSet;

use nix_parity_core::case::ParityCheck;
use nix_parity_core::demand::Demand;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Missing, Observation};
use nix_parity_core::option_path::{OptionPath, is_identifier, nix_string};
use nix_parity_core::outcome::{Finding, Origin, OriginRole, Problem, Shared, Side};
use nix_parity_core::text::shorten;
use nix_parity_core::value::Value;

use super::super::expect::suggestion;
use super::super::{Judge, finding, mismatch, unanswered};
use super::{Judged, Survey, Surveyed, on_host, sides};
use crate::nix::Subject;
use crate::plain::plain;

/// How many members of one value are told apart.
const MOST: usize = 20;
/// How much is shown of a value that is the same everywhere, in characters.
const LONGEST: usize = 200;

/// What is at a path of one host.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// The value, or what there is instead.
    pub(super) value: Result<There, Box<Finding>>,
    /// Who set it.
    origins: Vec<Origin>,
}

/// What is there.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum There {
    /// A value, and what of it may be shown where that is not all.
    Value(Value, Option<Value>),
    /// No value.
    Nothing(Missing),
}

impl There {
    const fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value, _) => Some(value),
            Self::Nothing(_) => None,
        }
    }
}

impl Judge<'_> {
    pub(super) fn values(&mut self, check: &ParityCheck) -> Vec<Seen> {
        let paths = check.paths.iter();
        paths
            .map(|path| {
                let value = self.there(&path.value, &path.location);
                let may_show = !matches!(value, Ok(There::Value(_, Some(_))));
                let mut origins = self.origins(&path.value);
                if !may_show {
                    for origin in &mut origins {
                        origin.text = None;
                    }
                }
                Seen { value, origins }
            })
            .collect()
    }

    fn there(&mut self, path: &OptionPath, at: &Location) -> Result<There, Box<Finding>> {
        let subject = Subject::Option {
            path: path.clone(),
            demand: Demand::Full { paths: false },
        };
        match self.ask(subject) {
            Err(failure) => Err(Box::new(unanswered(&path.to_string(), at, failure))),
            Ok(Observation::Value(value)) => {
                let shown = self.oracle.redaction().shown(path, &value);
                // A store path of another system has another hash.
                Ok(There::Value(plain(&value), shown))
            }
            Ok(Observation::Missing(missing)) => Ok(There::Nothing(missing)),
            Ok(Observation::Threw(error) | Observation::Failed(error)) => Err(Box::new(
                self.broken(&path.to_string(), at, Some(path), error),
            )),
        }
    }
}

pub(super) fn judge(check: &ParityCheck, hosts: &[Surveyed<'_>]) -> Judged {
    let mut judged = Judged::default();
    for (number, path) in check.paths.iter().enumerate() {
        let mut seen = Vec::new();
        for (host, survey) in hosts {
            let Survey::Values(values) = survey else {
                continue;
            };
            match values.get(number).map(|seen| (&seen.value, seen)) {
                Some((Err(finding), _)) => judged.findings.push(on_host(host, finding)),
                Some((Ok(there), at)) => seen.push((*host, there, at)),
                None => {}
            }
        }
        if seen.len() == hosts.len() {
            let findings = compare(&path.value, &path.location, &seen);
            if findings.is_empty() {
                shared(&path.value, &seen, &mut judged.shared);
            }
            judged.findings.extend(findings);
        }
    }
    judged
}

type OnHost<'a> = (&'a crate::plan::Participant, &'a There, &'a Seen);

fn compare(path: &OptionPath, at: &Location, seen: &[OnHost<'_>]) -> Vec<Finding> {
    let subject = path.to_string();
    let missing: Vec<_> = seen
        .iter()
        .filter_map(|(_, there, _)| match there {
            There::Nothing(missing) => Some(missing),
            There::Value(..) => None,
        })
        .collect();
    if let (Some(first), true) = (missing.first(), missing.len() == seen.len()) {
        let mut found = finding(
            &subject,
            at,
            mismatch("one value everywhere", "no host has it"),
        );
        found.notes.extend(suggestion(path, first));
        return vec![found];
    }
    let values: Vec<_> = seen.iter().map(|(_, there, _)| there.value()).collect();
    let mut places = Vec::new();
    differing(String::new(), &values, &mut places);
    let hidden = seen
        .iter()
        .any(|(_, there, _)| matches!(there, There::Value(_, Some(_))));
    if hidden && !places.is_empty() {
        let shown = mismatch(
            "one value everywhere",
            "values that are not shown, and differ",
        );
        return vec![finding(&subject, at, shown)];
    }
    let more = places.len().saturating_sub(MOST);
    let mut origins: Vec<Origin> = Vec::new();
    for (_, _, seen) in seen {
        for origin in &seen.origins {
            if !origins.contains(origin) {
                origins.push(origin.clone());
            }
        }
    }
    // Who only declared it is of interest where nobody set it.
    if origins.iter().any(|o| o.role == OriginRole::Definition) {
        origins.retain(|o| o.role == OriginRole::Definition);
    }
    let shown = places.len().min(MOST);
    places.truncate(MOST);
    let mut findings: Vec<_> = places
        .into_iter()
        .map(|(place, values)| {
            let hosts = seen.iter().map(|(host, _, _)| *host).zip(values);
            let show =
                |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::pretty);
            let problem = Problem::Disparity {
                at: place,
                sides: sides(hosts.map(|(host, value)| (host, show(value)))),
            };
            finding(&subject, at, problem)
        })
        .collect();
    // Said once, below all that differs of the value.
    if let Some(last) = findings.last_mut() {
        last.origins = origins;
        if more > 0 {
            last.notes
                .push(format!("{more} more differ, {shown} are shown"));
        }
    }
    findings
}

/// A value that is the same on all hosts, by its members where it is a set of some.
fn shared(path: &OptionPath, seen: &[OnHost<'_>], all: &mut Vec<Shared>) {
    let Some((_, There::Value(value, hidden), _)) = seen.first() else {
        return;
    };
    let hosts: Vec<_> = seen.iter().map(|(host, ..)| host.label.clone()).collect();
    let mut add = |subject: String, value: &Value| {
        let value = shorten(&value.to_string(), LONGEST);
        let side = Side {
            hosts: hosts.clone(),
            value,
        };
        let sides = vec![side];
        all.push(Shared { subject, sides });
    };
    match hidden.as_ref().unwrap_or(value) {
        Value::Attrs(members) if !members.is_empty() && members.len() <= MOST => {
            for (name, value) in members {
                add(format!("{path}.{}", spelled(name)), value);
            }
        }
        value => add(path.to_string(), value),
    }
}

/// A name as it stands in a path.
fn spelled(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        nix_string(name)
    }
}

type Place<'v> = (String, Vec<Option<&'v Value>>);

/// The places inside of values where they differ, down to the member that does.
fn differing<'v>(at: String, values: &[Option<&'v Value>], places: &mut Vec<Place<'v>>) {
    let sets: Vec<_> = values
        .iter()
        .filter_map(|value| match value {
            Some(Value::Attrs(attrs)) => Some(attrs),
            _ => None,
        })
        .collect();
    if sets.len() == values.len() {
        let names: BTreeSet<_> = sets.iter().flat_map(|set| set.keys()).collect();
        for name in names {
            let inner: Vec<_> = sets.iter().map(|set| set.get(name)).collect();
            differing(format!("{at}.{}", spelled(name)), &inner, places);
        }
        return;
    }
    let mut texts = values.iter().map(|value| value.map(ToString::to_string));
    let first = texts.next();
    // Numbers that are none differ from themselves; their text does not.
    if texts.any(|text| Some(text) != first) {
        places.push((at, values.to_vec()));
    }
}
