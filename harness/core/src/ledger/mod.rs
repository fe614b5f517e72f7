//! The ledger: what was promised, row by row, and how far outcomes of tests prove it.
//!
//! A row is as real as the tests that are bound to it, and nothing else is: what is
//! planned, or only written, counts for nothing.

mod bind;
mod file;
mod history;
mod lock;
mod standing;

#[cfg(test)]
mod tests;

pub use bind::{bound_rows, misbound};
pub use file::{ledger_schema, parse_ledger};
pub use history::State;
pub use lock::{Held, Lock};
pub use standing::{Evidence, Gap, OpenTest, Reality, Standing, Why, Worse, gap};

use serde::{Deserialize, Serialize};

use crate::location::Located;

/// The version of what `gap` writes as JSON, of the lock and of the history, raised
/// when a reader would misunderstand it.
pub const FORMAT: u32 = 1;

/// What was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    /// In the order written; at least one is not declined.
    pub rows: Vec<Row>,
}

/// One capability.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What cases call it in `proves`.
    pub id: Located<String>,
    /// What was proposed.
    pub proposed: String,
    /// What there was when the ledger was begun.
    pub found: Option<String>,
    /// How far that was from the proposal, in a word.
    pub gap: Option<String>,
    /// Its share of the score, from 1, relative to those of the other rows.
    pub weight: u32,
    /// Whether it is wanted.
    pub wanted: Wanted,
}

/// Whether a row is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "wanted")]
pub enum Wanted {
    /// It is.
    Required,
    /// It is, and would be missed less.
    Optional,
    /// It is not. It counts for nothing, and no case may prove it.
    Declined {
        /// Why not.
        reason: String,
    },
}

impl Ledger {
    /// The row with this id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id.value == id)
    }

    /// How much of 100 rows are worth together, rounded down: nothing but all is 100.
    fn score(&self, is_proven: impl Fn(&str) -> bool) -> u32 {
        let weigh = |counts: &dyn Fn(&Row) -> bool| -> u64 {
            let counted = self.rows.iter().filter(|row| !row.is_declined());
            let counted = counted.filter(|row| counts(row));
            counted.map(|row| u64::from(row.weight)).sum()
        };
        let proven = weigh(&|row| is_proven(&row.id.value));
        let share = (proven * 100).checked_div(weigh(&|_| true));
        share.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }
}

impl Row {
    /// Whether it is not wanted.
    pub const fn is_declined(&self) -> bool {
        matches!(self.wanted, Wanted::Declined { .. })
    }
}
