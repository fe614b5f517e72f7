//! What `report` reads: records of runs, and values that other commands write with
//! `--format jsonl`. What a file holds is told by its first line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read as _};
use std::path::Path;

use nix_parity_core::comparison::{self, Comparison, Found, HostComparison};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{self, Gap, State};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Problem;
use crate::page::Extras;

/// The longest first line that is looked at to tell what a file is.
const LONGEST: u64 = 64 << 20;

/// What a file holds.
pub(super) enum Input {
    /// The record of a run, or something that is told to be none when it is read.
    Run(Box<dyn BufRead>),
    /// Something that pages show besides runs.
    Value,
}

/// What the first line of a value has.
#[derive(Deserialize)]
struct First {
    event: Option<serde::de::IgnoredAny>,
    format: Option<u64>,
    old: Option<serde::de::IgnoredAny>,
    found: Option<serde::de::IgnoredAny>,
    commit: Option<serde::de::IgnoredAny>,
    score: Option<serde::de::IgnoredAny>,
}

/// Opens a file. A value in it is added to what the page shows.
pub(super) fn open(from: &Path, extras: &mut Extras) -> Result<Input, Problem> {
    let mut reader: Box<dyn BufRead> = if from == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(from);
        let file = file.map_err(|e| wrong(format!("cannot read {}: {e}", from.display())))?;
        Box::new(BufReader::new(file))
    };
    let failed = |error: String| wrong(format!("{}: {error}", from.display()));
    let mut line = Vec::new();
    let read = reader.by_ref().take(LONGEST).read_until(b'\n', &mut line);
    read.map_err(|e| failed(format!("line 1: {e}")))?;
    let first: Option<First> = serde_json::from_slice(&line).ok();
    let again = Cursor::new(line).chain(reader);
    match first {
        Some(First {
            event: None,
            format,
            old: Some(_),
            ..
        }) => {
            let all = values::<Comparison>(again, format, comparison::FORMAT);
            let all = all
                .map_err(failed)?
                .into_iter()
                .map(|found| HostComparison {
                    host: found.new.clone(),
                    platform: None,
                    found: Found::Compared(Box::new(found)),
                });
            extras.comparisons.extend(all);
        }
        Some(First {
            event: None,
            found: Some(_),
            ..
        }) => {
            let all = lines::<HostComparison>(again).map_err(failed)?;
            let other = all.iter().find_map(|host| match &host.found {
                Found::Compared(found) if found.format != comparison::FORMAT => Some(found.format),
                _ => None,
            });
            if let Some(found) = other {
                return Err(failed(other_format(&found.to_string(), comparison::FORMAT)));
            }
            extras.comparisons.extend(all);
        }
        Some(First {
            event: None,
            commit: Some(_),
            ..
        }) => {
            if !extras.history.is_empty() {
                return Err(failed("a second history: a page shows one".to_owned()));
            }
            extras.history = State::read_all(&rest(again).map_err(failed)?).map_err(failed)?;
        }
        Some(First {
            event: None,
            format,
            score: Some(_),
            ..
        }) => {
            let all = values::<Gap>(again, format, ledger::FORMAT).map_err(failed)?;
            for gap in all {
                if extras.gap.replace(gap).is_some() {
                    return Err(failed("a second ledger: a page shows one".to_owned()));
                }
            }
        }
        _ => return Ok(Input::Run(Box::new(again))),
    }
    Ok(Input::Value)
}

/// Each line as a value of this format.
fn values<T: DeserializeOwned>(
    reader: impl BufRead,
    found: Option<u64>,
    format: u32,
) -> Result<Vec<T>, String> {
    if found != Some(u64::from(format)) {
        let found = found.map_or_else(|| "none".to_owned(), |n| n.to_string());
        return Err(other_format(&found, format));
    }
    lines(reader)
}

fn other_format(found: &str, format: u32) -> String {
    format!("line 1 is in format {found}, and this program reads format {format}")
}

/// Each line as a value.
fn lines<T: DeserializeOwned>(reader: impl BufRead) -> Result<Vec<T>, String> {
    let text = rest(reader)?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| serde_json::from_str(line).map_err(|e| format!("line {number}: {e}")))
        .collect()
}

fn rest(mut reader: impl BufRead) -> Result<String, String> {
    let mut text = String::new();
    reader
        .read_to_string(&mut text)
        .map_err(|e| e.to_string())?;
    Ok(text)
}

/// What is read is not what it should be.
pub(super) fn wrong(message: String) -> Problem {
    Problem::input(vec![Diagnostic::new(message)])
}
