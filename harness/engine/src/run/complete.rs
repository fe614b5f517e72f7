//! Answers that Nix gives only the first half of: the derivations themselves are read
//! where Nix has put them.

use std::collections::BTreeMap;

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;
use nix_parity_drv::{Graph, ReadError, Source as _, StorePath, parse};

use crate::environment;
use crate::nix::{Failure, Subject, once_written, read_derivation};
use crate::noise::{self, NoiseRule};
use crate::snapshot::Reduced;

/// The whole answer.
pub(super) fn complete(subject: &Subject, answer: Observation) -> Result<Observation, Failure> {
    match (subject, answer) {
        (Subject::Graph { noise, .. }, Observation::Value(Value::String(path))) => {
            graph(&path, noise)
                .map(Value::String)
                .map(Observation::Value)
        }
        (Subject::File { .. }, Observation::Value(Value::Attrs(file))) => {
            let Some(Value::String(path)) = file.get("derivation") else {
                return Ok(Observation::Value(Value::Attrs(file)));
            };
            let (key, text) = match text_of(path)? {
                Some(text) => ("text", text),
                None => ("unknown", "only building it tells".to_owned()),
            };
            let file = BTreeMap::from([(key.to_owned(), Value::String(text))]);
            Ok(Observation::Value(Value::Attrs(file)))
        }
        (_, answer) => Ok(answer),
    }
}

fn graph(path: &str, noise: &[NoiseRule]) -> Result<String, Failure> {
    let root = StorePath::parse(path).map_err(unreadable)?;
    let store = environment::store();
    let read = || Graph::read(&store, &[root]);
    let is_early =
        |e: &ReadError| matches!(e, ReadError::Missing { .. } | ReadError::Corrupt { .. });
    let graph = once_written(read, is_early).map_err(unreadable)?;
    Ok(Reduced::of(&graph, &noise::rules(noise)).to_string())
}

/// The text of a file that `writeText` and its kin make: those keep it in a variable
/// and copy that, which no other builder is known to do.
fn text_of(path: &str) -> Result<Option<String>, Failure> {
    const COPIES: [&str; 2] = ["mv \"$textPath\"", "cp \"$textPath\""];
    let path = StorePath::parse(path).map_err(unreadable)?;
    let store = environment::store();
    let read = || {
        let mut file = Vec::new();
        store.read(path, &mut file).map(|()| file)
    };
    let file = read_derivation(read).map_err(unreadable)?;
    let derivation = parse(&file).map_err(unreadable)?;
    let variable = |name: &str| {
        let mut env = derivation.env.iter();
        let (_, value) = env.find(|(key, _)| &**key == name.as_bytes())?;
        Some(String::from_utf8_lossy(value))
    };
    let is_copied = variable("buildCommand")
        .is_some_and(|command| COPIES.iter().any(|copy| command.contains(copy)));
    Ok(variable("text").filter(|_| is_copied).map(Into::into))
}

fn unreadable(error: impl std::error::Error) -> Failure {
    let mut text = error.to_string();
    if let Some(source) = error.source() {
        text.push_str(": ");
        text.push_str(&source.to_string());
    }
    Failure::Store(text)
}
