//! What an evaluation can depend on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One thing that an evaluation depends on. Paths are from the top of the tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dependency {
    /// The program that evaluates.
    Nix,
    /// Nix's settings, in files and in the environment.
    Settings,
    /// The content of an input that is replaced by a folder.
    Input {
        /// The input's name.
        name: String,
        /// The folder.
        folder: String,
    },
    /// A file that was evaluated.
    Evaluated(String),
    /// The content of a file, or of everything below a folder.
    Content(String),
    /// The content of a Nix file that is named and was not evaluated: of no effect
    /// where it is known to be evaluated for other hosts, since it then is an
    /// expression that this host has no use for.
    Expression(String),
    /// The names in a folder, and what they stand for.
    Listing(String),
    /// All names below a folder, and what they stand for.
    Names(String),
    /// What a name stands for: a file, a folder, a link or nothing.
    Kind(String),
    /// Everything: all files, the revision, whether anything is uncommitted.
    Tree {
        /// What asks for that.
        because: String,
    },
}

impl fmt::Display for Dependency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = |path: &str| match path {
            "" => "the tree".to_owned(),
            path => format!("{path}/"),
        };
        match self {
            Self::Nix => f.write_str("the Nix program"),
            Self::Settings => f.write_str("Nix's settings"),
            Self::Input { name, .. } => write!(f, "the input {name}"),
            Self::Evaluated(path) | Self::Expression(path) => f.write_str(path),
            Self::Content(path) => f.write_str(if path.is_empty() { "the tree" } else { path }),
            Self::Listing(path) | Self::Names(path) => {
                write!(f, "the names in {}", folder(path))
            }
            Self::Kind(path) => write!(f, "whether there is {path}"),
            Self::Tree { because } => write!(f, "the tree, of which all counts: {because}"),
        }
    }
}
