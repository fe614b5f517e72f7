//! The jobs of a matrix, and how they are written.

use std::time::Duration;

use nix_parity_core::case::CheckKind;
use nix_parity_core::host::Platform;
use nix_parity_core::text::printable;
use serde_json::{Value, json};

use crate::run::Work;

/// What one machine is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What it does.
    pub work: Work,
    /// The labels of its runner.
    pub runner: Vec<String>,
    /// The double of that machine.
    pub system: String,
    /// The hosts that its tests look at, by their labels.
    pub hosts: Vec<String>,
    /// Their platforms.
    pub platforms: Vec<Platform>,
    /// The kinds of its tests.
    pub kinds: Vec<CheckKind>,
    /// Which of the jobs that do the same on the same system it is, from 1, and of how many.
    pub shard: (usize, usize),
    /// How many tests it has.
    pub tests: usize,
    /// What it is expected to take.
    pub cost: Duration,
    /// Its tests are about several hosts together, or about none.
    pub joint: bool,
    /// What `run` and `list` must be given besides profile and inputs, to take exactly
    /// its tests.
    pub arguments: Vec<String>,
}

impl Job {
    /// A word for it that no other job of the matrix has: letters, digits, dashes and `_`.
    pub fn id(&self) -> String {
        let Self { work, system, .. } = self;
        let (index, of) = self.shard;
        // A double is whatever a project file says.
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '_' {
                c
            } else {
                '-'
            }
        };
        let system: String = system.chars().map(plain).collect();
        format!("{}-{system}-{index}-of-{of}", work.name())
    }

    /// What people see.
    pub fn name(&self) -> String {
        let what = match self.hosts.as_slice() {
            _ if self.joint => "hosts together".to_owned(),
            [first, _, _, _, ..] => {
                let others = self.hosts.len() - 1;
                format!("{} and {others} others", printable(first))
            }
            hosts => printable(&hosts.join(", ")),
        };
        let name = if what.is_empty() {
            self.work.name().to_owned()
        } else {
            format!("{} {what}", self.work.name())
        };
        match self.shard {
            (_, 1) => name,
            (index, of) => format!("{name} ({index} of {of})"),
        }
    }

    fn to_json(&self) -> Value {
        let runner = match self.runner.as_slice() {
            [label] => json!(label),
            labels => json!(labels),
        };
        let (index, of) = self.shard;
        json!({
            "id": self.id(),
            "name": self.name(),
            "runner": runner,
            "system": self.system,
            "work": self.work.name(),
            "vm": self.work == Work::Boot,
            "hosts": self.hosts,
            "platforms": self.platforms,
            "kinds": self.kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
            "shard": format!("{index}/{of}"),
            "tests": self.tests,
            "seconds": self.cost.as_secs(),
            "args": self.arguments,
        })
    }
}

/// All jobs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matrix {
    /// In the order of what they do.
    pub jobs: Vec<Job>,
    /// What whoever asked should know.
    pub warnings: Vec<String>,
}

impl Matrix {
    /// As `strategy.matrix` of GitHub Actions takes it.
    pub fn to_json(&self) -> Value {
        json!({ "include": self.jobs.iter().map(Job::to_json).collect::<Vec<_>>() })
    }
}
