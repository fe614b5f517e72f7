//! Which options the configuration's own files set, and which of them cases look at.
//!
//! An option of a home is the same whether the home stands alone or is part of a system,
//! since the same files make both.

mod looks;
mod reads;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use nix_parity_core::coverage::{Coverage, FORMAT, Place, UnseenModule, UnseenOption};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::OriginRole;
use rayon::prelude::*;

use self::looks::{Look, looks};
use crate::inspect::{HOMES, Settings, homes};
use crate::judge::{Oracle, origins};
use crate::nix::{Failure, Request, Subject};
use crate::plan::{Plan, labels};
use crate::run::{Engine, EngineError};

/// The folders and files whose options count, from the flake's folder.
#[derive(Clone, Debug)]
pub struct Roots {
    /// The folder of the flake.
    dir: PathBuf,
    /// All of it where empty.
    named: Vec<String>,
}

impl Roots {
    /// Those that were asked for, else those of the project; all where there are none.
    ///
    /// # Errors
    /// One is not there, or the flake is not on this machine.
    pub fn new(engine: &Engine<'_>, asked: &[String]) -> Result<Self, EngineError> {
        let wrong = |diagnostic| EngineError::Input(vec![diagnostic]);
        let Some(dir) = engine.project.flake_dir() else {
            let message = "the flake is not a folder of this machine, so it has no files here";
            return Err(wrong(Diagnostic::new(message)));
        };
        let named = if asked.is_empty() {
            &engine.project.file.coverage
        } else {
            asked
        };
        let mut roots = Self {
            dir,
            named: Vec::new(),
        };
        for name in named {
            let root = name.trim_start_matches("./").trim_end_matches('/');
            if root.is_empty() || root == "." {
                roots.named.clear();
                return Ok(roots);
            }
            if !roots.dir.join(root).exists() {
                let message = format!("no folder or file `{name}` to look at");
                let note = format!("it is looked for in {}", roots.dir.display());
                return Err(wrong(Diagnostic::new(message).note(note)));
            }
            roots.named.push(root.to_owned());
        }
        Ok(roots)
    }

    /// The file of a module that may be called by its folder.
    fn module(&self, name: &str) -> String {
        if self.dir.join(name).is_dir() {
            format!("{name}/default.nix")
        } else {
            name.to_owned()
        }
    }

    /// Whether a file counts. Those of inputs never do, nor modules without a file.
    fn have(&self, file: &str) -> bool {
        let below = |root: &String| {
            let rest = file.strip_prefix(root.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        !file.starts_with(['/', '<', '«'])
            && (self.named.is_empty() || self.named.iter().any(below))
    }
}

/// An option. Those of homes are apart from those of systems.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    of_home: bool,
    path: Vec<String>,
}

/// What is set at a place.
struct Set {
    label: String,
    of_home: bool,
    /// The files that set an option, by its path.
    options: BTreeMap<Vec<String>, BTreeSet<String>>,
    looks: Vec<Look>,
}

/// Looks at all hosts, side by side.
///
/// # Errors
/// A host cannot be asked, or these files set nothing.
pub fn coverage(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    hosts: &[Host],
    roots: &Roots,
) -> Result<Coverage, EngineError> {
    let found: Result<Vec<_>, _> = hosts
        .par_iter()
        .zip(labels(hosts))
        .map(|(host, label)| on_host(engine, plan, host, &label, roots))
        .collect();
    let (mut sets, mut missing) = (Vec::new(), Vec::new());
    for (of_host, not_asked) in found? {
        sets.extend(of_host);
        missing.extend(not_asked);
    }
    let mut coverage = Coverage {
        format: FORMAT,
        roots: roots.named.clone(),
        options: 0,
        looked_at: 0,
        places: sets.iter().map(place).collect(),
        unseen: Vec::new(),
        modules: Vec::new(),
        unevaluated: unevaluated(engine, hosts, roots),
        missing,
    };
    count(&sets, &mut coverage);
    Ok(coverage)
}

fn place(set: &Set) -> Place {
    Place {
        label: set.label.clone(),
        options: set.options.len(),
        looked_at: set.options.keys().filter(|path| set.is_seen(path)).count(),
    }
}

impl Set {
    fn is_seen(&self, path: &[String]) -> bool {
        self.looks.iter().any(|look| look.is_at(path))
    }
}

/// What is known of an option over all places.
#[derive(Default)]
struct Known {
    seen: bool,
    places: Vec<String>,
    files: BTreeSet<String>,
}

/// Counts each option once, and the files of which no option is seen.
fn count(sets: &[Set], coverage: &mut Coverage) {
    let mut options: BTreeMap<Name, Known> = BTreeMap::new();
    for set in sets {
        for (path, files) in &set.options {
            let name = Name {
                of_home: set.of_home,
                path: path.clone(),
            };
            let known = options.entry(name).or_default();
            known.seen |= set.is_seen(path);
            known.places.push(set.label.clone());
            known.files.extend(files.iter().cloned());
        }
    }
    coverage.options = options.len();
    coverage.looked_at = options.values().filter(|known| known.seen).count();
    let mut modules: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for known in options.values() {
        for file in &known.files {
            let (options, seen) = modules.entry(file).or_default();
            *options += 1;
            *seen |= known.seen;
        }
    }
    let unseen = modules.into_iter().filter(|(_, (_, seen))| !seen);
    coverage.modules = unseen
        .map(|(file, (options, _))| UnseenModule {
            file: file.to_owned(),
            options,
        })
        .collect();
    let unseen = options.into_iter().filter(|(_, known)| !known.seen);
    coverage.unseen = unseen
        .filter_map(|(name, known)| {
            Some(UnseenOption {
                path: OptionPath::from_segments(name.path)?.to_string(),
                places: known.places,
                files: known.files.into_iter().collect(),
            })
        })
        .collect();
}

type OnHost = (Vec<Set>, Vec<String>);

/// What is set on a host and in its homes, and what could not be asked.
fn on_host(
    engine: &Engine<'_>,
    plan: &Plan<'_>,
    host: &Host,
    label: &str,
    roots: &Roots,
) -> Result<OnHost, EngineError> {
    let planned = plan.hosts.iter().find(|planned| planned.host == *host);
    let tests = planned.into_iter().flat_map(|planned| &planned.tests);
    let looks: Vec<_> = tests.flat_map(|test| looks(test.case, host)).collect();
    engine.consult(host, |oracle| ask(oracle, host, label, roots, looks))?
}

fn ask(
    oracle: &mut dyn Oracle,
    host: &Host,
    label: &str,
    roots: &Roots,
    looks: Vec<Look>,
) -> Result<OnHost, EngineError> {
    let first = Request {
        variant: None,
        subject: Subject::OptionName { number: 0 },
    };
    // A host that cannot say this much would fail each of the many questions to come.
    if let Observation::Threw(error) | Observation::Failed(error) = oracle.ask(&first)? {
        return Err(EngineError::Host {
            host: label.to_owned(),
            error,
        });
    }
    let settings = Settings::of(oracle)?;
    let mut missing: Vec<_> = settings
        .missing
        .iter()
        .map(|missing| format!("{label}: {missing}"))
        .collect();
    let files = |files: &[String]| -> BTreeSet<String> {
        let counted = files.iter().filter(|file| roots.have(file));
        counted.map(|file| roots.module(file)).collect()
    };
    let mut set = Set {
        label: label.to_owned(),
        of_home: host.platform == Platform::Home,
        options: BTreeMap::new(),
        looks,
    };
    for (path, setting) in &settings.of {
        let mut of = setting.files.clone();
        if let Err(message) = &setting.value
            && of.is_empty()
            && let Some(path) = OptionPath::from_segments(path.clone())
        {
            // The answer in which it was one of many was lost with its value.
            of = setters(oracle, host, &path);
            // Without a message it is a caught throw: mostly that of a default.
            if of.is_empty() && !message.is_empty() {
                missing.push(format!("{label}: who sets {path}: {message}"));
            }
        }
        set.options.insert(path.clone(), files(&of));
    }
    let mut sets = Vec::new();
    match homes(oracle)? {
        Ok(found) => {
            if !found.is_empty() {
                set.options.remove(HOMES.map(str::to_owned).as_slice());
            }
            sets.extend(found.into_iter().map(|(user, settings)| {
                let path = [HOMES[0], HOMES[1], &user].map(str::to_owned);
                Set {
                    label: format!("{label}/{user}"),
                    of_home: true,
                    options: settings
                        .into_iter()
                        .map(|(path, of)| (path, files(&of)))
                        .collect(),
                    looks: set.looks.iter().filter_map(|l| l.below(&path)).collect(),
                }
            }));
        }
        Err(message) => missing.push(format!(
            "{label}: what its homes set cannot be told apart: {message}"
        )),
    }
    sets.insert(0, set);
    for set in &mut sets {
        set.options.retain(|_, files| !files.is_empty());
    }
    // What is only built is evaluated for the toplevel alone. That it may fail is what
    // tests are for.
    oracle
        .ask(&Request {
            variant: None,
            subject: Subject::Toplevel,
        })
        .map_err(|failure: Failure| EngineError::from(failure))?;
    Ok((sets, missing))
}

/// The files that set an option.
fn setters(oracle: &mut dyn Oracle, host: &Host, path: &OptionPath) -> Vec<String> {
    let found = origins(oracle, host, path).into_iter();
    let set = found.filter(|origin| origin.role == OriginRole::Definition);
    set.map(|origin| origin.location.file.to_string()).collect()
}

/// The Nix files below the roots that no host evaluates.
fn unevaluated(engine: &Engine<'_>, hosts: &[Host], roots: &Roots) -> Option<Vec<String>> {
    let mut files = engine.nix_files()?;
    files.retain(|file| roots.have(file));
    for host in hosts {
        for file in engine.evaluated_files(host)? {
            files.remove(&file);
        }
    }
    Some(files.into_iter().collect())
}
