//! `nix-parity vm`.

use nix_parity_core::case::Check;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::interrupt;
use nix_parity_engine::run::Engine;
use nix_parity_engine::vm::Ending;

use super::{Problem, load, options, planned};
use crate::args::{Global, Vm};

pub(super) fn run(global: &Global, args: &Vm) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let (plan, _) = planned(&engine)?;
    let tests = plan.hosts.iter().flat_map(|host| {
        let tests = host.tests.iter();
        tests.map(move |test| (host, test))
    });
    let found: Vec<_> = tests
        .filter(|(_, test)| matches!(test.case.check, Check::Vm(_)))
        .filter(|(_, test)| test.id.to_string().contains(&args.name))
        .collect();
    let [(host, test)] = found.as_slice() else {
        let message = format!(
            "{} `vm` tests have `{}` in their name",
            found.len(),
            args.name
        );
        let mut problem = Diagnostic::new(message);
        for (_, test) in &found {
            problem = problem.note(test.id.to_string());
        }
        return Err(Problem::input(vec![problem]));
    };
    match engine.interact(host, test)? {
        Ok(Ending::Code(0)) => Ok(Exit::Success),
        Ok(ending) => Err(Problem::machine(format!("the driver ended with {ending}"))),
        Err(reason) => Err(Problem::machine(reason)),
    }
}
