//! `nix-parity gate`.

mod pass;
mod verify;

use std::sync::atomic::Ordering;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::exit::Exit;
use nix_parity_core::gate::{Gate, Refusal};
use nix_parity_core::host::Host;
use nix_parity_engine::gate::{Machine, Moment, Running, find_command, look};
use nix_parity_engine::inspect::Side;
use nix_parity_engine::interrupt::Interrupt;
use nix_parity_engine::run::{Engine, Options};
use nix_parity_engine::snapshot::unreferenced;

use super::review::unusable;
use super::{Problem, load, options, planned};
use crate::args::{Format, Gate as Args, Global, ReportArgs};
use crate::output::Output;
use crate::reports::Reports;
use pass::Passing;

/// Returns the exit code of the program, which may be the command's.
pub(super) fn run(global: &Global, args: &Args, output: &Output) -> Result<u8, Problem> {
    let interrupt = Interrupt::new();
    if let Some(program) = args.command.first()
        && find_command(program).is_none()
    {
        let message = format!("there is no program `{}`", program.display());
        return Err(Problem::input(vec![Diagnostic::new(message)]));
    }
    // Before anything is read that the verdict depends on.
    let before = {
        let project = load(global)?;
        Moment::now(&engine(global, args, &project, &interrupt)?)
    };
    let project = load(global)?;
    let engine = engine(global, args, &project, &interrupt)?;
    let place = Place::find(&engine, args)?;
    if args.verify && args.command.is_empty() {
        return verify::last(&engine, (&place, args), global.format, output);
    }
    let (plan, _) = planned(&engine)?;
    let orphans = engine.orphans(&plan).map_err(|e| unusable(&e))?;
    if !orphans.is_empty() {
        return Err(Problem::input(unreferenced(&orphans)));
    }
    let total = plan.len();
    let plan = plan.of_host(&place.host);
    if plan.is_empty() {
        return Err(nothing(&place.host, total));
    }
    output.busy(&format!("testing {} …", place.host.key()));
    let mut events = Vec::new();
    let running = place.running(args)?;
    let sides = (&running, place.is_here);
    let found = look(&engine, (&place.host, &plan), sides, |event| {
        if !matches!(event, Event::HostActivity { .. }) {
            events.push(event);
        }
    });
    if interrupt.flag.load(Ordering::Relaxed) {
        return Ok(Exit::Interrupted.code());
    }
    let (gate, record) = found?;
    let refusal = gate.refusal(args.max_risk, args.yes);
    if refusal == Some(Refusal::Cases) && global.format == Format::Human {
        let reports = Reports::where_asked(&ReportArgs::default(), global);
        let mut telling = output.telling(output.replay(global.format), reports);
        for event in &events {
            telling.event(event);
        }
        telling.end(Exit::Failed);
    } else if global.format == Format::Human {
        for event in &events {
            if let Event::Warning { message } = event {
                crate::output::warning(message);
            }
        }
    }
    output
        .value(global.format, &gate, nix_parity_report::gate)
        .map_err(|e| Problem::machine(format!("what was found could not be written: {e}")))?;
    if let Some(refusal) = refusal {
        return Err(refused(&refusal, &gate, args));
    }
    let passing = Passing {
        engine: &engine,
        place: &place,
        before,
        running: running.ok(),
        gate: &gate,
        record,
    };
    passing.on(global.format, args, output, interrupt)
}

fn engine<'p>(
    global: &Global,
    args: &Args,
    project: &'p nix_parity_engine::project::Project,
    interrupt: &Interrupt,
) -> Result<Engine<'p>, Problem> {
    let options = Options {
        jobs: args.jobs,
        no_cache: args.no_cache,
        ..options(global)
    };
    Ok(Engine::new(project, options, &interrupt.flag)?)
}

/// Which host is meant, and whether it is here.
struct Place {
    host: Host,
    is_here: bool,
}

impl Place {
    fn find(engine: &Engine<'_>, args: &Args) -> Result<Self, Problem> {
        let hosts = engine.hosts()?;
        let machine = Machine::this();
        let host = match &args.host {
            None => {
                let own = machine.host(&hosts).cloned();
                own.ok_or_else(|| Problem::input(vec![machine.unknown(&hosts)]))?
            }
            Some(name) => match Side::find(engine, name)? {
                // A host of a commit is not what the command switches to.
                Side::Host(side) if side.flake == engine.flake => side.host,
                _ => {
                    let message = format!("--host: `{name}` is no host of the work tree");
                    return Err(Problem::input(vec![Diagnostic::new(message)]));
                }
            },
        };
        Ok(Self {
            is_here: machine.is(&host, &hosts),
            host,
        })
    }

    /// What runs there; or why that is not known.
    fn running(&self, args: &Args) -> Result<Result<Running, String>, Problem> {
        let platform = self.host.platform;
        if let Some(name) = &args.running_system {
            let running = Running::named(platform, name);
            return running.map(Ok).map_err(Problem::input);
        }
        if !self.is_here {
            let why = format!(
                "{} does not run here; --running-system names what does there",
                self.host.name
            );
            return Ok(Err(why));
        }
        let none = || "no system of Nix runs here".to_owned();
        let running = Running::of_machine(platform).map_err(Problem::input)?;
        Ok(running.ok_or_else(none))
    }
}

fn nothing(host: &Host, total: usize) -> Problem {
    let message = format!(
        "no case is about {}, so nothing says that it may be switched to",
        host.key()
    );
    Problem {
        exit: Exit::Nothing,
        diagnostics: vec![Diagnostic::new(message).note(format!(
            "there are {total} tests of others; `nix-parity list` names them"
        ))],
    }
}

/// That the gate says no. What stands above says why in full.
fn refused(refusal: &Refusal, gate: &Gate, args: &Args) -> Problem {
    let cases = &gate.cases;
    let why = match refusal {
        Refusal::Cases => {
            let summary = &cases.summary;
            let n = summary.total() - summary.passed - summary.skipped;
            match (summary.failed, summary.errors) {
                (0, 0) => "not every case was decided".to_owned(),
                _ => format!("{n} of {} cases did not pass", summary.total()),
            }
        }
        Refusal::Unproven => "every case was skipped, so nothing is proven".to_owned(),
        Refusal::Risk { allowed, found } => {
            format!("the risk is {found}, and --max-risk is {allowed}")
        }
        Refusal::Unknown {
            allowed: Some(allowed),
        } => format!(
            "what the switch will do is not all known, so that nothing says its risk is at most {allowed}"
        ),
        Refusal::Unknown { allowed: None } => {
            "what the switch will do is not all known, and --yes agrees only to what is".to_owned()
        }
        Refusal::Abort => "the switch would abort".to_owned(),
    };
    let problem = says_no(refusal.exit(cases), &why, args);
    match refusal {
        Refusal::Unknown { .. } => problem.note(
            "read what is not known above; without --yes and --max-risk you are asked and may switch nevertheless",
        ),
        Refusal::Abort => problem.note(
            "list these packages in the configuration, or remove them by hand, and run the gate again",
        ),
        _ => problem,
    }
}

/// Ends a gate that says no.
fn says_no(exit: Exit, why: &str, args: &Args) -> Problem {
    let diagnostic = Diagnostic::new(format!("the gate says no: {why}"));
    let diagnostic = match args.command.first() {
        Some(program) => diagnostic.note(format!("`{}` was not run", program.display())),
        None => diagnostic,
    };
    Problem {
        exit,
        diagnostics: vec![diagnostic],
    }
}
