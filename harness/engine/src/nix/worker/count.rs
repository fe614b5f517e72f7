//! What Nix counts while it evaluates: numbers of a whole process, so one is started
//! for nothing else.

use std::collections::BTreeMap;
use std::path::Path;

use nix_parity_core::case::Counter;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;
use serde_json::Value as Json;

use super::process::{Next, Process};
use super::{Deadline, Failure, Limits};
use crate::nix::Nix;
use crate::nix::command::{Flake, Program};
use crate::nix::error::parse_error;
use crate::nix::log::LogLine;

/// Evaluates the toplevel of a host and says what Nix counted, as
/// [`Subject::Counters`](crate::nix::Subject::Counters) has it. The numbers are the same from run to run and from
/// machine to machine, for one version of one flavour of Nix.
pub fn count(
    nix: &Nix,
    flake: &Flake,
    host: &Host,
    limits: &Limits,
    deadline: Deadline,
) -> Result<Observation, Failure> {
    let file = tempfile::NamedTempFile::new()
        .map_err(|e| Failure::Start(format!("no temporary file: {e}")))?;
    let program = flake
        .evaluation(&nix.program, &toplevel(host))
        .env("NIX_SHOW_STATS", "1")
        .env("NIX_SHOW_STATS_PATH", file.path());
    run(&program, limits, deadline)?;
    let counted = read(file.path())?;
    let mut answer = BTreeMap::from([("nix".to_owned(), Value::String(nix.name()))]);
    for counter in Counter::ALL {
        let number = counted.pointer(counter.pointer()).and_then(Json::as_i64);
        let number = number.ok_or_else(|| {
            let name = counter.pointer();
            Failure::Unreadable(format!("Nix's statistics have no number at `{name}`"))
        })?;
        answer.insert(counter.name().to_owned(), Value::Int(number));
    }
    Ok(Observation::Value(Value::Attrs(answer)))
}

fn toplevel(host: &Host) -> String {
    let below = match host.platform {
        Platform::Home => "activationPackage",
        Platform::Darwin | Platform::Nixos => "config.system.build.toplevel",
    };
    let output = host.platform.flake_output();
    // An attribute path of the command line has quotes and no escapes in them.
    format!("{output}.\"{}\".{below}.drvPath", host.name)
}

fn run(program: &Program, limits: &Limits, deadline: Deadline) -> Result<(), Failure> {
    let mut process = Process::start(program, limits.clone())?;
    let mut last = None;
    while let Next::Line(line) = process.next(deadline)? {
        if let LogLine::Error(text) = line {
            last = Some(text);
        }
    }
    let (_, ended) = process.end();
    match last {
        Some(text) => {
            let message = parse_error(&text).message;
            Err(Failure::Died(format!("{ended}: {message}")))
        }
        None => Ok(()),
    }
}

fn read(file: &Path) -> Result<Json, Failure> {
    let text = std::fs::read(file).map_err(|e| Failure::Unreadable(e.to_string()))?;
    serde_json::from_slice(&text).map_err(|e| Failure::Unreadable(format!("Nix's statistics: {e}")))
}
