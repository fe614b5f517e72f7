//! `nix-parity list`.

use nix_parity_core::exit::Exit;
use nix_parity_core::text::one_line;
use nix_parity_engine::interrupt;
use nix_parity_engine::plan::Test;
use nix_parity_engine::run::Engine;
use nix_parity_report::json_line;
use serde_json::{Value, json};

use super::{Problem, load, options, selected};
use crate::args::{Format, Global, List};
use crate::output::lines;

pub(super) fn run(global: &Global, args: &List) -> Result<Exit, Problem> {
    let project = load(global)?;
    let interrupted = interrupt::flag();
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let plan = selected(&engine, &args.selection, &args.share)?;
    lines(plan.tests().into_iter().map(|test| match global.format {
        // A host may be called anything, and each test has one line.
        Format::Human => one_line(&test.id().to_string()),
        // A value of text and numbers has JSON.
        Format::Jsonl => json_line(&described(test)).unwrap_or_default(),
    }))
    .map_err(Problem::machine)?;
    Ok(Exit::Success)
}

fn described(test: Test<'_, '_>) -> Value {
    let (platform, hosts) = match test {
        Test::OnHost(plan, _) => (Some(plan.host.platform), None),
        Test::Joint(test) => {
            let labels = test.hosts.iter().map(|host| &host.label);
            (None, Some(labels.collect::<Vec<_>>()))
        }
    };
    let mut described = json!({
        "test": test.id().to_string(),
        "suite": test.id().suite,
        "case": test.id().case,
        "host": test.id().host,
        "platform": platform,
        "tags": test.case().tags,
        "location": test.case().location(),
    });
    if let Some(hosts) = hosts {
        described["hosts"] = json!(hosts);
    }
    described
}
