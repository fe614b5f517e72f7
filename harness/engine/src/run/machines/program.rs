//! What the driver runs, and what the files that come of it are called.

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
    let mut slugs: Vec<String> = Vec::new();
    for name in names {
        let plain = slug(name);
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let mut ways = std::iter::once(plain.clone()).chain(numbered);
        slugs.extend(ways.find(|way| !slugs.contains(way)));
    }
    slugs
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
