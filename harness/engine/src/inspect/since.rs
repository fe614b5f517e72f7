//! All hosts as a commit has them and as the work tree has them.

use nix_parity_core::host::Host;

use super::Side;
use super::side::Commit;
use crate::plan::labels;
use crate::run::{Engine, EngineError};

/// A host at two states of its flake. It is missing where a state does not have it.
#[derive(Clone, Debug)]
pub struct HostSince {
    /// How the host is called.
    pub label: String,
    /// The host.
    pub host: Host,
    /// As the commit has it.
    pub old: Option<Side>,
    /// As the work tree has it.
    pub new: Option<Side>,
}

/// The hosts of the work tree, and those that it has no more.
///
/// # Errors
/// There is no such commit, or one of the flakes cannot be loaded.
pub fn since(engine: &Engine<'_>, revision: &str) -> Result<Vec<HostSince>, EngineError> {
    let commit = Commit::find(engine, revision, revision)?;
    // What the project file names today says nothing of what there was.
    let before = commit.engine(engine)?.offered()?;
    let now = engine.hosts()?;
    let mut gone: Vec<_> = before.iter().filter(|host| !has(&now, host)).collect();
    if !gone.is_empty() {
        // The project file may leave out hosts that are still there.
        let offered = engine.offered()?;
        gone.retain(|host| !has(&offered, host));
    }
    let all: Vec<Host> = now.iter().chain(gone.iter().copied()).cloned().collect();
    let pairs = labels(&all).into_iter().zip(all.clone());
    Ok(pairs
        .map(|(label, host)| HostSince {
            old: has(&before, &host)
                .then(|| commit.side(&format!("{revision}:{label}"), host.clone())),
            new: has(&now, &host).then(|| Side::of_work_tree(engine, &label, host.clone())),
            label,
            host,
        })
        .collect())
}

fn has(hosts: &[Host], host: &Host) -> bool {
    let mut same = hosts.iter().filter(|other| other.name == host.name);
    same.any(|other| other.platform == host.platform)
}
