//! The commands that write, each on a project of its own that it finds something to do in.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use nix_parity_testkit::{Disturbance, Host, Platform, Program, Traced, processes_with};

use crate::state::{State, is_temporary};
use crate::support::{Fixture, assert_sound};

/// A command on a project.
pub(crate) struct Scenario {
    pub(crate) fixture: Fixture,
    arguments: Vec<String>,
    /// What it exits with.
    pub(crate) code: i32,
    /// Files that say another thing each time, each with what it ends with when whole.
    varying: BTreeMap<&'static str, &'static str>,
    project: State,
    cache: State,
}

const LEDGER: &str = "\
rows:
  - { id: files, proposed: files, gap: total, weight: 3, wanted: required }
  - { id: more, proposed: more files, gap: small, weight: 2, wanted: optional }
";

/// Cases that need no Nix.
const TREE: &str = "\
suite: s
cases:
  - { name: files, proves: [files], tree: { present: [flake.nix] } }
  - { name: others, proves: [more], tree: { present: [flake.nxi] } }
";

const REAL: &str = "\
suite: s
cases:
  - { name: domain, expect: { nixos: { networking.domain: lan } } }
  - { name: all, snapshot: { options: [networking.domain, networking.hostName] } }
  - { name: shape, snapshot: { options: networking.firewall.enable } }
";

/// A project with no Nix to start.
pub(crate) fn tree() -> Fixture {
    let fixture = Fixture::without_nix(&[
        ("parity.yaml", "hosts: { nixos: [pc] }\n"),
        ("ledger.yaml", LEDGER),
        ("cases/s.yaml", TREE),
    ]);
    fixture.project.commit("first");
    fixture
}

/// A project of a real host, with cases and snapshots that nobody has taken yet.
pub(crate) fn real() -> Fixture {
    let module = "{ networking.domain = \"lan\"; }\n";
    let fixture = Fixture::with_inputs(
        &[Host::new(Platform::NixOs, "pc").with_module(module)],
        &[
            ("parity.yaml", "hosts: { nixos: [pc] }\n"),
            ("cases/s.yaml", REAL),
        ],
    );
    fixture.project.commit("first");
    fixture
}

/// Gives it the one case that a gate is to have.
pub(crate) fn gate_cases(fixture: &Fixture) {
    let cases = "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n";
    fixture.project.write("cases/s.yaml", cases);
}

/// The same, evaluated once.
pub(crate) fn evaluated() -> Fixture {
    let fixture = real();
    assert_eq!(fixture.run(&["run"]).code(), Some(1));
    fixture
}

impl Scenario {
    pub(crate) fn new(fixture: Fixture, arguments: &[&str], code: i32) -> Self {
        let project = State::of(fixture.project.root().as_std_path());
        let cache = State::of(fixture.cache());
        Self {
            fixture,
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            code,
            varying: BTreeMap::new(),
            project,
            cache,
        }
    }

    /// Says of a file that it is another one each time.
    pub(crate) fn varying(mut self, file: &'static str, end: &'static str) -> Self {
        self.varying.insert(file, end);
        self
    }

    pub(crate) fn program(&self) -> Program {
        let arguments: Vec<_> = self.arguments.iter().map(String::as_str).collect();
        self.fixture.program(&arguments).env("CI", "false")
    }

    /// Puts everything back.
    pub(crate) fn restore(&self) {
        self.project.restore();
        self.cache.restore();
    }

    pub(crate) fn disturbed(&self, disturbance: Disturbance) -> Result<Traced, String> {
        let began = Instant::now();
        let traced = self.program().run_disturbed(disturbance)?;
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "{disturbance:?} took {:?}",
            began.elapsed()
        );
        assert!(
            !traced.ran.stderr.contains("panicked"),
            "{disturbance:?}: {}",
            traced.ran.stderr
        );
        Ok(traced)
    }

    /// The project after an undisturbed run.
    pub(crate) fn undisturbed(&self) -> State {
        let ran = self.program().run();
        assert_sound(&ran);
        assert_eq!(ran.code(), Some(self.code), "{}{}", ran.stdout, ran.stderr);
        let after = State::of(self.fixture.project.root().as_std_path());
        assert_eq!(after.leftovers(), Vec::<&Path>::new());
        after
    }

    /// Every file is the old one or the new one.
    pub(crate) fn assert_whole(&self, after: &State, what: &str) {
        let now = State::of(self.fixture.project.root().as_std_path());
        for path in self
            .project
            .files
            .keys()
            .chain(after.files.keys())
            .chain(now.files.keys())
        {
            let [old, new, is] = [&self.project, after, &now].map(|state| state.files.get(path));
            let whole = is == old || is == new || self.is_whole(path, is) || is_temporary(path);
            assert!(
                whole,
                "{what}: {} is neither the old nor the new one",
                path.display()
            );
        }
    }

    fn is_whole(&self, path: &Path, is: Option<&Option<Vec<u8>>>) -> bool {
        let end = path.to_str().and_then(|path| self.varying.get(path));
        let (Some(end), Some(Some(bytes))) = (end, is) else {
            return false;
        };
        String::from_utf8_lossy(bytes).trim_end().ends_with(end)
    }

    /// Whether the project is as after an undisturbed run.
    pub(crate) fn is_done(&self, after: &State) -> bool {
        let now = State::of(self.fixture.project.root().as_std_path());
        now.files.keys().eq(after.files.keys())
            && now.files.iter().all(|(path, is)| {
                after.files.get(path) == Some(is) || self.is_whole(path, Some(is))
            })
    }

    /// The command does again what it does, and leaves nothing that is half of something.
    pub(crate) fn assert_works_again(&self, after: &State, what: &str) {
        let ran = self.program().run();
        assert_sound(&ran);
        assert_eq!(
            ran.code(),
            Some(self.code),
            "after {what}: {}{}",
            ran.stdout,
            ran.stderr
        );
        self.assert_nothing_left(what);
        assert!(
            self.is_done(after),
            "after {what}: another state of the project"
        );
    }

    pub(crate) fn assert_nothing_left(&self, what: &str) {
        for root in [
            self.fixture.project.root().as_std_path(),
            self.fixture.cache(),
        ] {
            let now = State::of(root);
            assert_eq!(now.leftovers(), Vec::<&Path>::new(), "after {what}");
        }
    }

    /// No process of this project is there.
    pub(crate) fn assert_alone(&self) {
        let began = Instant::now();
        while !processes_with(self.fixture.project.root().as_str()).is_empty() {
            assert!(
                began.elapsed() < Duration::from_secs(10),
                "a process is left"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}
