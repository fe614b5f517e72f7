//! The commands. Each returns the exit of the program.

pub(crate) mod answer;
mod ask;
mod cache;
mod completions;
mod coverage;
mod diff;
mod doctor;
mod explain;
mod gap;
mod gate;
mod init;
mod inputs;
mod list;
mod man;
mod matrix;
mod report;
mod review;
mod run;
mod schema;
mod version;
mod vm;
mod watch;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_core::host::Host;
use nix_parity_core::observation::NixError;
use nix_parity_core::select::{HostPattern, HostSelection};
use nix_parity_engine::nix::{InputOverride, Place};
use nix_parity_engine::ownership::through_sudo;
use nix_parity_engine::plan::{Filter, Plan};
use nix_parity_engine::project::{Overrides, Project};
use nix_parity_engine::run::{Affected, Engine, EngineError, Options};

use crate::args::{Args, Command, Global, Selection, Share};
use crate::output::{self, Output};

/// Runs a command and returns the exit code of the program.
pub(crate) fn dispatch(args: &Args, output: &Output) -> u8 {
    let global = &args.global;
    if let Err(problem) = not_through_sudo(args) {
        return problem.tell(output).code();
    }
    let done = match &args.command {
        // What it ends with may be the exit code of another program.
        Command::Gate(gate) => {
            let code = gate::run(global, gate, output);
            return code.unwrap_or_else(|problem| problem.tell(output).code());
        }
        Command::Init(args) => init::run(global, args, output),
        Command::Run(run) => run::run(global, run, output),
        Command::List(args) => list::run(global, args),
        Command::Matrix(args) => matrix::run(global, args),
        Command::Diff(diff) => diff::run(global, diff, output),
        Command::Explain(explain) => explain::run(global, explain, output),
        Command::Review(args) => review::run(global, args, output),
        Command::Coverage(coverage) => coverage::run(global, coverage, output),
        Command::Gap(gap) => gap::run(global, gap, output),
        Command::Schema(schema) => schema::run(global, schema),
        Command::Doctor => doctor::run(global),
        Command::Cache(command) => cache::run(global, *command),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
        Command::Vm(args) => vm::run(global, args),
        Command::Report(report) => report::run(global, report, output),
    };
    done.unwrap_or_else(|problem| problem.tell(output)).code()
}

/// Refuses to leave files of root where another user keeps theirs. Commands that write
/// none, and the one that looks at the machine, run all the same.
fn not_through_sudo(args: &Args) -> Result<(), Problem> {
    if matches!(
        args.command,
        Command::Doctor | Command::Completions(_) | Command::Man(_)
    ) {
        return Ok(());
    }
    match through_sudo(&args.global.directory) {
        None => Ok(()),
        Some(place) => Err(Problem::input(vec![
            Diagnostic::new(format!(
                "run by sudo, nix-parity would leave files of root in {}, which belongs to another user",
                place.display()
            ))
            .note("run nix-parity as yourself, and put sudo after `--`:")
            .note("nix-parity gate -- sudo darwin-rebuild switch --flake ."),
        ])),
    }
}

/// How many steps of Nix's trace are shown of a flake that cannot be loaded.
const STEPS: usize = 4;

/// Why a command cannot do its work.
pub(crate) struct Problem {
    exit: Exit,
    diagnostics: Vec<Diagnostic>,
}

impl Problem {
    fn input(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            exit: Exit::Input,
            diagnostics,
        }
    }

    fn machine(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Machine,
            diagnostics: vec![Diagnostic::new(message)],
        }
    }

    /// What there is to know besides, or to do about it.
    fn note(mut self, note: &str) -> Self {
        self.diagnostics = self.diagnostics.into_iter().map(|d| d.note(note)).collect();
        self
    }

    /// This problem where it says something, else that one.
    fn or(self, other: Diagnostic) -> Self {
        if self.diagnostics.is_empty() {
            Self::input(vec![other])
        } else {
            self
        }
    }

    /// Both problems, with the exit of the second.
    fn and(mut self, other: Self) -> Self {
        self.diagnostics.extend(other.diagnostics);
        self.exit = other.exit;
        self
    }

    /// What is wrong, as text of several lines.
    fn text(&self) -> String {
        let lines = self.diagnostics.iter().flat_map(|diagnostic| {
            let place = diagnostic.location.iter().map(|at| format!("at {at}"));
            let message = std::iter::once(diagnostic.message.clone());
            message.chain(place).chain(diagnostic.notes.iter().cloned())
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    fn tell(&self, output: &Output) -> Exit {
        output.diagnostics(&self.diagnostics);
        self.exit
    }
}

impl From<EngineError> for Problem {
    fn from(error: EngineError) -> Self {
        let (exit, diagnostics) = match error {
            EngineError::Input(diagnostics) => (Exit::Input, diagnostics),
            EngineError::Nix(error) => {
                let advice = "install Nix 2.18 or newer (https://nixos.org/download), or name one with --nix";
                (
                    Exit::Machine,
                    vec![Diagnostic::new(error.to_string()).note(advice)],
                )
            }
            EngineError::Flake(error) => (
                Exit::of_cause(error.cause),
                vec![unloaded("the flake could not be loaded", error)],
            ),
            EngineError::Host { host, error } => {
                let message = format!("{host} could not be evaluated");
                (Exit::of_cause(error.cause), vec![unloaded(&message, error)])
            }
            EngineError::Interrupted => {
                (Exit::Interrupted, vec![Diagnostic::new(error.to_string())])
            }
            EngineError::Machine(message) => (Exit::Machine, vec![Diagnostic::new(message)]),
        };
        Self { exit, diagnostics }
    }
}

/// What Nix could not do, and why.
fn unloaded(message: &str, error: NixError) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(message);
    if let Some(location) = error.location {
        diagnostic = diagnostic.at(location, None);
    }
    for line in error.message.lines() {
        diagnostic = diagnostic.note(line);
    }
    // The innermost steps name the input or the output that is to blame.
    for frame in error.trace.iter().rev().take(STEPS) {
        let place = frame.location.as_ref().map(|l| format!(", {l}"));
        diagnostic = diagnostic.note(format!("{}{}", frame.text, place.unwrap_or_default()));
    }
    diagnostic
}

/// Reads the project for a command that looks at no case.
fn settings(global: &Global) -> Result<Project, Problem> {
    Project::load_settings(&global.directory).map_err(Problem::input)
}

/// Reads the project; what is wrong with a case file is wrong with the run.
fn load(global: &Global) -> Result<Project, Problem> {
    let project = Project::load(&global.directory).map_err(Problem::input)?;
    let broken: Vec<_> = project
        .broken
        .iter()
        .flat_map(|file| file.diagnostics.iter().cloned())
        .collect();
    if broken.is_empty() {
        Ok(project)
    } else {
        Err(Problem::input(broken))
    }
}

/// Expands the cases over the hosts. What can never match is wrong with the run.
fn planned<'p>(engine: &Engine<'p>) -> Result<(Plan<'p>, Vec<Host>), Problem> {
    let project = engine.project;
    let hosts = engine.hosts()?;
    let (plan, problems) = Plan::new(&project.suites, &hosts);
    if problems.is_empty() {
        Ok((plan, hosts))
    } else {
        Err(Problem::input(project.with_sources(problems)))
    }
}

/// Expands the cases and takes the selected tests. What can never match is wrong
/// with the run, and a selection of nothing is never a success, unless it is known
/// that nothing of it can come out differently than before.
fn selected<'p>(
    engine: &Engine<'p>,
    selection: &Selection,
    share: &Share,
) -> Result<Plan<'p>, Problem> {
    let (plan, hosts) = planned(engine)?;
    let named = Affected::named(&share.changed_host, &share.changed_file, &plan);
    let named = named.map_err(Problem::input)?;
    let mut plan = filtered(plan, &hosts, selection)?;
    if !share.changed_host.is_empty() || !share.changed_file.is_empty() {
        plan = named.of(plan);
    }
    let total = plan.len();
    if let Some(shard) = share.shard {
        plan = plan.shard(shard);
    }
    if plan.is_empty() {
        return Err(nothing_of(total, share));
    }
    if !selection.affected {
        return Ok(plan);
    }
    // Last: each machine may know other hosts, and parts must be cut alike on all.
    let affected = engine.affected(&plan, &selection.since)?;
    output::affected(&affected, &selection.since);
    Ok(affected.of(plan))
}

/// What the options take that say the same on every machine.
fn filtered<'p>(
    plan: Plan<'p>,
    hosts: &[Host],
    selection: &Selection,
) -> Result<Plan<'p>, Problem> {
    let filter = filter(selection)?;
    filter.check(hosts).map_err(Problem::input)?;
    let total = plan.len();
    let plan = plan.filtered(&filter);
    if plan.is_empty() {
        Err(nothing(total))
    } else {
        Ok(plan)
    }
}

fn options(global: &Global) -> Options {
    Options {
        nix: global.nix.clone(),
        overrides: Overrides {
            profile: global.profile.clone(),
            inputs: global
                .override_input
                .chunks_exact(2)
                .map(|pair| InputOverride {
                    input: pair[0].clone(),
                    reference: pair[1].clone(),
                })
                .collect(),
            place: Place {
                builders: global.builders.clone(),
                store: global.store.clone(),
                eval_store: global.eval_store.clone(),
                jobs: None,
            },
        },
        ..Options::default()
    }
}

fn host_selection(patterns: &[String]) -> Result<HostSelection, Problem> {
    let patterns = patterns
        .iter()
        .map(|text| HostPattern::parse(text, None))
        .collect::<Result<_, _>>()
        .map_err(|message| Problem::input(vec![Diagnostic::new(format!("--host: {message}"))]))?;
    Ok(HostSelection { patterns })
}

fn filter(selection: &Selection) -> Result<Filter, Problem> {
    Ok(Filter {
        names: selection.names.clone(),
        exact: selection.exact,
        hosts: host_selection(&selection.host)?,
        platforms: selection.platform.clone(),
        tags: selection.tag.clone(),
        kinds: selection.kind.clone(),
    })
}

fn nothing(total: usize) -> Problem {
    Problem {
        exit: Exit::Nothing,
        diagnostics: vec![
            Diagnostic::new("no test was selected")
                .note(format!("there are {total}; `nix-parity list` names them")),
        ],
    }
}

/// A part of a selection that holds none of it.
fn nothing_of(total: usize, share: &Share) -> Problem {
    let note = match share.shard {
        Some(part) => format!("there are {total} to divide, and none is in part {part}"),
        None => {
            "no selected test is changed by what --changed-host and --changed-file name".to_owned()
        }
    };
    Problem {
        exit: Exit::Nothing,
        diagnostics: vec![Diagnostic::new("no test was selected").note(note)],
    }
}
