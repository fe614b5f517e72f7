//! Reading a graph from a store.

use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::batch::Batch;
use super::discovered::Discovered;
use super::{Graph, Node, NodeId, Place};
use crate::aterm::ParseError;
use crate::source::Source;
use crate::store_path::StorePath;

/// How many files make it worth while to wake other threads.
const PARALLEL: usize = 8;
/// How many files have one text at most: each has a buffer to itself that is asked of
/// the system, which costs as much as reading a small file.
const BATCH: usize = 128;

/// Why a graph could not be read. Each names the derivation that could not be read, and
/// ends with the one that refers to it, if it is no toplevel.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The store has no such file.
    #[error("{path} is not in the store{}", referred_to(.referrer.as_deref()))]
    Missing {
        /// The derivation.
        path: String,
        /// The derivation that refers to it.
        referrer: Option<String>,
    },
    /// The file is there and cannot be read.
    #[error("cannot read {path}{}", referred_to(.referrer.as_deref()))]
    Unreadable {
        /// The derivation.
        path: String,
        /// The derivation that refers to it.
        referrer: Option<String>,
        /// What the system says.
        source: io::Error,
    },
    /// The file is no derivation.
    #[error("{path} is no derivation{}", referred_to(.referrer.as_deref()))]
    Corrupt {
        /// The derivation.
        path: String,
        /// The derivation that refers to it.
        referrer: Option<String>,
        /// Where in the file, and what was expected there.
        source: ParseError,
    },
    /// The path is in the store and does not end in `.drv`.
    #[error("{path} is not the path of a derivation{}", referred_to(.referrer.as_deref()))]
    NoDerivation {
        /// The path.
        path: String,
        /// The derivation that refers to it.
        referrer: Option<String>,
    },
    /// There are more than four billion derivations.
    #[error("more derivations than can be numbered")]
    TooMany,
}

fn referred_to(path: Option<&str>) -> String {
    path.map(|path| format!(" (referred to by {path})"))
        .unwrap_or_default()
}

impl Graph {
    /// Reads all derivations below these. Files are read in parallel, and the numbers of
    /// the nodes do not depend on which came first.
    ///
    /// # Errors
    /// The first derivation, in the order of discovery, that cannot be read.
    pub fn read(source: &impl Source, roots: &[StorePath<'_>]) -> Result<Self, ReadError> {
        let mut graph = Self::default();
        let mut discovered = Discovered::default();
        for root in roots {
            graph.roots.push(discovered.number(root.as_str(), None)?);
        }
        loop {
            let new = discovered.from(graph.nodes.len());
            if new.is_empty() {
                return Ok(graph);
            }
            let read = |paths: &[_]| Batch::read(source, &discovered, paths);
            let batches: Vec<Batch> = if new.len() < PARALLEL {
                vec![read(new)]
            } else {
                let shares = 4 * rayon::current_num_threads();
                let size = new.len().div_ceil(shares).min(BATCH);
                new.par_chunks(size).map(read).collect()
            };
            for batch in batches {
                graph.add(batch, &mut discovered)?;
            }
        }
    }

    /// Gives the next numbers to these files.
    #[expect(clippy::indexing_slicing, reason = "a batch knows its own places")]
    fn add(&mut self, batch: Batch, discovered: &mut Discovered) -> Result<(), ReadError> {
        let base = self.references.len();
        self.references.extend_from_slice(&batch.references);
        let mut unknown = batch.unknown.into_iter().peekable();
        let mut once = Vec::new();
        for file in batch.files {
            let node = NodeId(u32::try_from(self.nodes.len()).map_err(|_| ReadError::TooMany)?);
            while let Some((n, range)) = unknown.next_if(|(n, _)| *n < file.references.end) {
                let path = std::str::from_utf8(&batch.text[range]).unwrap_or_default();
                self.references[base + n] = discovered.number(path, Some(node))?;
            }
            let (path, _) = &discovered.from(node.index())[0];
            let in_file = base + file.references.start..base + file.references.end;
            once.extend_from_slice(&self.references[in_file.clone()]);
            once.sort_unstable();
            once.dedup();
            let start = self.references.len();
            self.references.append(&mut once);
            self.nodes.push(Node {
                path: Arc::clone(path),
                text: Place {
                    text: self.texts.len(),
                    range: file.text,
                },
                layout: file.layout,
                in_file,
                references: start..self.references.len(),
            });
        }
        if let Some(failure) = batch.failure
            && let Some((path, first)) = discovered.from(self.nodes.len()).first()
        {
            let referrer = first.map(|node| self.path(node).to_string());
            return Err(failure.at(path.to_string(), referrer));
        }
        self.texts.push(batch.text.into());
        Ok(())
    }
}
