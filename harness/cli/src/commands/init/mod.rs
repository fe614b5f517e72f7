//! `nix-parity init`.

mod show;
mod stubbed;

use std::io;
use std::path::Path;
use std::sync::atomic::Ordering;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::init::{self, Proposal, UNKNOWN_SOURCE, Wanted, Written};
use nix_parity_engine::interrupt;
use nix_parity_engine::project::Project;
use nix_parity_engine::run::Options;

use super::ask::{self, Answer};
use super::{Problem, options};
use crate::args::{Format, Global, Init};
use crate::output::{Output, lines};
use stubbed::Stubbed;

pub(super) fn run(global: &Global, args: &Init, output: &Output) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let mut project = Project::load_as_it_is(&global.directory).map_err(Problem::input)?;
    let broken = project.broken.iter();
    let broken: Vec<_> = broken.flat_map(|file| file.diagnostics.clone()).collect();
    if !broken.is_empty() {
        return Err(Problem::input(broken));
    }
    let options = Options {
        no_cache: args.no_cache,
        ..options(global)
    };
    // A folder without a flake is told first: nothing else matters then.
    project.flake(&options.overrides).map_err(Problem::input)?;
    let mut notes = init::examine(&project).map_err(|wrong| Problem::input(vec![*wrong]))?;
    if !args.dry_run {
        init::may_write(&project.root).map_err(|error| {
            Problem::machine(format!(
                "cannot write in {}: {error}",
                project.root.display()
            ))
        })?;
    }
    init::hide_secrets(&mut project);
    let wanted = Wanted {
        source: args.source.clone(),
        suite: args.suite,
    };
    let mut stubbed = Stubbed::begin(&project, args)?;
    let found = stubbed.propose(&mut project, &options, &interrupted, &wanted);
    if interrupted.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted);
    }
    let mut proposal = found?;
    notes.extend(stubbed.notes());
    proposal.notes.splice(0..0, notes);
    if proposal.hosts.iter().all(|host| host.error.is_some()) {
        // Of what nothing is known there is nothing to write.
        proposal.files.clear();
        proposal.kept.clear();
        show::all(global.format, &proposal, false).map_err(Problem::machine)?;
        return Err(Problem::machine(
            "no host can be evaluated: nothing was written",
        ));
    }
    if args.dry_run {
        show::all(global.format, &proposal, true).map_err(Problem::machine)?;
        return Ok(Exit::Success);
    }
    if proposal.files.is_empty() {
        show::all(global.format, &proposal, false).map_err(Problem::machine)?;
        return Ok(Exit::Success);
    }
    if !args.yes {
        if global.format == Format::Jsonl || !ask::is_possible() {
            show::all(global.format, &proposal, false).map_err(Problem::machine)?;
            let message = "nobody can be asked: standard input is not a terminal";
            return Err(Problem::input(vec![Diagnostic::new(message).note(
                "`nix-parity init --yes` writes what is shown, `--dry-run` shows all that is in it",
            )]));
        }
        show::all(global.format, &proposal, false).map_err(Problem::machine)?;
        let question = format!("Write {}?", show::count(proposal.files.len(), "file"));
        match ask::ask(&question, io::stdout(), &interrupted)? {
            Answer::Yes => {}
            Answer::No => {
                lines(["nothing was written"]).map_err(Problem::machine)?;
                return Ok(Exit::Success);
            }
            Answer::Interrupted => return Ok(Exit::Interrupted),
        }
    } else if global.format == Format::Human {
        show::all(global.format, &proposal, false).map_err(Problem::machine)?;
    }
    let kept = write(&project.root, &proposal)?;
    show::written(global.format, &proposal, &kept, output).map_err(Problem::machine)?;
    if wanted.source.is_none() && global.format == Format::Human {
        lines([format!(
            "where nix-parity comes from is not known: put it in place of {UNKNOWN_SOURCE} in .github/workflows/nix-parity.yml"
        )])
        .map_err(Problem::machine)?;
    }
    Ok(Exit::Success)
}

/// Writes the files; the paths of those that had come in between.
fn write(root: &Path, proposal: &Proposal) -> Result<Vec<String>, Problem> {
    let mut kept = Vec::new();
    for (number, file) in proposal.to_write().into_iter().enumerate() {
        match file.write(root) {
            Ok(Written::New) => {}
            Ok(Written::Kept) => kept.push(file.path.clone()),
            Err(error) => {
                let message = format!("cannot write {}: {error}", file.path);
                let note = match number {
                    0 => "nothing was written".to_owned(),
                    n => format!("{} before it are written whole", show::count(n, "file")),
                };
                let mut problem = Problem::machine(message);
                problem.diagnostics[0].notes.push(note);
                return Err(problem);
            }
        }
    }
    Ok(kept)
}
