//! Booting the machines of a host's `vm` cases: cases that are alike share one boot.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix_parity_core::case::{Case, Check, LOADER, VmCheck};
use nix_parity_core::host::Host;
use nix_parity_core::id::TestId;

use super::super::artefacts;
use super::super::engine::Engine;
use super::super::session::Session;
use super::program::{prefixes, program_of};
use crate::judge::{Boot, Ran};
use crate::nix::Failure;
use crate::plan::PlannedTest;
use crate::snapshot::Name;
use crate::vm::{Accelerator, Limits, Results, Run, Supervision, Trouble, driver_expression};

/// Machines take memory and processors of their own: one boot at a time.
static ONE: Mutex<()> = Mutex::new(());

/// Where logs and pictures are put, below the project.
const RUNS: &str = ".nix-parity/runs";

/// The `vm` cases of a host that are to be decided, and the boots so far.
pub(in crate::run) struct Machines {
    pub(super) host: Host,
    root: PathBuf,
    keep_state: bool,
    pub(super) strict: bool,
    tested: Option<PathBuf>,
    pub(super) tests: Vec<VmTest>,
    boots: Vec<(Vec<TestId>, Arc<Boot>)>,
}

#[derive(Clone)]
pub(in crate::run) struct VmTest {
    pub(in crate::run) id: TestId,
    pub(in crate::run) case: Case,
    pub(in crate::run) check: VmCheck,
    pub(super) limit: Duration,
    /// What it runs on, as an expression: alike where two can share a boot.
    pub(super) driver: String,
}

impl Machines {
    pub(in crate::run) fn new(
        engine: &Engine<'_>,
        host: &Host,
        tests: &[&PlannedTest<'_>],
    ) -> Self {
        let tests = tests.iter().filter_map(|test| {
            let Check::Vm(check) = &test.case.check else {
                return None;
            };
            Some(VmTest {
                id: test.id.clone(),
                driver: driver_expression(test.case, check, host, LOADER, false),
                case: test.case.clone(),
                check: (**check).clone(),
                limit: test.case.timeout.unwrap_or(engine.project.file.timeout),
            })
        });
        Self {
            host: host.clone(),
            root: engine.project.root.clone(),
            keep_state: engine.options.machines.keep_state,
            strict: engine.options.machines.strict,
            tested: engine.options.machines.tested.clone(),
            tests: tests.collect(),
            boots: Vec::new(),
        }
    }

    /// The tests, those together that share a boot.
    pub(in crate::run) fn into_boots(self) -> Vec<Vec<VmTest>> {
        let mut boots: Vec<Vec<VmTest>> = Vec::new();
        for test in self.tests {
            match boots
                .iter_mut()
                .find(|boot| boot[0].shares_boot_with(&test))
            {
                Some(boot) => boot.push(test),
                None => boots.push(vec![test]),
            }
        }
        boots
    }

    /// The boot that a test is part of, booted where it was not yet.
    pub(in crate::run) fn boot(
        &mut self,
        id: &TestId,
        session: &mut Session<'_>,
    ) -> Result<Arc<Boot>, Failure> {
        if let Some((_, boot)) = self.boots.iter().find(|(tests, _)| tests.contains(id)) {
            return Ok(Arc::clone(boot));
        }
        let Some(test) = self.tests.iter().find(|test| test.id == *id) else {
            return Err(Failure::Interrupted);
        };
        let together: Vec<_> = self
            .tests
            .iter()
            .filter(|other| other.shares_boot_with(test))
            .cloned()
            .collect();
        let boot = Arc::new(self.run(&together, session)?);
        let tests = together.into_iter().map(|test| test.id).collect();
        self.boots.push((tests, Arc::clone(&boot)));
        Ok(boot)
    }

    fn run(&self, tests: &[VmTest], session: &mut Session<'_>) -> Result<Boot, Failure> {
        if let Some(out) = &self.tested {
            let missing = format!("{} is no output of a test", out.display());
            return Ok(if out.is_dir() {
                strict(out, tests)
            } else {
                Boot::NotStarted(missing)
            });
        }
        let driver = match self.built(tests, session)? {
            Ok(out) if self.strict => return Ok(strict(&out, tests)),
            Ok(out) => out.join("bin/nixos-test-driver"),
            Err(boot) => return Ok(boot),
        };
        (session.activity)("waiting for another host's machines".to_owned());
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        (session.activity)(format!("running {} on machines", count(tests.len())));
        let boot = self.supervise(&driver, tests, session, Accelerator::of_this_machine());
        Ok(match boot {
            // What was taken for usable was not.
            Ok(ran)
                if ran.accelerator == Accelerator::Kvm
                    && matches!(ran.run.verdict, Err(Trouble::Aborted(_))) =>
            {
                let again = self.supervise(&driver, tests, session, Accelerator::Emulation);
                again.map_or_else(|error| not_started(&error), |ran| Boot::Ran(Box::new(ran)))
            }
            Ok(ran) => Boot::Ran(Box::new(ran)),
            Err(error) => not_started(&error),
        })
    }

    fn supervise(
        &self,
        driver: &Path,
        tests: &[VmTest],
        session: &Session<'_>,
        accelerator: Accelerator,
    ) -> std::io::Result<Ran> {
        let name = tests.first().map(|test| Name::new(&test.id, "vm", None));
        let name = name.as_ref().map_or("", Name::as_str);
        let artefacts = format!("{RUNS}/{}", name.trim_end_matches("@vm.snap"));
        let folder = self.root.join(&artefacts);
        // Of the last run of the same case nothing is left that could be taken for this.
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => std::fs::create_dir_all(&folder)?,
        }
        std::fs::write(self.root.join(".nix-parity/.gitignore"), "*\n")?;
        let program = folder.join("program.py");
        std::fs::write(&program, program_of(tests))?;
        let time = tests.iter().map(|test| test.limit).sum();
        let run = Supervision {
            driver,
            arguments: &[],
            program: Some(&program),
            artefacts: &folder,
            accelerator,
            limits: Limits::for_tests_of(time),
            keep_state: self.keep_state,
            interrupted: &session.limits.interrupted,
        }
        .run()?;
        Ok(Ran {
            results: Results::read(&run.results),
            run,
            tests: tests.iter().map(|test| test.id.clone()).collect(),
            accelerator,
            files: artefacts::by_case(&folder, &artefacts, &prefixes(tests)),
            artefacts,
        })
    }
}

impl VmTest {
    fn shares_boot_with(&self, other: &Self) -> bool {
        let is_same = self.id == other.id;
        is_same || (!self.check.isolated && !other.check.isolated && self.driver == other.driver)
    }
}

/// What a test that has been built tells. That it was built says that its script passed.
fn strict(out: &Path, tests: &[VmTest]) -> Boot {
    let told = std::fs::read_to_string(out.join("nix-parity.jsonl")).unwrap_or_default();
    Boot::Ran(Box::new(Ran {
        run: Run::of_build(),
        results: Results::read(&told),
        tests: tests.iter().map(|test| test.id.clone()).collect(),
        accelerator: Accelerator::Kvm,
        files: artefacts::by_case(out, &out.display().to_string(), &prefixes(tests)),
        artefacts: out.display().to_string(),
    }))
}

pub(super) fn count(tests: usize) -> String {
    match tests {
        1 => "1 test".to_owned(),
        n => format!("{n} tests"),
    }
}

fn not_started(error: &std::io::Error) -> Boot {
    Boot::NotStarted(format!("the driver of its machines cannot be run: {error}"))
}
