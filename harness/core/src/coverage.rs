//! What a configuration's own files set, and what of it cases look at.

use serde::Serialize;

/// The version of the format, raised when a reader would misunderstand it.
pub const FORMAT: u32 = 1;

/// What is set, and how much of it is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// [`FORMAT`].
    pub format: u32,
    /// The folders and files whose options count, from the flake's folder; all of it
    /// where empty.
    pub roots: Vec<String>,
    /// How many options these files set, each counted once, on however many hosts.
    pub options: usize,
    /// How many of them a case looks at, on a host that has them from these files.
    pub looked_at: usize,
    /// The same for each host, and for each home that is part of one.
    pub places: Vec<Place>,
    /// The options that no case looks at, by their paths.
    pub unseen: Vec<UnseenOption>,
    /// The files that set options of which no case looks at any, by their names.
    pub modules: Vec<UnseenModule>,
    /// The Nix files that no host evaluates; absent where that cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unevaluated: Option<Vec<String>>,
    /// What could not be asked, and why: options that are not among these.
    pub missing: Vec<String>,
}

/// A host, or a home that is part of one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The host as tests call it; `host/user` of a home.
    pub label: String,
    /// How many options are set there.
    pub options: usize,
    /// How many of them a case looks at there.
    pub looked_at: usize,
}

/// An option that no case looks at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnseenOption {
    /// Its path; of an option of a home below that home.
    pub path: String,
    /// Where it is set, as [`Place::label`].
    pub places: Vec<String>,
    /// The files that set it.
    pub files: Vec<String>,
}

/// A file that sets options of which no case looks at any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UnseenModule {
    /// Its path, from the flake's folder.
    pub file: String,
    /// How many options it sets.
    pub options: usize,
}

impl Coverage {
    /// Whether at least this share of the options is looked at, in percent.
    pub fn reaches(&self, percent: f64) -> bool {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 options")]
        let (options, looked_at) = (self.options as f64, self.looked_at as f64);
        looked_at * 100.0 >= percent * options
    }

    /// Whether there is a file that no case is about, or no host evaluates.
    pub fn leaves_out_a_module(&self) -> bool {
        !self.modules.is_empty() || self.unevaluated.as_ref().is_some_and(|u| !u.is_empty())
    }
}
