//! What runs the machines of tests, evaluated and built: the driver, or the test itself.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;
use nix_parity_drv::{Source as _, StorePath, parse};

use super::super::session::Session;
use super::boots::{Machines, VmTest, count};
use super::program::program_of;
use crate::environment;
use crate::judge::{Boot, Oracle as _};
use crate::nix::{Failure, Program, Subject};
use crate::system;
use crate::vm::{Limits, driver_expression, run_tool};

impl Machines {
    /// Evaluates and builds the driver of tests, or the test itself where that is strict,
    /// and gives its place in the store; or what there is to say instead.
    pub(super) fn built(
        &self,
        tests: &[VmTest],
        session: &mut Session<'_>,
    ) -> Result<Result<PathBuf, Boot>, Failure> {
        let Some(first) = tests.first() else {
            return Err(Failure::Interrupted);
        };
        if let Some(reason) = cannot_run(session.system().as_deref()) {
            return Ok(Err(Boot::Skipped(reason)));
        }
        session.begin(first.limit);
        let expression = if self.strict {
            let script = program_of(tests);
            driver_expression(&first.case, &first.check, &self.host, &script, true)
        } else {
            first.driver.clone()
        };
        let subject = Subject::Driver {
            expression: expression.into(),
        };
        let derivation = match session.ask_host(subject)? {
            Observation::Value(Value::String(path)) => path,
            Observation::Value(_) | Observation::Missing(_) => {
                let reason = "this nixpkgs has no testers.runNixOSTest".to_owned();
                return Ok(Err(Boot::Skipped(reason)));
            }
            Observation::Threw(error) | Observation::Failed(error) => {
                return Ok(Err(Boot::NotEvaluated(error)));
            }
        };
        (session.activity)(format!("building what runs {}", count(tests.len())));
        let limit = if self.strict {
            // It runs them.
            Limits::for_tests_of(tests.iter().map(|test| test.limit).sum()).whole
        } else {
            first.limit
        };
        let built = build(&derivation, limit, session);
        Ok(built.map_err(|said| {
            if !self.strict {
                Boot::NotStarted(format!(
                    "the driver of its machines cannot be built: {said}"
                ))
            } else if said.contains("required system") || said.contains("required (") {
                Boot::Skipped(format!("no machine here builds tests of machines: {said}"))
            } else {
                Boot::Refused(said)
            }
        }))
    }
}

/// Builds a derivation and gives the path of its output.
fn build(derivation: &str, limit: Duration, session: &Session<'_>) -> Result<PathBuf, String> {
    let program = Program::new(&session.nix.program)
        .args(["--extra-experimental-features", "nix-command flakes"])
        .args(["build", "--no-link"])
        .arg(format!("{derivation}^out"));
    let until = Instant::now() + limit;
    run_tool(&program, until, &session.limits.interrupted)?;
    let mut file = Vec::new();
    let path = StorePath::parse(derivation).map_err(|e| e.to_string())?;
    environment::store()
        .read(path, &mut file)
        .map_err(|e| e.to_string())?;
    let derivation = parse(&file).map_err(|e| e.to_string())?;
    let outputs = derivation.outputs.iter();
    let out = outputs.filter(|o| &*o.name == b"out").find_map(|o| o.path);
    let out = out.ok_or("its derivation says no output")?;
    Ok(PathBuf::from(out.to_string()))
}

/// Why machines of a system cannot run here, if they cannot.
fn cannot_run(system: Option<&str>) -> Option<String> {
    let here = system::this();
    match system {
        Some(system) if system == here => None,
        Some(system) => Some(format!(
            "a machine of {system} does not run on this one, which is {here}"
        )),
        None => Some("the host does not say its system".to_owned()),
    }
}
