//! Why bytes are no derivation.

use std::fmt;

use crate::store_path::BadStorePath;

/// Bytes that are no derivation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: expected {expected}")]
pub struct ParseError {
    /// Where, in bytes from the start.
    pub offset: usize,
    /// What should have stood there.
    pub expected: Expected,
}

/// What a derivation has at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// `Derive(` or `DrvWithVersion(`.
    Derivation,
    /// The one version of dynamic derivations there is.
    Version,
    /// Exactly this.
    Literal(&'static str),
    /// The quote that ends a string, before the end of the file.
    Quote,
    /// A path in the store, for this reason.
    StorePath(BadStorePath),
    /// Nothing more.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Derivation => f.write_str("`Derive(` or `DrvWithVersion(`"),
            Self::Version => f.write_str("the version `xp-dyn-drv`"),
            Self::Literal(text) => write!(f, "`{text}`"),
            Self::Quote => f.write_str("the quote that ends a string"),
            Self::StorePath(reason) => write!(f, "a store path ({reason})"),
            Self::End => f.write_str("the end of the file"),
        }
    }
}
