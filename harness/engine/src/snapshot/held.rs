//! What an accepted snapshot is of: its header read again, by whoever wrote it last.

use nix_parity_core::option_path::OptionPath;

use super::file::{body, expression};
use super::reduced::{Reduced, Unlike};

/// A snapshot that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// What it is of.
    pub of: Of,
    /// Its text.
    pub body: String,
}

/// What a snapshot is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Of {
    /// The derivations of what is at a path below `config`; of the toplevel without one.
    Derivation(Option<OptionPath>),
    /// The closure of the same.
    Closure(Option<OptionPath>),
    /// These options.
    Options(Vec<OptionPath>),
    /// Something that sides are not compared by, such as files or figures.
    Other,
}

impl Held {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it is no snapshot that can be compared.
    pub fn read(file: &str) -> Result<Self, Unlike> {
        let of = expression(file).and_then(|text| Of::parse(&text));
        let (Some(of), Some(body)) = (of, body(file)) else {
            return Err(Unlike::Corrupt);
        };
        if let Of::Derivation(_) = of {
            Reduced::parse(&body)?;
        }
        Ok(Self { of, body })
    }
}

impl Of {
    /// Reads what a header says.
    fn parse(expression: &str) -> Option<Self> {
        let (kind, of) = expression.split_once(" of ")?;
        let attribute = || match of {
            "system" => Some(None),
            path => OptionPath::parse(path).ok().map(Some),
        };
        match kind {
            "derivation" => attribute().map(Self::Derivation),
            "closure" => attribute().map(Self::Closure),
            "options" => paths(of).map(Self::Options),
            _ => Some(Self::Other),
        }
    }
}

/// Paths with commas between them, which may be in quoted names too.
fn paths(list: &str) -> Option<Vec<OptionPath>> {
    let (mut paths, mut rest) = (Vec::new(), list);
    let mut ends = list
        .match_indices(", ")
        .map(|(at, _)| at)
        .collect::<Vec<_>>();
    ends.push(list.len());
    for end in ends {
        let from = list.len() - rest.len();
        if let Some(path) = list.get(from..end).and_then(|p| OptionPath::parse(p).ok()) {
            paths.push(path);
            rest = list.get(end + 2..).unwrap_or_default();
        }
    }
    rest.is_empty().then_some(paths)
}

#[cfg(test)]
mod tests {
    use super::{Held, Of};
    use crate::snapshot::Unlike;
    use nix_parity_core::option_path::OptionPath;

    fn of(expression: &str) -> Result<Of, Unlike> {
        let file =
            format!("---\nsource: x\nexpression: {expression}\n---\n# format 2\na\n  digest 1\n");
        Held::read(&file).map(|held| held.of)
    }

    #[test]
    fn headers_are_read_as_insta_and_the_harness_write_them() {
        let path = |text: &str| OptionPath::parse(text).unwrap();
        for quoted in [
            "derivation of system",
            "\"derivation of system\"",
            "'derivation of system'",
        ] {
            assert_eq!(of(quoted), Ok(Of::Derivation(None)), "{quoted}");
        }
        assert_eq!(
            of("closure of system.build.etc"),
            Ok(Of::Closure(Some(path("system.build.etc"))))
        );
        let paths = [path("a.b"), path("\"x, y\".c"), path("d")];
        assert_eq!(
            of(r#""options of a.b, \"x, y\".c, d""#),
            Ok(Of::Options(paths.to_vec()))
        );
        for other in ["files of etc/a", "budget of system"] {
            assert_eq!(of(other), Ok(Of::Other), "{other}");
        }
        for wrong in ["", "derivation", "options of a..b", "derivation of a..b"] {
            assert_eq!(of(wrong), Err(Unlike::Corrupt), "{wrong}");
        }
    }
}
