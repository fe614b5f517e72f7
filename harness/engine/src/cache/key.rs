//! Names of what is kept: digests of what it is about.

use std::fmt;
use std::path::Path;

use crate::nix::{Flake, PRELUDE};

/// Raised whenever the meaning of what is stored changes.
const FORMAT: u32 = 3;

/// The name of something that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Key {
    /// For evaluations of a flake with these inputs by this version of the harness.
    pub fn of_flake(flake: &Flake) -> Self {
        Self::of_text(&format!(
            "{FORMAT}\n{}\n{PRELUDE}\n{flake:?}",
            env!("CARGO_PKG_VERSION")
        ))
    }

    /// For what the processes of one run of nextest tell each other of a host.
    pub fn of_run(run: &str, flake: &Flake, dir: Option<&Path>, host: &str) -> Self {
        Self::of_text(&format!("{run:?}\n{flake:?}\n{dir:?}\n{host:?}"))
    }

    /// For whatever this text says.
    pub fn of_text(text: &str) -> Self {
        Self(blake3::hash(text.as_bytes()).to_hex()[..40].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use proptest::prelude::*;

    use super::Key;
    use crate::nix::{Flake, InputOverride};

    /// Short, and of what could be mistaken for the seams between the parts.
    fn part() -> impl Strategy<Value = String> {
        "[a\n\"\\\\]{0,2}"
    }

    fn flakes() -> impl Strategy<Value = Flake> {
        let replaced = (part(), part());
        let overrides = prop::collection::vec(replaced, 0..3);
        (part(), overrides).prop_map(|(reference, overrides)| Flake {
            reference,
            overrides: overrides
                .into_iter()
                .map(|(input, reference)| InputOverride { input, reference })
                .collect(),
        })
    }

    type Inputs = (String, Flake, Option<PathBuf>, String);

    fn inputs() -> impl Strategy<Value = Inputs> {
        let dir = prop::option::of(part().prop_map(PathBuf::from));
        (part(), flakes(), dir, part())
    }

    fn key((run, flake, dir, host): &Inputs) -> Key {
        Key::of_run(run, flake, dir.as_deref(), host)
    }

    proptest! {
        #[test]
        fn keys_are_the_same_exactly_where_all_parts_are(a in inputs(), b in inputs(), which in 0..5_u8) {
            // Most pairs that are drawn differ in all their parts.
            let mut b = b;
            if which != 0 { b.0.clone_from(&a.0); }
            if which != 1 { b.1.clone_from(&a.1); }
            if which != 2 { b.2.clone_from(&a.2); }
            if which != 3 { b.3.clone_from(&a.3); }
            prop_assert_eq!(key(&a) == key(&b), a == b);
            prop_assert_eq!(Key::of_flake(&a.1) == Key::of_flake(&b.1), a.1 == b.1);
        }
    }
}
