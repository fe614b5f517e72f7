//! The commands that say what hosts are made of.

use std::path::PathBuf;

use clap::Args as ClapArgs;

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

fn percent(text: &str) -> Result<f64, String> {
    let number = text.trim_end_matches('%').trim_end();
    match number.parse() {
        Ok(n) if (0.0..=100.0).contains(&n) => Ok(n),
        _ => Err("a share from 0% to 100%".to_owned()),
    }
}
