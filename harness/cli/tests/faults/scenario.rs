//! A command on a project: run to its end, disturbed, and what must hold after that.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix_parity_testkit::{Disturbance, Program, Traced, assert_none_left};

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
    /// What passes at the end, where that need not be the same as undisturbed.
    then: &'static [&'static [&'static str]],
    project: State,
    cache: State,
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
            then: &[],
            project,
            cache,
        }
    }

    /// Says of a file that it is another one each time.
    pub(crate) fn varying(mut self, file: &'static str, end: &'static str) -> Self {
        self.varying.insert(file, end);
        self
    }

    /// Says that where it is ended in the middle the end may be another one, in which
    /// these pass.
    pub(crate) fn then(mut self, commands: &'static [&'static [&'static str]]) -> Self {
        self.then = commands;
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
        if self.then.is_empty() {
            assert!(
                self.is_done(after),
                "after {what}: another state of the project: {:?}",
                self.others(after)
            );
        }
        for arguments in self.then {
            let ran = self.fixture.run(arguments);
            assert_eq!(ran.code(), Some(0), "after {what}: {}", ran.stdout);
        }
    }

    /// The files that are not as after an undisturbed run.
    fn others(&self, after: &State) -> Vec<PathBuf> {
        let now = State::of(self.fixture.project.root().as_std_path());
        let paths = now.files.keys().chain(after.files.keys());
        let paths: BTreeSet<_> = paths
            .filter(|path| now.files.get(*path) != after.files.get(*path))
            .collect();
        paths.into_iter().cloned().collect()
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
        assert_none_left(self.fixture.project.root().as_str());
    }
}

/// A program that others start. A process of its own writes it: one that tests start at the
/// same moment may still hold what this one has open, and then it could not be started.
pub(crate) fn write_program(path: &Path, text: String) {
    let written = Program::new("/bin/sh")
        .args(["-c", "cat > \"$1\"; chmod 755 \"$1\"", "sh"])
        .arg(path)
        .input(text)
        .run();
    assert_eq!(written.code(), Some(0));
}
