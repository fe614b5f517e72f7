//! Markdown for GitHub's job summaries and comments. Foreign text stands in code only, where
//! it is neither markup nor a mention nor a link.

mod diff;
mod page;
mod run;
mod text;

pub use diff::diff_markdown;
pub use run::{comment, job_summary};
