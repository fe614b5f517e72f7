//! Which tests a command is about.

use clap::Args as ClapArgs;
use nix_parity_core::case::KindPattern;
use nix_parity_core::host::Platform;
use nix_parity_engine::plan::Shard;

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
