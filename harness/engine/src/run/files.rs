//! Which Nix files a flake's tree has, and which of them are evaluated for a host. Names
//! are from the flake's folder.

use std::collections::BTreeSet;

use nix_parity_core::host::Host;

use super::consult::shelf_of;
use super::engine::Engine;
use super::store::Found;
use crate::cache::Stored;
use crate::depend::{Claim, is_nix};

impl Engine<'_> {
    /// The Nix files of the tree; nothing where it cannot be looked at.
    pub fn nix_files(&self) -> Option<BTreeSet<String>> {
        let store = self.store().ok()?;
        let tree = store.world()?.tree();
        let folder = store.subject().in_flake("");
        let files = tree.below(folder.trim_end_matches('/'));
        let files = files.filter_map(|file| file.strip_prefix(&folder));
        Some(files.filter(|f| is_nix(f)).map(str::to_owned).collect())
    }

    /// Those that are evaluated for a host, as far as was recorded when it was consulted
    /// and when its tests were run; nothing where that is not known.
    pub fn evaluated_files(&self, host: &Host) -> Option<BTreeSet<String>> {
        let store = self.store().ok()?;
        let tree = store.world()?.tree();
        let folder = store.subject().in_flake("");
        let Found::Trace { stored, .. } = store.find(&shelf_of(host)) else {
            return None;
        };
        let mut traces = vec![stored];
        if let Found::Trace { stored, .. } = store.find(&host.key()) {
            traces.push(stored);
        }
        let claims = traces.iter().filter_map(Stored::claims).flatten();
        let evaluated = claims
            .filter_map(Claim::evaluated)
            .map(|path| tree.real(&path));
        let inside = evaluated.filter_map(|path| Some(path.strip_prefix(&folder)?.to_owned()));
        Some(inside.collect())
    }
}
