//! States of a ledger over time, as `gap --history` writes them down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FORMAT, Held};

/// One line of a history. Dates are those of commits, so that the same repository has the
/// same history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// [`FORMAT`].
    pub format: u32,
    /// The commit that was checked out.
    pub commit: String,
    /// Its date, in UTC.
    pub date: String,
    /// Whether files differed from that commit.
    pub uncommitted: bool,
    /// How much of 100 was proven.
    pub score: u32,
    /// What was known of the rows, by id.
    pub rows: BTreeMap<String, Held>,
}

impl State {
    /// Reads a history, in which every line is a state.
    ///
    /// # Errors
    /// The first line that is none, and why.
    pub fn read_all(text: &str) -> Result<Vec<Self>, String> {
        if !text.is_empty() && !text.ends_with('\n') {
            return Err("the last line of the history is cut off".to_owned());
        }
        let lines = (1..).zip(text.lines());
        lines
            .map(|(number, line)| {
                let state: Self = serde_json::from_str(line)
                    .map_err(|e| format!("line {number} is not one of a history: {e}"))?;
                if state.format == FORMAT {
                    return Ok(state);
                }
                Err(format!(
                    "line {number} is of format {}, and this program reads format {FORMAT}",
                    state.format
                ))
            })
            .collect()
    }
}
