//! What this machine and its builders offer to a derivation.

use std::fs;

use serde_json::Value as Json;

use super::job::{ask, command};
use super::need::Need;
use super::place::Place;
use crate::nix::{Deadline, Failure, Limits, Nix};

/// A machine that builds.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Machine {
    systems: Vec<String>,
    /// What it has.
    features: Vec<String>,
    /// What a derivation must need, so that it is built there.
    mandatory: Vec<String>,
}

/// All machines that builds can go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Offer {
    machines: Vec<Machine>,
    /// This machine, where it is told to build nothing.
    idle: Option<Machine>,
    /// Whether another answer would come of other settings only, which are looked at
    /// before an answer is taken from the cache.
    pub(super) is_by_settings: bool,
}

impl Machine {
    fn builds(&self, need: &Need) -> bool {
        let has =
            |feature: &String| self.features.contains(feature) || self.mandatory.contains(feature);
        self.systems.contains(&need.system)
            && need.features.iter().all(has)
            && self.mandatory.iter().all(|f| need.features.contains(f))
    }
}

impl Offer {
    /// Asks Nix for its settings, and reads what they name.
    pub(super) fn ask(
        nix: &Nix,
        place: &Place,
        limits: &Limits,
        deadline: Deadline,
    ) -> Result<Self, Failure> {
        let settings = |words: &[&str]| {
            let program = command(nix, words).args(place.machines());
            ask(&program, limits, deadline)
        };
        let text = match settings(&["config", "show", "--json"]) {
            // Its name before 2.20.
            Err(Failure::Died(_)) => settings(&["show-config", "--json"])?,
            answer => answer?,
        };
        let settings = serde_json::from_str(&text)
            .map_err(|e| Failure::Unreadable(format!("Nix's settings: {e}")))?;
        Ok(Self::of(&settings, |file| {
            fs::read_to_string(file).unwrap_or_default()
        }))
    }

    /// What settings offer; `read` gives the text of a file of machines.
    fn of(settings: &Json, read: impl Fn(&str) -> String) -> Self {
        let value = |name: &str| &settings[name]["value"];
        let system = value("system").as_str().unwrap_or_default().to_owned();
        let mut machines = Vec::new();
        let mut systems = vec![system.clone()];
        systems.extend(words(value("extra-platforms")));
        let own = Machine {
            systems,
            features: words(value("system-features")),
            mandatory: Vec::new(),
        };
        // `auto` is a number of at least one.
        let idle = (value("max-jobs").as_u64() == Some(0)).then(|| own.clone());
        if idle.is_none() {
            machines.push(own);
        }
        let builders = value("builders").as_str().unwrap_or_default();
        let mut is_by_settings = true;
        for entry in entries(builders) {
            match entry.strip_prefix('@') {
                Some(file) => {
                    is_by_settings &= file.ends_with("/nix/machines");
                    let text = read(file);
                    machines.extend(entries(&text).filter_map(|e| machine(e, &system)));
                }
                None => machines.extend(machine(entry, &system)),
            }
        }
        Self {
            machines,
            idle,
            is_by_settings,
        }
    }

    /// What there would have to be, so that it could be built; nothing where some machine
    /// can build it.
    pub(super) fn lacks(&self, need: &Need) -> Option<String> {
        // What Nix does itself needs no machine.
        if need.system == "builtin" || self.machines.iter().any(|m| m.builds(need)) {
            return None;
        }
        let idle = self.idle.as_ref().is_some_and(|own| own.builds(need));
        let why = if idle {
            ", which this machine is, but it builds nothing: max-jobs is 0"
        } else {
            ""
        };
        Some(format!("needs {need} to build{why}"))
    }
}

/// The entries of a list of machines.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().map(|l| l.split('#').next().unwrap_or(l));
    lines
        .flat_map(|line| line.split(';'))
        .map(str::trim)
        .filter(|entry| !entry.is_empty())
}

/// A machine: address, systems, key, jobs, speed, features, mandatory features. A dash
/// is the default.
fn machine(entry: &str, own_system: &str) -> Option<Machine> {
    let mut columns = entry.split_whitespace();
    columns.next()?;
    let columns: Vec<_> = columns.collect();
    let list = |n: usize| {
        let column = columns.get(n).copied().filter(|c| *c != "-")?;
        Some(column.split(',').map(str::to_owned).collect::<Vec<_>>())
    };
    Some(Machine {
        systems: list(0).unwrap_or_else(|| vec![own_system.to_owned()]),
        features: list(4).unwrap_or_default(),
        mandatory: list(5).unwrap_or_default(),
    })
}

/// A setting that is a list, or a text of words.
fn words(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => text.split_whitespace().map(str::to_owned).collect(),
        Json::Array(items) => items
            .iter()
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Need, Offer};
    use serde_json::{Value as Json, json};

    fn settings(builders: &str, jobs: u32) -> Json {
        json!({
            "system": {"value": "x86_64-linux"},
            "extra-platforms": {"value": ["i686-linux"]},
            "system-features": {"value": ["kvm"]},
            "builders": {"value": builders},
            "max-jobs": {"value": jobs},
        })
    }

    fn covers(settings: &Json, need: &str) -> bool {
        lacks(settings, need).is_none()
    }

    fn lacks(settings: &Json, need: &str) -> Option<String> {
        let mut words = need.split(' ').map(str::to_owned);
        let need = Need {
            system: words.next().unwrap(),
            features: words.collect(),
        };
        let machines = "# a comment\nssh://mac aarch64-darwin,x86_64-darwin - 4 1 big-parallel -\nssh://gpu - - 1 1 - cuda\n";
        Offer::of(settings, |_| machines.to_owned()).lacks(&need)
    }

    #[test]
    fn this_machine_builds_what_it_can_run() {
        let alone = settings("", 1);
        for need in ["x86_64-linux", "i686-linux", "x86_64-linux kvm", "builtin"] {
            assert!(covers(&alone, need), "{need}");
        }
        for need in ["aarch64-darwin", "x86_64-linux big-parallel"] {
            assert!(!covers(&alone, need), "{need}");
        }
    }

    #[test]
    fn a_machine_that_is_told_to_build_nothing_is_why() {
        let idle = settings("", 0);
        let why = |need| lacks(&idle, need).unwrap();
        assert_eq!(
            why("x86_64-linux kvm"),
            "needs x86_64-linux with kvm to build, which this machine is, but it builds nothing: max-jobs is 0"
        );
        assert_eq!(why("aarch64-darwin"), "needs aarch64-darwin to build");
    }

    #[test]
    fn builders_are_read_as_nix_reads_them() {
        let fleet = settings("@/etc/nix/machines", 0);
        for need in [
            "aarch64-darwin",
            "x86_64-darwin big-parallel",
            "x86_64-linux cuda",
        ] {
            assert!(covers(&fleet, need), "{need}");
        }
        // A mandatory feature keeps what does not need it away.
        for need in ["x86_64-linux", "aarch64-darwin kvm", "aarch64-linux"] {
            assert!(!covers(&fleet, need), "{need}");
        }
        let inline = settings("ssh://a aarch64-linux ; ssh://b riscv64-linux", 1);
        assert!(covers(&inline, "aarch64-linux") && covers(&inline, "riscv64-linux"));
        assert!(Offer::of(&fleet, |_| String::new()).is_by_settings);
        let other = settings("@/srv/builders", 1);
        assert!(!Offer::of(&other, |_| String::new()).is_by_settings);
    }
}
