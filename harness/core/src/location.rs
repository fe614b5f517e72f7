//! Places in text files. They travel with every value that a person wrote.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place in a text file.
///
/// Lines and columns count from 1, columns in characters. `length` is in
/// characters too; 0 means that only the starting point is known.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// Path as the reader should see it, relative to the project where possible.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1; 0 when only the line is known.
    pub column: u32,
    /// Length in characters; 0 when unknown.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub length: u32,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes fields by reference"
)]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

impl Location {
    /// A point without a length.
    pub fn point(file: impl Into<Arc<str>>, line: u32, column: u32) -> Self {
        Self {
            file: file.into(),
            line,
            column,
            length: 0,
        }
    }

    /// Whether the place is in the project itself. Everything else is called by an
    /// absolute path, `<input>/…` or one of Nix's own names in `«…»`.
    pub fn is_own(&self) -> bool {
        !self.file.is_empty() && !self.file.starts_with(['/', '<', '«'])
    }
}

/// `file:line:column`, leaving out what is not known, as compilers print it.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// A value together with the place where it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located<T> {
    /// What was written.
    pub value: T,
    /// Where it was written.
    pub location: Location,
}
