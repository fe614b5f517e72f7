//! The hosts and the suite of this repository itself, as last committed: measured in
//! copies, so that nothing else that is done in the repository matters.

use std::fmt::Write as _;

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_testkit::Project;

use super::{Edited, Load, Suite};

/// The suites that do more than ask hosts: they build, boot, and count in processes of
/// their own. What is measured is evaluation.
const LEFT_OUT: [&str; 3] = ["builds", "machines", "sharing"];

/// Expressions that fail in the ways that `tryEval` does not catch, on any host and
/// only when they are given its configuration.
const BROKEN: [&str; 4] = [
    "{ config, ... }: 1 + builtins.length config",
    "{ config, ... }: config.nobody.knows.this",
    "{ config, ... }: let x = if config ? assertions then x else 1; in x",
    "{ config, ... }: abort \"this configuration gives up, ${toString (builtins.length config.assertions)}\"",
];

/// The reference hosts with their suite, and once more with a tenth of failing tests
/// added to it.
pub(crate) fn load(repository: &Utf8Path) -> Result<Load, String> {
    let passing = only_questions(repository)?;
    let suite = Suite::read(passing.root(), 0)?;
    let failing = only_questions(repository)?;
    let hosts = super::questions(passing.root())?.len();
    let cases = (suite.tests / 10).div_ceil(hosts);
    failing.write("cases/broken.yaml", &broken(cases));
    failing.commit("cases that fail hard");
    let (root, broken) = (passing.root().to_owned(), failing.root().to_owned());
    let failures = (broken.as_path(), hosts * cases);
    let copy = only_questions(repository)?;
    let file = copy.path("config/hosts/macbook-air/default.nix");
    let edited = Edited::new("macbook-air", &file, copy.root())?;
    let projects = vec![passing, failing, copy];
    let suites = (root.as_path(), failures, root.as_path());
    Load::new("reference hosts", projects, suites, edited)
}

/// A copy without those suites and what was accepted for them.
fn only_questions(repository: &Utf8Path) -> Result<Project, String> {
    let project = Project::clone_of(repository);
    for suite in LEFT_OUT {
        remove(&project.path(&format!("cases/{suite}.yaml")))?;
        for host in within(&project.path("snapshots"))? {
            for file in within(&host)? {
                let of_suite = file.file_name().unwrap_or_default();
                if of_suite.starts_with(&format!("{suite}__")) {
                    remove(&file)?;
                }
            }
        }
    }
    project.commit("without what is more than a question");
    Ok(project)
}

fn remove(file: &Utf8Path) -> Result<(), String> {
    std::fs::remove_file(file).map_err(|e| format!("{file}: {e}"))
}

/// What lies in a folder; nothing where it is a file.
fn within(folder: &Utf8Path) -> Result<Vec<Utf8PathBuf>, String> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let told = |e: std::io::Error| format!("{folder}: {e}");
    let entries = folder.read_dir_utf8().map_err(told)?;
    entries
        .map(|entry| entry.map(|e| e.path().to_owned()).map_err(told))
        .collect()
}

/// A case file whose cases all fail on every host, each with an expression of its own.
fn broken(cases: usize) -> String {
    let mut text = "suite: broken\ncases:\n".to_owned();
    for (n, expression) in BROKEN.iter().cycle().take(cases).enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  - name: case {n:02}\n    eval: '{expression} # {n}'\n    is: 1"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use nix_parity_core::case::Check;

    use super::{Utf8Path, only_questions};
    use crate::load::with_plan;

    /// Each would be skipped or built on some machine, and no run is like the other then.
    #[test]
    fn what_is_measured_is_only_asked() {
        let repository = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let project = only_questions(&repository).unwrap();
        let others = with_plan(project.root(), |_, plan| {
            let tests = plan.tests().into_iter();
            let is_more = |check: &Check| matches!(check, Check::Build(_) | Check::Vm(_));
            let others = tests.filter(|test| is_more(&test.case().check));
            Ok(others.map(|test| test.id().to_string()).collect())
        });
        assert_eq!(others, Ok(Vec::<String>::new()));
    }
}
