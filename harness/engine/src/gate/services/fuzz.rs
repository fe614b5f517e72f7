//! The readers of what Homebrew and nix-darwin write, for the fuzzing targets.

use super::activation::Found;
use super::brew::Answer;
use super::brewfile::Brewfile;

/// An activation script, and a Brewfile.
pub fn activation(text: &str) {
    let _ = Found::of(text);
    let _ = Brewfile::read(text);
}

/// What `brew bundle cleanup` prints. Gives how many lines are not understood.
pub fn homebrew(text: &str) -> usize {
    Answer::of(text, "", Some(1)).unknown.len()
}
