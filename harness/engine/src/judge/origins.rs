//! Who set a value: of tests asked only after a failure.

use std::collections::HashMap;

use nix_parity_core::host::Host;
use nix_parity_core::location::Location;
use nix_parity_core::observation::{NixError, Observation};
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::{Origin, OriginRole};
use nix_parity_core::text::{one_line, shorten};
use nix_parity_core::value::Value;

use super::{Judge, Oracle};
use crate::definitions::{self, Definition};
use crate::nix::Subject;

/// How much of a definition's text is shown.
const TEXT: usize = 60;

/// Who set an option of a host, as failures show it: the definitions that survive, or
/// the declarations where nothing defines it. Empty when Nix cannot say.
pub fn origins(oracle: &mut dyn Oracle, host: &Host, path: &OptionPath) -> Vec<Origin> {
    let mut judge = Judge {
        host,
        oracle,
        variant: None,
        variant_location: None,
        unanswered: false,
        stubbed: None,
    };
    judge.origins(path)
}

impl Judge<'_> {
    /// The definitions that survive for an option, or its declarations where
    /// nothing defines it. Empty when Nix cannot say.
    pub(super) fn origins(&mut self, path: &OptionPath) -> Vec<Origin> {
        let Ok(Observation::Value(Value::Attrs(answer))) =
            self.ask(Subject::Origins { path: path.clone() })
        else {
            return Vec::new();
        };
        let files = answer.get("definitions");
        let files = files.map(Value::strings).unwrap_or_default();
        let defined = self.definitions(path, files);
        if !defined.is_empty() {
            return defined;
        }
        let Some(Value::List(declarations)) = answer.get("declarations") else {
            return Vec::new();
        };
        declarations
            .iter()
            .filter_map(|d| match d {
                Value::Attrs(at) => match (at.get("file"), at.get("line"), at.get("column")) {
                    (
                        Some(Value::String(file)),
                        Some(Value::Int(line)),
                        Some(Value::Int(column)),
                    ) => Some(Origin {
                        role: OriginRole::Declaration,
                        location: Location::point(
                            file.as_str(),
                            u32::try_from(*line).unwrap_or(0),
                            u32::try_from(*column).unwrap_or(0),
                        ),
                        text: None,
                    }),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    /// The definitions that have a part in what is wrong, or where that is missing from all
    /// of them, those of the whole option.
    pub(super) fn origins_within(
        &mut self,
        path: &OptionPath,
        part: Option<&OptionPath>,
    ) -> Vec<Origin> {
        let of_part = part.map(|part| self.origins(part)).unwrap_or_default();
        let is_defined = |origin: &Origin| origin.role == OriginRole::Definition;
        if of_part.iter().any(is_defined) {
            return of_part;
        }
        self.origins(path)
    }

    /// The definitions that an error message of the module system complains about:
    /// it names the option and the files, but no lines.
    pub(super) fn culprits(&mut self, error: &NixError) -> Vec<Origin> {
        let Some(path) = quoted(&error.message, "option `").and_then(|p| OptionPath::parse(p).ok())
        else {
            return Vec::new();
        };
        let files = error
            .message
            .lines()
            .filter_map(|line| quoted(line, "- In `"))
            .map(str::to_owned);
        self.definitions(&path, files.collect())
    }

    fn definitions(&mut self, path: &OptionPath, files: Vec<String>) -> Vec<Origin> {
        // A file that defines the option twice is listed twice.
        let mut used: HashMap<String, usize> = HashMap::new();
        files
            .into_iter()
            .map(|file| {
                let nth = used.entry(file.clone()).or_default();
                let places = self
                    .oracle
                    .source(&file)
                    .map(|text| places(&text, path))
                    .unwrap_or_default();
                let place = places.get(*nth).or(places.last());
                *nth += 1;
                Origin {
                    role: OriginRole::Definition,
                    location: place.map_or_else(
                        || Location::point(file.as_str(), 0, 0),
                        |p| p.location(&file),
                    ),
                    text: place
                        .filter(|p| !self.oracle.redaction().may_quote(Some(path), &p.text))
                        .map(|p| shorten(&one_line(&collapse(&p.text)), TEXT)),
                }
            })
            .collect()
    }
}

/// Where a file sets an option. One that is part of a home knows only the path below
/// that home.
fn places(text: &str, path: &OptionPath) -> Vec<Definition> {
    let whole = definitions::find(text, path.segments());
    match path.segments() {
        [system, users, _, below @ ..]
            if whole.is_empty() && system == "home-manager" && users == "users" =>
        {
            definitions::find(text, below)
        }
        _ => whole,
    }
}

/// What stands between an opening and the next `'`.
fn quoted<'t>(text: &'t str, opening: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(opening)?;
    rest.split_once('\'').map(|(inside, _)| inside)
}

/// A definition's text with each run of white space as one space.
fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
