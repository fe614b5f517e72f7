//! Proposing with stubs for inputs that cannot be fetched. Nix names one of them at a
//! time, so the flake is tried again with each stub that was agreed to.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::nearest::nearest;
use nix_parity_core::observation::NixError;
use nix_parity_engine::init::{self, Declared, Proposal, Stub, Trial, Wanted};
use nix_parity_engine::project::Project;
use nix_parity_engine::run::{Engine, EngineError, Options};

use super::super::Problem;
use super::super::ask::{self, Answer};
use crate::args::Init;
use crate::output::lines;

/// The inputs of the flake, and the stubs of some of them.
pub(super) struct Stubbed<'a> {
    args: &'a Init,
    inputs: Vec<Declared>,
    stubs: Vec<Stub>,
    declined: Vec<String>,
    /// Where stubs lie while they are tried.
    trial: Trial,
}

impl<'a> Stubbed<'a> {
    /// Makes the stubs that the command line asks for.
    pub(super) fn begin(project: &Project, args: &'a Init) -> Result<Self, Problem> {
        let trial = Trial::begin()
            .map_err(|error| Problem::machine(format!("no temporary folder: {error}")))?;
        let mut stubbed = Self {
            args,
            inputs: init::declared(&project.tree()),
            stubs: Vec::new(),
            declined: Vec::new(),
            trial,
        };
        for name in &args.stub {
            let input = stubbed.inputs.iter().find(|input| input.name == *name);
            let Some(input) = input.cloned() else {
                return Err(stubbed.unknown(name));
            };
            stubbed.add(project, &input)?;
        }
        Ok(stubbed)
    }

    /// Proposes, with as many stubs as it takes.
    pub(super) fn propose(
        &mut self,
        project: &mut Project,
        options: &Options,
        interrupted: &Arc<AtomicBool>,
        wanted: &Wanted,
    ) -> Result<Proposal, Problem> {
        loop {
            init::use_stubs(project, &self.stubs, self.trial.folder());
            let engine = Engine::new(project, options.clone(), interrupted)?;
            let made = Proposal::make(&engine, &self.stubs, wanted);
            let (errors, whose) = match &made {
                Err(EngineError::Flake(error)) => (vec![error.clone()], "the flake needs"),
                Ok(proposal) => {
                    let errors = proposal.hosts.iter().filter_map(|host| host.error.clone());
                    (errors.collect(), "some hosts need")
                }
                Err(_) => (Vec::new(), ""),
            };
            let agreed = self.agreed(&errors, whose, interrupted)?;
            if let (None, Ok(proposal)) = (&agreed, &made)
                && self.declare(project, options, interrupted, proposal)?
            {
                continue;
            }
            let Some(input) = agreed else {
                return made.map_err(|error| {
                    let mut problem = Problem::from(error);
                    if let Some(first) = problem.diagnostics.first_mut() {
                        first.notes.extend(self.advice());
                    }
                    problem
                });
            };
            self.add(project, &input)?;
        }
    }

    /// Has the modules of stubs declare options that hosts set and nobody else declares.
    /// Nix names one at a time. Says whether any was declared.
    fn declare(
        &mut self,
        project: &mut Project,
        options: &Options,
        interrupted: &Arc<AtomicBool>,
        proposal: &Proposal,
    ) -> Result<bool, Problem> {
        let mut any = false;
        for known in &proposal.hosts {
            let mut error = known.error.clone();
            while let Some(wrong) = error.take() {
                let Some(stub) = Stub::declare(&mut self.stubs, &wrong) else {
                    break;
                };
                self.trial.add(stub).map_err(unwritten)?;
                any = true;
                init::use_stubs(project, &self.stubs, self.trial.folder());
                let engine = Engine::new(project, options.clone(), interrupted)?;
                error = init::first_error(&engine, &known.host)?;
            }
        }
        Ok(any)
    }

    /// The first input which these errors are about and of which a stub is wanted.
    fn agreed(
        &mut self,
        errors: &[NixError],
        whose: &str,
        interrupted: &AtomicBool,
    ) -> Result<Option<Declared>, Problem> {
        for error in errors {
            let Some(input) = self.offer(error).cloned() else {
                continue;
            };
            if self.agree(&input, whose, interrupted)? {
                return Ok(Some(input));
            }
            self.declined.push(input.name);
        }
        Ok(None)
    }

    /// What to do about inputs that cannot be fetched and are no stubs.
    fn advice(&self) -> impl Iterator<Item = String> {
        self.declined.iter().map(|name| {
            format!(
                "if input {name} cannot be fetched here, `nix-parity init --stub {name}` evaluates the rest with a stub of it"
            )
        })
    }

    /// What there is to know of the inputs.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<_> = self
            .stubs
            .iter()
            .map(|stub| {
                let what = stub.what.join(", ");
                format!("input {} is replaced by a stub of: {what}", stub.input)
            })
            .collect();
        let needs = self.inputs.iter().filter(|input| {
            input.needs_key() && self.stubs.iter().all(|stub| stub.input != input.name)
        });
        notes.extend(self.advice());
        let needs = needs.filter(|input| !self.declined.contains(&input.name));
        notes.extend(needs.map(|input| {
            format!(
                "input {0} is fetched over ssh: CI needs a key for it, or a stub of it: nix-parity init --stub {0}",
                input.name
            )
        }));
        notes
    }

    /// The input that an error is about, if there could be a stub of it.
    fn offer(&self, error: &NixError) -> Option<&Declared> {
        let input = init::to_blame(error, &self.inputs)?;
        // Without nixpkgs there is nothing to evaluate, whoever's it is.
        let is_settled = input.name.rsplit('/').next() == Some("nixpkgs")
            || self.declined.contains(&input.name)
            || self.stubs.iter().any(|stub| stub.input == input.name);
        (!is_settled).then_some(input)
    }

    /// Whether a stub is wanted; not where the user interrupts.
    fn agree(
        &self,
        input: &Declared,
        whose: &str,
        interrupted: &AtomicBool,
    ) -> Result<bool, Problem> {
        if self.args.yes || self.args.dry_run {
            return Ok(true);
        }
        if !ask::is_possible() {
            return Ok(false);
        }
        lines([format!(
            "{whose} input {}, which cannot be fetched here",
            input.name
        )])
        .map_err(Problem::machine)?;
        let question = "Make a stub of it, from what the flake takes of it, and evaluate the rest?";
        let answer = ask::ask(question, io::stdout(), interrupted)?;
        Ok(answer == Answer::Yes)
    }

    fn add(&mut self, project: &Project, input: &Declared) -> Result<(), Problem> {
        let stub = Stub::of(project, input).map_err(|error| {
            let diagnostic = Diagnostic::new(error.to_string());
            Problem::input(vec![diagnostic.note(
                "a profile of parity.yaml can replace it by something of your own: `override_inputs`",
            )])
        })?;
        self.trial.add(&stub).map_err(unwritten)?;
        self.stubs.push(stub);
        Ok(())
    }

    fn unknown(&self, name: &str) -> Problem {
        let names: Vec<_> = self
            .inputs
            .iter()
            .map(|input| input.name.as_str())
            .collect();
        let mut diagnostic = Diagnostic::new(format!("--stub: the flake has no input `{name}`"));
        if let Some(near) = nearest(name, names.iter().copied()) {
            diagnostic = diagnostic.note(format!("did you mean `{near}`?"));
        }
        Problem::input(vec![diagnostic.note(match names.as_slice() {
            [] => "it has none".to_owned(),
            names => format!("it has {}", names.join(", ")),
        })])
    }
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` passes")]
fn unwritten(error: io::Error) -> Problem {
    Problem::machine(format!("a stub cannot be written: {error}"))
}
