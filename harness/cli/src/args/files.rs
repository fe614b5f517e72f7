//! The commands that write files, or look at what was written.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Subcommand, ValueEnum};
use clap_complete::Shell;

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
