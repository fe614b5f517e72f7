//! What evaluating a host took the last time, so that long hosts can start first:
//! a run ends when its last host does.

use std::time::Duration;

use nix_parity_core::host::Host;

use super::store::Store;
use crate::cache::Key;

/// What the host took the last time it was evaluated, if that is known.
pub(super) fn known(store: &Store, project: &str, host: &Host) -> Option<Duration> {
    let text = store.cache.read_note(&key(project, host))?;
    text.trim().parse().ok().map(Duration::from_millis)
}

/// Keeps what the host took. Not being able to costs order only.
pub(super) fn record(store: &Store, project: &str, host: &Host, took: Duration) {
    let _ = store
        .cache
        .write_note(&key(project, host), &took.as_millis().to_string());
}

fn key(project: &str, host: &Host) -> Key {
    Key::of_text(&format!("cost\n{project}\n{}", host.key()))
}
