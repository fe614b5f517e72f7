//! What the driver runs, and what the files that come of it are called.

use std::collections::{HashMap, HashSet};

use nix_parity_core::case::{CaseSteps, VmProgram, vm_program};

use super::boots::VmTest;

/// What the driver runs: a script as it is, or the steps of all tests.
pub(in crate::run) fn program_of(tests: &[VmTest]) -> String {
    if let [test] = tests
        && let VmProgram::Script(script) = &test.check.program
    {
        return script.value.clone();
    }
    let prefixes = prefixes(tests);
    let cases: Vec<_> = tests
        .iter()
        .zip(&prefixes)
        .map(|(test, prefix)| CaseSteps {
            name: &test.case.name.value,
            prefix,
            limit: test.limit,
            steps: test.check.steps(),
        })
        .collect();
    vm_program(&cases)
}

/// What the names of the files of each test begin with.
pub(super) fn prefixes(tests: &[VmTest]) -> Vec<String> {
    let names = tests.iter().map(|test| test.case.name.value.as_str());
    distinct_slugs(names)
}

/// Names that files can begin with: two that become alike get numbers.
fn distinct_slugs<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    // Where the numbers of each begin that nobody has tried.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let distinct = |name| {
        let plain = slug(name);
        if taken.insert(plain.clone()) {
            return plain;
        }
        let number = numbers.entry(plain.clone()).or_insert(2);
        loop {
            let numbered = format!("{plain}-{number}");
            *number += 1;
            if taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    names.map(distinct).collect()
}

pub(in crate::run) fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words
        .join("-")
        .to_ascii_lowercase()
        .chars()
        .take(64)
        .collect();
    if slug.is_empty() {
        "case".to_owned()
    } else {
        slug
    }
}

#[cfg(test)]
mod tests {
    use super::distinct_slugs;

    #[test]
    fn what_files_begin_with_is_of_one_case() {
        let names = ["a b", "a-b", "A  B!", "a b 2", "../", "::", "c"];
        let slugs = distinct_slugs(names.into_iter());
        let expected = ["a-b", "a-b-2", "a-b-3", "a-b-2-2", "case", "case-2", "c"];
        assert_eq!(slugs, expected);
    }
}
