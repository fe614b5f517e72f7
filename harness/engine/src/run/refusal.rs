//! Why the answers of an evaluation are not cached.

/// Something on which answers may depend is not known, so no later run can tell whether
/// they still hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// The log does not show which files are evaluated.
    #[error(
        "Nix's log does not show which files it evaluates, so it is not known on which files they depend"
    )]
    SilentOnFiles,
    /// The log does not show which derivations are made.
    #[error(
        "Nix's log does not show which derivations it makes, so it is not known what they depend on"
    )]
    SilentOnDerivations,
    /// An input that is not pinned and is no local directory.
    #[error("the input `{0}` is not pinned by flake.lock")]
    Unlocked(String),
    /// An answer that cannot be written.
    #[error("an answer cannot be written as JSON")]
    Unwritable,
}

impl Refusal {
    /// Whether the reason is this Nix, and not the flake: it holds for every run, and
    /// users are told without asking.
    pub(super) const fn is_of_nix(&self) -> bool {
        matches!(self, Self::SilentOnFiles | Self::SilentOnDerivations)
    }
}
