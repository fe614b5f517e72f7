//! What an evaluation depends on: which files, and of them what. The argument for
//! its soundness and its limits are in `docs/decisions/0008`.

mod claim;
mod collect;
mod dependency;
mod follow;
mod git;
mod leak;
mod listing;
mod portable;
mod recorded;
mod scan;
mod spelling;
mod state;
mod tree;
mod world;

pub use claim::Claim;
pub use collect::Collector;
pub(crate) use collect::is_nix;
pub use dependency::Dependency;
pub use git::{Git, Index, git_toplevel};
pub use listing::{Kind, TreeError};
pub(crate) use scan::is_variable;
pub(crate) use spelling::fold;
pub use state::State;
pub use tree::Tree;
pub use world::{Standing, World};

#[cfg(test)]
mod tests;
