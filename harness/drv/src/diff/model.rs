//! What a comparison finds, and its shape as JSON.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::graph::{Graph, NodeId};
use crate::store_path::StorePath;

/// What differs between the derivations below two toplevels.
///
/// Each derivation of either side is in one place: *unchanged* where both sides have
/// the same path; *added* or *removed* where the other side has nothing like it;
/// otherwise one of a pair of old and new. A pair is a *cause* where something of its
/// own changed, and else merely *follows*: its path differs because that of an input
/// does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The pairs that something of their own changed in, those that most follow first,
    /// then by name and path.
    pub causes: Vec<Cause>,
    /// What only the new side has, by name and path. Where something that both sides
    /// have refers to it, that is a cause.
    pub added: Vec<DrvRef>,
    /// What only the old side has, likewise.
    pub removed: Vec<DrvRef>,
    /// The pairs whose name changed in more than its version.
    pub renamed: Vec<Renamed>,
    /// The pairs whose version changed, by name and versions, each once. Downloads,
    /// whose names end as their files do, are not looked at.
    pub version_changes: Vec<VersionChange>,
    /// How many pairs follow some cause.
    pub followers_total: usize,
    /// How many pairs differ by nothing but what the rules leave out, or follow such
    /// pairs only.
    pub ignored: usize,
    /// How many derivations are in both.
    pub unchanged: usize,
}

impl Diff {
    /// Whether there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.causes.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

/// A derivation that was itself changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// As it was.
    pub old: DrvRef,
    /// As it is.
    pub new: DrvRef,
    /// What changed, at least one thing.
    pub what: Vec<Change>,
    /// How many pairs follow it: those from which a way down to it leads through
    /// nothing but followers. One that follows several causes counts for each.
    pub followers: usize,
}

/// A derivation in a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DrvRef {
    /// Its name with its version, without hash and `.drv`.
    pub name: String,
    /// The path of its `.drv`.
    pub path: String,
}

impl DrvRef {
    pub(super) fn new(graph: &Graph, node: NodeId) -> Self {
        Self::of(graph.path(node))
    }

    pub(super) fn of(path: StorePath<'_>) -> Self {
        Self {
            name: path.derivation_name().to_owned(),
            path: path.as_str().to_owned(),
        }
    }
}

/// A pair whose name changed in more than its version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Renamed {
    /// As it was called.
    pub old: DrvRef,
    /// As it is called.
    pub new: DrvRef,
}

/// A version that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct VersionChange {
    /// The name without version.
    pub name: String,
    /// The version that it had; empty if none.
    pub old: String,
    /// The version that it has; empty if none.
    pub new: String,
}

/// Something of a derivation's own that changed. Mentions of what merely follows are
/// no change, nor are the derivation's own output paths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Change {
    /// What it is called.
    Name {
        /// The old name, with version.
        old: String,
        /// The new name, with version.
        new: String,
    },
    /// Where it builds.
    System {
        /// The old double.
        old: Bytes,
        /// The new double.
        new: Bytes,
    },
    /// The program that builds it.
    Builder {
        /// The old path.
        old: Bytes,
        /// The new path.
        new: Bytes,
    },
    /// The arguments of that program.
    Args {
        /// The old ones.
        old: Vec<Bytes>,
        /// The new ones.
        new: Vec<Bytes>,
    },
    /// A variable of its environment.
    Env {
        /// Its name.
        key: Bytes,
        /// The old value; absent where the variable is new.
        old: Option<Bytes>,
        /// The new value; absent where the variable is gone.
        new: Option<Bytes>,
    },
    /// An output, or how its path comes about.
    Output {
        /// Its name.
        name: Bytes,
        /// `input-addressed`, or `fixed`, `floating` or `impure` with the algorithm and
        /// the hash; absent where the output is new.
        old: Option<String>,
        /// The same; absent where the output is gone.
        new: Option<String>,
    },
    /// The paths it needs that no derivation makes.
    Sources {
        /// Those that are new.
        added: Vec<String>,
        /// Those that are gone.
        removed: Vec<String>,
    },
    /// A derivation it needs.
    Input {
        /// What was needed; absent where the input is new.
        old: Option<Wanted>,
        /// What is needed; absent where the input is gone.
        new: Option<Wanted>,
    },
}

/// What is needed of an input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Wanted {
    /// The input.
    pub derivation: DrvRef,
    /// The names of its outputs; `out^dev` is `dev` of the derivation that is `out`.
    pub outputs: Vec<Bytes>,
}

/// A string of a derivation: bytes, shown and serialised as text in which what is no
/// UTF-8 is replaced.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Self {
        Self(bytes.to_owned())
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&String::from_utf8_lossy(&self.0))
    }
}
