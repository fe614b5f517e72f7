//! A scripted stand-in for `nix`, for what no test can ask of the real one: that
//! it hangs, dies of a signal, prints nonsense, or claims to be another version.
//! It evaluates nothing; what Nix answers to a question is tested with real Nix.

mod builder;
mod fake;
mod reply;
#[cfg(test)]
mod tests;

pub use builder::FakeNixBuilder;
pub use fake::FakeNix;
pub use reply::Reply;
