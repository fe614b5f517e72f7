//! What a build came to, as an observation keeps it.

use std::collections::BTreeMap;

use nix_parity_core::value::Value;

/// What a build came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Built {
    /// It is there.
    Made {
        /// The path of the output.
        output: String,
        /// All that it needs to run, itself included, where that was asked for.
        closure: Option<Vec<ClosurePath>>,
    },
    /// A builder failed.
    Failed {
        /// The path of its derivation.
        derivation: String,
        /// What Nix says of it.
        reason: String,
        /// The end of its log.
        log: Vec<String>,
    },
    /// No machine can build it.
    Unavailable {
        /// What it needs.
        reason: String,
        /// Whether only other settings of Nix would change that.
        is_lasting: bool,
    },
}

/// A store path of a closure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosurePath {
    /// The path.
    pub path: String,
    /// What it holds, in bytes as Nix counts them (`narSize`).
    pub size: u64,
    /// The paths that it refers to, by their places in the closure; not itself.
    pub references: Vec<usize>,
}

impl ClosurePath {
    /// Its name without the folder of the store and the hash.
    pub fn name(&self) -> &str {
        name(&self.path)
    }
}

/// The name of a store path without the folder of the store and the hash.
pub(super) fn name(path: &str) -> &str {
    let base = path.rsplit('/').next().unwrap_or(path);
    base.split_once('-').map_or(base, |(_, name)| name)
}

/// Whether a path of the store is that of a derivation.
pub(super) fn is_derivation(path: &str) -> bool {
    path.starts_with('/') && path.strip_suffix(".drv").is_some()
}

impl Built {
    /// The name of a derivation by its path.
    pub fn derivation_name(path: &str) -> &str {
        name(path).trim_end_matches(".drv")
    }

    /// As an observation keeps it.
    pub fn to_value(&self) -> Value {
        let text = |text: &str| Value::String(text.to_owned());
        let fields = match self {
            Self::Made { output, closure } => {
                let closure = closure.iter().map(|paths| {
                    let paths = paths.iter().map(ClosurePath::to_value).collect();
                    ("closure", Value::List(paths))
                });
                let output = std::iter::once(("output", text(output)));
                output.chain(closure).collect::<Vec<_>>()
            }
            Self::Failed {
                derivation,
                reason,
                log,
            } => vec![
                ("failed", text(derivation)),
                ("reason", text(reason)),
                ("log", Value::List(log.iter().map(|l| text(l)).collect())),
            ],
            Self::Unavailable { reason, is_lasting } => vec![
                ("unavailable", text(reason)),
                ("lasting", Value::Bool(*is_lasting)),
            ],
        };
        let fields = fields.into_iter().map(|(name, v)| (name.to_owned(), v));
        Value::Attrs(fields.collect())
    }

    /// Reads what [`Self::to_value`] gave.
    pub fn read(value: &Value) -> Option<Self> {
        let Value::Attrs(fields) = value else {
            return None;
        };
        if let Some(output) = string(fields, "output") {
            let closure = match fields.get("closure") {
                Some(Value::List(paths)) => {
                    let paths = paths.iter().map(ClosurePath::read);
                    Some(paths.collect::<Option<_>>()?)
                }
                Some(_) => return None,
                None => None,
            };
            return Some(Self::Made { output, closure });
        }
        if let Some(derivation) = string(fields, "failed") {
            let Some(Value::List(log)) = fields.get("log") else {
                return None;
            };
            let line = |line: &Value| match line {
                Value::String(line) => Some(line.clone()),
                _ => None,
            };
            return Some(Self::Failed {
                derivation,
                reason: string(fields, "reason")?,
                log: log.iter().map(line).collect::<Option<_>>()?,
            });
        }
        Some(Self::Unavailable {
            reason: string(fields, "unavailable")?,
            is_lasting: matches!(fields.get("lasting"), Some(Value::Bool(true))),
        })
    }
}

fn string(fields: &BTreeMap<String, Value>, name: &str) -> Option<String> {
    match fields.get(name) {
        Some(Value::String(text)) => Some(text.clone()),
        _ => None,
    }
}

impl ClosurePath {
    fn to_value(&self) -> Value {
        let number = |n: u64| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        let references = self.references.iter();
        let references = references.map(|n| number(u64::try_from(*n).unwrap_or(u64::MAX)));
        Value::List(vec![
            Value::String(self.path.clone()),
            number(self.size),
            Value::List(references.collect()),
        ])
    }

    fn read(value: &Value) -> Option<Self> {
        let Value::List(fields) = value else {
            return None;
        };
        let [
            Value::String(path),
            Value::Int(size),
            Value::List(references),
        ] = fields.as_slice()
        else {
            return None;
        };
        let place = |value: &Value| match value {
            Value::Int(n) => usize::try_from(*n).ok(),
            _ => None,
        };
        Some(Self {
            path: path.clone(),
            size: u64::try_from(*size).ok()?,
            references: references.iter().map(place).collect::<Option<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Built, ClosurePath};

    #[test]
    fn what_is_kept_is_read() {
        let closure = vec![
            ClosurePath {
                path: "/nix/store/a-x".to_owned(),
                size: 7,
                references: vec![1],
            },
            ClosurePath {
                path: "/nix/store/b-y-1.0".to_owned(),
                size: u64::from(u32::MAX) + 1,
                references: Vec::new(),
            },
        ];
        assert_eq!(closure[1].name(), "y-1.0");
        for built in [
            Built::Made {
                output: "/nix/store/a-x".to_owned(),
                closure: Some(closure),
            },
            Built::Made {
                output: "/nix/store/a-x".to_owned(),
                closure: None,
            },
            Built::Failed {
                derivation: "/nix/store/a-x.drv".to_owned(),
                reason: "it failed".to_owned(),
                log: vec![String::new(), "x".to_owned()],
            },
            Built::Unavailable {
                reason: "needs a Mac".to_owned(),
                is_lasting: true,
            },
        ] {
            assert_eq!(Built::read(&built.to_value()), Some(built));
        }
    }
}
