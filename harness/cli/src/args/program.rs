//! The program's command line: what all commands take, and which there are.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::files::{Cache, Completions, Init, ManPages, Review, Schema, Vm};
use super::look::{Coverage, Diff, Explain};
use super::run::{Gap, Gate, List, Matrix, Report, Run};

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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_sound() {
        super::Args::command().debug_assert();
    }
}
