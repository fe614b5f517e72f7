//! `includes_packages`: packages by name and version, whatever their store paths.

use std::cmp::Ordering;
use std::fmt;

use super::Mismatch;
use crate::value::{Package, Value};
use crate::version::compare;

/// One package that must be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackagePattern {
    /// Its name without version.
    pub pname: String,
    /// What its version must satisfy.
    pub version: Option<VersionTest>,
}

/// A version as it is, or a bound, in Nix's order of versions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTest {
    operator: &'static str,
    version: String,
}

impl VersionTest {
    /// Reads `14.1`, `>=14`, `>14`, `<=14`, `<14` or `=14`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (operator, rest) = [">=", "<=", ">", "<", "="]
            .into_iter()
            .find_map(|op| text.strip_prefix(op).map(|rest| (op, rest)))
            .unwrap_or(("=", text));
        let version = rest.trim().to_owned();
        (!version.is_empty() && !version.contains(char::is_whitespace))
            .then_some(Self { operator, version })
    }

    /// Whether the version satisfies it.
    pub fn holds(&self, version: &str) -> bool {
        let order = compare(version, &self.version);
        match self.operator {
            ">=" => order != Ordering::Less,
            "<=" => order != Ordering::Greater,
            ">" => order == Ordering::Greater,
            "<" => order == Ordering::Less,
            _ => order == Ordering::Equal,
        }
    }
}

impl fmt::Display for PackagePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pname)?;
        match &self.version {
            Some(test) => write!(f, " {} {}", test.operator, test.version),
            None => Ok(()),
        }
    }
}

impl PackagePattern {
    fn holds(&self, package: &Package) -> bool {
        package.pname == self.pname
            && self
                .version
                .as_ref()
                .is_none_or(|t| t.holds(&package.version))
    }
}

pub(super) fn check(wanted: &[PackagePattern], value: &Value) -> Result<(), Mismatch> {
    let Value::List(items) = value else {
        return Err(Mismatch {
            at: String::new(),
            expected: format!("a list of packages with {}", join(wanted.iter())),
            got: value.pretty(),
        });
    };
    let packages: Vec<_> = items
        .iter()
        .filter_map(|item| match item {
            Value::Package(p) => Some(p),
            _ => None,
        })
        .collect();
    let missing: Vec<_> = wanted
        .iter()
        .filter(|w| !packages.iter().any(|p| w.holds(p)))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // Those of the right name say more than the whole list does.
    let close: Vec<_> = packages
        .iter()
        .filter(|p| missing.iter().any(|w| w.pname == p.pname))
        .map(|p| Value::Package((*p).clone()))
        .collect();
    let got = if close.is_empty() {
        let mut names: Vec<_> = packages.iter().map(|p| p.pname.as_str()).collect();
        names.sort_unstable();
        format!("{} packages: {}", names.len(), names.join(" "))
    } else {
        Value::List(close).pretty()
    };
    Err(Mismatch {
        at: String::new(),
        expected: format!("packages with {}", join(missing.into_iter())),
        got,
    })
}

fn join<'a>(patterns: impl Iterator<Item = &'a PackagePattern>) -> String {
    patterns
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}
