//! What people name to be compared.
//!
//! | side | what it is |
//! |---|---|
//! | `pc`, `nixos:pc` | a host of the work tree |
//! | `HEAD~1:pc` | the host as a commit has it, inputs that lie in the repository included |
//! | `/nix/store/….drv` | a derivation |
//! | `/nix/store/…`, `./result`, `/run/current-system` | what made that path, where the store remembers |
//! | `generation:141` | a generation of the system's profile |
//! | `snapshot:pc` | what was accepted of a host |
//! | `snapshots/….snap` | one accepted snapshot, or with `.new` a pending one |

use std::path::Path;
use std::sync::Arc;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::Host;
use nix_parity_core::nearest::nearest;
use nix_parity_drv::StorePath;

use super::accepted::{self, AcceptedSide};
use super::named::{existing, host_named, wrong};
use super::settings::Settings;
use super::store;
use super::trees::{Trees, below};
use crate::depend::Git;
use crate::environment;
use crate::nix::Flake;
use crate::plan::labels;
use crate::project::escape;
use crate::run::{Engine, EngineError};

/// One side of a comparison.
#[derive(Clone, Debug)]
pub enum Side {
    /// A host, of the work tree or of a commit.
    Host(Box<HostSide>),
    /// A derivation in the store.
    Derivation {
        /// As it was asked for.
        label: String,
        /// Its path.
        path: String,
        /// What was set on the host that it was evaluated from, where that was recorded.
        settings: Option<Arc<Settings>>,
    },
    /// Accepted snapshots.
    Accepted(Box<AcceptedSide>),
}

/// A host of the work tree or of a commit.
#[derive(Clone, Debug)]
pub struct HostSide {
    /// As it was asked for.
    pub label: String,
    /// The host.
    pub host: Host,
    /// The flake that has it.
    pub flake: Flake,
    /// The commit, where it is not the work tree.
    pub(crate) commit: Option<(Git, String)>,
    /// The folder of the flake in that commit, from the top.
    pub(crate) folder: String,
    /// Keeps the folders that the flake's inputs are replaced by.
    _trees: Option<Trees>,
}

impl Side {
    /// Finds out what a word of the command line means.
    ///
    /// # Errors
    /// It means nothing, with the nearest right spelling; or Nix or git cannot say.
    pub fn find(engine: &Engine<'_>, text: &str) -> Result<Self, EngineError> {
        let derivation = |path| Self::Derivation {
            label: text.to_owned(),
            path,
            settings: None,
        };
        if let Some(number) = text.strip_prefix("generation:") {
            return of_path(engine, text, &generation(number)?).map(derivation);
        }
        if let Some(host) = text.strip_prefix(accepted::PREFIX) {
            let side = AcceptedSide::of_host(engine, text, host)?;
            return Ok(Self::Accepted(Box::new(side)));
        }
        if [".snap", ".snap.new"].iter().any(|end| text.ends_with(end)) {
            return AcceptedSide::of_file(engine, text).map(|side| Self::Accepted(Box::new(side)));
        }
        if text.starts_with(['/', '.']) {
            return of_path(engine, text, Path::new(text)).map(derivation);
        }
        let hosts = engine.hosts()?;
        if let Some(host) = host_named(text, &hosts) {
            return Ok(Self::of_work_tree(engine, text, host.clone()));
        }
        match text.split_once(':') {
            Some((revision, host)) if !["darwin", "nixos", "home"].contains(&revision) => {
                of_commit(engine, text, revision, host)
            }
            _ => Err(wrong(unknown_host(text, &hosts))),
        }
    }

    /// A host of the work tree.
    pub(super) fn of_work_tree(engine: &Engine<'_>, label: &str, host: Host) -> Self {
        Self::Host(Box::new(HostSide {
            label: label.to_owned(),
            host,
            flake: engine.flake.clone(),
            commit: None,
            folder: String::new(),
            _trees: None,
        }))
    }

    /// As it was asked for.
    pub fn label(&self) -> &str {
        match self {
            Self::Host(side) => &side.label,
            Self::Derivation { label, .. } => label,
            Self::Accepted(side) => &side.label,
        }
    }
}

fn unknown_host(name: &str, hosts: &[Host]) -> Diagnostic {
    let labels = labels(hosts);
    let diagnostic = Diagnostic::new(format!("unknown host `{name}`"));
    let diagnostic = match nearest(name, labels.iter().map(String::as_str)) {
        Some(near) => diagnostic.note(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    diagnostic
        .note(format!("this flake has {}", labels.join(", ")))
        .note("a side is a host, REVISION:HOST, snapshot:HOST, a store path or generation:NUMBER")
}

fn generation(number: &str) -> Result<std::path::PathBuf, EngineError> {
    let profiles = environment::nix_state_dir().join("profiles");
    let link = profiles.join(format!("system-{number}-link"));
    if link.symlink_metadata().is_ok() {
        return Ok(link);
    }
    let entries = std::fs::read_dir(profiles).into_iter().flatten().flatten();
    let mut known: Vec<u64> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let number = name.strip_prefix("system-")?.strip_suffix("-link")?;
            number.parse().ok()
        })
        .collect();
    known.sort_unstable();
    let known = match known.as_slice() {
        [] => "there is none: this machine's system is not made by Nix".to_owned(),
        [only] => format!("there is {only} only"),
        [first, .., last] => format!("there are {first} to {last}"),
    };
    let message = format!("no generation `{number}` of the system");
    Err(wrong(Diagnostic::new(message).note(known)))
}

/// The derivation that a path is, or that made it.
fn of_path(engine: &Engine<'_>, text: &str, path: &Path) -> Result<String, EngineError> {
    let target = existing(engine, text, path)?;
    let Some(stored) = target.to_str().and_then(in_store) else {
        let diagnostic = Diagnostic::new(format!("`{text}` is not in a Nix store"));
        return Err(wrong(
            diagnostic.note(format!("it is {}", target.display())),
        ));
    };
    if stored.is_derivation() {
        return Ok(stored.as_str().to_owned());
    }
    let stored = stored.as_str();
    let unknown = |note: String| {
        wrong(
            Diagnostic::new(format!("it is not known what made `{text}`"))
                .note(note)
                .note("name its .drv, or the host that it was built from"),
        )
    };
    match store::deriver(engine.nix()?, stored) {
        Ok(Some(deriver)) if Path::new(&deriver).exists() => Ok(deriver),
        Ok(Some(deriver)) => Err(unknown(format!("{deriver} is in the store no more"))),
        Ok(None) => Err(unknown(
            "the store does not remember a derivation".to_owned(),
        )),
        Err(message) => Err(unknown(message)),
    }
}

/// The store path that a path is, or lies in.
fn in_store(path: &str) -> Option<StorePath<'_>> {
    path.char_indices()
        .filter_map(|(at, c)| (c == '/').then_some(at))
        .chain([path.len()])
        .find_map(|end| StorePath::parse(path.get(..end)?).ok())
}

/// The flake as a commit has it.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    git: Git,
    hash: String,
    folder: String,
    flake: Flake,
    trees: Trees,
}

impl Commit {
    /// Finds it. `label` is what was asked for.
    ///
    /// # Errors
    /// There is no such commit, or the flake is in no git work tree.
    pub(super) fn find(
        engine: &Engine<'_>,
        label: &str,
        revision: &str,
    ) -> Result<Self, EngineError> {
        let git = engine
            .project
            .flake_dir()
            .and_then(|dir| Some((Git::find(&dir)?, dir)));
        let (git, dir) = git.ok_or_else(|| {
            let message = format!("`{label}` names a commit, and the flake is in no git work tree");
            wrong(Diagnostic::new(message))
        })?;
        let commit = git.commit(revision).map_err(|error| {
            let names = git.references();
            let names = names.iter().map(String::as_str).chain(["HEAD"]);
            let near = nearest(revision, names);
            let diagnostic = Diagnostic::new(format!("`{revision}` is no commit"));
            wrong(match near {
                Some(near) => diagnostic.note(format!("did you mean `{near}`?")),
                None => diagnostic.note(error.to_string()),
            })
        })?;
        let top = git.top().display().to_string();
        // `allRefs`: the commit may be on no branch.
        let mut reference = format!("git+file://{}?allRefs=1&rev={commit}", escape(&top));
        let folder = below(&dir, git.top()).unwrap_or_default();
        if !folder.is_empty() {
            reference = format!("{reference}&dir={}", escape(&folder));
        }
        let (overrides, trees) = overrides_at(engine, &git, &commit)?;
        Ok(Self {
            git,
            hash: commit,
            folder,
            flake: Flake {
                reference,
                overrides,
            },
            trees,
        })
    }

    /// Everything of a run, but of the flake as it was.
    pub(super) fn engine<'e>(&self, engine: &Engine<'e>) -> Result<Engine<'e>, EngineError> {
        engine.at(self.flake.clone(), None)
    }

    /// A host as the commit has it.
    pub(super) fn side(&self, label: &str, host: Host) -> Side {
        Side::Host(Box::new(HostSide {
            label: label.to_owned(),
            host,
            flake: self.flake.clone(),
            commit: Some((self.git.clone(), self.hash.clone())),
            folder: self.folder.clone(),
            _trees: Some(self.trees.clone()),
        }))
    }
}

fn of_commit(
    engine: &Engine<'_>,
    label: &str,
    revision: &str,
    host: &str,
) -> Result<Side, EngineError> {
    let commit = Commit::find(engine, label, revision)?;
    let hosts = commit.engine(engine)?.hosts()?;
    let host = host_named(host, &hosts).ok_or_else(|| wrong(unknown_host(host, &hosts)))?;
    Ok(commit.side(label, host.clone()))
}

/// The inputs that are replaced, those by folders of the repository as the commit
/// has them.
fn overrides_at(
    engine: &Engine<'_>,
    git: &Git,
    commit: &str,
) -> Result<(Vec<crate::nix::InputOverride>, Trees), EngineError> {
    let machine = |error: std::io::Error| EngineError::Machine(error.to_string());
    let trees = Trees::new().map_err(machine)?;
    let mut overrides = engine.flake.overrides.clone();
    for replaced in &mut overrides {
        let folder = crate::run::local_folder(&replaced.reference);
        let inside = folder.and_then(|folder| below(Path::new(&folder), git.top()));
        if let Some(inside) = inside {
            let object = git.folder_at(commit, &inside).map_err(|error| {
                let message = format!(
                    "`{inside}`, which replaces {}, cannot be had of {commit}",
                    replaced.input
                );
                wrong(Diagnostic::new(message).note(error.to_string()))
            })?;
            let folder = trees.folder(git, &object).map_err(|error| {
                EngineError::Machine(format!(
                    "`{inside}`, which replaces {}, cannot be laid out as it was in {commit}: {error}",
                    replaced.input
                ))
            })?;
            replaced.reference = format!("path:{}", escape(&folder.display().to_string()));
        }
    }
    Ok((overrides, trees))
}
