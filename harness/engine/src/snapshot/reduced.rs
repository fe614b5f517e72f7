//! Reduced derivations as the text of a snapshot. What is so for most of them is said
//! once, at the top, so that each entry says what is its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// All that something is built from, by name, version and then all else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduced {
    pub(super) entries: Vec<Entry>,
}

/// One derivation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Empty where the name holds none.
    pub(super) version: String,
    /// Of all that is given to the program that builds it, and of how its outputs are
    /// addressed.
    pub(super) digest: String,
    /// System, the names of the outputs and of the program that builds it, and what the
    /// digest is made of: each part with a short digest of its own, unless name and
    /// version or another fact say it.
    pub(super) facts: BTreeMap<String, String>,
    /// The names of what it needs, each once.
    pub(super) needs: Vec<String>,
}

/// Why a text is no snapshot of derivations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unlike {
    /// It is one of before the parts of digests were told.
    #[error(
        "it was accepted in an older format, which does not say what a digest is made of: accept it once more"
    )]
    Older,
    /// It is something else.
    #[error("it is no snapshot of derivations")]
    Corrupt,
}

/// The first line. No derivation can be called so, nor as what follows.
const FORMAT: &str = "# format 2";
/// The name of what is so for most.
const MOST: &str = "*";
/// The word for a fact of most that this one does not have.
const WITHOUT: &str = "without";

impl Reduced {
    /// Names and versions, each once: the text of a snapshot of the closure.
    pub fn closure(&self) -> String {
        let mut lines: Vec<String> = self.entries.iter().map(Entry::title).collect();
        lines.dedup();
        lines.join("\n")
    }

    /// Name and version of each; the version is empty where the name holds none.
    pub(crate) fn titles(&self) -> impl Iterator<Item = (&str, &str)> {
        let entries = self.entries.iter();
        entries.map(|entry| (entry.name.as_str(), entry.version.as_str()))
    }

    /// Reads what [`fmt::Display`] writes.
    ///
    /// # Errors
    /// What it is instead.
    pub fn parse(text: &str) -> Result<Self, Unlike> {
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        if first == FORMAT {
            return Self::entries(rest).ok_or(Unlike::Corrupt);
        }
        match Self::entries(text) {
            Some(found) if found.entries.iter().any(|e| !e.digest.is_empty()) => Err(Unlike::Older),
            _ => Err(Unlike::Corrupt),
        }
    }

    /// Reads the text of a snapshot of the closure.
    pub(crate) fn of_closure(text: &str) -> Self {
        Self::entries(text).unwrap_or_default()
    }

    fn entries(text: &str) -> Option<Self> {
        let mut most = BTreeMap::new();
        let mut entries: Vec<Entry> = Vec::new();
        for line in text.lines() {
            let Some(detail) = line.strip_prefix("  ") else {
                if let [entry] = entries.as_mut_slice()
                    && entry.name == MOST
                {
                    most = std::mem::take(&mut entry.facts);
                    entries.clear();
                }
                let (name, version) = line.split_once(' ').unwrap_or((line, ""));
                entries.push(Entry {
                    name: name.to_owned(),
                    version: version.to_owned(),
                    facts: most.clone(),
                    ..Entry::default()
                });
                continue;
            };
            let entry = entries.last_mut()?;
            match detail.split_once(' ')? {
                ("digest", digest) => digest.clone_into(&mut entry.digest),
                ("needs", name) => entry.needs.push(name.to_owned()),
                (WITHOUT, fact) => drop(entry.facts.remove(fact)),
                _ => {
                    let (fact, value) = detail.rsplit_once(' ')?;
                    entry.facts.insert(fact.to_owned(), value.to_owned());
                }
            }
        }
        Some(Self { entries })
    }

    /// The facts of more than three quarters of them: few others then have to say that
    /// it is otherwise.
    fn most(&self) -> BTreeMap<&str, &str> {
        let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for (fact, value) in self.entries.iter().flat_map(|entry| &entry.facts) {
            *counts.entry((fact, value)).or_default() += 1;
        }
        let counts = counts.into_iter();
        let common = counts.filter(|(_, count)| count * 4 > self.entries.len() * 3);
        common.map(|(fact, _)| fact).collect()
    }
}

impl Entry {
    /// Name and version.
    pub(super) fn title(&self) -> String {
        let space = if self.version.is_empty() { "" } else { " " };
        format!("{}{space}{}", self.name, self.version)
    }

    /// As Nix calls it.
    pub(super) fn full_name(&self) -> String {
        let dash = if self.version.is_empty() { "" } else { "-" };
        format!("{}{dash}{}", self.name, self.version)
    }
}

impl fmt::Display for Reduced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{FORMAT}")?;
        let most = self.most();
        if !most.is_empty() {
            writeln!(f, "{MOST}")?;
        }
        for (fact, value) in &most {
            writeln!(f, "  {fact} {value}")?;
        }
        for entry in &self.entries {
            writeln!(f, "{}", entry.title())?;
            writeln!(f, "  digest {}", entry.digest)?;
            let own = entry.facts.keys().map(String::as_str);
            for fact in own.chain(most.keys().copied()).collect::<BTreeSet<_>>() {
                match entry.facts.get(fact) {
                    None => writeln!(f, "  {WITHOUT} {fact}")?,
                    Some(value) if most.get(fact) == Some(&value.as_str()) => {}
                    Some(value) => writeln!(f, "  {fact} {value}")?,
                }
            }
            for need in &entry.needs {
                writeln!(f, "  needs {need}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::graphs;
    use super::{Entry, Reduced};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(reduced in graphs()) {
            let text = reduced.to_string();
            prop_assert_eq!(Reduced::parse(&text), Ok(reduced), "{}", text);
        }
    }

    #[test]
    fn what_is_so_for_most_is_said_once() {
        let entry = |(name, fact): (usize, &str)| Entry {
            name: name.to_string(),
            digest: "1".to_owned(),
            facts: [(fact.to_owned(), "x".to_owned())].into(),
            ..Entry::default()
        };
        let facts = ["args", "args", "args", "args", "env.a"];
        let entries = facts.into_iter().enumerate().map(entry).collect();
        assert_eq!(
            Reduced { entries }.to_string(),
            "# format 2\n*\n  args x\n0\n  digest 1\n1\n  digest 1\n2\n  digest 1\n3\n  digest 1\n4\n  digest 1\n  without args\n  env.a x\n"
        );
    }
}
