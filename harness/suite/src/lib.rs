//! A project's cases as tests of libtest-mimic, one `suite::case::host` each.
//!
//! nextest lists the tests of a binary and then starts it once per test. So
//! listing starts no Nix where the project file names the hosts, a test prints
//! nothing but returns its whole report as its failure, and the processes of a
//! run share what they observe through the cache on disk. A file that cannot be
//! used is one failing test named after it. Where there are snapshots, a further test
//! fails when no case takes one of them.

mod context;

use std::path::Path;
use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::environment;
use nix_parity_report::{Style, diagnostics};

use context::{Context, recall_one};

/// The test that each snapshot belongs to a case; those of cases end in a host.
const NO_ORPHAN: &str = "snapshots::no orphan";

/// Runs the tests of the project in `default`, or in `NIX_PARITY_DIR`.
pub fn main(default: &Path) -> ExitCode {
    let arguments = Arguments::from_args();
    let dir = environment::project_dir().unwrap_or_else(|| default.to_owned());
    if let Some((name, verdict)) = recall_one(&dir, &arguments) {
        let trial = Trial::test(name, move || verdict);
        return libtest_mimic::run(&arguments, vec![trial]).exit_code();
    }
    let trials = match Context::load(&dir, &arguments) {
        Ok(context) => trials(context),
        Err(problems) => broken("project", problems),
    };
    if trials.is_empty() {
        // An empty run would be a success to whoever started it.
        return ExitCode::from(Exit::Nothing.code());
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trials(context: &'static Context) -> Vec<Trial> {
    let mut trials: Vec<_> = context
        .broken
        .iter()
        .flat_map(|(file, problems)| broken(file, problems.clone()))
        .collect();
    for test in context.plan.tests() {
        let name = test.id().to_string();
        trials.push(Trial::test(name, move || context.decide(test)));
    }
    if context.looks_for_orphans() {
        trials.push(Trial::test(NO_ORPHAN, || context.no_orphan()));
    }
    trials
}

/// One failing test that says what is wrong with a file.
fn broken(name: &str, problems: Vec<Diagnostic>) -> Vec<Trial> {
    vec![Trial::test(name.to_owned(), move || Err(text(&problems)))]
}

fn text(problems: &[Diagnostic]) -> Failed {
    let mut out = Vec::new();
    // Writing to a vector cannot fail.
    let _ = diagnostics(
        problems,
        &mut out,
        &Style {
            colour: false,
            width: 100,
        },
    );
    Failed::from(String::from_utf8_lossy(&out).into_owned())
}
