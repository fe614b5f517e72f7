//! What a trace says of the world: that something was in some state. A line each, so that
//! what the traces of many hosts say alike is read and looked at once for all of them.

use super::dependency::Dependency;
use super::state::State;

/// How a line says that a file was evaluated.
const EVALUATED: &[u8] = br#"{"evaluated":"#;

/// That something was in some state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Of what.
    pub dependency: Dependency,
    /// What it was like.
    pub state: State,
}

impl Claim {
    /// The line that says it, without its end: the state, a blank, and the rest as JSON.
    ///
    /// # Errors
    /// None that are known: each dependency can be written.
    pub fn line(dependency: &Dependency, state: &State) -> serde_json::Result<String> {
        Ok(format!("{state} {}", serde_json::to_string(dependency)?))
    }

    /// Reads a line.
    pub fn read(line: &[u8]) -> Option<Self> {
        let (state, dependency) = parts(line)?;
        Some(Self {
            dependency: serde_json::from_slice(dependency).ok()?,
            state: State::read(state)?,
        })
    }

    /// The file that a line says was evaluated, if that is what it is about.
    pub fn evaluated(line: &[u8]) -> Option<String> {
        // Few lines are, and the others need not be read.
        let (_, dependency) = parts(line)?;
        dependency.starts_with(EVALUATED).then_some(())?;
        match Self::read(line)?.dependency {
            Dependency::Evaluated(path) => Some(path),
            _ => None,
        }
    }
}

fn parts(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let blank = line.iter().position(|byte| *byte == b' ')?;
    line.split_at_checked(blank)
        .and_then(|(state, rest)| Some((state, rest.strip_prefix(b" ")?)))
}

#[cfg(test)]
mod tests {
    use super::Claim;
    use crate::depend::{Dependency, State};

    #[test]
    fn a_line_is_read_as_it_was_written() {
        let state = State::read(b"0123456789abcdef0123456789abcdef").unwrap();
        let path = "a b\n\"c\".nix".to_owned();
        for (dependency, evaluated) in [
            (Dependency::Nix, None),
            (Dependency::Content(path.clone()), None),
            (Dependency::Evaluated(path.clone()), Some(path)),
        ] {
            let line = Claim::line(&dependency, &state).unwrap();
            assert!(!line.contains('\n'), "{line}");
            let read = Claim::read(line.as_bytes()).unwrap();
            assert_eq!((read.dependency, &read.state), (dependency, &state));
            assert_eq!(Claim::evaluated(line.as_bytes()), evaluated);
        }
    }

    #[test]
    fn what_is_no_claim_is_not_read() {
        for line in [
            "",
            " ",
            "0",
            "0123456789abcdef0123456789abcdef",
            "0123456789abcdef0123456789abcdef ",
            "0123456789abcdef0123456789abcdef {\"evaluated\":}",
            "0123456789abcdef0123456789abcdeg \"nix\"",
            " \"nix\"",
        ] {
            assert_eq!(Claim::read(line.as_bytes()), None, "{line}");
            assert_eq!(Claim::evaluated(line.as_bytes()), None, "{line}");
        }
    }
}
