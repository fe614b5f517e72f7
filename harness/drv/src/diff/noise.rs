//! What a comparison leaves out, by rule: a revision label changes with every commit,
//! and says nothing.

use globset::{GlobBuilder, GlobMatcher};

use super::model::Change;

/// Rules of what does not count as a change. None by default.
#[derive(Clone, Debug, Default)]
pub struct Noise {
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    derivation: GlobMatcher,
    key: GlobMatcher,
}

/// A pattern that is no glob.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a glob: {reason}")]
pub struct NoiseError {
    pattern: String,
    reason: String,
}

impl Noise {
    /// Leaves out changes of the variables that `key` matches, in the derivations whose
    /// name with version, old or new, `derivation` matches: `nixos-system-*` and
    /// `nixosLabel`. The key `name` stands for the derivation's own name too.
    pub fn ignore(&mut self, derivation: &str, key: &str) -> Result<(), NoiseError> {
        self.rules.push(Rule {
            derivation: glob(derivation)?,
            key: glob(key)?,
        });
        Ok(())
    }

    /// Whether a change of a derivation with one of these names is left out.
    pub(super) fn hides(&self, names: [&str; 2], change: &Change) -> bool {
        let key = match change {
            Change::Env { key, .. } => key.to_string(),
            Change::Name { .. } => "name".to_owned(),
            _ => return false,
        };
        names.iter().any(|name| self.hides_variable(name, &key))
    }

    /// Whether a variable of a derivation with this name is left out; `name` stands for
    /// the derivation's own name too.
    pub fn hides_variable(&self, derivation: &str, key: &str) -> bool {
        self.rules
            .iter()
            .any(|rule| rule.derivation.is_match(derivation) && rule.key.is_match(key))
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, NoiseError> {
    GlobBuilder::new(pattern)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| NoiseError {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        })
}
