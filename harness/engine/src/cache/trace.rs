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
use crate::depend::{Dependency, State};
use crate::nix::Request;

/// Answers by request.
pub type Answers = HashMap<Request, Observation>;

/// What one evaluation found.
#[derive(Debug, Default)]
pub struct Trace {
    /// What it depends on.
    pub dependencies: BTreeMap<Dependency, State>,
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

    /// What the trace depends on.
    pub fn dependencies(&self) -> Option<BTreeMap<Dependency, State>> {
        let pairs: Vec<(Dependency, State)> = serde_json::from_slice(self.lines().next()?).ok()?;
        Some(pairs.into_iter().collect())
    }

    /// All of it.
    pub fn read(&self) -> Option<Trace> {
        let mut lines = self.lines().skip(1);
        let notes = serde_json::from_slice(lines.next()?).ok()?;
        let answers = lines
            .map(|line| crate::json::read::<Entry>(line).map(|entry| (entry.q, entry.a)))
            .collect::<Result<_, _>>()
            .ok()?;
        Some(Trace {
            dependencies: self.dependencies()?,
            notes,
            answers,
        })
    }
}

impl Trace {
    /// Writes it to a file, all or nothing.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let mut body = Vec::new();
        let pairs: Vec<_> = self.dependencies.iter().collect();
        serde_json::to_writer(&mut body, &pairs)?;
        body.push(b'\n');
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
    use super::{Stored, Trace};
    use crate::depend::Dependency;
    use crate::nix::{Request, Subject};
    use nix_parity_core::demand::Demand;
    use nix_parity_core::observation::Observation;
    use nix_parity_core::value::Value;
    use std::fs;

    fn trace() -> Trace {
        let mut trace = Trace::default();
        for n in 0..3 {
            let subject = Subject::Eval {
                expression: n.to_string().into(),
                demand: Demand::Shape,
            };
            let request = Request::of_host(subject);
            trace
                .answers
                .insert(request, Observation::Value(Value::Int(n)));
        }
        trace.notes.insert("hosts".to_owned(), "[]".to_owned());
        let state = serde_json::from_str("\"0\"").unwrap();
        trace
            .dependencies
            .insert(Dependency::Content("a\nb".to_owned()), state);
        trace
    }

    #[test]
    fn what_is_written_is_read_and_any_damage_is_a_miss() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("1.trace");
        let trace = trace();
        trace.write(&path).unwrap();
        let read = Stored::open(&path).unwrap().read().unwrap();
        assert_eq!(read.answers, trace.answers);
        assert_eq!(read.dependencies, trace.dependencies);
        assert_eq!(read.notes, trace.notes);

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
