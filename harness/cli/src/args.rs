//! The command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use nix_parity_core::case::KindPattern;
use nix_parity_core::duration;
use nix_parity_core::gate::Risk;
use nix_parity_core::host::Platform;
use nix_parity_engine::matrix::MAX_JOBS;
use nix_parity_engine::plan::Shard;

use crate::reports::ReportArgs;

/// One test suite for your Mac and your NixOS box.
///
/// Cases in YAML say what each host of a flake must come out as; real Nix
/// evaluates them, one process per host.
#[derive(Debug, Parser)]
#[command(name = "nix-parity", version, about, max_term_width = 100, after_help = EXITS)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXITS: &str = "Exit codes: 0 all as expected, 1 a case failed, 2 the input is wrong, \
3 Nix or the machine failed, 4 nothing was selected, 130 interrupted.";

#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// The project's folder
    #[arg(
        short = 'C',
        long = "directory",
        value_name = "DIR",
        default_value = ".",
        global = true
    )]
    pub(crate) directory: PathBuf,
    /// The profile of parity.yaml to use
    #[arg(long, value_name = "NAME", global = true)]
    pub(crate) profile: Option<String>,
    /// Replace a flake input, as Nix's option of that name
    #[arg(long, num_args = 2, value_names = ["NAME", "URL"], global = true)]
    pub(crate) override_input: Vec<String>,
    /// The nix to run; else `NIX_PARITY_NIX`, else the one on PATH
    #[arg(long, value_name = "PATH", global = true)]
    pub(crate) nix: Option<PathBuf>,
    /// The machines that build, as Nix's option of that name
    #[arg(long, value_name = "BUILDERS", global = true)]
    pub(crate) builders: Option<String>,
    /// The store to build in, as Nix's option of that name
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) store: Option<String>,
    /// The store that derivations are copied from, as Nix's option of that name
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) eval_store: Option<String>,
    /// Whether to use colours
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub(crate) color: Color,
    /// What is written to standard output
    #[arg(long, value_enum, default_value_t = Format::Human, global = true)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On terminals, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// One JSON object per line
    Jsonl,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a first suite for a flake that has none, made of what its hosts really set
    Init(Init),
    /// Run cases
    Run(Run),
    /// List the tests, without running them
    List(List),
    /// Divide the tests over the machines of a CI system, as JSON for a matrix of jobs
    Matrix(Matrix),
    /// Say what differs between two hosts, revisions, snapshots, derivations or generations
    Diff(Diff),
    /// Say who set an option, or how a derivation comes into a system
    Explain(Explain),
    /// Look at snapshots that are not as accepted, and accept or reject them
    Review(Review),
    /// Say how far the ledger is real, by what the cases prove and nothing else
    Gap(Gap),
    /// Say which options the configuration's own files set, and which no case looks at
    Coverage(Coverage),
    /// Stand before a switch: run it only when this machine's cases pass
    Gate(Gate),
    /// Print the JSON Schemas of the files that it reads, or a page of all keys
    Schema(Schema),
    /// Look at what is needed on this machine, and say what each lack means
    Doctor,
    /// Boot the machines of a `vm` case, for you to look at; or write all such tests as Nix
    Vm(Vm),
    /// Render the record of a run again
    Report(Report),
    /// Look at what is kept of earlier evaluations
    #[command(subcommand)]
    Cache(Cache),
    /// Print what a shell needs to complete commands and options
    Completions(Completions),
    /// Print the manual page, or write one for each command
    Man(ManPages),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Selection {
    /// Parts of test names (`suite::case::host`); tests with any of them are taken
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Names must be equal, not only occur
    #[arg(long, requires = "names")]
    pub(crate) exact: bool,
    /// Hosts, as in case files: names, globs, `nixos:*`, `system:*-linux`, `not:…`
    #[arg(long, value_name = "PATTERN")]
    pub(crate) host: Vec<String>,
    /// Cases with this tag
    #[arg(long, value_name = "TAG")]
    pub(crate) tag: Vec<String>,
    /// Hosts of this platform: darwin, nixos or home
    #[arg(long, value_name = "PLATFORM")]
    pub(crate) platform: Vec<Platform>,
    /// Kinds of cases by their key, such as vm; `not:vm` leaves them out
    #[arg(long, value_name = "KIND")]
    pub(crate) kind: Vec<KindPattern>,
    /// Only what can come out differently than at the commit of --since
    #[arg(long)]
    pub(crate) affected: bool,
    /// The commit to compare the work tree with
    #[arg(
        long,
        value_name = "REV",
        requires = "affected",
        default_value = "HEAD"
    )]
    pub(crate) since: String,
}

impl Selection {
    /// Whether all tests are selected, whatever there are.
    pub(crate) fn is_everything(&self) -> bool {
        self.names.is_empty()
            && self.host.is_empty()
            && self.tag.is_empty()
            && self.platform.is_empty()
            && self.kind.is_empty()
            && !self.affected
    }
}

/// What one machine of several takes of a selection.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Share {
    /// One of several parts of the selection, such as 2/5, cut host by host
    #[arg(long, value_name = "K/N")]
    pub(crate) shard: Option<Shard>,
    /// Only what this host and others named so change, or --changed-file; `matrix` writes it
    #[arg(long, value_name = "HOST")]
    pub(crate) changed_host: Vec<String>,
    /// Only what is in this case file and others named so, or what --changed-host changes
    #[arg(long, value_name = "FILE")]
    pub(crate) changed_file: Vec<String>,
}

impl Share {
    /// Whether it is all of the selection.
    pub(crate) fn is_everything(&self) -> bool {
        self.shard.is_none() && self.changed_host.is_empty() && self.changed_file.is_empty()
    }
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

/// Write a first suite for a flake that has none, made of what its hosts really set
///
/// Looks at all hosts of the flake and writes parity.yaml, cases of what they set, which
/// hold now and fail when that changes, snapshots of the rest, and a workflow. Shows it
/// first, and never writes over a file: a second time it says what is new.
#[derive(Debug, ClapArgs)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
pub(crate) struct Init {
    /// Write without asking
    #[arg(long)]
    pub(crate) yes: bool,
    /// Show the files with all that is in them, and write nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
    /// Replace an input by a stub, made from what the flake takes of it
    #[arg(long, value_name = "INPUT")]
    pub(crate) stub: Vec<String>,
    /// Where nix-parity comes from, for the files that build it: a flake reference
    #[arg(long, value_name = "FLAKE")]
    pub(crate) source: Option<String>,
    /// Also write a crate that makes the cases tests of cargo nextest
    #[arg(long)]
    pub(crate) suite: bool,
    /// Neither read nor keep observations
    #[arg(long)]
    pub(crate) no_cache: bool,
}

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

/// Say what differs between two hosts, revisions, snapshots, derivations or generations
///
/// Options with who set them, derivations by their root causes, packages. A side is a
/// host (`pc`, `nixos:pc`), a host at a commit (`HEAD~1:pc`), what was accepted of one
/// (`snapshot:pc`) or one snapshot (`snapshots/pc/….snap`), a store path or a link to
/// one (`/run/current-system`, `./result`, `/nix/store/….drv`), or `generation:141`.
/// Exits with 1 where something differs, and with 3 where that could not be found out.
#[derive(Debug, ClapArgs)]
pub(crate) struct Diff {
    /// The old side
    #[arg(value_name = "OLD", required_unless_present = "since")]
    pub(crate) old: Option<String>,
    /// The new side
    #[arg(value_name = "NEW", required_unless_present = "since")]
    pub(crate) new: Option<String>,
    /// Compare all hosts with what this commit has of them, instead of two sides
    #[arg(long, value_name = "REV", conflicts_with_all = ["old", "new"])]
    pub(crate) since: Option<String>,
    /// Hosts, as in case files: names, globs, `nixos:*`, `system:*-linux`, `not:…`
    #[arg(long, value_name = "PATTERN", requires = "since", conflicts_with_all = ["old", "new"])]
    pub(crate) host: Vec<String>,
    /// Write Markdown to a file, for a comment on a pull request
    #[arg(long, value_name = "FILE")]
    pub(crate) markdown: Option<PathBuf>,
}

/// Say who set an option, or how a derivation comes into a system
#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// An option's path, or a derivation by name or path
    #[arg(value_name = "OPTION|DERIVATION")]
    pub(crate) what: String,
    /// Hosts, as in case files: names, globs, `nixos:*`, `system:*-linux`, `not:…`
    #[arg(long, value_name = "PATTERN", conflicts_with = "between")]
    pub(crate) host: Vec<String>,
    /// Say what became of a derivation between two sides, as of `diff`
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    pub(crate) between: Vec<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Review {
    /// Parts of names of files below snapshots/; those with any of them are taken
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Accept all of them, without asking
    #[arg(long, conflicts_with = "reject")]
    pub(crate) accept: bool,
    /// Remove all of them, without asking
    #[arg(long)]
    pub(crate) reject: bool,
    /// What to do with snapshots that no case takes; they are an error otherwise
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) unreferenced: Option<Unreferenced>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unreferenced {
    /// Remove them
    Delete,
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

/// Say which options the configuration's own files set, and which no case looks at
///
/// A case looks at an option when it asks for it, for something in its value, or for the
/// values of a set that it is in; an expression looks at what it names below `config`.
/// Lists the files that set options of which no case looks at any, and the Nix files that
/// no host evaluates.
#[derive(Debug, ClapArgs)]
pub(crate) struct Coverage {
    /// A folder or file of the flake whose options count; else those of parity.yaml
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Vec<String>,
    /// Exit with 1 where less than this is looked at
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) at_least: Option<f64>,
    /// Exit with 1 where a file sets options and no case looks at any, or no host evaluates it
    #[arg(long)]
    pub(crate) every_module: bool,
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
    /// Refuse what is riskier than this: low, medium or high
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

#[derive(Debug, ClapArgs)]
pub(crate) struct Schema {
    /// Which one; all are written or checked where none is named
    #[arg(value_enum, required_unless_present_any = ["write", "check"])]
    pub(crate) kind: Option<SchemaKind>,
    /// Write it to schemas/ and docs/ instead
    #[arg(long, conflicts_with = "check")]
    pub(crate) write: bool,
    /// Only say whether these are up to date
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// Of case files
    Case,
    /// Of parity.yaml
    Project,
    /// Of the file that says what programs are called
    PackageMap,
    /// Of ledger.yaml
    Ledger,
    /// A page with all keys of all of them, as Markdown
    Reference,
}

/// Boot the machines of a `vm` case, for you to look at; or write all such tests as Nix
///
/// Builds the driver of the test and hands it the terminal: `start_all()` boots the
/// machines, `test_script()` runs the case, `machine.shell_interact()` opens a shell.
/// With --export it writes the file that a flake's checks build such tests from.
#[derive(Debug, ClapArgs)]
pub(crate) struct Vm {
    /// Part of the name of the test (`suite::case::host`); one test must have it
    #[arg(value_name = "NAME", required_unless_present = "export")]
    pub(crate) name: Option<String>,
    /// Hand the driver to the terminal; `run` runs tests without one
    #[arg(long, required_unless_present = "export")]
    pub(crate) interactive: bool,
    /// Write the tests of all `vm` cases to this file, for `mkChecks`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "interactive"])]
    pub(crate) export: Option<PathBuf>,
    /// Only say whether that file is up to date
    #[arg(long, requires = "export")]
    pub(crate) check: bool,
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

#[derive(Clone, Copy, Debug, Subcommand)]
pub(crate) enum Cache {
    /// Say where it lies, how large it is and of how many hosts
    Stats,
    /// Remove all of it
    Clear,
}

/// Print what a shell needs to complete commands and options
///
/// For instance `nix-parity completions bash > ~/.local/share/bash-completion/completions/nix-parity`.
/// The package of the flake installs it for bash, fish and zsh.
#[derive(Debug, ClapArgs)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: Shell,
}

/// Print the manual page, or write one for each command
#[derive(Debug, ClapArgs)]
pub(crate) struct ManPages {
    /// Write a page for the program and for each command to this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
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

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim_end();
    match number.parse() {
        Ok(n) if (0.0..=100.0).contains(&n) => Ok(n),
        _ => Err("a share from 0% to 100%".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        super::Args::command().debug_assert();
    }
}
