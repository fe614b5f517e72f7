//! All settings of a host. They are asked for by the hundred, since a question costs
//! more than an option; where one of a batch ends the evaluation in a way that Nix
//! cannot catch, the batch is halved until only that one is left out.

use std::collections::BTreeMap;

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use crate::judge::Oracle;
use crate::nix::{Failure, Subject};

/// How many options are asked for at once.
const BATCH: usize = 400;

/// What somebody has set on a host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The options that a definition sets, not their own default, by path.
    pub of: BTreeMap<Vec<String>, Setting>,
    /// What is missing above, in words.
    pub missing: Vec<String>,
}

/// An option that something sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its value, or Nix's message; empty where a `throw` was caught.
    pub value: Result<Value, String>,
    /// The files of the definitions that survive.
    pub files: Vec<String>,
}

impl Settings {
    /// Asks for all of them.
    ///
    /// # Errors
    /// The host cannot be asked at all.
    pub fn of(oracle: &mut dyn Oracle) -> Result<Self, Failure> {
        let mut settings = Self::default();
        let (mut from, mut total) = (0, None);
        loop {
            // Which is the same however many of the batches fail.
            total = settings.batch(oracle, from, from + BATCH)?.or(total);
            from += BATCH;
            match total {
                Some(total) if from < total => {}
                Some(_) => return Ok(settings),
                None => {
                    let rest = format!("options from {from} on: how many there are is not known");
                    settings.missing.push(rest);
                    return Ok(settings);
                }
            }
        }
    }

    /// Adds those of a range; says how many options there are in all.
    fn batch(
        &mut self,
        oracle: &mut dyn Oracle,
        from: usize,
        to: usize,
    ) -> Result<Option<usize>, Failure> {
        let message = match oracle.ask_host(Subject::Settings { from, to }) {
            Ok(Observation::Value(value)) => return Ok(self.read(value)),
            Ok(Observation::Threw(error) | Observation::Failed(error)) => error.message,
            Ok(Observation::Missing(_)) => return Ok(None),
            Err(failure @ (Failure::Interrupted | Failure::Start(_) | Failure::Flake(_))) => {
                return Err(failure);
            }
            // Halves would only take as long again.
            Err(failure) => {
                self.missing
                    .push(format!("options {from} to {to}: {failure}"));
                return Ok(None);
            }
        };
        if to - from > 1 {
            let middle = usize::midpoint(from, to);
            let first = self.batch(oracle, from, middle)?;
            let second = self.batch(oracle, middle, to)?;
            return Ok(first.or(second));
        }
        match name(oracle, from)? {
            Some(path) => {
                let setting = Setting {
                    value: Err(message),
                    files: Vec::new(),
                };
                self.of.insert(path, setting);
            }
            None => self.missing.push(message),
        }
        Ok(None)
    }

    fn read(&mut self, answer: Value) -> Option<usize> {
        let Value::Attrs(mut answer) = answer else {
            return None;
        };
        let Some(Value::Int(total)) = answer.get("total") else {
            return None;
        };
        let total = usize::try_from(*total).ok();
        if let Some(Value::List(settings)) = answer.remove("settings") {
            self.of
                .extend(settings.into_iter().filter_map(read_setting));
        }
        total
    }
}

/// The path of the option with a number.
fn name(oracle: &mut dyn Oracle, number: usize) -> Result<Option<Vec<String>>, Failure> {
    match oracle.ask_host(Subject::OptionName { number })? {
        Observation::Value(Value::List(path)) => Ok(strings(path)),
        _ => Ok(None),
    }
}

fn read_setting(value: Value) -> Option<(Vec<String>, Setting)> {
    let Value::List(parts) = value else {
        return None;
    };
    let [
        Value::List(path),
        Value::List(files),
        Value::Attrs(mut value),
    ] = <[Value; 3]>::try_from(parts).ok()?
    else {
        return None;
    };
    let setting = Setting {
        value: value.remove("value").ok_or_else(String::new),
        files: strings(files)?,
    };
    Some((strings(path)?, setting))
}

pub(super) fn strings(values: Vec<Value>) -> Option<Vec<String>> {
    values
        .into_iter()
        .map(|value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
        .collect()
}
