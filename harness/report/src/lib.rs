//! Reports of nix-parity: consumers of the events of a run.
//!
//! A reporter takes [`Event`]s one by one, from a run that is under way or from
//! its record, and writes to what it was given. It starts nothing, reads no
//! environment and decides no verdict. Whoever builds one decides where it writes,
//! how wide that is and whether colours are wanted.
//!
//! What is no run, such as a comparison, is one value that is written at once.
//!
//! Text that comes from a configuration is escaped at one place, where it enters a
//! line (`layout`), so that no renderer can forget to.

mod between;
mod comparison;
mod coverage;
mod diagnostic;
mod difference;
mod explanation;
mod failure;
mod gate;
mod github;
mod group;
mod headline;
mod hosts;
mod html;
mod human;
mod jsonl;
mod junit;
mod layout;
mod ledger;
mod markdown;
mod merge;
mod old_new;
mod progress;
mod record;
mod reference;
mod review;
mod run;
mod style;
mod summary;
mod trace;
mod transcript;
mod verdict;
mod whole;
mod words;

use std::io;

use nix_parity_core::event::Event;

pub use between::{Between, between};
pub use comparison::{comparison, host_comparison};
pub use coverage::coverage;
pub use diagnostic::diagnostics;
pub use explanation::{derivation_explanation, option_explanation};
pub use failure::failure_text;
pub use gate::{gate, verification};
pub use github::github;
pub use html::{Artefact, Page, html};
pub use human::human;
pub use jsonl::{json_line, json_lines, jsonl};
pub use junit::junit;
pub use layout::harmless;
pub use ledger::gap;
pub use markdown::{comment, diff_markdown, job_summary};
pub use merge::{MergeError, merge};
pub use progress::{Terminal, progress};
pub use record::{ReadError, read_jsonl};
pub use reference::{Schemas, reference};
pub use review::review;
pub use style::Style;
pub use transcript::Shown;
pub use whole::{Places, WholeRun};

/// A consumer of the events of one run.
pub trait Reporter {
    /// Takes the next event.
    ///
    /// # Errors
    /// When its output cannot be written; the run is not affected.
    fn event(&mut self, event: &Event) -> io::Result<()>;

    /// Takes notice that no event follows. A run that ended without
    /// [`Event::RunFinished`] is reported as such here.
    ///
    /// # Errors
    /// As for [`Self::event`].
    fn finish(&mut self) -> io::Result<()>;
}
