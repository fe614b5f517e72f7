//! `nix-parity vm`.

use std::fs;
use std::path::Path;

use nix_parity_core::case::Check;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::interrupt;
use nix_parity_engine::run::Engine;
use nix_parity_engine::vm::Ending;
use nix_parity_engine::whole_file;

use super::{Problem, load, options, planned};
use crate::args::{Global, Vm};

pub(super) fn run(global: &Global, args: &Vm) -> Result<Exit, Problem> {
    let interrupted = interrupt::flag();
    let project = load(global)?;
    let engine = Engine::new(&project, options(global), &interrupted)?;
    let (plan, _) = planned(&engine)?;
    let Some(name) = &args.name else {
        let file = args.export.as_deref().unwrap_or(Path::new(""));
        let file = global.directory.join(file);
        return export(&engine.machine_tests(&plan), &file, args.check);
    };
    let tests = plan.hosts.iter().flat_map(|host| {
        let tests = host.tests.iter();
        tests.map(move |test| (host, test))
    });
    let found: Vec<_> = tests
        .filter(|(_, test)| matches!(test.case.check, Check::Vm(_)))
        .filter(|(_, test)| test.id.to_string().contains(name.as_str()))
        .collect();
    let [(host, test)] = found.as_slice() else {
        let message = format!("{} `vm` tests have `{}` in their name", found.len(), name);
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

fn export(tests: &str, file: &Path, only_check: bool) -> Result<Exit, Problem> {
    if !only_check {
        return match whole_file::replace(file, tests.as_bytes()) {
            Ok(()) => Ok(Exit::Success),
            Err(e) => Err(Problem::machine(format!(
                "cannot write {}: {e}",
                file.display()
            ))),
        };
    }
    if fs::read_to_string(file).ok().as_deref() == Some(tests) {
        return Ok(Exit::Success);
    }
    let message = format!("{} is not what the cases say", file.display());
    Err(Problem {
        exit: Exit::Failed,
        diagnostics: vec![
            Diagnostic::new(message)
                .note(format!("run `nix-parity vm --export {}`", file.display())),
        ],
    })
}
