//! The reports that a run can have besides what is told as it goes.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};

/// The reports that a run can have.
#[derive(Clone, Debug, Default, ClapArgs)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportArgs {
    /// Write a JUnit report to a file, as CI servers read it
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write a page to a file, for a browser: verdicts, failures with their lines, and more
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
    /// Write Markdown to a file, for a comment on a pull request
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
    /// Annotate lines in GitHub Actions and add to the summary of the step; `run` does both
    /// where `GITHUB_ACTIONS` is `true`
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always"
    )]
    pub(crate) github: Option<When>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// In GitHub Actions
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
