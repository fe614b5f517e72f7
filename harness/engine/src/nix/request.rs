//! What a worker can be asked.

use std::sync::Arc;

use nix_parity_core::demand::Demand;
use nix_parity_core::option_path::OptionPath;
use serde::{Deserialize, Serialize};

use crate::noise::NoiseRule;

/// The name under which the expression of [`Subject::Eval`] shows in Nix's messages.
pub const EVAL_FILE: &str = "nix-parity-eval.nix";

/// The name under which the module of a [`Variant`] shows in Nix's messages.
pub const VARIANT_FILE: &str = "nix-parity-with.nix";

/// One question about a host. Equal requests have equal answers for as long as
/// what the host depends on is the same, so a request is the key of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Request {
    /// The variant of the host that is asked about; the host itself where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// What is asked.
    pub subject: Subject,
}

impl Request {
    /// About the host itself.
    pub const fn of_host(subject: Subject) -> Self {
        Self {
            variant: None,
            subject,
        }
    }
}

/// A host with one more module.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Variant {
    /// The module, as a Nix expression.
    pub module: Arc<str>,
    /// How its definitions are called where they are listed, such as `cases/a.yaml:3`.
    pub label: Arc<str>,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The value at a path below `config`.
    Option {
        /// The path.
        path: OptionPath,
        /// How much of the value is wanted.
        demand: Demand,
    },
    /// The value of an expression.
    Eval {
        /// A function of `{ config, options, pkgs, lib, host, ... }`, or a plain value.
        expression: Arc<str>,
        /// As in [`Subject::Option`].
        demand: Demand,
    },
    /// The path of the derivation of a driver for machines, or null.
    Driver {
        /// A function of `nixosConfigurations` to what [`Subject::Eval`] takes.
        expression: Arc<str>,
    },
    /// The derivation path of the host's toplevel.
    Toplevel,
    /// All that an attribute is built from, reduced to the text of a snapshot; `null`
    /// where it is no derivation. Nix says the path of the derivation only.
    Graph {
        /// The path below `config`; the host's toplevel where absent.
        of: Option<OptionPath>,
        /// What the project leaves out.
        #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
        noise: Arc<[NoiseRule]>,
    },
    /// A file of the system or of the home folder: `{ text }`, or `{ unknown }`, why
    /// evaluation does not know it. Nix says the derivation where that has the text.
    File {
        /// Its path, without a slash in front.
        path: Arc<str>,
    },
    /// The messages of the assertions that do not hold, as a list of strings.
    FailedAssertions,
    /// The messages of the warnings, as a list of strings.
    Warnings,
    /// Who set the option at a path:
    /// `{ option, rest, defined, definitions = [ file ], declarations = [ { file, line, column } ] }`.
    Origins {
        /// The path below `config`; it may lead into the option's value.
        path: OptionPath,
    },
    /// The settings among the options `from..to` of the host, counted in the order of
    /// their paths: `{ total, settings = [ [ path, [ file ], { value } ] ] }`.
    /// The value is absent where it throws.
    Settings {
        /// The number of the first option.
        from: usize,
        /// The number after that of the last one.
        to: usize,
    },
    /// The settings of the homes that are part of a system, by user:
    /// `{ USER = [ [ path, [ file ] ] ] }`.
    Homes,
    /// The path of an option of the same list, as a list of names.
    OptionName {
        /// Its number.
        number: usize,
    },
    /// The value of an option as [`Subject::Settings`] has it, whether something sets
    /// it or not: `{ value }`; `missing` where the path leads to no option.
    SettingAt {
        /// The path of the option.
        path: OptionPath,
    },
    /// Of an option `{ priority, type, defined, declarations }`, null where it is not
    /// known; `missing` where the path leads to no option.
    About {
        /// The path below `options`; it may lead into the option's value.
        path: OptionPath,
    },
    /// The files of the definitions that survive, as a list: of the options that
    /// something sets, and of those of users' homes inside of the system.
    Contributions,
    /// What is installed, by name: `{ nixpkgs, brews, casks }`, lists of strings.
    Programs,
    /// What Nix counts while it evaluates the toplevel in a process of its own:
    /// `{ nix }`, its flavour and version, and a number for each counter. Lix leaves some
    /// at 0.
    Counters,
    /// What became of building an attribute, as [`Built`](crate::nix::Built) is kept;
    /// `null` where it is no derivation. Nix says the derivation only.
    Build {
        /// The path below `config`; the host's toplevel where absent.
        of: Option<OptionPath>,
        /// Where it is built: the key of a [`Place`](crate::nix::Place).
        at: Arc<str>,
        /// Whether what the output needs to run is wanted too.
        closure: bool,
    },
    /// The host's double.
    System,
}

impl Subject {
    /// Whether the answer is about which files are those of the flake.
    pub(super) const fn tells_own_files(&self) -> bool {
        matches!(
            self,
            Self::Settings { .. } | Self::Homes | Self::Contributions
        )
    }
}
