//! What is set on a host and in the homes that are part of it, and what the cases of the
//! host look at.

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::OriginRole;

use super::looks::{Look, looks};
use super::roots::Roots;
use crate::inspect::{HOMES, Settings, homes};
use crate::judge::{Oracle, origins};
use crate::nix::Subject;
use crate::plan::Plan;
use crate::run::{Engine, EngineError};

/// What is set at a place: on a host, or in a home that is part of one.
pub(super) struct Set {
    pub(super) label: String,
    pub(super) of_home: bool,
    /// The files that count and set an option, by its path.
    pub(super) options: BTreeMap<Vec<String>, BTreeSet<String>>,
    looks: Vec<Look>,
}

impl Set {
    /// Whether a case looks at an option here.
    pub(super) fn is_seen(&self, path: &[String]) -> bool {
        self.looks.iter().any(|look| look.is_at(path))
    }

    /// Adds an option that these files set, where some of them count.
    fn add(&mut self, path: Vec<String>, files: &[String], roots: &Roots) {
        let counted = files.iter().filter(|file| roots.have(file));
        let files: BTreeSet<_> = counted.map(|file| roots.module(file)).collect();
        if !files.is_empty() {
            self.options.insert(path, files);
        }
    }
}

/// What is known of a host.
pub(super) struct Gathered {
    /// Of the host itself.
    pub(super) set: Set,
    /// Of its homes.
    pub(super) homes: Vec<Set>,
    /// What could not be asked, and why.
    pub(super) missing: Vec<String>,
}

/// Asks about a host.
///
/// # Errors
/// It cannot be evaluated.
pub(super) fn gather(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    host: &Host,
    label: &str,
    roots: &Roots,
) -> Result<Gathered, EngineError> {
    let planned = plan.hosts.iter().find(|planned| planned.host == *host);
    let tests = planned
        .into_iter()
        .flat_map(|planned| planned.tests.iter().chain(&planned.joint));
    let set = Set {
        label: label.to_owned(),
        of_home: host.platform == Platform::Home,
        options: BTreeMap::new(),
        looks: tests.flat_map(|test| looks(test.case, host)).collect(),
    };
    engine.consult(host, |oracle| {
        // A host that cannot say this much would fail each of the many questions to come.
        let first = oracle.ask_host(Subject::OptionName { number: 0 })?;
        if let Observation::Threw(error) | Observation::Failed(error) = first {
            let host = label.to_owned();
            return Err(EngineError::Host { host, error });
        }
        let mut gathered = Gathered {
            set,
            homes: Vec::new(),
            missing: Vec::new(),
        };
        gathered.add_settings(oracle, host, roots)?;
        gathered.add_homes(oracle, roots)?;
        // What is only built is evaluated for the toplevel alone. That this may fail is
        // what tests are for.
        oracle.ask_host(Subject::Toplevel)?;
        Ok(gathered)
    })?
}

impl Gathered {
    /// Adds what is set on the host itself.
    fn add_settings(
        &mut self,
        oracle: &mut dyn Oracle,
        host: &Host,
        roots: &Roots,
    ) -> Result<(), EngineError> {
        let set = &mut self.set;
        let settings = Settings::of(oracle)?;
        let label = &set.label;
        let missing = settings.missing.iter();
        self.missing
            .extend(missing.map(|missing| format!("{label}: {missing}")));
        for (path, setting) in settings.of {
            let mut files = setting.files;
            if let Err(message) = &setting.value
                && files.is_empty()
                && let Some(path) = OptionPath::from_segments(path.clone())
            {
                // The answer in which it was one of many was lost with its value.
                files = setters(oracle, host, &path);
                // Without a message it is a caught throw: mostly that of a default.
                if files.is_empty() && !message.is_empty() {
                    let why = format!("{}: who sets {path}: {message}", set.label);
                    self.missing.push(why);
                }
            }
            set.add(path, &files, roots);
        }
        Ok(())
    }

    /// Adds what is set in the homes of the host, instead of the one option that they are.
    fn add_homes(&mut self, oracle: &mut dyn Oracle, roots: &Roots) -> Result<(), EngineError> {
        let set = &mut self.set;
        let homes = match homes(oracle)? {
            Ok(homes) => homes,
            Err(message) => {
                let label = &set.label;
                let why = format!("{label}: what its homes set: {message}");
                self.missing.push(why);
                return Ok(());
            }
        };
        if !homes.is_empty() {
            set.options.remove(HOMES.map(str::to_owned).as_slice());
        }
        for (user, settings) in homes {
            let path = [HOMES[0], HOMES[1], &user].map(str::to_owned);
            let mut home = Set {
                label: format!("{}/{user}", set.label),
                of_home: true,
                options: BTreeMap::new(),
                looks: set.looks.iter().filter_map(|l| l.below(&path)).collect(),
            };
            for (path, files) in settings {
                home.add(path, &files, roots);
            }
            self.homes.push(home);
        }
        Ok(())
    }
}

/// The files that set an option.
pub(crate) fn setters(oracle: &mut dyn Oracle, host: &Host, path: &OptionPath) -> Vec<String> {
    let found = origins(oracle, host, path).into_iter();
    let set = found.filter(|origin| origin.role == OriginRole::Definition);
    set.map(|origin| origin.location.file.to_string()).collect()
}
