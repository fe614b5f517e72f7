//! What is left once nothing speaks against a switch: to ask, to look whether everything
//! is as it was, and to run the command.

use std::io;
use std::sync::atomic::Ordering;

use nix_parity_core::exit::Exit;
use nix_parity_core::gate::Gate;
use nix_parity_engine::gate::{
    Changed, Moment, Record, Running, become_command, is_still_tested, run_command,
};
use nix_parity_engine::interrupt::Interrupt;
use nix_parity_engine::run::Engine;

use super::super::Problem;
use super::super::ask::{self, Answer};
use super::{Place, says_no, verify};
use crate::args::{Format, Gate as Args};
use crate::output::{Output, lines, warning};

/// How many files are named that changed.
const NAMES: usize = 5;

/// A gate that nothing speaks against.
pub(super) struct Passing<'a> {
    pub(super) engine: &'a Engine<'a>,
    pub(super) place: &'a Place,
    /// What everything was like before the tests.
    pub(super) before: Moment,
    /// What was compared with.
    pub(super) running: Option<Running>,
    pub(super) gate: &'a Gate,
    pub(super) record: Option<Record>,
}

impl Passing<'_> {
    /// Asks where somebody is to be asked, and runs the command.
    pub(super) fn on(
        self,
        format: Format,
        args: &Args,
        output: &Output,
        interrupt: Interrupt,
    ) -> Result<u8, Problem> {
        if args.command.is_empty() {
            if format == Format::Human {
                lines(["no command was given, so nothing is switched"])
                    .map_err(Problem::machine)?;
            }
            return Ok(Exit::Success.code());
        }
        if !self.may_switch(args, &interrupt)? {
            return Ok(Exit::Interrupted.code());
        }
        self.is_still_so(args)?;
        let record = self.kept();
        // The last look: from here on signals are the command's.
        if interrupt.flag.load(Ordering::Relaxed) {
            return Ok(Exit::Interrupted.code());
        }
        let failed = |error: std::io::Error| {
            let program = args.command.first().map(|p| p.display().to_string());
            let program = program.unwrap_or_default();
            Problem::machine(format!("`{program}` could not be started: {error}"))
        };
        if !args.verify {
            return Err(failed(become_command(&args.command)));
        }
        let code = run_command(&args.command, interrupt).map_err(failed)?;
        if code != 0 {
            return Ok(code);
        }
        let record = record.ok_or_else(|| Problem::machine("nothing was tested"))?;
        let running = self.place.running(args)?;
        verify::with(
            self.engine,
            (&self.gate.host, &record),
            running,
            format,
            output,
        )
    }

    /// Whether to go on; not where the user interrupts.
    fn may_switch(&self, args: &Args, interrupt: &Interrupt) -> Result<bool, Problem> {
        if args.yes || self.gate.does_nothing() {
            return Ok(true);
        }
        if args.no_ask || !ask::is_possible() {
            let why = if args.no_ask {
                "--no-ask, and somebody has to say whether to switch"
            } else {
                "nobody can be asked: standard input is not a terminal"
            };
            let note = "--yes switches without asking, --max-risk says up to which risk";
            return Err(says_no(Exit::Failed, why, args).note(note));
        }
        // Standard output may be a record.
        match ask::ask("Switch?", io::stderr(), &interrupt.flag)? {
            Answer::Yes => Ok(true),
            Answer::Interrupted => Ok(false),
            Answer::No => Err(says_no(Exit::Failed, "the answer was no", args)),
        }
    }

    /// Looks whether what was tested and agreed to is what the command will find.
    fn is_still_so(&self, args: &Args) -> Result<(), Problem> {
        let again = |what: &str| {
            let note = "run the gate again, which tests what there is now";
            says_no(Exit::Failed, what, args).note(note)
        };
        let now = Moment::now(self.engine);
        if let Err(Changed(names)) = self.before.is_still(&now) {
            let more = match names.len().saturating_sub(NAMES) {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            let named = names[..names.len().min(NAMES)].join(", ") + &more;
            return Err(again(&format!(
                "changed between the test and the switch: {named}"
            )));
        }
        if !now.is_whole
            && let Some(tested) = &self.gate.tested
            && !is_still_tested(self.engine, &self.place.host, tested)?
        {
            return Err(again(
                "the flake is another one than the one that was tested",
            ));
        }
        if let Some(running) = &self.running {
            let now = self.place.running(args)?;
            if now.as_ref().map(|now| &now.path) != Ok(&running.path) {
                return Err(again("what runs is not what it was compared with any more"));
            }
        }
        Ok(())
    }

    /// The record, kept for `--verify` and for the next comparison.
    fn kept(&self) -> Option<Record> {
        let record = self.record.clone()?;
        if let Err(error) = record.keep(self.engine, &self.place.host) {
            warning(&format!(
                "what was tested is not kept, so that gate --verify will not know it: {error}"
            ));
        }
        Some(record)
    }
}
