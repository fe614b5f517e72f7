//! `nix-parity cache`.

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_core::size;
use nix_parity_engine::cache::{Cache, MAX_SIZE};
use nix_parity_engine::environment;
use serde_json::json;

use super::Problem;
use crate::args::{Cache as Command, Format, Global};
use crate::output::lines;

pub(super) fn run(global: &Global, command: Command) -> Result<Exit, Problem> {
    let dir = environment::cache_dir().ok_or_else(|| {
        let off = Diagnostic::new("there is no cache").note("NIX_PARITY_CACHE_DIR turns it off");
        Problem::input(vec![off])
    })?;
    let unusable = |error: std::io::Error| {
        let message = format!("the cache in {} cannot be used: {error}", dir.display());
        Problem::machine(message)
    };
    let cache = Cache::open(&dir).map_err(unusable)?;
    let before = cache.stats();
    if matches!(command, Command::Clear) {
        cache.clear().map_err(unusable)?;
    }
    let (hosts, states) = (count(before.hosts, "host"), count(before.traces, "state"));
    let held = size::show(before.size);
    lines(match (global.format, command) {
        (Format::Jsonl, _) => vec![
            json!({
                "folder": dir,
                "hosts": before.hosts,
                "traces": before.traces,
                "bytes": before.size,
                "max_bytes": MAX_SIZE,
                "cleared": matches!(command, Command::Clear),
            })
            .to_string(),
        ],
        (Format::Human, Command::Stats) => vec![
            dir.display().to_string(),
            format!(
                "{hosts}, {states} of the files that they depend on, {held} of at most {}",
                size::show(MAX_SIZE)
            ),
        ],
        (Format::Human, Command::Clear) => vec![format!("removed: {hosts}, {states}, {held}")],
    })
    .map_err(Problem::machine)?;
    Ok(Exit::Success)
}

fn count(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}
