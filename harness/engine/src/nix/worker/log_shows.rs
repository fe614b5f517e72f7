//! Which of what an evaluation depends on a worker's log shows.

/// What the log of this Nix was seen to show, by a trial at the worker's start. How much
/// it shows at which level, and in which words, differs between versions and flavours of
/// Nix; a kind of line that was not seen then proves nothing by its absence later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogShows {
    /// Each file that is evaluated.
    pub evaluated: bool,
    /// Each derivation that is made.
    pub instantiated: bool,
    /// Each use of a file that is copied to the store, also where it is there already.
    pub copied: bool,
}
