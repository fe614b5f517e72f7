//! The paths that are known while a graph is read.

use std::sync::Arc;

use super::{NodeId, ReadError};
use crate::hash::TextMap;

/// A path, and the node that referred to it first.
pub(super) type Path = (Arc<str>, Option<NodeId>);

/// The paths of nodes in their order, and the number of each.
#[derive(Default)]
pub(super) struct Discovered {
    paths: Vec<Path>,
    numbers: TextMap<Arc<str>, NodeId>,
}

impl Discovered {
    /// The number of a path, a new one if it was not seen before.
    pub(super) fn number(
        &mut self,
        path: &str,
        referrer: Option<NodeId>,
    ) -> Result<NodeId, ReadError> {
        if let Some(known) = self.known(path) {
            return Ok(known);
        }
        let path: Arc<str> = path.into();
        let node = NodeId(u32::try_from(self.paths.len()).map_err(|_| ReadError::TooMany)?);
        self.paths.push((Arc::clone(&path), referrer));
        self.numbers.insert(path, node);
        Ok(node)
    }

    /// The number of a path that was seen before.
    pub(super) fn known(&self, path: &str) -> Option<NodeId> {
        self.numbers.get(path).copied()
    }

    /// The paths with this and all later numbers.
    pub(super) fn from(&self, number: usize) -> &[Path] {
        self.paths.get(number..).unwrap_or_default()
    }
}
