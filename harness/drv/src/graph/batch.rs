//! Files that one thread reads one after the other.

use std::io;
use std::ops::Range;

use super::discovered::{Discovered, Path};
use super::{NodeId, ReadError};
use crate::aterm::{Layout, ParseError, parse_raw};
use crate::source::Source;
use crate::store_path::StorePath;

/// How many bytes most files have at most. What is not used is given back, and was never
/// memory; a buffer that is too small is copied.
const USUAL: usize = 8 << 10;

/// Files in one buffer: one for each would be asked of the system, which takes as long as
/// reading it.
pub(super) struct Batch {
    pub(super) text: Vec<u8>,
    pub(super) files: Vec<Read>,
    /// What the files refer to, in their order.
    pub(super) references: Vec<NodeId>,
    /// Which of the references are to what had no number when the file was read, and where
    /// in the text its path is.
    pub(super) unknown: Vec<(usize, Range<usize>)>,
    /// Why the next could not be read.
    pub(super) failure: Option<Failure>,
}

/// A file that was read.
pub(super) struct Read {
    /// Where it is in the text.
    pub(super) text: Range<usize>,
    pub(super) layout: Layout,
    /// Which references are its own.
    pub(super) references: Range<usize>,
}

impl Batch {
    /// Reads files up to the first that cannot be read.
    pub(super) fn read(source: &impl Source, discovered: &Discovered, paths: &[Path]) -> Self {
        let mut batch = Self {
            text: Vec::with_capacity(paths.len() * USUAL),
            files: Vec::with_capacity(paths.len()),
            references: Vec::new(),
            unknown: Vec::new(),
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
        let (start, first) = (self.text.len(), self.references.len());
        source.read(path, &mut self.text).map_err(Failure::Io)?;
        let text = self.text.get(start..).unwrap_or_default();
        let mut paths = Vec::with_capacity(16);
        let layout = parse_raw(text, |path| paths.push(path.as_str())).map_err(Failure::Parse)?;
        // Nearly all were met before. Looked up in a row, one need not wait for the other.
        for path in paths {
            let known = discovered.known(path);
            if known.is_none() {
                // Paths are never copied out of the file.
                let at = path.as_ptr().addr() - self.text.as_ptr().addr();
                self.unknown
                    .push((self.references.len(), at..at + path.len()));
            }
            self.references.push(known.unwrap_or(NodeId(0)));
        }
        self.files.push(Read {
            text: start..self.text.len(),
            layout,
            references: first..self.references.len(),
        });
        Ok(())
    }
}

/// Why one file could not be read.
pub(super) enum Failure {
    Io(io::Error),
    Parse(ParseError),
    NoDerivation,
}

impl Failure {
    /// With what is known of the file.
    pub(super) fn at(self, path: String, referrer: Option<String>) -> ReadError {
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
