//! What one `.drv` file says, in the order in which the file says it.

use std::borrow::Cow;

use crate::store_path::StorePath;

/// A string of a derivation: bytes, which Nix does not hold to be UTF-8.
pub type Text<'a> = Cow<'a, [u8]>;

/// A derivation as its file has it. All lists keep the order of the file, which Nix
/// writes sorted. Strings borrow from the file's bytes unless they hold escapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation<'a> {
    /// Which words the file begins with.
    pub format: Format,
    /// At least one output in what Nix writes.
    pub outputs: Vec<Output<'a>>,
    /// The derivations whose outputs it needs.
    pub inputs: Vec<Input<'a>>,
    /// The store paths that it needs and that no derivation makes: sources, and `.drv`
    /// files that are needed as files.
    pub sources: Vec<StorePath<'a>>,
    /// Where it builds, `x86_64-linux`.
    pub system: Text<'a>,
    /// The program that builds it.
    pub builder: Text<'a>,
    /// The arguments of that program.
    pub args: Vec<Text<'a>>,
    /// The environment of that program. With structured attributes all of them are
    /// JSON under the key `__json`.
    pub env: Vec<(Text<'a>, Text<'a>)>,
}

impl Derivation<'_> {
    /// Whether its one output is fixed by a hash: a download, usually.
    pub fn is_fixed_output(&self) -> bool {
        matches!(
            self.outputs.as_slice(),
            [output] if output.kind() == OutputKind::Fixed
        )
    }

    /// Whether a variable is one of those by which Nix tells a derivation its outputs:
    /// with the path, or empty where that is not known yet.
    pub(crate) fn is_own_path(&self, key: &[u8], value: &[u8]) -> bool {
        let path =
            |output: &Output<'_>| output.path.map_or("", |path| path.as_str()).as_bytes() == value;
        self.outputs
            .iter()
            .any(|output| *output.name == *key && path(output))
    }
}

/// The two notations of derivations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `Derive(…)`.
    Plain,
    /// `DrvWithVersion("xp-dyn-drv",…)`, which Nix writes where an input is an output
    /// of a derivation that is itself built.
    Dynamic,
}

/// One output, as four strings of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output<'a> {
    /// `out`, `dev`, `man`.
    pub name: Text<'a>,
    /// Where it will be; absent where that is known only after the build.
    pub path: Option<StorePath<'a>>,
    /// `sha256`, with `r:` in front where the whole tree is hashed; empty where the
    /// output is addressed by its inputs.
    pub hash_algo: Text<'a>,
    /// The hash in base 16 where it is known beforehand, `impure`, or empty.
    pub hash: Text<'a>,
}

/// How the path of an output comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// From the derivation.
    InputAddressed,
    /// From the hash that the derivation promises.
    Fixed,
    /// From the content, once it is built.
    Floating,
    /// From the derivation, once its floating inputs are built.
    Deferred,
    /// From the content, anew each time.
    Impure,
}

impl Output<'_> {
    /// How its path comes about.
    pub fn kind(&self) -> OutputKind {
        match (&self.path, &*self.hash_algo, &*self.hash) {
            (Some(_), b"", _) => OutputKind::InputAddressed,
            (Some(_), ..) => OutputKind::Fixed,
            (None, b"", _) => OutputKind::Deferred,
            (None, _, b"impure") => OutputKind::Impure,
            (None, ..) => OutputKind::Floating,
        }
    }
}

/// A derivation that is needed, and what of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input<'a> {
    /// The path of its `.drv`.
    pub path: StorePath<'a>,
    /// The names of the outputs that are needed.
    pub outputs: Vec<Text<'a>>,
    /// Outputs of derivations that are outputs of this one. A tree in preorder: what
    /// follows at one more `depth` is below.
    pub dynamic: Vec<DynamicOutput<'a>>,
}

/// An output that is itself a derivation, and what of it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DynamicOutput<'a> {
    /// 1 for an output of the input itself.
    pub depth: u32,
    /// The name of the output that is a derivation.
    pub name: Text<'a>,
    /// The outputs of that derivation that are needed.
    pub outputs: Vec<Text<'a>>,
}
