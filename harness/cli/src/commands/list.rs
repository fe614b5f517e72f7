//! `nix-parity list`.

use std::sync::atomic::AtomicBool;

use nix_parity_core::exit::Exit;
use nix_parity_engine::run::Engine;
use serde_json::json;

use super::{Problem, load, options, selected};
use crate::args::{Format, Global, Selection};
use crate::output::lines;

pub(super) fn run(global: &Global, selection: &Selection) -> Result<Exit, Problem> {
    let project = load(global)?;
    let never = AtomicBool::new(false);
    let engine = Engine::new(&project, options(global), &never)?;
    let plan = selected(&engine, selection)?;
    lines(plan.tests().into_iter().map(|(host, test)| {
        match global.format {
            Format::Human => test.id.to_string(),
            Format::Jsonl => json!({
                "test": test.id.to_string(),
                "suite": test.id.suite,
                "case": test.id.case,
                "host": host.label,
                "platform": host.host.platform,
                "tags": test.case.tags,
                "location": test.case.location(),
            })
            .to_string(),
        }
    }));
    Ok(Exit::Success)
}
