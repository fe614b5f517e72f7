//! What hosts really set, as far as starter cases are made of it.

use std::collections::BTreeMap;

use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::NixError;
use nix_parity_core::value::Value;

/// Longer values are nothing to read in a case.
const LONGEST: usize = 4 << 10;

/// A host of the flake.
#[derive(Debug)]
pub(super) struct FoundHost {
    /// The host, with its double where it can be evaluated.
    pub(super) host: Host,
    /// How it is called in the names of tests.
    pub(super) label: String,
    /// What it sets, or why it cannot be evaluated.
    pub(super) facts: Result<Facts, NixError>,
}

/// What a host sets.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Values by path; those of a home within a system have the path that leads there.
    pub(super) options: BTreeMap<Vec<String>, Fact>,
    /// The messages of failing assertions, where they can be asked for.
    pub(super) failing: Option<Vec<String>>,
    /// The warnings, likewise.
    pub(super) warnings: Option<Vec<String>>,
    /// The accounts.
    pub(super) people: Vec<Person>,
    /// The names of the homes in it.
    pub(super) homes: Vec<String>,
    /// What could not be asked, in words.
    pub(super) missing: Vec<String>,
}

/// An option with a value.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) value: Value,
    /// Whether the flake's own files set it.
    pub(super) own: bool,
}

/// An account of a machine.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    /// Whether the flake's own files set something of it.
    pub(super) own: bool,
    /// What is known of it, by the path below.
    pub(super) settings: BTreeMap<&'static str, Value>,
}

impl Facts {
    /// The value of an option that something sets.
    pub(super) fn at(&self, path: &[String]) -> Option<&Value> {
        self.options.get(path).map(|fact| &fact.value)
    }

    /// What the flake's own files set.
    pub(super) fn own(&self) -> impl Iterator<Item = (&Vec<String>, &Value)> {
        let own = self.options.iter().filter(|(_, fact)| fact.own);
        own.map(|(path, fact)| (path, &fact.value))
    }
}

/// Whether a value says something when it is the same as before: there is one, of modest
/// size, and all of it can be looked at.
pub(super) fn is_telling(value: &Value) -> bool {
    fn is_known(value: &Value) -> bool {
        match value {
            Value::Function | Value::Unobserved | Value::Redacted => false,
            Value::List(items) => items.iter().all(is_known),
            Value::Attrs(members) => members.values().all(is_known),
            _ => true,
        }
    }
    is_known(value) && *value != Value::Null && value.to_string().len() <= LONGEST
}

/// Whether packages or store paths are in a value, which updates change.
pub(super) fn has_packages(value: &Value) -> bool {
    match value {
        Value::Package(_) => true,
        Value::String(text) | Value::Path(text) => text.contains("/nix/store/"),
        Value::List(items) => items.iter().any(has_packages),
        Value::Attrs(members) => members
            .iter()
            .any(|(name, member)| name.contains("/nix/store/") || has_packages(member)),
        _ => false,
    }
}

/// Whether the platform is one of a machine.
pub(super) const fn is_system(platform: Platform) -> bool {
    matches!(platform, Platform::Darwin | Platform::Nixos)
}
