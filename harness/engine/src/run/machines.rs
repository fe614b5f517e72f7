//! Booting the machines of a host's `vm` cases: cases that are alike share one boot.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix_parity_core::case::{Case, CaseSteps, Check, LOADER, VmCheck, VmProgram, vm_program};
use nix_parity_core::host::Host;
use nix_parity_core::id::TestId;
use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;
use nix_parity_drv::{Source as _, StorePath, parse};

use super::artefacts;
use super::engine::{Engine, EngineError};
use super::session::Session;
use super::sources::Sources;
use crate::environment;
use crate::judge::{Boot, Oracle as _, Ran};
use crate::nix::{Failure, Program, Request, Subject};
use crate::plan::{HostPlan, PlannedTest};
use crate::snapshot::Name;
use crate::vm::{
    Accelerator, Ending, Limits, Results, Run, Supervision, Trouble, driver_expression, interact,
    run_tool,
};

/// Machines take memory and processors of their own: one boot at a time.
static ONE: Mutex<()> = Mutex::new(());

/// Where logs and pictures are put, below the project.
const RUNS: &str = ".nix-parity/runs";

/// The `vm` cases of a host that are to be decided, and the boots so far.
pub(super) struct Machines {
    host: Host,
    root: PathBuf,
    keep_state: bool,
    strict: bool,
    tested: Option<PathBuf>,
    tests: Vec<VmTest>,
    boots: Vec<(Vec<TestId>, Arc<Boot>)>,
}

#[derive(Clone)]
pub(super) struct VmTest {
    pub(super) id: TestId,
    pub(super) case: Case,
    pub(super) check: VmCheck,
    limit: Duration,
    /// What it runs on, as an expression: alike where two can share a boot.
    driver: String,
}

impl Machines {
    pub(super) fn new(engine: &Engine<'_>, host: &Host, tests: &[&PlannedTest<'_>]) -> Self {
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
    pub(super) fn into_boots(self) -> Vec<Vec<VmTest>> {
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
    pub(super) fn boot(
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
        let boot = self.supervise(&driver, tests, session, accelerator());
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

    /// Evaluates and builds the driver of tests, or the test itself where that is strict,
    /// and gives its place in the store; or what there is to say instead.
    fn built(
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
        let request = Request {
            variant: None,
            subject: Subject::Driver {
                expression: expression.into(),
            },
        };
        let derivation = match session.ask(&request)? {
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

impl Engine<'_> {
    /// Builds the driver of a test's machines and hands them to whoever sits at the
    /// terminal, until they leave the driver. Gives how that ended, or why it was not.
    ///
    /// # Errors
    /// The test has no machines, or no usable Nix was found.
    pub fn interact(
        &self,
        plan: &HostPlan<'_>,
        test: &PlannedTest<'_>,
    ) -> Result<Result<Ending, String>, EngineError> {
        let activity = |_| {};
        let (sources, limits) = (Sources::new(self), self.limits());
        let nix = self.nix()?;
        let mut session = Session::new(nix, &self.flake, &plan.host, limits, sources, &activity);
        let mut machines = Machines::new(self, &plan.host, &[test]);
        machines.strict = false;
        if machines.tests.is_empty() {
            return Ok(Err(format!("{} is not about machines", test.id)));
        }
        let out = match machines.built(&machines.tests, &mut session) {
            Ok(Ok(out)) => out,
            Ok(Err(boot)) => return Ok(Err(boot.reason())),
            Err(failure) => return Err(failure.into()),
        };
        let program = program_of(&machines.tests);
        let ended = interact(&out.join("bin/nixos-test-driver"), &program, accelerator());
        Ok(ended.map_err(|error| error.to_string()))
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

/// What the driver runs: a script as it is, or the steps of all tests.
pub(super) fn program_of(tests: &[VmTest]) -> String {
    if let [test] = tests
        && let VmProgram::Script(script) = &test.check.program
    {
        return script.value.clone();
    }
    let prefixes = prefixes(tests);
    let cases: Vec<_> = tests
        .iter()
        .zip(&prefixes)
        .map(|(test, prefix)| CaseSteps {
            name: &test.case.name.value,
            prefix,
            limit: test.limit,
            steps: test.check.steps(),
        })
        .collect();
    vm_program(&cases)
}

/// What the names of the files of each test begin with.
fn prefixes(tests: &[VmTest]) -> Vec<String> {
    let names = tests.iter().map(|test| test.case.name.value.as_str());
    distinct_slugs(names)
}

/// Names that files can begin with: two that become alike get numbers.
fn distinct_slugs<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = HashSet::new();
    // Where the numbers of each begin that nobody has tried.
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let distinct = |name| {
        let plain = slug(name);
        if taken.insert(plain.clone()) {
            return plain;
        }
        let number = numbers.entry(plain.clone()).or_insert(2);
        loop {
            let numbered = format!("{plain}-{number}");
            *number += 1;
            if taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    };
    names.map(distinct).collect()
}

pub(super) fn slug(name: &str) -> String {
    let words = name.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let slug: String = words
        .join("-")
        .to_ascii_lowercase()
        .chars()
        .take(64)
        .collect();
    if slug.is_empty() {
        "case".to_owned()
    } else {
        slug
    }
}

/// Why machines of a system cannot run here, if they cannot.
fn cannot_run(system: Option<&str>) -> Option<String> {
    let here = format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS);
    match system {
        Some(system) if system == here => None,
        Some(system) => Some(format!(
            "a machine of {system} does not run on this one, which is {here}"
        )),
        None => Some("the host does not say its system".to_owned()),
    }
}

/// KVM, where this machine's QEMU can use it; where there is no QEMU to ask, where its
/// device may be opened. The driver brings a QEMU of its own.
fn accelerator() -> Accelerator {
    let name = format!("qemu-system-{}", std::env::consts::ARCH);
    let mut folders = environment::search_path().into_iter();
    let qemu = folders.find_map(|folder| Some(folder.join(&name)).filter(|p| p.is_file()));
    match qemu {
        Some(qemu) => Accelerator::probe(&qemu),
        None => {
            let mut open = std::fs::OpenOptions::new();
            match open.read(true).write(true).open("/dev/kvm") {
                Ok(_) => Accelerator::Kvm,
                Err(_) => Accelerator::Emulation,
            }
        }
    }
}

fn count(tests: usize) -> String {
    match tests {
        1 => "1 test".to_owned(),
        n => format!("{n} tests"),
    }
}

fn not_started(error: &std::io::Error) -> Boot {
    Boot::NotStarted(format!("the driver of its machines cannot be run: {error}"))
}

#[cfg(test)]
mod tests {
    use super::distinct_slugs;

    #[test]
    fn what_files_begin_with_is_of_one_case() {
        let names = ["a b", "a-b", "A  B!", "a b 2", "../", "::", "c"];
        let slugs = distinct_slugs(names.into_iter());
        let expected = ["a-b", "a-b-2", "a-b-3", "a-b-2-2", "case", "case-2", "c"];
        assert_eq!(slugs, expected);
    }
}
