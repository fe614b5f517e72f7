//! A trace: the answers of one host's evaluation, and the states of everything that
//! they depend on. They hold wherever those states are the same (the "verifying
//! traces" of Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", 2018).

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::Path;

use nix_parity_core::observation::Observation;
use serde::{Deserialize, Serialize};

use super::sum::{self, SUM};
use crate::depend::{Claim, Dependency, State};
use crate::nix::Request;

/// Answers by request.
pub type Answers = HashMap<Request, Observation>;

/// What one evaluation found.
#[derive(Debug, Default)]
pub struct Findings {
    /// What else is known, by name.
    pub notes: BTreeMap<String, String>,
    /// The answers.
    pub answers: Answers,
}

#[derive(Serialize)]
struct EntryRef<'a> {
    q: &'a Request,
    a: &'a Observation,
}

#[derive(Deserialize)]
struct Entry {
    q: Request,
    a: Observation,
}

/// The bytes of a trace whose checksum is right.
pub struct Stored(Vec<u8>);

impl Stored {
    /// Reads a file. What is damaged, torn or of another format is not there.
    pub fn open(path: &Path) -> Option<Self> {
        Self::of(fs::read(path).ok()?)
    }

    /// Takes the bytes of a file.
    pub(crate) fn of(bytes: Vec<u8>) -> Option<Self> {
        sum::body(&bytes)?;
        Some(Self(bytes))
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let body = self.0.get(SUM + 1..).unwrap_or_default();
        body.split(|b| *b == b'\n').filter(|line| !line.is_empty())
    }

    /// How many of the lines say what it depends on.
    fn number_of_claims(&self) -> Option<usize> {
        str::from_utf8(self.lines().next()?).ok()?.parse().ok()
    }

    /// What it depends on, as lines that [`Claim`] reads.
    pub fn claims(&self) -> Option<impl Iterator<Item = &[u8]>> {
        Some(self.lines().skip(1).take(self.number_of_claims()?))
    }

    /// What it depends on.
    pub fn dependencies(&self) -> Option<BTreeMap<Dependency, State>> {
        let claims = self.claims()?.map(Claim::read);
        claims
            .map(|claim| claim.map(|claim| (claim.dependency, claim.state)))
            .collect()
    }

    /// What was found.
    pub fn findings(&self) -> Option<Findings> {
        let mut lines = self.lines().skip(1).skip(self.number_of_claims()?);
        let notes = serde_json::from_slice(lines.next()?).ok()?;
        let answers = lines
            .map(|line| crate::json::read::<Entry>(line).map(|entry| (entry.q, entry.a)))
            .collect::<Result<_, _>>()
            .ok()?;
        Some(Findings { notes, answers })
    }
}

impl Findings {
    /// Writes a trace of them to a file, all or nothing.
    ///
    /// # Errors
    /// It cannot be written. A file that was there is what it was.
    pub fn write(&self, path: &Path, dependencies: &BTreeMap<Dependency, State>) -> io::Result<()> {
        let mut body = format!("{}\n", dependencies.len()).into_bytes();
        for (dependency, state) in dependencies {
            body.extend(Claim::line(dependency, state)?.bytes());
            body.push(b'\n');
        }
        serde_json::to_writer(&mut body, &self.notes)?;
        body.push(b'\n');
        for (q, a) in &self.answers {
            serde_json::to_writer(&mut body, &EntryRef { q, a })?;
            body.push(b'\n');
        }
        sum::write(path, &body)
    }
}

#[cfg(test)]
mod tests {
    use super::{Findings, Stored};
    use crate::depend::Claim;
    use crate::nix::{Request, Subject};
    use nix_parity_core::demand::Demand;
    use nix_parity_core::observation::Observation;
    use nix_parity_core::value::Value;
    use std::fs;

    fn findings() -> Findings {
        let mut found = Findings::default();
        for n in 0..3 {
            let subject = Subject::Eval {
                expression: n.to_string().into(),
                demand: Demand::Shape,
            };
            let request = Request::of_host(subject);
            found
                .answers
                .insert(request, Observation::Value(Value::Int(n)));
        }
        found.notes.insert("hosts".to_owned(), "[]".to_owned());
        found
    }

    #[test]
    fn what_is_written_is_read_and_any_damage_is_a_miss() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.trace");
        let found = findings();
        let lines: [&[u8]; 2] = [
            br#"0123456789abcdef0123456789abcdef "nix""#,
            br#"0123456789abcdef0123456789abcdef {"content":"a\nb"}"#,
        ];
        let depends = lines.map(|line| Claim::read(line).unwrap());
        let depends = depends.map(|claim| (claim.dependency, claim.state)).into();
        found.write(&path, &depends).unwrap();
        let stored = Stored::open(&path).unwrap();
        assert!(stored.claims().unwrap().eq(lines));
        assert_eq!(stored.dependencies().unwrap(), depends);
        let read = stored.findings().unwrap();
        assert_eq!(read.answers, found.answers);
        assert_eq!(read.notes, found.notes);

        let whole = fs::read(&path).unwrap();
        for i in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[i] ^= 1;
            fs::write(&path, damaged).unwrap();
            assert!(Stored::open(&path).is_none(), "byte {i}");
            fs::write(&path, &whole[..i]).unwrap();
            assert!(Stored::open(&path).is_none(), "cut at {i}");
        }
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
