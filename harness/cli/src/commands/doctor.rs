//! `nix-parity doctor`.

use nix_parity_core::exit::Exit;
use nix_parity_engine::doctor::{State, examine};

use super::{Problem, options};
use crate::args::Global;
use crate::output::lines;

pub(super) fn run(global: &Global) -> Result<Exit, Problem> {
    let findings = examine(&global.directory, &options(global));
    let width = findings
        .iter()
        .map(|f| f.subject.chars().count())
        .max()
        .unwrap_or(0);
    lines(findings.iter().map(|finding| {
        let word = match finding.state {
            State::Good => "ok     ",
            State::Lacking => "lacking",
            State::Bad => "BAD    ",
        };
        let advice = finding
            .advice
            .as_ref()
            .map(|a| format!("\n{:w$}{a}", "", w = width + 11))
            .unwrap_or_default();
        format!(
            " {word} {:width$}  {}{advice}",
            finding.subject, finding.detail
        )
    }))
    .map_err(Problem::machine)?;
    let bad = findings.iter().any(|f| f.state == State::Bad);
    Ok(if bad { Exit::Machine } else { Exit::Success })
}
