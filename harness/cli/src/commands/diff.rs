//! `nix-parity diff`.

use std::path::Path;
use std::sync::atomic::Ordering;

use nix_parity_core::comparison::{Found, HostComparison};
use nix_parity_core::exit::Exit;
use nix_parity_core::host::Platform;
use nix_parity_engine::compare::compare;
use nix_parity_engine::inspect::{HostSince, Side, since};
use nix_parity_engine::plan::Filter;
use nix_parity_engine::run::Engine;
use nix_parity_engine::{interrupt, whole_file};
use nix_parity_report::{comparison, diff_markdown, host_comparison};

use super::{Problem, host_selection, options, settings};
use crate::args::{Diff, Global};
use crate::output::Output;
use crate::reports;

pub(super) fn run(global: &Global, args: &Diff, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = settings(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let done = match (&args.since, &args.old, &args.new) {
        (Some(revision), ..) => all(&engine, global, args, revision, output),
        (None, Some(old), Some(new)) => two(&engine, global, args, [old, new], output),
        // The command line asks for both.
        (None, ..) => Ok(Exit::Input),
    };
    if interrupted.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    done
}

/// Compares two sides.
fn two(
    engine: &Engine<'_>,
    global: &Global,
    args: &Diff,
    [old, new]: [&String; 2],
    output: &Output,
) -> Result<Exit, Problem> {
    let sides = [Side::find(engine, old)?, Side::find(engine, new)?];
    let found = compare(engine, [&sides[0], &sides[1]])?;
    shown(output.value(global.format, &found, comparison))?;
    let host = HostComparison {
        host: new.clone(),
        platform: platform(&sides[1]).or(platform(&sides[0])),
        found: Found::Compared(Box::new(found)),
    };
    let hosts = [host];
    keep(args, || diff_markdown(old, Some(new), &hosts))?;
    Ok(exit(&hosts))
}

/// Compares each host with what a commit has of it, and says of each what was found as
/// soon as it was.
fn all(
    engine: &Engine<'_>,
    global: &Global,
    args: &Diff,
    revision: &str,
    output: &Output,
) -> Result<Exit, Problem> {
    let filter = Filter {
        hosts: host_selection(&args.host)?,
        ..Filter::default()
    };
    let mut hosts = since(engine, revision)?;
    let known: Vec<_> = hosts.iter().map(|host| host.host.clone()).collect();
    filter.check(&known).map_err(Problem::input)?;
    hosts.retain(|host| filter.hosts.selects(&host.host));
    let mut found = Vec::new();
    for host in hosts {
        let one = compared(engine, host);
        if engine.interrupted.load(Ordering::Relaxed) {
            return Ok(Exit::Interrupted);
        }
        shown(output.value(global.format, &one, host_comparison))?;
        found.push(one);
    }
    keep(args, || diff_markdown(revision, None, &found))?;
    Ok(exit(&found))
}

/// One host. That it cannot be evaluated says nothing of the others.
fn compared(engine: &Engine<'_>, host: HostSince) -> HostComparison {
    let found = match (&host.old, &host.new) {
        (Some(old), Some(new)) => match compare(engine, [old, new]) {
            Ok(comparison) => Found::Compared(Box::new(comparison)),
            Err(error) => Found::Failed(Problem::from(error).text()),
        },
        (None, _) => Found::Added,
        (Some(_), None) => Found::Removed,
    };
    HostComparison {
        host: host.label,
        platform: Some(host.host.platform),
        found,
    }
}

fn platform(side: &Side) -> Option<Platform> {
    match side {
        Side::Host(side) => Some(side.host.platform),
        Side::Derivation { .. } | Side::Accepted(_) => None,
    }
}

fn shown(done: std::io::Result<()>) -> Result<(), Problem> {
    done.map_err(|e| Problem::machine(format!("the comparison could not be written: {e}")))
}

/// Writes the Markdown where it is asked for.
fn keep(args: &Diff, text: impl FnOnce() -> String) -> Result<(), Problem> {
    let Some(path) = &args.markdown else {
        return Ok(());
    };
    let path: &Path = path;
    let written = whole_file::replace(path, text().as_bytes());
    reports::problem("Markdown", path, written).map_or(Ok(()), |text| Err(Problem::machine(text)))
}

fn exit(hosts: &[HostComparison]) -> Exit {
    if hosts.iter().any(HostComparison::differs) {
        // What is known to differ differs, whatever else could not be found out.
        Exit::Failed
    } else if hosts.iter().all(HostComparison::is_known) {
        Exit::Success
    } else {
        Exit::Machine
    }
}
