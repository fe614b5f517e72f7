//! Reading a graph from a store.

use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Graph, Node, NodeId};
use crate::aterm::{ParseError, parse_raw};
use crate::source::Source;
use crate::store_path::StorePath;

/// How many files make it worth while to wake other threads.
const PARALLEL: usize = 8;

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

/// A file that was read, and what it refers to.
struct Read {
    text: Box<[u8]>,
    // Where in the text.
    references: Vec<Range<usize>>,
}

impl Graph {
    /// Reads all derivations below these. Files are read in parallel, and the numbers of
    /// the nodes do not depend on which came first.
    ///
    /// # Errors
    /// The first derivation, in the order of discovery, that cannot be read.
    pub fn read(source: &impl Source, roots: &[StorePath<'_>]) -> Result<Self, ReadError> {
        let mut graph = Self::default();
        let mut numbers = HashMap::new();
        // The paths of the nodes, of which the last are still to be read, with the node
        // that referred to each first.
        let mut paths: Vec<(Arc<str>, Option<NodeId>)> = Vec::new();
        for root in roots {
            let node = number(&mut numbers, &mut paths, root.as_str(), None)?;
            graph.roots.push(node);
        }
        while graph.nodes.len() < paths.len() {
            let new = paths.get(graph.nodes.len()..).unwrap_or_default();
            let read = |(path, _): &(Arc<str>, _)| read(source, path);
            let read: Vec<Result<Read, Failure>> = if new.len() < PARALLEL {
                new.iter().map(read).collect()
            } else {
                new.par_iter().map(read).collect()
            };
            for result in read {
                let Some((path, first)) = paths.get(graph.nodes.len()).cloned() else {
                    break;
                };
                let read = result.map_err(|failure| {
                    let referrer = first.map(|node| graph.path(node).to_string());
                    failure.at(path.to_string(), referrer)
                })?;
                let node =
                    NodeId(u32::try_from(graph.nodes.len()).map_err(|_| ReadError::TooMany)?);
                let mut references = Vec::with_capacity(read.references.len());
                for range in read.references {
                    let text = read.text.get(range).unwrap_or_default();
                    let path = std::str::from_utf8(text).unwrap_or_default();
                    references.push(number(&mut numbers, &mut paths, path, Some(node))?);
                }
                references.sort_unstable();
                references.dedup();
                graph.nodes.push(Node {
                    path,
                    text: read.text,
                    references: references.into(),
                });
            }
        }
        Ok(graph)
    }
}

/// The number of a path, a new one if it was not seen before.
fn number(
    numbers: &mut HashMap<Arc<str>, NodeId>,
    paths: &mut Vec<(Arc<str>, Option<NodeId>)>,
    path: &str,
    referrer: Option<NodeId>,
) -> Result<NodeId, ReadError> {
    if let Some(&known) = numbers.get(path) {
        return Ok(known);
    }
    let path: Arc<str> = path.into();
    let node = NodeId(u32::try_from(paths.len()).map_err(|_| ReadError::TooMany)?);
    paths.push((Arc::clone(&path), referrer));
    numbers.insert(path, node);
    Ok(node)
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

fn read(source: &impl Source, path: &str) -> Result<Read, Failure> {
    let path = StorePath::parse(path)
        .ok()
        .filter(|path| path.is_derivation())
        .ok_or(Failure::NoDerivation)?;
    let text = source.read(path).map_err(Failure::Io)?.into_boxed_slice();
    let derivation = parse_raw(&text).map_err(Failure::Parse)?;
    let inputs = derivation.inputs.iter().map(|(path, _)| *path);
    let sources = derivation.sources.iter().copied();
    let references = inputs
        .chain(sources.filter(|path| path.is_derivation()))
        .map(|path| {
            // Paths are never copied out of the file.
            let start = path.as_str().as_ptr().addr() - text.as_ptr().addr();
            start..start + path.as_str().len()
        })
        .collect();
    Ok(Read { text, references })
}
