//! `tree`: files that there must be, and files that there must not.

use nix_parity_core::case::{FilePattern, TreeCheck};
use nix_parity_core::nearest::nearest;
use nix_parity_core::outcome::{Finding, Problem};

use super::joint::Library;
use super::{finding, mismatch};

/// How many files that should not be there are named.
const MOST: usize = 10;

pub(super) fn judge(check: &TreeCheck, library: &dyn Library) -> Vec<Finding> {
    let files = match library.project_files() {
        Ok(files) => files,
        Err(message) => {
            let patterns = check.present.iter().chain(&check.absent).take(1);
            let problem = || Problem::Machine {
                message: message.clone(),
            };
            return patterns
                .map(|pattern| finding("tree", &pattern.location, problem()))
                .collect();
        }
    };
    let present = check.present.iter().filter_map(|p| absent(p, files));
    let absent = check.absent.iter().filter_map(|p| unwanted(p, files));
    present.chain(absent).collect()
}

/// A pattern that should match and does not.
fn absent(pattern: &FilePattern, files: &[String]) -> Option<Finding> {
    if files.iter().any(|file| pattern.matches(file)) {
        return None;
    }
    let problem = mismatch("a file", "none");
    let mut found = finding(&pattern.text, &pattern.location, problem);
    let near = nearest(&pattern.text, files.iter().map(String::as_str));
    found
        .notes
        .extend(near.map(|near| format!("there is `{near}`")));
    Some(found)
}

/// A pattern that should not match and does.
fn unwanted(pattern: &FilePattern, files: &[String]) -> Option<Finding> {
    let mut matches: Vec<_> = files.iter().filter(|file| pattern.matches(file)).collect();
    let more = matches.len().saturating_sub(MOST);
    matches.truncate(MOST);
    if matches.is_empty() {
        return None;
    }
    let mut names: Vec<_> = matches.into_iter().cloned().collect();
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    let problem = mismatch("no such file", names.join("\n"));
    Some(finding(&pattern.text, &pattern.location, problem))
}
