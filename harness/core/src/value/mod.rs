//! Values of a configuration, as observed through Nix.

mod display;
mod wire;

#[cfg(test)]
pub(crate) use wire::tests as tests_support;

use std::collections::BTreeMap;

/// A Nix value in normal form, with what cannot or must not be looked into
/// (functions, packages) replaced by what a person would call it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string, its context dropped.
    String(String),
    /// A path, not copied to the store.
    Path(String),
    /// A list.
    List(Vec<Value>),
    /// An attribute set.
    Attrs(BTreeMap<String, Value>),
    /// A derivation or a store path.
    Package(Package),
    /// A function.
    Function,
    /// Something that is there, but that nobody looks at.
    Unobserved,
    /// Something that is there, but that is not to be shown.
    Redacted,
}

/// A derivation or store path, as far as cases look at one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The name without the version.
    pub pname: String,
    /// The version; empty where the name holds none.
    pub version: String,
    /// The store path of the default output; absent where it was not asked for.
    pub path: Option<String>,
}

impl Value {
    /// The word for this kind of value, as `builtins.typeOf` says it, with
    /// `attrs` and `function` for `set` and `lambda`, and `package` besides.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::String(_) => "string",
            Self::Path(_) => "path",
            Self::List(_) => "list",
            Self::Attrs(_) => "attrs",
            Self::Package(_) => "package",
            Self::Function => "function",
            Self::Unobserved => "unobserved",
            Self::Redacted => "redacted",
        }
    }

    /// The members of a set, for looking into it. A package is looked at as
    /// `{ pname, version, path }`.
    pub fn members(&self) -> Option<BTreeMap<&str, Value>> {
        match self {
            Self::Attrs(attrs) => {
                Some(attrs.iter().map(|(k, v)| (k.as_str(), v.clone())).collect())
            }
            Self::Package(p) => Some(p.members()),
            _ => None,
        }
    }

    /// The strings of a list; what else is in it is left out.
    pub fn strings(&self) -> Vec<String> {
        let Self::List(items) = self else {
            return Vec::new();
        };
        let strings = items.iter().filter_map(|item| match item {
            Self::String(text) => Some(text.clone()),
            _ => None,
        });
        strings.collect()
    }

    /// Whether both stand for the same value: an integer equals a float of the
    /// same value, a path the string of its text, a package the set of its
    /// `pname` and `version`, with or without its `path`, or its path as a string.
    pub fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Int(a), Self::Float(b)) | (Self::Float(b), Self::Int(a)) => {
                int_equals_float(*a, *b)
            }
            (Self::Path(a), Self::String(b)) | (Self::String(a), Self::Path(b)) => a == b,
            (Self::Package(p), Self::String(s) | Self::Path(s))
            | (Self::String(s) | Self::Path(s), Self::Package(p)) => p.path.as_ref() == Some(s),
            (Self::List(a), Self::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b))
            }
            (Self::Attrs(a), Self::Attrs(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .zip(b)
                        .all(|((ka, a), (kb, b))| ka == kb && a.same(b))
            }
            (Self::Package(p), Self::Attrs(a)) | (Self::Attrs(a), Self::Package(p)) => {
                let members = p.members();
                let named = ["pname", "version"];
                named.iter().all(|name| a.contains_key(*name))
                    && a.iter()
                        .all(|(k, v)| members.get(k.as_str()).is_some_and(|m| m.same(v)))
            }
            // Nothing can be said of what was not looked at.
            (Self::Unobserved | Self::Redacted, _) | (_, Self::Unobserved | Self::Redacted) => {
                false
            }
            (a, b) => a == b,
        }
    }
}

impl Package {
    fn members(&self) -> BTreeMap<&'static str, Value> {
        // There is a path, whether it was asked for or not.
        let path = self.path.clone().map_or(Value::Unobserved, Value::String);
        BTreeMap::from([
            ("pname", Value::String(self.pname.clone())),
            ("version", Value::String(self.version.clone())),
            ("path", path),
        ])
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::float_cmp,
    reason = "both directions are checked, so that only exactly equal numbers are equal"
)]
fn int_equals_float(int: i64, float: f64) -> bool {
    int as f64 == float && float as i64 == int
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn numbers_are_equal_by_value() {
        assert!(Value::Int(2).same(&Value::Float(2.0)));
        assert!(!Value::Int(2).same(&Value::Float(2.5)));
        // 2^53 + 1 has no float of its own.
        assert!(!Value::Int(9_007_199_254_740_993).same(&Value::Float(9_007_199_254_740_992.0)));
        assert!(!Value::Int(i64::MAX).same(&Value::Float(1e19)));
    }
}
