//! Messages about input that is wrong: what, where, and what to do about it.

use serde::{Deserialize, Serialize};

use crate::location::Location;

/// One message about the input.
///
/// `message` is a lower-case fragment without a full stop. `source_line` holds
/// the line that `location` points into, so that a reporter can draw it without
/// reading files.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnostic {
    /// What is wrong.
    pub message: String,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// The text of the line at `location`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_line: Option<String>,
    /// What is said under the marked place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Advice and reasons, one per line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// A message without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            location: None,
            source_line: None,
            label: None,
            notes: Vec::new(),
        }
    }

    /// Adds the place and the text of its line.
    #[must_use]
    pub fn at(mut self, location: Location, source_line: Option<String>) -> Self {
        self.location = Some(location);
        self.source_line = source_line;
        self
    }

    /// Adds what is said under the marked place.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// Adds a line of advice.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }
}
