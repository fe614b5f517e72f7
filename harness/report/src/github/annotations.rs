//! Which annotations a run gets. GitHub shows ten of a kind per step and drops the rest
//! without a word: those that say most come first, and how many there are besides is said.

use std::collections::HashMap;

use nix_parity_core::location::Location;
use nix_parity_core::outcome::Outcome;

use super::command::{Annotation, Level};
use super::spots;
use crate::verdict;
use crate::whole::{Places, WholeRun};
use crate::words::count;

/// How many annotations of a kind GitHub takes of one step.
const MOST: usize = 10;

/// The run as workflow commands, one per line.
pub fn github(run: &WholeRun, places: &Places) -> String {
    let mut errors: Vec<_> = verdict::open(run)
        .map(|open| Annotation::new(Level::Error, open))
        .into_iter()
        .collect();
    errors.extend(spots::annotations(&run.run.failures, places));
    let mut warnings: Vec<_> = proves_nothing(run).into_iter().collect();
    let told = run.warnings.iter();
    warnings.extend(told.map(|warning| Annotation::new(Level::Warning, warning)));
    let mut notices = skips(run, places);

    let hidden = errors.len().saturating_sub(MOST);
    if hidden > 0 {
        let text = format!(
            "{} with errors beside those annotated: see the log",
            count(hidden, "line")
        );
        notices.insert(0, Annotation::new(Level::Notice, text));
    }
    errors.truncate(MOST);
    let mut out = String::new();
    for list in [errors, limited(warnings), limited(notices)] {
        for annotation in list {
            out.push_str(&annotation.command());
            out.push('\n');
        }
    }
    out
}

/// At most as many as are shown, the last of which says how many are not.
fn limited(mut list: Vec<Annotation>) -> Vec<Annotation> {
    if list.len() > MOST {
        let hidden = list.len() - (MOST - 1);
        list.truncate(MOST - 1);
        let level = list.first().map_or(Level::Notice, |first| first.level);
        list.push(Annotation::new(
            level,
            format!("and {hidden} more: see the log"),
        ));
    }
    list
}

/// A run whose green would be mistaken for a proof.
fn proves_nothing(run: &WholeRun) -> Option<Annotation> {
    let summary = run.summary();
    let nothing = summary.total() > 0 && summary.total() == summary.skipped;
    nothing.then(|| {
        let text = "every test was skipped, so nothing is proven";
        Annotation::new(Level::Warning, text)
    })
}

/// One notice per reason, at the first case that was skipped for it; reasons that most
/// tests were skipped for first.
fn skips(run: &WholeRun, places: &Places) -> Vec<Annotation> {
    let mut reasons: Vec<_> = run.run.skips.iter().collect();
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let mut first: HashMap<&str, &Location> = HashMap::new();
    for result in &run.results {
        if let Outcome::Skip { reason } = &result.outcome {
            let known = first.entry(reason).or_insert(&result.location);
            *known = (*known).min(&result.location);
        }
    }
    let notice = |(reason, n): (&String, &usize)| {
        let location = first.get(reason.as_str());
        let place = location.and_then(|at| {
            let file = places.of_project(&at.file)?;
            Some((file, at.line, at.column))
        });
        let text = format!("{} skipped: {reason}", count(*n, "test"));
        Annotation {
            place,
            ..Annotation::new(Level::Notice, text)
        }
    };
    reasons.into_iter().map(notice).collect()
}
