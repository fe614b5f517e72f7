//! The commands that run cases, say which there are, or take the record of a run.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args as ClapArgs;
use nix_parity_core::duration;
use nix_parity_core::gate::Risk;
use nix_parity_engine::matrix::MAX_JOBS;

use super::reports::ReportArgs;
use super::select::{Selection, Share};

#[derive(Debug, ClapArgs)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(crate) struct Run {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) share: Share,
    /// How many hosts are evaluated at once
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) jobs: Option<usize>,
    /// Neither read nor keep observations
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Say of each host why it is evaluated or not
    #[arg(long)]
    pub(crate) explain_cache: bool,
    /// Start nothing more after the first failure
    #[arg(long)]
    pub(crate) fail_fast: bool,
    /// Keep the disks and sockets of machines
    #[arg(long)]
    pub(crate) keep_state: bool,
    /// Test machines by building the test itself, in Nix's sandbox: needs the feature kvm
    #[arg(long)]
    pub(crate) strict_vm: bool,
    /// Boot nothing: take what a test of machines has told when it was built
    #[arg(long, value_name = "DIR", conflicts_with = "strict_vm")]
    pub(crate) tested: Option<PathBuf>,
    /// Run again what a saved file affects, until Ctrl-C
    #[arg(long)]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) selection: Selection,
    #[command(flatten)]
    pub(crate) share: Share,
}

/// Divide the tests over the machines of a CI system, as JSON for a matrix of jobs
///
/// Prints `{"include": […]}`, one entry for each job: its runner, and in `args` what `run`
/// must be given there, besides --profile and --override-input, to take exactly its tests.
/// Each selected test is in one job. Evaluation is for any machine, builds are for one of
/// their system, and `vm` cases for one that boots machines fast; `matrix` in parity.yaml
/// names the runners. Where nothing can differ from --since there is no entry, which GitHub
/// takes for an error: `any` of --github-output tells.
#[derive(Debug, ClapArgs)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) selection: Selection,
    /// How many jobs share one kind of work; else `matrix` in parity.yaml says it, else 1
    #[arg(long, value_name = "N", value_parser = jobs, conflicts_with = "shard_time")]
    pub(crate) shards: Option<NonZeroUsize>,
    /// As many jobs as it takes for each to be done in this time, such as 10m
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub(crate) shard_time: Option<Duration>,
    /// For people: with line breaks
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Write `matrix`, `any`, `count` and `tests` to the outputs of a step of GitHub Actions, too
    #[arg(long)]
    pub(crate) github_output: bool,
}

/// Stand before a switch: run it only when this machine's cases pass
///
/// Runs the cases of one host, says what differs from the system that runs and what the
/// switch will start, stop and remove, asks, and becomes COMMAND. It refuses where a case
/// fails or cannot be decided, where none is there, and where a file was changed since.
/// Without COMMAND it only says what it found.
#[derive(Debug, ClapArgs)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(crate) struct Gate {
    /// The host; else the one that this machine is
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Do not ask
    #[arg(long, short, conflicts_with = "no_ask")]
    pub(crate) yes: bool,
    /// Refuse where it would have to ask, as without a terminal
    #[arg(long)]
    pub(crate) no_ask: bool,
    /// Refuse what is riskier than this, and what is not known: low, medium or high
    #[arg(long, value_name = "LEVEL")]
    pub(crate) max_risk: Option<Risk>,
    /// After COMMAND, or without one after the last, say whether what runs is what was tested
    #[arg(long)]
    pub(crate) verify: bool,
    /// Compare with this system, and not with the one that runs here: a path or generation:N
    #[arg(long, value_name = "SYSTEM")]
    pub(crate) running_system: Option<String>,
    /// How many hosts are evaluated at once
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) jobs: Option<usize>,
    /// Neither read nor keep observations
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// The command with its arguments, as they are: no shell reads them
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// Say how far the ledger is real, by what the cases prove and nothing else
///
/// Runs all cases, as `run` does, or takes the record of a run. A row is proven where all
/// its tests pass, and unproven where it has none, however much code there is. What fails
/// lowers the score, and the exit only with --ratchet.
#[derive(Debug, ClapArgs)]
pub(crate) struct Gap {
    /// Take outcomes from a record (`run --format jsonl`); `-` is standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["jobs", "no_cache", "junit", "markdown", "github"]
    )]
    pub(crate) from: Option<PathBuf>,
    /// Fail where a row is worse than ledger.lock says
    #[arg(long, conflicts_with = "accept")]
    pub(crate) ratchet: bool,
    /// Write what is proven to ledger.lock; not where CI is set
    #[arg(long)]
    pub(crate) accept: bool,
    /// Add a line to this file, unless nothing has changed since its last one
    #[arg(long, value_name = "FILE")]
    pub(crate) history: Option<PathBuf>,
    /// How many hosts are evaluated at once
    #[arg(long, value_name = "N", value_parser = positive)]
    pub(crate) jobs: Option<usize>,
    /// Neither read nor keep observations
    #[arg(long)]
    pub(crate) no_cache: bool,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Report {
    /// The record: what `run --format jsonl` wrote; `-` is standard input. Several are
    /// taken for the shards of one run. With --html also what `diff` and `gap` write with
    /// `--format jsonl`, and a history of `gap`
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    pub(crate) from: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) reports: ReportArgs,
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("a number from 1".to_owned()),
    }
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let jobs = text
        .parse()
        .ok()
        .filter(|n: &NonZeroUsize| n.get() <= MAX_JOBS);
    jobs.ok_or_else(|| format!("a number from 1 to {MAX_JOBS}, which is what GitHub takes"))
}
