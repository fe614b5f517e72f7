//! The hosts and the suite of this repository itself, as last committed: measured in
//! copies, so that nothing else that is done in the repository matters.

use std::fmt::Write as _;

use camino::Utf8Path;
use nix_parity_testkit::Project;

use super::{Edited, Load, Suite};

/// The suite that builds.
const BUILDS: &str = "cases/builds.yaml";

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
    let passing = without_builds(repository)?;
    let suite = Suite::read(passing.root(), 0)?;
    let failing = without_builds(repository)?;
    let hosts = super::questions(passing.root())?.len();
    let cases = (suite.tests / 10).div_ceil(hosts);
    failing.write("cases/broken.yaml", &broken(cases));
    failing.commit("cases that fail hard");
    let (root, broken) = (passing.root().to_owned(), failing.root().to_owned());
    let failures = (broken.as_path(), hosts * cases);
    let copy = without_builds(repository)?;
    let file = copy.path("config/hosts/macbook-air/default.nix");
    let edited = Edited::new("macbook-air", &file, copy.root())?;
    let projects = vec![passing, failing, copy];
    let suites = (root.as_path(), failures, root.as_path());
    Load::new("reference hosts", projects, suites, edited)
}

/// A copy without the cases that build: what is measured is evaluation.
fn without_builds(repository: &Utf8Path) -> Result<Project, String> {
    let project = Project::clone_of(repository);
    let file = project.path(BUILDS);
    std::fs::remove_file(&file).map_err(|e| format!("{file}: {e}"))?;
    project.commit("without what is built");
    Ok(project)
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
