//! Two runs on one state of the project, with the cache and without, and where
//! they differ.

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_testkit::{FlavouredNix, NixFlavour, Program, Project, Ran};
use serde_json::Value;
use tempfile::TempDir;

/// The program on a project, with the installed Nix or a stand-in for a flavour of it, and
/// with a cache that nobody else uses.
pub(crate) struct Checker {
    cache: TempDir,
    nix: Option<(NixFlavour, FlavouredNix)>,
}

/// What a run found.
#[derive(Debug)]
pub(crate) struct Found {
    code: Option<i32>,
    stderr: String,
    /// What became of each test, by host and by name.
    pub(crate) hosts: BTreeMap<String, BTreeMap<String, Value>>,
    /// Whether each host was answered from the cache.
    pub(crate) cached: BTreeMap<String, bool>,
    /// Why each host was evaluated or not.
    pub(crate) why: BTreeMap<String, String>,
}

impl Checker {
    /// With the installed Nix.
    pub(crate) fn new() -> Self {
        Self::with(None)
    }

    /// With a stand-in for a flavour of Nix, where one is named.
    pub(crate) fn with(flavour: Option<NixFlavour>) -> Self {
        Self {
            cache: tempfile::tempdir().expect("a temporary folder can be made"),
            nix: flavour.map(|flavour| (flavour, FlavouredNix::new(flavour))),
        }
    }

    /// The flavour of its Nix, as a person writes it.
    pub(crate) fn name(&self) -> &'static str {
        self.nix
            .as_ref()
            .map_or("nix", |(flavour, _)| flavour.name())
    }

    fn program(&self, project: &Project, arguments: &[&str]) -> Program {
        let program = Program::new(env!("CARGO_BIN_EXE_nix-parity"))
            .current_dir(project.root())
            .env("NIX_PARITY_CACHE_DIR", self.cache.path())
            .args(["run", "--format", "jsonl", "--explain-cache"])
            .args(arguments);
        match &self.nix {
            Some((NixFlavour::LateDerivations, nix)) => program
                .env("NIX_REMOTE", nix.own_store())
                .args(["--nix", nix.path().as_str()]),
            Some((_, nix)) => program.args(["--nix", nix.path().as_str()]),
            None => program,
        }
    }

    /// A run without the cache and with the installed Nix, to which this one's are
    /// compared; or with its own, where messages name other places.
    pub(crate) fn reference(&self, project: &Project) -> Found {
        Found::read(&self.program(project, &["--no-cache"]).run())
    }

    /// Whether its messages are those of the installed Nix. One that does not tell where
    /// the flake lies leaves paths in them as they are.
    pub(crate) fn speaks_as_installed(&self) -> bool {
        !matches!(&self.nix, Some((NixFlavour::SilentOnFiles, _)))
    }

    /// A run with the cache.
    pub(crate) fn cached(&self, project: &Project, arguments: &[&str]) -> Found {
        Found::read(&self.program(project, arguments).run())
    }

    /// A run with the cache and one without, side by side.
    pub(crate) fn both(&self, project: &Project) -> (Found, Found) {
        let reference = self.program(project, &["--no-cache"]).start();
        let cached = self.cached(project, &[]);
        (cached, Found::read(&reference.finish()))
    }
}

impl Found {
    fn read(ran: &Ran) -> Self {
        let mut hosts = BTreeMap::<_, BTreeMap<_, _>>::new();
        let mut cached = BTreeMap::new();
        let mut why = BTreeMap::new();
        let text = |value: &Value| value.as_str().expect("it is text").to_owned();
        for line in ran.stdout.lines() {
            let mut event: Value = serde_json::from_str(line).expect("each line is an event");
            match event["event"].as_str() {
                Some("host_started") => {
                    cached.insert(text(&event["host"]), event["cached"] == true);
                    why.insert(text(&event["host"]), text(&event["why"]));
                }
                Some("test_finished") => {
                    event
                        .as_object_mut()
                        .expect("an event is an object")
                        .remove("millis");
                    let id = &event["id"];
                    let name = format!("{}::{}", text(&id["suite"]), text(&id["case"]));
                    let host = text(&id["host"]);
                    hosts.entry(host).or_default().insert(name, event);
                }
                _ => {}
            }
        }
        Self {
            code: ran.code(),
            stderr: ran.stderr.clone(),
            hosts,
            cached,
            why,
        }
    }

    /// What differs from another run of the same state: a line per test, and one
    /// for the run as a whole.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let mut differences = Vec::new();
        if (self.code, &self.stderr) != (other.code, &other.stderr) {
            differences.push(format!(
                "the run: {:?} {}\nbut: {:?} {}",
                self.code, self.stderr, other.code, other.stderr
            ));
        }
        let hosts: BTreeSet<_> = self.hosts.keys().chain(other.hosts.keys()).collect();
        let none = BTreeMap::new();
        for host in hosts {
            let mine = self.hosts.get(host).unwrap_or(&none);
            let theirs = other.hosts.get(host).unwrap_or(&none);
            let tests: BTreeSet<_> = mine.keys().chain(theirs.keys()).collect();
            for test in tests {
                let (mine, theirs) = (mine.get(test), theirs.get(test));
                if mine != theirs {
                    let show = |event: Option<&Value>| {
                        event.map_or("nothing".to_owned(), Value::to_string)
                    };
                    differences.push(format!(
                        "{test}::{host}: {}\nbut: {}",
                        show(mine),
                        show(theirs)
                    ));
                }
            }
        }
        differences
    }

    /// What became of each test of a host.
    pub(crate) fn verdicts(&self, host: &str) -> Vec<(&str, &Value)> {
        let tests = self.hosts.get(host).into_iter().flatten();
        tests
            .map(|(name, event)| (name.as_str(), &event["result"]))
            .collect()
    }

    /// The tests that could not be decided.
    pub(crate) fn errors(&self) -> Vec<&Value> {
        let tests = self.hosts.values().flat_map(BTreeMap::values);
        tests
            .filter(|event| event["result"]["outcome"] == "error")
            .collect()
    }

    /// Whether so much fails to evaluate that little could be seen to be stale.
    pub(crate) fn is_broken(&self) -> bool {
        let tests: usize = self.hosts.values().map(BTreeMap::len).sum();
        self.errors().len() * 4 >= tests
    }
}
