//! Reading a graph from a store.

use std::io;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Graph, Node, NodeId, Place};
use crate::aterm::{Layout, ParseError, parse_raw};
use crate::hash::TextMap;
use crate::source::Source;
use crate::store_path::StorePath;

/// How many files make it worth while to wake other threads.
const PARALLEL: usize = 8;
/// How many files have one text at most: each has a buffer to itself that is asked of
/// the system, which costs as much as reading a small file.
const BATCH: usize = 128;

/// How many bytes most files have at most.
const USUAL: usize = 4 << 10;

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

/// Files that were read one after the other.
struct Batch {
    text: Vec<u8>,
    files: Vec<Read>,
    // Why the next could not be read.
    failure: Option<Failure>,
}

/// A file that was read, and what it refers to.
struct Read {
    range: Range<usize>,
    layout: Layout,
    // In the order of the file.
    references: Vec<NodeId>,
    // Those of them that had no number when the file was read, and where in the text their
    // paths are.
    unknown: Vec<(usize, Range<usize>)>,
}

/// The paths of nodes, each with the node that referred to it first, and their numbers.
#[derive(Default)]
struct Discovered {
    paths: Vec<(Arc<str>, Option<NodeId>)>,
    numbers: TextMap<Arc<str>, NodeId>,
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
        while let Some(new) = discovered.paths.get(graph.nodes.len()..)
            && !new.is_empty()
        {
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
        Ok(graph)
    }

    /// Gives the next numbers to these files.
    #[expect(clippy::indexing_slicing, reason = "what is unknown is a reference")]
    fn add(&mut self, batch: Batch, discovered: &mut Discovered) -> Result<(), ReadError> {
        for file in batch.files {
            let node = NodeId(u32::try_from(self.nodes.len()).map_err(|_| ReadError::TooMany)?);
            let mut in_file = file.references;
            for (n, range) in file.unknown {
                let text = batch.text.get(range).unwrap_or_default();
                let path = std::str::from_utf8(text).unwrap_or_default();
                in_file[n] = discovered.number(path, Some(node))?;
            }
            let mut references = in_file.clone();
            references.sort_unstable();
            references.dedup();
            self.nodes.push(Node {
                path: discovered.path(node),
                text: Place {
                    text: self.texts.len(),
                    range: file.range,
                },
                layout: file.layout,
                in_file: in_file.into(),
                references: references.into(),
            });
        }
        if let Some(failure) = batch.failure
            && let Some((path, first)) = discovered.paths.get(self.nodes.len())
        {
            let referrer = first.map(|node| self.path(node).to_string());
            return Err(failure.at(path.to_string(), referrer));
        }
        self.texts.push(batch.text.into());
        Ok(())
    }
}

impl Discovered {
    /// The number of a path, a new one if it was not seen before.
    fn number(&mut self, path: &str, referrer: Option<NodeId>) -> Result<NodeId, ReadError> {
        if let Some(&known) = self.numbers.get(path) {
            return Ok(known);
        }
        let path: Arc<str> = path.into();
        let node = NodeId(u32::try_from(self.paths.len()).map_err(|_| ReadError::TooMany)?);
        self.paths.push((Arc::clone(&path), referrer));
        self.numbers.insert(path, node);
        Ok(node)
    }

    #[expect(clippy::indexing_slicing, reason = "each number was given to a path")]
    fn path(&self, node: NodeId) -> Arc<str> {
        Arc::clone(&self.paths[node.index()].0)
    }
}

/// Why one file could not be read.
enum Failure {
    Io(io::Error),
    Parse(ParseError),
    NoDerivation,
}

impl Failure {
    fn at(self, path: String, referrer: Option<String>) -> ReadError {
        match self {
            Self::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                ReadError::Missing { path, referrer }
            }
            Self::Io(source) => ReadError::Unreadable {
                path,
                referrer,
                source,
            },
            Self::Parse(source) => ReadError::Corrupt {
                path,
                referrer,
                source,
            },
            Self::NoDerivation => ReadError::NoDerivation { path, referrer },
        }
    }
}

impl Batch {
    /// Reads files up to the first that cannot be read.
    fn read(
        source: &impl Source,
        discovered: &Discovered,
        paths: &[(Arc<str>, Option<NodeId>)],
    ) -> Self {
        let mut batch = Self {
            text: Vec::with_capacity(paths.len() * USUAL),
            files: Vec::with_capacity(paths.len()),
            failure: None,
        };
        for (path, _) in paths {
            if let Err(failure) = batch.add(source, discovered, path) {
                batch.failure = Some(failure);
                break;
            }
        }
        // Done here, where it does not hold up the others.
        batch.text.shrink_to_fit();
        batch
    }

    fn add(
        &mut self,
        source: &impl Source,
        discovered: &Discovered,
        path: &str,
    ) -> Result<(), Failure> {
        let path = StorePath::parse(path)
            .ok()
            .filter(|path| path.is_derivation())
            .ok_or(Failure::NoDerivation)?;
        let start = self.text.len();
        source.read(path, &mut self.text).map_err(Failure::Io)?;
        let text = self.text.get(start..).unwrap_or_default();
        let (mut references, mut unknown) = (Vec::new(), Vec::new());
        // Most of what a file refers to was met before, and is looked up in parallel.
        let layout = parse_raw(text, |path| {
            let path = path.as_str();
            let known = discovered.numbers.get(path);
            if known.is_none() {
                // Paths are never copied out of the file.
                let start = path.as_ptr().addr() - self.text.as_ptr().addr();
                unknown.push((references.len(), start..start + path.len()));
            }
            references.push(known.copied().unwrap_or(NodeId(0)));
        })
        .map_err(Failure::Parse)?;
        self.files.push(Read {
            range: start..self.text.len(),
            layout,
            references,
            unknown,
        });
        Ok(())
    }
}
